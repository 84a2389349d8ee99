// Searches: every count against a search that runs each recipe as text, and what the verdict makes
// of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "claim/verify.h"
#include "reference/slow_search.h"
#include "search/engine.h"
#include "support/vocabulary.h"
#include "tokenizer/bpe.h"

namespace tagscope {
namespace {

using Parsed = nlohmann::json;

class Searching : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { testing::require_vocabulary(); }
};

Claim claim_of(std::vector<Pair> pairs, const std::string& space) {
  Claim claim;
  claim.pairs = std::move(pairs);
  claim.space = space;
  return claim;
}

Search open(const Claim& claim) {
  auto search = Search::open(*propose(claim), **require_clip_vocabulary());
  EXPECT_TRUE(search.ok());
  return *std::move(search);
}

void run_all(Search& search) {
  for (std::size_t unit = 0; unit < search.plan().units().size(); ++unit) search.run(unit);
}

Search searched(const Claim& claim) {
  Search search = open(claim);
  run_all(search);
  return search;
}

Parsed parsed(const Json& json) { return Parsed::parse(write_canonical(json)); }

Verified verdict_of(const Claim& claim) {
  Search search = open(claim);
  if (!search.covered()) run_all(search);
  auto verified = verify(claim, search.finish());
  EXPECT_TRUE(verified.ok());
  return *std::move(verified);
}

std::string output_of(const std::string& recipe, const std::string& name) {
  return run(*read_recipe(recipe), Value::text(name))->data;
}

// ---- Against the slow search ----

// What the slow search counts under one null.
struct SlowNull {
  std::uint64_t qualifying = 0;
  std::map<std::size_t, std::uint64_t> recipes_in_shape;         // by groups in the shape
  std::map<std::pair<std::size_t, std::size_t>, int> explained;  // by groups in shape, explained
};

struct SlowCounts {
  std::map<std::string, SlowNull> nulls;  // by alphabet
  std::vector<std::set<std::u32string>> reached;
  std::map<std::size_t, std::uint64_t> hits;        // recipes by groups explained
  std::map<std::size_t, std::string> first;         // by groups explained
  std::set<std::vector<std::size_t>> arrangements;  // of the tags, that some recipe explains
};

// Under exact match.
SlowCounts search_slowly(const Claim& claim, const std::vector<reference::Block>& blocks) {
  const Hypotheses hypotheses = *propose(claim);
  const auto groups = group_by_tag(hypotheses);
  std::vector<std::u32string> tags;
  for (const TagGroup& group : groups) {
    tags.push_back(claim.ignore_case ? folded(group.tag) : group.tag);
  }
  std::vector<std::uint32_t> lengths;
  for (const auto& tag : tags) lengths.push_back(static_cast<std::uint32_t>(tag.size()));
  std::sort(lengths.begin(), lengths.end());
  lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  std::vector<std::size_t> group_of(hypotheses.pairs.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t i : groups[g].pairs) group_of[i] = g;
  }
  const auto alphabets = alphabets_holding(tags);
  SlowCounts counts;
  counts.reached.resize(hypotheses.pairs.size());
  std::map<std::string, Recipe> selections;
  reference::each_prefix(
      blocks, lengths, [&](const std::string& prefix, const reference::Texts& all) {
        std::vector<Value> values;
        auto recipe = read_recipe(prefix);
        for (const Pair& pair : hypotheses.pairs) {
          values.push_back(*run(*recipe, Value::text(pair.name)));
        }
        for (const std::string& selection : all) {
          std::vector<std::u32string> outputs;
          for (const Value& value : values) {
            std::string data = value.data;
            if (!selection.empty()) {
              auto known = selections.find(selection);
              if (known == selections.end()) {
                known = selections.emplace(selection, *read_recipe(selection)).first;
              }
              data = run(known->second, value)->data;
            }
            outputs.push_back(claim.ignore_case ? folded(symbols(data)) : symbols(data));
          }
          std::vector<std::size_t> given;
          for (const auto& output : outputs) {
            given.push_back(static_cast<std::size_t>(std::find(tags.begin(), tags.end(), output) -
                                                     tags.begin()));
          }
          if (std::is_permutation(given.begin(), given.end(), group_of.begin())) {
            counts.arrangements.insert(given);
          }
          for (std::size_t b = 0; b < alphabets.size(); ++b) {
            SlowNull& null = counts.nulls[std::string(alphabets[b].name)];
            std::u32string characters = alphabets[b].characters;
            if (claim.ignore_case) characters = folded(characters);
            const auto in_shape = [&](const std::u32string& output, std::size_t g) {
              return output.size() == tags[g].size() &&
                     output.find_first_not_of(characters) == std::u32string::npos;
            };
            std::size_t shaped = 0;
            std::size_t explained = 0;
            std::set<std::u32string> different;
            for (std::size_t g = 0; g < groups.size(); ++g) {
              const std::u32string& first = outputs[groups[g].pairs[0]];
              bool equal = true;
              for (const std::size_t i : groups[g].pairs) equal = equal && outputs[i] == first;
              different.insert(first);
              if (equal && in_shape(first, g)) ++shaped;
              if (equal && first == tags[g]) ++explained;
            }
            if (shaped == groups.size() && different.size() == groups.size()) {
              ++null.qualifying;
            }
            if (shaped != 0) ++null.recipes_in_shape[shaped];
            if (explained != 0) ++null.explained[{shaped, explained}];
            if (b != 0) continue;
            for (std::size_t i = 0; i < outputs.size(); ++i) {
              if (in_shape(outputs[i], group_of[i])) counts.reached[i].insert(outputs[i]);
            }
            if (explained == 0) continue;
            ++counts.hits[explained];
            const bool none = prefix == "rot n=0" && !selection.empty();
            counts.first.emplace(
                explained, read_recipe(none ? selection : reference::joined({prefix, selection}))
                               ->canonical());
          }
        }
      });
  return counts;
}

double choose(std::size_t n, std::size_t k) {
  double ways = 1;
  for (std::size_t i = 0; i < k; ++i)
    ways = ways * static_cast<double>(n - i) / static_cast<double>(i + 1);
  return ways;
}

// P(Bin(n, q) ≥ k), term by term.
double tail(std::size_t n, double q, std::size_t k) {
  double sum = 0;
  for (std::size_t i = k; i <= n; ++i) {
    sum += choose(n, i) * std::pow(q, static_cast<double>(i)) *
           std::pow(1 - q, static_cast<double>(n - i));
  }
  return sum;
}

// The corrected p of the best partial hit under U(A).
double slow_partial(const SlowNull& null, double q) {
  double observed = 1;
  for (const auto& [key, recipes] : null.explained) {
    observed = std::min(observed, tail(key.first, q, key.second));
  }
  double p = 0;
  for (const auto& [shaped, recipes] : null.recipes_in_shape) {
    double largest = 0;
    for (std::size_t k = 1; k <= shaped; ++k) {
      const double t = tail(shaped, q, k);
      // The two ways of summing differ in the last digits.
      if (t <= observed * (1 + 1e-9)) largest = std::max(largest, t);
    }
    p += static_cast<double>(recipes) * largest;
  }
  return std::min(1.0, p);
}

void compare_with_slow(const Claim& claim, const std::vector<reference::Block>& blocks) {
  SCOPED_TRACE(write_canonical(to_json(claim)));
  const SlowCounts slow = search_slowly(claim, blocks);
  const Parsed found = parsed(searched(claim).finish().json);
  const auto groups = found["groups"].get<std::size_t>();
  std::size_t alphabets = 0;
  double partial = 0;
  for (const Parsed& null : found["nulls"]) {
    if (null["null"] == "tokens") continue;
    const SlowNull& expected = slow.nulls.at(null["null"]);
    EXPECT_EQ(null["qualifying"], expected.qualifying) << null["null"];
    partial = std::max(partial, slow_partial(expected, 1 / null["codes"][0].get<double>()));
    ++alphabets;
  }
  // Folded alphabets that are equal are there once.
  if (!claim.ignore_case) {
    EXPECT_EQ(alphabets, slow.nulls.size());
  }
  std::set<std::string> named;
  std::size_t row = 0;
  const auto pairs = claim.distinct_pairs();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!named.insert(pairs[i].name).second) continue;
    EXPECT_EQ(found["names"][row]["distinct"], slow.reached[i].size()) << pairs[i].name;
    ++row;
  }
  std::map<std::size_t, std::uint64_t> hits;
  for (const Parsed& each : found["hits_by_groups"]) hits[each["groups"]] = each["recipes"];
  EXPECT_EQ(hits, slow.hits);
  if (!slow.first.empty()) {
    EXPECT_EQ(found["hits"][0]["recipe"], slow.first.rbegin()->second);
  }
  if (slow.hits.contains(groups) && pairs.size() > 1) {
    EXPECT_EQ(found["permutations"]["explained"], slow.arrangements.size());
  }
  // The slow sum is of tags of one length.
  const bool one_length = found["nulls"][0]["codes"].size() == 1;
  if (one_length && groups > 1 && !slow.hits.empty() && !slow.hits.contains(groups)) {
    ASSERT_TRUE(found["partial"].is_object());
    // With tokens p can only be larger.
    EXPECT_GE(found["partial"]["p"].get<double>(), round_significant(partial) * (1 - 1e-5));
    if (found["nulls"].back()["null"] != "tokens") {
      EXPECT_NEAR(found["partial"]["p"].get<double>(), partial, partial * 1e-5);
    }
  }
}

TEST_F(Searching, CountsWhatTheSlowSearchCounts) {
  const std::string space = "quick@1";
  std::vector<Claim> claims = {
      claim_of({{"houshou_marine", "aua"}}, space),
      claim_of({{"houshou_marine", "a0f"}}, space),
      claim_of({{"houshou_marine", "xek"}, {"sakimichan", "iqa"}, {"wlop", "lop"}}, space),
      claim_of({{"Abc_def", "de"}, {"abcdef", "de"}, {"zzz_q", "zz"}, {"another name", "an"}},
               space),
      claim_of({{"Ünï_cöde", "nï_"}, {"plain_name", "ain"}}, space),
      claim_of({{"日本_語 name", "e n"}, {"mid", "dim"}}, space),
      claim_of({{"one", "+/="}, {"two", "a-_"}}, space),
      claim_of({{"a_long_name_with_many_parts", "many_parts"}}, space),
      claim_of({{"a_long_name_with_many_parts", "znal_lnegf"}, {"another_long_name", "eman_gnol_"}},
               space),
      // A name that is shorter than the selection asks is taken whole.
      claim_of({{"relor_laichoundon", "lor_"}, {"gessesdufi_birhemu", "sses"}, {"yacho", "cho"}},
               space),
      claim_of({{"nop", "abc"}, {"ab_c", "nop_"}, {"zz", "mm"}}, space),
      claim_of({{"aab", "aab"}, {"baa", "ba"}, {"ab", "ab"}, {"ba", "baa"}}, space),
      claim_of({{"abcd", "dcb"}, {"ab", "ba"}, {"xyz", "zyx"}, {"a_b", "b_a"}, {"ba", "ba"}},
               space),
      claim_of({{"wlop", "9a1"}, {"mika", "0f3c"}, {"x", "1"}}, space),
  };
  Claim folding = claim_of({{"Hello_World", "LLO"}, {"other_name", "Her"}}, space);
  folding.ignore_case = true;
  claims.push_back(folding);
  for (const Claim& claim : claims) compare_with_slow(claim, reference::quick());
}

TEST_F(Searching, CountsWhatTheSlowSearchCountsInStandard) {
  compare_with_slow(claim_of({{"wlop", "aua"}}, "standard@1"), reference::standard());
}

TEST_F(Searching, CountsTokenClassesOneByOne) {
  const Claim claim = claim_of({{"houshou_marine", "aua"}}, "quick@1");
  const ClipVocabulary& vocabulary = **require_clip_vocabulary();
  const auto tokens = [&](const std::u32string& code) {
    return count_bpe(vocabulary, to_utf8(code));
  };
  const SlowCounts slow = search_slowly(claim, reference::quick());
  std::size_t in_class = 0;
  for (const auto& code : slow.reached[0]) in_class += tokens(code) == 1 ? 1 : 0;
  const Parsed found = parsed(searched(claim).finish().json);
  EXPECT_EQ(found["nulls"].back()["null"], "tokens");
  EXPECT_EQ(found["nulls"].back()["codes"][0], 3531);
  EXPECT_NEAR(found["names"][0]["coverage_tokens"].get<double>(),
              static_cast<double>(in_class) / 3531, 1e-6);
}

// ---- Slices, workers, order ----

TEST_F(Searching, GivesTheSameWhoeverRunsWhatAndWhen) {
  Claim window = claim_of({{"houshou_marine", "aua"}, {"sakimichan", "zix"}}, "quick@1");
  window.match = Match::window;
  Claim seven = claim_of({{"houshou_marine", "aua"},
                          {"sakimichan", "zix"},
                          {"wlop", "aua"},
                          {"mid", "imd"},
                          {"a_b", "a b"},
                          {"longer_name_here", "lon"},
                          {"x", "x"}},
                         "quick@1");
  for (const Claim& claim : {window, seven, claim_of({{"wlop", "zzzzzz"}}, "quick@1")}) {
    Search whole = searched(claim);
    const std::string expected = write_canonical(whole.finish().json);
    std::mt19937 random(7);
    for (const std::size_t workers : {1U, 2U, 5U}) {
      std::vector<std::size_t> units(whole.plan().units().size());
      for (std::size_t i = 0; i < units.size(); ++i) units[i] = i;
      std::shuffle(units.begin(), units.end(), random);
      std::vector<Search> shares;
      for (std::size_t w = 0; w < workers; ++w) shares.push_back(open(claim));
      for (std::size_t i = 0; i < units.size(); ++i) shares[i % workers].run(units[i]);
      Search sum = open(claim);
      for (std::size_t w = workers; w-- > 0;) ASSERT_TRUE(sum.merge(shares[w].save()).ok());
      EXPECT_EQ(write_canonical(sum.finish().json), expected) << workers;
      EXPECT_EQ(sum.save(), whole.save());
      const Status twice = sum.merge(shares[0].save());
      ASSERT_FALSE(twice.ok());
      EXPECT_EQ(twice.error().code, "bad-part");
    }
  }
}

TEST_F(Searching, RefusesPartsThatAreNone) {
  Search search = open(claim_of({{"wlop", "aua"}}, "quick@1"));
  search.run(0);
  const std::string part = search.save();
  Search other = open(claim_of({{"wlop", "aub"}}, "quick@1"));
  EXPECT_FALSE(other.merge(part).ok());
  Search same = open(claim_of({{"wlop", "aua"}}, "quick@1"));
  for (std::size_t cut = 0; cut < part.size(); cut += 1 + part.size() / 97) {
    EXPECT_FALSE(same.merge(part.substr(0, cut)).ok()) << cut;
  }
  EXPECT_FALSE(same.merge(part + "x").ok());
  EXPECT_EQ(same.tried(), 0u);
  EXPECT_TRUE(same.merge(part).ok());
  EXPECT_EQ(same.tried(), search.tried());
}

// ---- Hits ----

TEST_F(Searching, EveryHitGivenToRunYieldsTheTag) {
  std::mt19937 random(20);
  const std::vector<std::string> names = {
      "houshou_marine", "Sakimichan", "wlop", "kantoku (artist)", "ünï_code", "x_y_z", "日本_語"};
  for (int round = 0; round < 12; ++round) {
    Claim claim = claim_of({}, round % 2 == 0 ? "quick@1" : "standard@1");
    const std::size_t pairs = 1 + random() % 2;
    for (std::size_t i = 0; i < pairs; ++i) {
      std::string tag;
      for (int c = 0; c < 2; ++c) tag.push_back(static_cast<char>('a' + random() % 26));
      claim.pairs.push_back({names[random() % names.size()], tag});
    }
    claim.match = static_cast<Match>(random() % 4);
    claim.ignore_case = random() % 3 == 0;
    if (claim.space == "standard@1" && claim.match != Match::exact) claim.space = "quick@1";
    const Parsed found = parsed(searched(claim).finish().json);
    const auto distinct = claim.distinct_pairs();
    for (const Parsed& hit : found["hits"]) {
      EXPECT_EQ(hit["explains"].size(), hit["pairs"]);
      EXPECT_GT(hit["pairs"], 0);
      for (const Parsed& index : hit["explains"]) {
        const Pair& pair = distinct[index];
        EXPECT_TRUE(fits({claim.match, claim.ignore_case},
                         symbols(output_of(hit["recipe"], pair.name)), code_points(pair.tag)))
            << hit["recipe"] << " of " << pair.name;
      }
    }
  }
}

std::vector<Pair> planted(const std::string& recipe) {
  std::vector<Pair> pairs;
  for (const char* name :
       {"houshou_marine", "sakimichan", "wlop", "kantoku", "greg_rutkowski", "mika_pikazo"}) {
    pairs.push_back({name, output_of(recipe, name)});
  }
  return pairs;
}

TEST_F(Searching, FindsAPlantedRecipeAndNotWhenItsTagsAreShuffled) {
  for (const char* recipe : {"rot n=7 | sha256 | letters | take n=3",
                             "spaces | reverse | md5 | base64 | lower | window at=5 n=3",
                             "lower | blake2sp | hex | last n=3"}) {
    Claim claim = claim_of(planted(recipe), "standard@1");
    const Verified verified = verdict_of(claim);
    EXPECT_EQ(verified.verdict.state, State::reproduced) << recipe;
    EXPECT_EQ(verified.verdict.row, 7);
    EXPECT_LT(*verified.verdict.p, 1e-10);
    const Parsed search = parsed(verified.evidence.search->json);
    EXPECT_EQ(search["hits"][0]["pairs"], 6);
    EXPECT_EQ(search["permutations"]["arrangements"], 720);
    for (const Pair& pair : claim.pairs) {
      EXPECT_EQ(output_of(search["hits"][0]["recipe"], pair.name), pair.tag);
    }
    std::rotate(claim.pairs.begin(), claim.pairs.begin() + 1, claim.pairs.end());
    for (std::size_t i = 0; i < claim.pairs.size(); ++i) {
      claim.pairs[i].tag = output_of(recipe, claim.pairs[(i + 1) % claim.pairs.size()].name);
    }
    EXPECT_NE(verdict_of(claim).verdict.state, State::reproduced) << recipe;
  }
}

TEST_F(Searching, OneShortPairIsACoincidence) {
  const Verified verified = verdict_of(claim_of({{"houshou_marine", "aua"}}, "standard@1"));
  const Parsed search = parsed(verified.evidence.search->json);
  EXPECT_GT(search["tried"], 100000);
  EXPECT_EQ(search["exhausted"], true);
  EXPECT_TRUE(verified.verdict.row == 8 || verified.verdict.row == 12) << verified.verdict.row;
  EXPECT_GT(search["names"][0]["coverage"].get<double>(), 0.5);
  EXPECT_EQ(search["decoys"]["best"].size(), kDecoys);
  EXPECT_GE(search["pairs_needed"], 2);
}

// ---- The decision table ----

TEST_F(Searching, Row5AProofCoversTheSpace) {
  const Claim claim = claim_of({{"houshou_marine", "aua"}}, "substitution@1");
  const Verified verified = verdict_of(claim);
  EXPECT_EQ(verified.verdict.row, 5);
  EXPECT_EQ(verified.verdict.state, State::refuted);
  EXPECT_EQ(verified.verdict.scope, "space");
  const Parsed search = parsed(verified.evidence.search->json);
  EXPECT_EQ(search["covered"], "isomorph");
  EXPECT_EQ(search["tried"], 0);
  // And the proof is right: a search finds nothing either.
  Search all = open(claim);
  run_all(all);
  EXPECT_FALSE(all.finish().full_hit);
  EXPECT_TRUE(all.finish().exhausted);
  // Where a substitution can fit, nothing is covered.
  EXPECT_FALSE(open(claim_of({{"houshou_marine", "xek"}}, "substitution@1")).covered());
  EXPECT_FALSE(open(claim_of({{"houshou_marine", "aua"}}, "quick@1")).covered());
}

// `rot n=1 | take n=6` and `rot n=1 | last n=4` fit: tags of several lengths lie at several
// offsets.
TEST_F(Searching, TheProofCoversNoTagsOfSeveralLengthsWithinOutputs) {
  Claim claim =
      claim_of({{"aabacdefghijk", "bbcbde"}, {"pqqrstuvwxyzab", "rrstu"}}, "substitution@1");
  claim.match = Match::suffix;
  EXPECT_NE(verdict_of(claim).verdict.state, State::refuted);
  claim.pairs = {{"hgfedcabaa", "bcbb"}, {"zyxwvutsrqqp", "srr"}};
  claim.match = Match::prefix;
  EXPECT_NE(verdict_of(claim).verdict.state, State::refuted);
  // Of one length they do not: the proof stands.
  claim.pairs = {{"houshou_marine", "aua"}, {"sakimichan", "aba"}};
  EXPECT_TRUE(open(claim).covered());
}

TEST_F(Searching, Row7And8TheSameHitUnderTwoLevels) {
  Claim claim = claim_of({{"hello", "uryyb"}, {"world", "jbeyq"}}, "quick@1");
  Verified verified = verdict_of(claim);
  EXPECT_EQ(verified.verdict.row, 7);
  EXPECT_EQ(verified.verdict.state, State::reproduced);
  claim.level = 1e-12;
  verified = verdict_of(claim);
  EXPECT_EQ(verified.verdict.row, 8);
  EXPECT_EQ(verified.verdict.state, State::coincidence);
}

TEST_F(Searching, Rows9And10ACutSearchIsUndecided) {
  Claim claim = claim_of({{"abc", "nop"}}, "quick@1");
  Search search = open(claim);
  search.run(0);  // no cipher to all of them, as given: rot n=13 is among them
  auto verified = verify(claim, search.finish());
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(verified->verdict.row, 9);
  EXPECT_EQ(verified->verdict.state, State::undecided);
  claim.pairs[0].tag = "zzq";
  Search none = open(claim);
  none.run(0);
  verified = verify(claim, none.finish());
  EXPECT_EQ(verified->verdict.row, 10);
  EXPECT_EQ(verified->verdict.because, std::vector<std::string_view>{"finish"});
}

TEST_F(Searching, Row7AlsoCutShortWhereTheBoundForThePlannedSpaceIsLow) {
  const Claim claim =
      claim_of({{"hello", "uryyb"}, {"world", "jbeyq"}, {"names", "anzrf"}}, "quick@1");
  Search search = open(claim);
  search.run(0);
  const auto verified = verify(claim, search.finish());
  EXPECT_EQ(verified->verdict.row, 7);
  Search whole = searched(claim);
  EXPECT_GE(*verified->verdict.p, whole.finish().p);
}

TEST_F(Searching, Row11AllButOnePairIsUndecided) {
  std::vector<Pair> pairs = planted("sha1 | hex | take n=4");
  pairs[2].tag = "0000";
  const Verified verified = verdict_of(claim_of(pairs, "quick@1"));
  EXPECT_EQ(verified.verdict.row, 11);
  EXPECT_EQ(verified.verdict.state, State::undecided);
  EXPECT_EQ(verified.verdict.because, std::vector<std::string_view>{"failing-pairs"});
  EXPECT_EQ(parsed(verified.evidence.search->json)["hits"][0]["explains"], Parsed({0, 1, 3, 4, 5}));
}

TEST_F(Searching, Row12NothingFits) {
  const Verified verified =
      verdict_of(claim_of({{"houshou_marine", "qzxj"}, {"sakimichan", "jxqz"}}, "quick@1"));
  EXPECT_EQ(verified.verdict.row, 12);
  EXPECT_EQ(verified.verdict.state, State::refuted);
  const Parsed search = parsed(verified.evidence.search->json);
  EXPECT_FALSE(search["not_searched"].empty());
}

TEST_F(Searching, AStatedRecipeIsJudgedFirst) {
  Claim claim = claim_of({{"hello", "uryyb"}}, "quick@1");
  claim.recipe = "rot n=12";
  EXPECT_EQ(verdict_of(claim).verdict.row, 2);
}

// Under `window` long outputs hold short tags whichever way they are given out.
TEST_F(Searching, ArrangementsThatFitAsWellAreAVeto) {
  Claim claim = claim_of({{"abcdefgh", "a"}, {"habcdefg", "b"}, {"ghabcdef", "c"}}, "quick@1");
  claim.match = Match::window;
  claim.level = 0.99;  // so that p alone would let it pass
  const Search search = searched(claim);
  const SearchEvidence evidence = search.finish();
  EXPECT_TRUE(evidence.full_hit);
  const Parsed permutations = parsed(evidence.json)["permutations"];
  EXPECT_EQ(permutations["arrangements"], 6);
  EXPECT_EQ(permutations["explained"], 6);
  EXPECT_TRUE(evidence.veto);
}

// ---- Free keys in the decision table ----

std::vector<Pair> keyed(const std::string& recipe, std::size_t count) {
  const std::vector<std::string> names = {"houshou_marine", "sakimichan",     "usada_pekora",
                                          "shirakami_f",    "greg_rutkowski", "mika_pikazo"};
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < count; ++i) pairs.push_back({names[i], output_of(recipe, names[i])});
  return pairs;
}

TEST_F(Searching, Row7AnOverDeterminedKeyOutsideTheSpace) {
  for (const char* recipe :
       {"take n=4 | xor key=0x010203", "xor key=0x9f2c41 | take n=4 | hex",
        "last n=5 | vigenere key=zebra", "keep class=letters | vigenere key=lemon | take n=6"}) {
    const Claim claim = claim_of(keyed(recipe, 5), "quick@1");
    const Verified verified = verdict_of(claim);
    EXPECT_EQ(verified.verdict.row, 7) << recipe;
    EXPECT_EQ(verified.verdict.state, State::reproduced);
    EXPECT_EQ(verified.verdict.scope, "key");
    const Parsed search = parsed(verified.evidence.search->json);
    EXPECT_TRUE(search["full"].is_null());
    EXPECT_EQ(search["key"]["p"], *verified.verdict.p);
    EXPECT_EQ(search["permutations"]["counted"], "keys");
    EXPECT_EQ(search["permutations"]["explained"], 1);
    // Added to the chance of the space's recipes.
    double space = 0;
    for (const Parsed& null : search["nulls"]) space = std::max(space, null["p"].get<double>());
    EXPECT_NEAR(*verified.verdict.p, space + search["known_plaintext"]["p"].get<double>(),
                1e-5 * *verified.verdict.p);
    for (const Pair& pair : claim.pairs) {
      EXPECT_EQ(output_of(search["known_plaintext"]["hits"][0]["recipe"], pair.name), pair.tag);
    }
  }
}

TEST_F(Searching, AKeyWhosePIsAboveTheLevelDecidesNothing) {
  Claim claim = claim_of(keyed("take n=4 | xor key=0x010203", 5), "quick@1");
  claim.level = 1e-30;
  const Verified verified = verdict_of(claim);
  EXPECT_EQ(verified.verdict.row, 12);
  const Parsed search = parsed(verified.evidence.search->json);
  EXPECT_GT(search["key"]["p"].get<double>(), claim.level);
  // Nothing hangs on the arrangements.
  EXPECT_TRUE(search["permutations"]["counted"].is_null());
  EXPECT_TRUE(search["permutations"]["p"].is_null());
}

TEST_F(Searching, AKeyThatFitsTheTagsExchangedAsWellIsVetoed) {
  // A key as long as the tags, used for two names: tag ^ name is the key, and so it is exchanged
  // for the other key tag' ^ name = tag ^ name'.
  Claim claim = claim_of(keyed("take n=8 | xor key=0x0102030405060708", 2), "quick@1");
  const Verified two = verdict_of(claim);
  EXPECT_TRUE(two.evidence.search->veto);
  EXPECT_LE(*two.evidence.search->key_p, claim.level);
  EXPECT_EQ(two.verdict.row, 12);
  const Parsed search = parsed(two.evidence.search->json);
  EXPECT_EQ(search["permutations"]["arrangements"], 2);
  EXPECT_EQ(search["permutations"]["explained"], 2);
  // So it is where the claim's own key happens to repeat itself, and the other does not: with two
  // arrangements that alone would decide nothing.
  const Verified repeating =
      verdict_of(claim_of(keyed("take n=8 | xor key=0x01020304050607", 2), "quick@1"));
  EXPECT_TRUE(repeating.evidence.search->veto);
  EXPECT_EQ(repeating.verdict.row, 12);
  // A key of one byte is another matter: for the tags exchanged none as short would do.
  EXPECT_EQ(verdict_of(claim_of(keyed("take n=8 | xor key=0x05", 2), "quick@1")).verdict.row, 7);
  // A third pair breaks the symmetry.
  claim.pairs = keyed("take n=8 | xor key=0x0102030405060708", 3);
  EXPECT_EQ(verdict_of(claim).verdict.row, 7);
}

TEST_F(Searching, ShuffledTagsOfARecipeAreNoKey) {
  // The first letters of two names exchanged: XOR with both of them gives them.
  const Claim claim =
      claim_of({{"houshoumarine", "sakimichan"}, {"sakimichanxyz", "houshoumar"}}, "quick@1");
  const Verified verified = verdict_of(claim);
  EXPECT_TRUE(verified.evidence.search->key_p.has_value());
  EXPECT_NE(verified.verdict.state, State::reproduced);
  EXPECT_TRUE(verified.evidence.search->veto);
}

TEST_F(Searching, ARecipeOfTheSpaceComesBeforeAKey) {
  // rot n=13 is Vigenère with the key n as well.
  const Verified verified =
      verdict_of(claim_of({{"hello", "uryyb"}, {"world", "jbeyq"}}, "quick@1"));
  EXPECT_EQ(verified.verdict.scope, "space");
  const Parsed search = parsed(verified.evidence.search->json);
  EXPECT_FALSE(search["known_plaintext"]["hits"].empty());
  EXPECT_TRUE(search["key"].is_null());
  EXPECT_EQ(search["permutations"]["counted"], "recipes");
}

TEST_F(Searching, AKeyNeedsNoFinishedSearchWhereTheBoundIsLow) {
  const Claim claim = claim_of(keyed("take n=5 | vigenere key=lem", 5), "quick@1");
  Search search = open(claim);
  search.run(0);
  const auto verified = verify(claim, search.finish());
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(verified->verdict.row, 7);
  EXPECT_EQ(verified->verdict.scope, "key");
  EXPECT_GE(*verified->verdict.p, *searched(claim).finish().key_p);
}

TEST_F(Searching, OneShortPairFitsAlways) {
  const Parsed search =
      parsed(searched(claim_of({{"houshou_marine", "aua"}}, "quick@1")).finish().json);
  EXPECT_GT(search["known_plaintext"]["always"], 0);
  const Verified verified = verdict_of(claim_of({{"houshou_marine", "aua"}}, "quick@1"));
  EXPECT_TRUE(verified.verdict.row == 8 || verified.verdict.row == 12);
}

TEST_F(Searching, WhereAProofCoversTheSpaceKeysAreNotAsked) {
  const Parsed search = parsed(
      verdict_of(claim_of({{"houshou_marine", "aua"}}, "substitution@1")).evidence.search->json);
  EXPECT_TRUE(search["known_plaintext"].is_null());
}

TEST_F(Searching, RepeatedTagsAndPairsAreOnePieceOfEvidence) {
  const Claim once = claim_of({{"abc", "nop"}}, "quick@1");
  Claim seven = once;
  for (int i = 0; i < 6; ++i) seven.pairs.push_back(once.pairs[0]);
  EXPECT_EQ(write_canonical(parsed(searched(once).finish().json).dump()),
            write_canonical(parsed(searched(seven).finish().json).dump()));
  // Seven names with one tag: J = 1, one arrangement.
  Claim constant = claim_of({}, "quick@1");
  for (const char* name : {"aaa_x", "aaa_y", "aaa_z", "aaa_w"})
    constant.pairs.push_back({name, "aaa"});
  const Verified verified = verdict_of(constant);
  EXPECT_EQ(verified.verdict.row, 8);
  EXPECT_EQ(parsed(verified.evidence.search->json)["permutations"]["arrangements"], 1);
}

TEST_F(Searching, OtherRulesAcceptWhatTheyShould) {
  for (const Match match : {Match::prefix, Match::suffix, Match::window, Match::subsequence}) {
    Claim claim = claim_of({{"houshou_marine", "xeki"}, {"sakimichan", "iqaycysx"}}, "quick@1");
    claim.match = match;
    const Search search = searched(claim);
    const Parsed found = parsed(search.finish().json);
    for (const Parsed& hit : found["hits"]) {
      for (const Parsed& index : hit["explains"]) {
        EXPECT_TRUE(fits({match, false}, symbols(output_of(hit["recipe"], claim.pairs[index].name)),
                         code_points(claim.pairs[index].tag)));
      }
    }
    if (match != Match::suffix) {
      EXPECT_EQ(found["hits"][0]["recipe"], "rot n=16") << name_of(match);
      EXPECT_EQ(found["hits"][0]["pairs"], 2);
    }
  }
}

TEST_F(Searching, RefusesClaimsWithoutASpaceAndUnknownOnes) {
  Claim claim = claim_of({{"a", "b"}}, "nowhere@1");
  auto search = Search::open(*propose(claim), **require_clip_vocabulary());
  ASSERT_FALSE(search.ok());
  EXPECT_EQ(search.error().code, "unknown-space");
  claim.space.reset();
  search = Search::open(*propose(claim), **require_clip_vocabulary());
  ASSERT_FALSE(search.ok());
  EXPECT_EQ(search.error().code, "no-space");
  claim.space = "quick@1";
  const auto verified = verify(claim);
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().code, "needs-search");
}

}  // namespace
}  // namespace tagscope
