// Claims end to end: evidence, the decision table row by row, replay.
#include "claim/verify.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "support/files.h"
#include "support/vocabulary.h"

namespace tagscope {
namespace {

class Verify : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { testing::require_vocabulary(); }
};

Result<Verified> verify_json(const std::string& text) {
  auto json = read_json(text);
  if (!json) return json.error();
  auto claim = read_claim(*json);
  if (!claim) return claim.error();
  return verify(*claim);
}

Verified must_verify(const std::string& text) {
  auto verified = verify_json(text);
  EXPECT_TRUE(verified.ok()) << text << ": " << (verified.ok() ? "" : verified.error().what);
  return verified.ok() ? *std::move(verified) : Verified{};
}

// Another library's JSON, which tells what the canonical text says to everybody.
using Parsed = nlohmann::json;

std::string claim_of(std::initializer_list<Pair> pairs, const std::string& more = "") {
  Json written = Json::array();
  for (const Pair& pair : pairs) written.push_back({{"name", pair.name}, {"tag", pair.tag}});
  return R"({"pairs":)" + write_canonical(written) + more + "}";
}

Parsed evidence_of(const Verified& verified, std::string_view kind) {
  for (const Json& evidence : verified.evidence.json.items()) {
    if (evidence["kind"].string() == kind) return Parsed::parse(write_canonical(evidence));
  }
  return nullptr;
}

std::string worked_case() { return testing::read_file("../examples/houshou_marine.json"); }

TEST_F(Verify, TheWorkedCaseIsRefutedByItsOutput) {
  const Verified verified = must_verify(worked_case());
  EXPECT_EQ(verified.verdict.state, State::refuted);
  EXPECT_EQ(verified.verdict.row, 2);
  EXPECT_EQ(verified.verdict.because, std::vector<std::string_view>{"recipe"});

  const Parsed recipe = evidence_of(verified, "recipe");
  EXPECT_EQ(recipe["pairs"][0]["steps"][0]["output"]["text"], "xekixek_cqhydu");
  EXPECT_EQ(recipe["pairs"][0]["steps"][1]["output"]["hex"], "314507060e004b2f0c1f011c1759");
  EXPECT_EQ(recipe["pairs"][0]["matches"], false);
  EXPECT_TRUE(recipe["p"].is_null());

  const Parsed isomorph = evidence_of(verified, "structure")["isomorph"];
  ASSERT_EQ(isomorph["periods"].size(), 2u);
  EXPECT_EQ(isomorph["periods"][0]["excluded"], true);
  EXPECT_EQ(isomorph["periods"][1]["excluded"], true);

  const Parsed excludes = evidence_of(verified, "structure")["excludes"];
  EXPECT_EQ(excludes[0], Parsed::parse(R"({"proof":"isomorph","family":"per-letter-substitution",
      "period":1,"scope":["contiguous-window","injective-map-per-position","no-encoding-after"]})"));
  EXPECT_EQ(excludes[2]["family"], "length-preserving-steps");

  const Parsed capacity = evidence_of(verified, "capacity");
  EXPECT_EQ(capacity["codes"], 17576);
  EXPECT_EQ(write_number(capacity["bits"]), "14.1013");
  EXPECT_EQ(capacity["birthday"]["names_for_half"], 157);
  EXPECT_EQ(capacity["population"]["one_to_one_possible"], false);
  EXPECT_EQ(write_number(capacity["population"]["bits_missing"]), "2.64582");
  EXPECT_EQ(capacity["token_classes"][0]["codes"], 3531);
  EXPECT_EQ(capacity["token_classes"][0]["names_for_half"], 71);
  EXPECT_EQ(capacity["token_classes"][1]["codes"], 13601);
  EXPECT_EQ(capacity["token_classes"][2]["codes"], 444);

  const Parsed tokens = evidence_of(verified, "tokens")["pairs"][0];
  EXPECT_EQ(tokens["tag"]["ids"], Parsed({45906}));
  EXPECT_EQ(tokens["tag"]["one_token"], true);
  EXPECT_EQ(tokens["tag"]["merge_rank"], 45906 - 512);
  EXPECT_EQ(tokens["name"]["ids"], Parsed({1011, 719, 340, 318, 5746}));

  const Parsed digests = evidence_of(verified, "digest-tokens")["names"][0]["digests"];
  EXPECT_EQ(digests.size(), 5u);
}

TEST_F(Verify, IsPure) {
  const Verified first = must_verify(worked_case());
  const Verified second = must_verify(worked_case());
  EXPECT_EQ(write_canonical(to_json(first)), write_canonical(to_json(second)));
}

// ---- The decision table ----

struct Row {
  const char* what;
  std::string claim;
  int row;
  State state;
};

TEST_F(Verify, EveryRowThatCanOccur) {
  const Row rows[] = {
      {"one name, two tags", claim_of({{"a", "x"}, {"a", "y"}}), 1, State::refuted},
      {"row 1 comes before a recipe that fails",
       claim_of({{"a", "x"}, {"a", "y"}}, R"(,"recipe":"rot")"), 1, State::refuted},
      {"two tags are no conflict where a tag is only part of the output",
       claim_of({{"ab", "a"}, {"ab", "b"}}, R"(,"match":"window")"), 6, State::undecided},
      {"nor where they differ in case alone and case is ignored",
       claim_of({{"a", "x"}, {"a", "X"}}, R"(,"ignore_case":true)"), 6, State::undecided},
      {"output differs", claim_of({{"hello", "uryyc"}}, R"(,"recipe":"rot")"), 2, State::refuted},
      {"one of two fails", claim_of({{"hello", "uryyb"}, {"abc", "nop!"}}, R"(,"recipe":"rot")"), 2,
       State::refuted},
      {"the recipe has no output", claim_of({{"xyz", "abc"}}, R"(,"recipe":"~hex")"), 2,
       State::refuted},
      {"rot13 of five letters", claim_of({{"hello", "uryyb"}}, R"(,"recipe":"rot n=13")"), 3,
       State::reproduced},
      {"three letters are too few", claim_of({{"abc", "nop"}}, R"(,"recipe":"rot n=13")"), 4,
       State::coincidence},
      {"a key as long as the tag always fits",
       claim_of({{"abc", "aua"}}, R"(,"recipe":"xor key=0x001702")"), 4, State::coincidence},
      {"the same evidence under a laxer level",
       claim_of({{"abc", "nop"}}, R"(,"recipe":"rot n=13","level":0.5)"), 3, State::reproduced},
      {"nothing stated", claim_of({{"houshou_marine", "aua"}}), 6, State::undecided},
  };
  for (const Row& row : rows) {
    const Verified verified = must_verify(row.claim);
    EXPECT_EQ(verified.verdict.row, row.row) << row.what;
    EXPECT_EQ(verified.verdict.state, row.state) << row.what;
  }
}

// ---- The price of a stated recipe ----

TEST_F(Verify, PriceOfRot13IsItsCodeLength) {
  const Parsed recipe =
      evidence_of(must_verify(claim_of({{"hello", "uryyb"}}, R"(,"recipe":"rot n=13")")), "recipe");
  const double bits = std::log2(2 * 80.0) + std::log2(26.0);
  EXPECT_NEAR(recipe["price"]["bits"], bits, 1e-4);
  EXPECT_NEAR(recipe["chance_log2"], -5 * std::log2(26.0), 1e-4);
  EXPECT_NEAR(recipe["p"], 160 / std::pow(26.0, 4), 1e-9);
  EXPECT_GT(recipe["p"], 3e-4);
  EXPECT_LT(recipe["p"], 4e-4);
}

TEST_F(Verify, SevenNamesWithOneTagAreOnePieceOfEvidence) {
  const std::string recipe = R"(,"recipe":"take n=1 | rot n=1")";
  const Parsed one = evidence_of(must_verify(claim_of({{"axe", "b"}}, recipe)), "recipe");
  const Parsed seven = evidence_of(
      must_verify(claim_of(
          {{"axe", "b"}, {"ape", "b"}, {"arc", "b"}, {"ash", "b"}, {"ask", "b"}, {"axe", "b"}},
          recipe)),
      "recipe");
  EXPECT_EQ(one["chance_log2"], seven["chance_log2"]);
}

TEST_F(Verify, DistinctTagsAreDrawnWithoutReplacement) {
  const Parsed recipe = evidence_of(
      must_verify(claim_of({{"ab", "b"}, {"bc", "c"}, {"cd", "d"}}, R"(,"recipe":"last n=1")")),
      "recipe");
  // b, c and d are hex digits, and of the alphabets that hold them hex is the smallest.
  EXPECT_NEAR(recipe["chance_log2"], -std::log2(16.0 * 15 * 14), 1e-4);
}

TEST_F(Verify, OnlyKeyBytesThatTouchTheTagArePaid) {
  const auto key_bits = [](const std::string& recipe, const std::string& more = "") {
    const Parsed evidence = evidence_of(
        must_verify(claim_of({{"abcdef", "x"}}, ",\"recipe\":\"" + recipe + "\"" + more)),
        "recipe");
    return evidence["price"]["steps"][0]["bits"].get<double>() - std::log2(160.0);
  };
  EXPECT_NEAR(key_bits("xor key=0x010203"), 24, 1e-3);
  EXPECT_NEAR(key_bits("xor key=0x01020304050607080910"), 48, 1e-3);  // six letters, six bytes
  EXPECT_NEAR(key_bits("xor key=0x01020304050607080910 | take n=2"), 16, 1e-3);
  EXPECT_NEAR(key_bits("xor key=0x01020304050607080910", R"(,"match":"prefix")"), 8, 1e-3);
  EXPECT_NEAR(key_bits("xor key=0x01020304050607080910 | sha256"), 48, 1e-3);
}

// ---- Proofs ----

// All non-contiguous picks of three letters: 9 of 364 have the pattern of aua
// (which is why the proof speaks of contiguous windows only).
TEST_F(Verify, TheIsomorphProofKnowsItsScope) {
  const std::string name = "houshou_marine";
  int picks = 0;
  int pattern = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    for (std::size_t j = i + 1; j < name.size(); ++j) {
      for (std::size_t k = j + 1; k < name.size(); ++k) {
        ++picks;
        pattern += name[i] == name[k] && name[i] != name[j];
      }
    }
  }
  EXPECT_EQ(picks, 364);
  EXPECT_EQ(pattern, 9);
}

Parsed periods_of(const std::string& claim) {
  return evidence_of(must_verify(claim), "structure")["isomorph"]["periods"];
}

TEST_F(Verify, IsomorphFindsWhatASubstitutionCanDo) {
  EXPECT_EQ(periods_of(claim_of({{"banana", "xyx"}}))[0]["excluded"], false);
  EXPECT_EQ(periods_of(claim_of({{"abcdef", "xyx"}}))[0]["excluded"], true);
  EXPECT_EQ(periods_of(claim_of({{"hello", "uryyb"}}))[0]["excluded"], false);
  // Reversed, without underscores.
  EXPECT_EQ(periods_of(claim_of({{"ab_bc", "zyyx"}}))[0]["excluded"], false);
  // Two pairs bind one map: each alone fits, together they do not.
  EXPECT_EQ(periods_of(claim_of({{"abc", "xyz"}, {"abd", "xyw"}}))[0]["excluded"], false);
  EXPECT_EQ(periods_of(claim_of({{"abc", "xyz"}, {"abd", "yxw"}}))[0]["excluded"], true);
  // A name shorter than its tag has no window at all.
  EXPECT_EQ(periods_of(claim_of({{"ab", "xyz"}}))[0]["excluded"], true);
}

// Every rot, atbash and one-byte XOR of every window agrees with the proof.
TEST_F(Verify, IsomorphAgreesWithTryingAllKeys) {
  for (const char* name : {"houshou_marine", "banana", "sakimichan", "aabbcc"}) {
    std::set<std::string> reached;
    const std::string text = name;
    for (std::size_t at = 0; at + 3 <= text.size(); ++at) {
      for (int key = 0; key < 256; ++key) {
        std::string window = text.substr(at, 3);
        for (char& c : window) c = static_cast<char>(c ^ key);
        reached.insert(window);
      }
    }
    for (const char* tag : {"aua", "zix", "pxx", "smp", "lol", "aab"}) {
      const bool excluded = periods_of(claim_of({{name, tag}}))[0]["excluded"];
      EXPECT_FALSE(excluded && reached.contains(tag)) << name << " " << tag;
    }
  }
}

TEST_F(Verify, LengthAndAlphabetProofs) {
  const Parsed structure = evidence_of(must_verify(worked_case()), "structure");
  EXPECT_EQ(structure["length"]["excluded"], true);
  EXPECT_EQ(structure["length"]["pairs"], Parsed::parse(R"([{"name":14,"tag":3}])"));
  ASSERT_EQ(structure["alphabet"].size(), 9u);
  EXPECT_EQ(structure["alphabet"][0]["id"], "hex");
  EXPECT_EQ(structure["alphabet"][0]["excluded"], true);
  EXPECT_EQ(structure["alphabet"][0]["character"], "u");
  EXPECT_EQ(structure["alphabet"][1]["id"], "base64");
  EXPECT_EQ(structure["alphabet"][1]["excluded"], false);
}

// ---- Bad claims ----

TEST_F(Verify, BadClaimsAreErrorsThatSayWhere) {
  const std::pair<std::string, const char*> cases[] = {
      {"[]", "claim"},
      {"{}", "pairs"},
      {R"({"pairs":[]})", "pairs"},
      {R"({"pairs":{}})", "pairs"},
      {R"({"pairs":[1]})", "pairs[0]"},
      {R"({"pairs":[{"name":"a"}]})", "pairs[0].tag"},
      {R"({"pairs":[{"name":"","tag":"b"}]})", "pairs[0].name"},
      {R"({"pairs":[{"name":"a","tag":1}]})", "pairs[0].tag"},
      {R"({"pairs":[{"name":"a","tag":"b","x":1}]})", "pairs[0].x"},
      {claim_of({{"a", std::string(1025, 'b')}}), "pairs[0].tag"},
      {claim_of({{"a", "b"}}, R"(,"extra":1)"), "extra"},
      {claim_of({{"a", "b"}}, R"(,"version":2)"), "version"},
      {claim_of({{"a", "b"}}, R"(,"match":"fuzzy")"), "match"},
      {claim_of({{"a", "b"}}, R"(,"level":0)"), "level"},
      {claim_of({{"a", "b"}}, R"(,"level":1)"), "level"},
      {claim_of({{"a", "b"}}, R"(,"level":"x")"), "level"},
      {claim_of({{"a", "b"}}, R"(,"population":0)"), "population"},
      {claim_of({{"a", "b"}}, R"(,"population":1.5)"), "population"},
      {claim_of({{"a", "b"}}, R"(,"population":1e300)"), "population"},
      {claim_of({{"a", "b"}}, R"(,"space":"standard@1")"), "space"},
      {claim_of({{"a", "b"}}, R"(,"encoder":"builtin")"), "encoder"},
      {claim_of({{"a", "b"}}, R"(,"encoder":1)"), "encoder"},
      {claim_of({{"a", "b"}}, R"(,"encoder":")" + std::string(64, 'A') + "\""), "encoder"},
      {claim_of({{"a", "b"}}, R"(,"tokenizer":"gpt2")"), "tokenizer"},
      {claim_of({{"a", "b"}}, R"(,"recipe":"rot | nope")"), "recipe, step 2"},
      {claim_of({{"a", "b"}}, R"(,"recipe":"sha256 | rot")"), "recipe, step 2"},
      {claim_of({{"a", "b"}}, R"(,"recipe":"clip")"), "recipe"},
      {claim_of(
           {{"a", "b"}},
           R"(,"recipe":"hex|hex|hex|hex|hex|hex|hex|hex|hex|hex|hex|hex|hex|hex|hex|hex|hex")"),
       "recipe"},
  };
  for (const auto& [text, where] : cases) {
    auto verified = verify_json(text);
    ASSERT_FALSE(verified.ok()) << text;
    EXPECT_EQ(verified.error().where, where) << text;
    EXPECT_FALSE(verified.error().what.empty()) << text;
  }
}

TEST_F(Verify, AnEncoderIsAnAssetAndDecidesNothing) {
  const std::string digest(64, 'a');
  const Verified without = must_verify(claim_of({{"a", "bcd"}}));
  const Verified with = must_verify(claim_of({{"a", "bcd"}}, R"(,"encoder":")" + digest + "\""));
  EXPECT_EQ(without.assets.find("encoder"), nullptr);
  ASSERT_NE(with.assets.find("encoder"), nullptr);
  EXPECT_EQ(with.assets["encoder"].string(), digest);
  EXPECT_NE(with.digest, without.digest);
  EXPECT_EQ(write_canonical(with.evidence.json), write_canonical(without.evidence.json));
  EXPECT_EQ(with.verdict.row, without.verdict.row);
}

TEST_F(Verify, OneNumberIsWrittenInManyWays) {
  const Verified verified =
      must_verify(claim_of({{"a", "bcd"}}, R"(,"version":1.0,"population":1.1e5)"));
  EXPECT_EQ(verified.claim.population, 110000u);
  // bcd could be hex, and then it is the smaller shape; its letters still have token classes.
  const Parsed capacity = evidence_of(verified, "capacity");
  EXPECT_EQ(capacity["shape"]["alphabet"], "hex");
  EXPECT_EQ(capacity["token_classes"][0]["codes"], 3531);
}

TEST_F(Verify, AClaimSurvivesItsOwnJson) {
  auto claim = read_claim(*read_json(worked_case()));
  ASSERT_TRUE(claim.ok());
  auto again = read_claim(to_json(*claim));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(write_canonical(to_json(*again)), write_canonical(to_json(*claim)));
}

// ---- Replay ----

std::string canonical(const Parsed& document) {
  return write_canonical(*read_json(document.dump()));
}

TEST_F(Verify, ADocumentReplays) {
  const Verified verified = must_verify(worked_case());
  auto replayed = replay(verified.document(), true);
  ASSERT_TRUE(replayed.ok()) << replayed.error().what;
  EXPECT_TRUE(replayed->differences.empty());
}

TEST_F(Verify, AChangedDocumentDoesNotAgree) {
  const Verified verified = must_verify(worked_case());
  Parsed document = Parsed::parse(verified.document());
  document["claim"]["title"] = "Another title";
  auto replayed = replay(canonical(document), true);
  ASSERT_TRUE(replayed.ok());
  ASSERT_EQ(replayed->differences.size(), 1u);
  EXPECT_EQ(replayed->differences[0].what, "digest");

  document = Parsed::parse(verified.document());
  document["assets"]["clip"] = std::string(64, '0');
  replayed = replay(canonical(document), true);
  ASSERT_TRUE(replayed.ok());
  EXPECT_EQ(replayed->differences[0].what, "asset");
}

TEST_F(Verify, AMalformedDocumentIsRefused) {
  const std::string document = must_verify(worked_case()).document();
  const auto refused = [&](auto change) {
    Parsed json = Parsed::parse(document);
    change(json);
    return !replay(canonical(json), true).ok();
  };
  EXPECT_TRUE(refused([](Parsed& json) { json.erase("assets"); }));
  EXPECT_TRUE(refused([](Parsed& json) { json["more"] = 1; }));
  EXPECT_TRUE(refused([](Parsed& json) { json["digest"] = "00"; }));
  EXPECT_TRUE(refused([](Parsed& json) { json["digest"] = std::string(32, 'A'); }));
  EXPECT_TRUE(refused([](Parsed& json) { json["assets"]["clip"] = 1; }));
  EXPECT_TRUE(refused([](Parsed& json) { json["claim"].erase("level"); }));
  EXPECT_TRUE(refused([](Parsed& json) { json["claim"]["recipe"] = "rot"; }));  // not written out
  EXPECT_TRUE(refused([](Parsed& json) { json = Parsed::array(); }));
  EXPECT_FALSE(replay(" " + document, true).ok());
  EXPECT_TRUE(replay(" " + document, false).ok());
}

TEST_F(Verify, TokensOfTheClaimsProfile) {
  const auto tokens = [](const std::string& profile) {
    const Verified verified =
        must_verify(claim_of({{"Ｌｏｕｄ", "&lt;"}}, R"(,"profile":")" + profile + '"'));
    for (const Json& evidence : verified.evidence.json.items()) {
      if (evidence["kind"].string() != "tokens") continue;
      EXPECT_EQ(evidence["profile"].string(), profile);
      return write_canonical(evidence["pairs"].items()[0]["name"]["pieces"]) +
             write_canonical(evidence["pairs"].items()[0]["tag"]["pieces"]);
    }
    return std::string();
  };
  EXPECT_EQ(tokens("openai"), R"(["loud</w>"]["<</w>"])");
  EXPECT_EQ(tokens("open_clip"), tokens("openai"));
  // No widths, no entities.
  EXPECT_NE(tokens("hf-fast").find(R"(["&</w>","lt</w>",";</w>"])"), std::string::npos);
  EXPECT_EQ(verify_json(claim_of({{"a", "b"}}, R"(,"profile":"none")")).error().code,
            "unknown-profile");
}

}  // namespace
}  // namespace tagscope
