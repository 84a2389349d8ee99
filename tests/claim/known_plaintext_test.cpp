// Known plaintext: the arithmetic against its definition, and the chance against all tags there
// are.
#include "claim/known_plaintext.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "recipe/recipe.h"

namespace tagscope {
namespace {

using Parsed = nlohmann::json;

Hypotheses hypotheses_of(std::vector<Pair> pairs, bool ignore_case = false) {
  Claim claim;
  claim.pairs = std::move(pairs);
  claim.ignore_case = ignore_case;
  return *propose(std::move(claim));
}

struct Examined {
  KnownPlaintext result;
  Parsed json;
};
Examined examine_pairs(std::vector<Pair> pairs, bool ignore_case = false) {
  KnownPlaintext result = examine_known_plaintext(hypotheses_of(std::move(pairs), ignore_case));
  Parsed json = Parsed::parse(write_canonical(result.json));
  return {std::move(result), std::move(json)};
}

std::string run_text(const std::string& recipe, const std::string& name) {
  auto read = read_recipe(recipe);
  EXPECT_TRUE(read.ok()) << recipe;
  auto output = run(*read, Value::text(name));
  EXPECT_TRUE(output.ok()) << recipe;
  return output->data;
}

std::vector<Pair> pairs_by(const std::string& recipe, const std::vector<std::string>& names) {
  std::vector<Pair> pairs;
  for (const auto& name : names) pairs.push_back({name, run_text(recipe, name)});
  return pairs;
}

// The row of a family and a period.
Parsed row_of(const Parsed& json, const std::string& family, int period) {
  for (const auto& row : json["periods"]) {
    if (row["family"] == family && row["period"] == period) return row;
  }
  return nullptr;
}

TEST(KnownPlaintext, OnePairOfThreeLettersSaysNothing) {
  const Examined worked = examine_pairs({{"houshou_marine", "aua"}});
  // From three positions on a key always fits.
  const Parsed always = row_of(worked.json, "xor", 3);
  EXPECT_EQ(always["always"], always["tried"]);
  EXPECT_EQ(always["checks"], Parsed({0, 0}));
  // The isomorph: x?x does not occur in houshou_marine, so neither period 1 nor 2 fits.
  for (const char* family : {"xor", "vigenere"}) {
    EXPECT_EQ(row_of(worked.json, family, 1)["fits"], 0) << family;
    EXPECT_EQ(row_of(worked.json, family, 1)["checks"], Parsed({2, 2})) << family;
  }
  EXPECT_EQ(row_of(worked.json, "affine", 1)["fits"], 0);
}

TEST(KnownPlaintext, TheChanceOfOneWindow) {
  // xyz is its own only window: k = 1 leaves two checks, k = 2 one. 26 shifts of 26³ tags.
  const Examined one = examine_pairs({{"xyz", "yza"}});
  ASSERT_TRUE(one.result.over_determined);
  for (const auto& hit : one.json["hits"]) {
    if (hit["family"] != "vigenere") continue;
    const bool first = hit["period"] == 1;
    EXPECT_EQ(hit["checks"], first ? 2 : 1);
    EXPECT_EQ(hit["chance"], round_significant(first ? 26 / 17576.0 : 676 / 17576.0));
    EXPECT_EQ(hit["key"], first ? Parsed({"b"}) : Parsed({"b", "b"}));
    EXPECT_EQ(hit["residues"], first ? 1 : 2);
  }
  EXPECT_GT(one.result.p, 0.001);
}

TEST(KnownPlaintext, FindsAKeyUnderSeveralPairs) {
  const std::vector<std::string> names = {"houshou_marine", "sakimichan", "usada_pekora",
                                          "shirakami_fubuki"};
  for (const std::string recipe :
       {"vigenere key=lemon | take n=6", "take n=5 | xor key=0x010203",
        "lower | reverse | window at=2 n=5 | vigenere key=abc", "affine a=5 b=8 | last n=5",
        "keep class=letters | vigenere key=zebra", "spaces | last n=7 | take n=5 | xor key=0x0704",
        "xor key=0x0102030405060708 | take n=7"}) {
    const std::vector<Pair> pairs = pairs_by(recipe, names);
    const Examined found = examine_pairs(pairs);
    ASSERT_TRUE(found.result.over_determined) << recipe;
    EXPECT_LE(found.result.p, 1e-6) << recipe;
    int given = 0;
    for (const auto& hit : found.json["hits"]) {
      if (hit["recipe"].is_null()) continue;
      ++given;
      for (const Pair& pair : pairs) {
        EXPECT_EQ(run_text(hit["recipe"], pair.name), pair.tag) << hit;
      }
    }
    EXPECT_GT(given, 0) << recipe;
  }
}

TEST(KnownPlaintext, OnlyTouchedKeyBytesAreDetermined) {
  // The last three of a name of 3 and of one of 8 lie five apart: of eight key bytes 3 and 4 are
  // never met.
  const Examined found = examine_pairs(
      pairs_by("xor key=0x0107020609010702 | last n=3", {"khq", "zzzzzaxc", "yyyyyfne"}));
  ASSERT_TRUE(found.result.over_determined);
  bool seen = false;
  for (const auto& hit : found.json["hits"]) {
    if (hit["period"] != 8) continue;
    seen = true;
    EXPECT_EQ(hit["key"], Parsed({"01", "07", "02", nullptr, nullptr, "01", "07", "02"}));
    EXPECT_EQ(hit["residues"], 6);
    EXPECT_EQ(hit["checks"], 3);
    EXPECT_EQ(hit["counted_from"], "name");
  }
  EXPECT_TRUE(seen) << found.json["hits"];
}

TEST(KnownPlaintext, AKeyAsLongAsTheTextFitsEveryTag) {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::string tag;
    for (int i = 0; i < 4; ++i) tag.push_back(static_cast<char>('a' + random() % 26));
    const Parsed row = row_of(examine_pairs({{"name", tag}}).json, "vigenere", 4);
    EXPECT_EQ(row["tried"], row["always"]);
    EXPECT_EQ(row["p"], 0);
  }
}

TEST(KnownPlaintext, PairsWithOneTagAreOneDraw) {
  const Examined one = examine_pairs({{"abab", "bcbc"}});
  const Examined seven = examine_pairs({{"abab", "bcbc"}, {"abab_x", "bcbc"}, {"abab_y", "bcbc"}});
  EXPECT_EQ(one.json["positions"], 4);
  EXPECT_EQ(seven.json["positions"], 4);
  EXPECT_GE(seven.result.p, 26 / std::pow(26, 4));
}

TEST(KnownPlaintext, WithCaseIgnoredXorIsNotExamined) {
  const Examined folded = examine_pairs({{"ABC", "bcd"}, {"abx", "BCY"}}, true);
  EXPECT_EQ(folded.json["families"], Parsed({"vigenere", "affine", "substitution"}));
  EXPECT_TRUE(folded.result.over_determined);
  EXPECT_EQ(examine_pairs({{"é", "ß"}}).json["families"],
            Parsed({"vigenere", "affine", "substitution"}));
}

// The definition of a p-value, over all tags that there are: p ≤ x no oftener than x.
TEST(KnownPlaintext, PIsNoLargerThanItSays) {
  for (const std::string name : {"a_b", "aab_ab"}) {
    std::vector<double> ps;
    for (char a = 'a'; a <= 'z'; ++a) {
      for (char b = 'a'; b <= 'z'; ++b) {
        const KnownPlaintext found = examine_known_plaintext(hypotheses_of({{name, {a, b}}}));
        ps.push_back(found.over_determined ? found.p : 1);
      }
    }
    std::sort(ps.begin(), ps.end());
    for (std::size_t i = 0; i < ps.size(); ++i) {
      EXPECT_LE(static_cast<double>(i + 1) / 676, ps[i] + 1e-9) << name << " " << i;
      if (ps[i] >= 1) break;
    }
  }
}

TEST(KnownPlaintext, FewerEquallyLikelyTagsMakeAFitLessSurprising) {
  const Hypotheses hypotheses = hypotheses_of(
      pairs_by("take n=3 | vigenere key=lem", {"houshou", "sakimi", "usada", "fubuki"}));
  const double uniform = examine_known_plaintext(hypotheses).p;
  const double log_one_token = 4 * std::log(3531.0);
  const double by_token =
      examine_known_plaintext(hypotheses, std::vector<KeyNull>{{26, log_one_token}}).p;
  const double draws = 17576.0 * 17575 * 17574 * 17573;
  EXPECT_NEAR(by_token / uniform, draws / std::pow(3531.0, 4), 1e-3 * by_token / uniform);
}

// ---- Hostile sizes ----

TEST(KnownPlaintext, LargeClaimsEnd) {
  std::vector<Pair> pairs;
  for (int i = 0; i < 250; ++i) {
    pairs.push_back({std::string(1000, static_cast<char>('a' + i % 26)) + std::to_string(i), "a"});
  }
  EXPECT_FALSE(examine_pairs(pairs).json["complete"].get<bool>());
  EXPECT_FALSE(examine_pairs({{std::string(1024, 'a'), "b"}}).json["complete"].get<bool>());
  const Examined longest = examine_pairs({{std::string(1024, 'a'), std::string(1024, 'b')}});
  EXPECT_TRUE(longest.result.over_determined);
  EXPECT_EQ(longest.json["hits"][0]["checks"], 1023);
  EXPECT_EQ(longest.result.p, 0) << "26 of 26^1024 is below what a double holds";
  // Names shorter than their tags have no window.
  EXPECT_EQ(examine_pairs({{"ab", "abc"}}).json["tried"], 0);
}

}  // namespace
}  // namespace tagscope
