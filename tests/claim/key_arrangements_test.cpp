// Arrangements that keys explain: each against every system looked at slowly.
#include "claim/key_arrangements.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "claim/known_plaintext.h"
#include "recipe/recipe.h"
#include "reference/slow_key_arrangements.h"

namespace tagscope {
namespace {

struct Asked {
  Hypotheses hypotheses;
  Arrangements arrangements;
  std::vector<std::u32string> names;
  std::vector<std::u32string> tags;  // by group
};

Asked ask(std::vector<Pair> pairs) {
  Claim claim;
  claim.pairs = std::move(pairs);
  Hypotheses hypotheses = *propose(std::move(claim));
  std::vector<std::uint32_t> group_of(hypotheses.pairs.size());
  std::vector<std::u32string> tags;
  for (const TagGroup& group : group_by_tag(hypotheses)) {
    for (const std::size_t i : group.pairs) group_of[i] = static_cast<std::uint32_t>(tags.size());
    tags.push_back(group.tag);
  }
  std::vector<std::u32string> names;
  for (const Pair& pair : hypotheses.pairs) names.push_back(code_points(pair.name));
  return {std::move(hypotheses), Arrangements(group_of), std::move(names), std::move(tags)};
}

std::string run_text(const std::string& recipe, const std::string& name) {
  return run(*read_recipe(recipe), Value::text(name))->data;
}

std::vector<Pair> pairs_by(const std::string& recipe, const std::vector<std::string>& names) {
  std::vector<Pair> pairs;
  for (const auto& name : names) pairs.push_back({name, run_text(recipe, name)});
  return pairs;
}

// How many arrangements are explained as well as the claim's own; the slow way says the same.
std::size_t compared(const std::vector<Pair>& pairs, double slack = 0) {
  const Asked asked = ask(pairs);
  const auto found = arranged_as_well(asked.hypotheses, asked.arrangements, slack);
  const auto least = [&](Arrangement arrangement) {
    std::vector<std::u32string> given;
    for (const std::uint16_t group : arrangement) given.push_back(asked.tags[group]);
    return reference::least_log_chance(asked.names, given);
  };
  const auto own = least(asked.arrangements.own());
  EXPECT_EQ(found.has_value(), own.has_value());
  if (!found || !own) return 0;
  std::size_t count = 0;
  asked.arrangements.each([&](std::size_t index, Arrangement arrangement) {
    const auto chance = least(arrangement);
    EXPECT_EQ((*found)[index], chance && *chance <= *own + slack) << index;
    count += (*found)[index] ? 1 : 0;
  });
  return count;
}

TEST(KeyArrangements, AreWhatLookingAtAllGives) {
  const std::vector<std::string> names = {"hou_mar", "Sakimi", "wlopx"};
  std::size_t symmetric = 0;
  for (const std::string recipe :
       {"vigenere key=le | take n=3", "take n=3 | xor key=0x010203", "affine a=5 b=8 | last n=4",
        "take n=4 | xor key=0x010203 | hex", "last n=3 | vigenere key=abc",
        "lower | reverse | take n=2 | vigenere key=q"}) {
    SCOPED_TRACE(recipe);
    std::vector<Pair> pairs = pairs_by(recipe, names);
    EXPECT_GE(compared(pairs), 1u);
    // Two names alone: XOR does not tell them from their tags exchanged.
    pairs.resize(2);
    symmetric += compared(pairs) == 2 ? 1 : 0;
  }
  EXPECT_GT(symmetric, 0u);
}

TEST(KeyArrangements, SlackCountsThoseThatAreNotQuiteAsGood) {
  // As it is the key repeats after two, exchanged only after three.
  const std::vector<Pair> pairs = {{"yinukiken", "rfw"}, {"ponsozegedas", "}bj"}};
  EXPECT_EQ(compared(pairs), 1u);
  EXPECT_EQ(compared(pairs, std::log(1000)), 2u);
}

TEST(KeyArrangements, TheSameForTagsOfSeveralLengthsAndRepeatedTags) {
  // Whole names, so that each tag has its name's length.
  EXPECT_GE(compared(pairs_by("xor key=0x0102", {"abcd", "bcdaab", "cdd", "dabca"})), 1u);
  EXPECT_GE(compared(pairs_by("vigenere key=bc", {"ab_cd", "xyzab", "cab", "abca"})), 1u);
  // One tag of two names.
  EXPECT_GE(compared(pairs_by("take n=3 | vigenere key=k", {"abcde", "abcx", "bcda", "cdab"})), 1u);
  EXPECT_GE(compared(pairs_by("last n=2 | xor key=0x0203", {"xxab", "yab", "zzac", "ba"})), 1u);
}

TEST(KeyArrangements, TheSameForTagsThatNothingMade) {
  std::mt19937 random(11);
  std::size_t fitting = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<Pair> pairs;
    const std::size_t count = 2 + random() % 2;
    for (std::size_t i = 0; i < count; ++i) {
      std::string name;
      std::string tag;
      for (std::size_t n = 3 + random() % 3; n > 0; --n) name += "abcd_"[random() % 5];
      for (std::size_t n = round % 4 == 0 ? 1 + random() % 3 : 2; n > 0; --n) {
        tag += "abcd"[random() % 4];
      }
      pairs.push_back({name + std::string(1, static_cast<char>('p' + i)), tag});
    }
    fitting += compared(pairs) > 0 ? 1 : 0;
    if (round % 5 == 0) {
      EXPECT_GE(compared(pairs, 6), compared(pairs));
    }
  }
  EXPECT_GT(fitting, 10u);
}

TEST(KeyArrangements, ASampleIsMarkedLikeAll) {
  // Nine names: 362,880 arrangements. Of a strong key no sampled one fits as well.
  const std::vector<std::string> names = {"houshou_marine", "sakimichan",  "usada_pekora",
                                          "wlop_wlop",      "mika_pikazo", "kantoku",
                                          "greg_rutkowski", "shirakami",   "inugami_korone"};
  const Asked strong = ask(pairs_by("take n=4 | xor key=0x010203", names));
  const auto none = arranged_as_well(strong.hypotheses, strong.arrangements);
  ASSERT_TRUE(none.has_value());
  EXPECT_EQ(none->size(), kSampledArrangements);
  EXPECT_EQ(std::count(none->begin(), none->end(), true), 0);
  // Names that are alike but for a letter: every exchange of the first two fits as well.
  std::vector<Pair> pairs;
  for (const char c : std::string("abcdefgh")) {
    pairs.push_back({"xx" + std::string(1, c), std::string(1, c)});
    pairs.push_back({"yy" + std::string(1, c), std::string(1, c)});
  }
  const Asked alike = ask(pairs);
  const auto some = arranged_as_well(alike.hypotheses, alike.arrangements);
  ASSERT_TRUE(some.has_value());
  alike.arrangements.each([&](std::size_t index, Arrangement arrangement) {
    if (index >= 1) return;
    std::vector<std::u32string> given;
    for (const std::uint16_t group : arrangement) given.push_back(alike.tags[group]);
    const auto own = reference::least_log_chance(alike.names, [&] {
      std::vector<std::u32string> tags;
      for (const std::uint16_t group : alike.arrangements.own()) {
        tags.push_back(alike.tags[group]);
      }
      return tags;
    }());
    const auto chance = reference::least_log_chance(alike.names, given);
    EXPECT_EQ((*some)[index], chance && *chance <= *own);
  });
}

TEST(KeyArrangements, HostileSizesEnd) {
  std::vector<Pair> pairs;
  for (int i = 0; i < 80; ++i) {
    pairs.push_back({std::string(120, static_cast<char>('a' + i % 26)) + std::to_string(i),
                     std::string(1, static_cast<char>('a' + i % 26))});
  }
  const Asked asked = ask(pairs);
  (void)arranged_as_well(asked.hypotheses, asked.arrangements);
  // Nothing that fits has a check: nothing is known.
  const Asked free = ask({{"abc", "xqz"}, {"bca", "pdm"}});
  EXPECT_FALSE(arranged_as_well(free.hypotheses, free.arrangements).has_value() &&
               !examine_known_plaintext(free.hypotheses).over_determined);
}

}  // namespace
}  // namespace tagscope
