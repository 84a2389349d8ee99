// The arithmetic of a search: tails, draws, exact sums, counting distinct codes.
#include "search/nulls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "search/distinct.h"
#include "search/exact_sum.h"
#include "support/vocabulary.h"

namespace tagscope {
namespace {

// Every way the trials can end.
double slow_tail(const std::vector<double>& trials, std::size_t k) {
  double sum = 0;
  for (std::size_t ways = 0; ways < std::size_t{1} << trials.size(); ++ways) {
    double chance = 1;
    std::size_t successes = 0;
    for (std::size_t i = 0; i < trials.size(); ++i) {
      const bool success = (ways >> i & 1) != 0;
      chance *= success ? trials[i] : 1 - trials[i];
      successes += success ? 1 : 0;
    }
    if (successes >= k) sum += chance;
  }
  return sum;
}

TEST(Nulls, UpperTailIsTheSumOverAllWays) {
  const std::vector<std::uint32_t> counts = {3, 2, 4};
  const std::vector<double> chances = {0.1, 0.5, 0.01};
  std::vector<double> trials;
  for (std::size_t c = 0; c < counts.size(); ++c)
    trials.insert(trials.end(), counts[c], chances[c]);
  for (std::uint32_t k = 0; k <= 10; ++k) {
    const double expected = slow_tail(trials, k);
    EXPECT_NEAR(upper_tail(counts, chances, k), expected, 1e-12 * expected) << k;
  }
}

TEST(Nulls, UpperTailKeepsSmallChances) {
  const std::uint32_t counts[] = {6};
  const double chances[] = {1 / 17576.0};
  EXPECT_NEAR(upper_tail(counts, chances, 6) / std::pow(17576.0, -6), 1, 1e-12);
}

TEST(Nulls, LargestTailWithinALimit) {
  const std::uint32_t counts[] = {2};
  const double chances[] = {0.1};  // tails 0.19 and 0.01
  EXPECT_NEAR(largest_tail_within(counts, chances, 0.5), 0.19, 1e-12);
  EXPECT_NEAR(largest_tail_within(counts, chances, 0.1), 0.01, 1e-12);
  EXPECT_EQ(largest_tail_within(counts, chances, 0.001), 0);
}

TEST(Nulls, DrawsAreWithoutReplacementInEachClass) {
  const std::vector<std::u32string> tags = {U"ab", U"cd", U"abc"};
  const auto models = null_models(tags, null_alphabets(tags, false), {});
  EXPECT_EQ(models[0].name, "hex");
  EXPECT_DOUBLE_EQ(models[0].per_draws(1e6), 1e6 / 256 / 255 / 4096);
  const auto letters = std::find_if(models.begin(), models.end(),
                                    [](const NullModel& null) { return null.name == "a-z"; });
  ASSERT_NE(letters, models.end());
  EXPECT_DOUBLE_EQ(letters->per_draws(1), 1.0 / 676 / 675 / 17576);
}

TEST(Nulls, TokenClassesAreThoseOfTheCensus) {
  testing::require_vocabulary();
  const auto counts = token_counts(**require_clip_vocabulary(), 3);
  EXPECT_EQ(counts.size(), 17576u);
  EXPECT_EQ(std::count(counts.begin(), counts.end(), 1), 3531);
  EXPECT_EQ(std::count(counts.begin(), counts.end(), 2), 13601);
  EXPECT_EQ(std::count(counts.begin(), counts.end(), 3), 444);
  EXPECT_EQ(counts[letters_code(U"aua")], 1);
  EXPECT_EQ(counts[letters_code(U"zix")], 2);
}

TEST(Nulls, FoldedAlphabetsAreThereOnce) {
  const auto alphabets = null_alphabets({U"ab1"}, true);
  std::vector<std::string> names;
  for (const Alphabet& alphabet : alphabets) names.emplace_back(alphabet.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"hex", "a-z0-9", "base64", "base64url", "printable-ascii"}));
}

TEST(Nulls, SignaturesThatDoNotFitAreBoundedByTheSmallestClass) {
  std::vector<std::u32string> tags;
  for (std::size_t length = 1; length <= 120; ++length) tags.emplace_back(length, U'a');
  const auto models = null_models(tags, null_alphabets(tags, false), {});
  EXPECT_EQ(models[0].class_size, std::vector<double>{16});
  EXPECT_EQ(models[0].counts_of(7), std::vector<std::uint32_t>{7});
}

TEST(ExactSum, DoesNotDependOnTheOrder) {
  std::mt19937_64 random(3);
  std::vector<double> terms;
  for (int i = 0; i < 1000; ++i) {
    terms.push_back(
        std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 120) - 170));
  }
  const auto sum_of = [&] {
    ExactSum first;
    ExactSum second;
    for (std::size_t i = 0; i < terms.size(); ++i) (i % 3 == 0 ? first : second).add(terms[i]);
    second.add(first);
    return second.value();
  };
  const double expected = sum_of();
  long double plain = 0;
  for (const double term : terms) plain += term;
  EXPECT_NEAR(expected / static_cast<double>(plain), 1, 1e-15);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(terms.begin(), terms.end(), random);
    EXPECT_EQ(sum_of(), expected);
  }
}

TEST(KeySketch, IsExactUpToItsBoundAndCloseBeyond) {
  KeySketch sketch(1024);
  std::set<std::uint64_t> exact;
  std::mt19937_64 random(5);
  for (int i = 0; i < 3000; ++i) {
    const std::uint64_t key = random() % 1000;
    sketch.add(key);
    exact.insert(key);
  }
  EXPECT_EQ(sketch.count(), static_cast<double>(exact.size()));
  EXPECT_EQ(sketch.relative_error(), 0);
  for (std::uint64_t key = 0; key < 200000; ++key) sketch.add(key);
  const double error = sketch.relative_error();
  EXPECT_NEAR(error, 1 / std::sqrt(1022.0), 1e-12);
  EXPECT_NEAR(sketch.count() / 200000, 1, 4 * error);
}

TEST(KeySketch, MergesToTheSame) {
  KeySketch whole(256);
  KeySketch parts[3] = {KeySketch(256), KeySketch(256), KeySketch(256)};
  for (std::uint64_t key = 0; key < 10000; ++key) {
    whole.add(key);
    parts[key % 3].add(key);
  }
  parts[2].add(parts[0]);
  parts[2].add(parts[1]);
  EXPECT_EQ(parts[2].kept(), whole.kept());
}

}  // namespace
}  // namespace tagscope
