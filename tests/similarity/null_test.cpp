#include "similarity/null.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace tagscope {
namespace {

TEST(EmpiricalP, CountsTheObservedAmongTheDrawn) {
  const float null[] = {0.1F, 0.5F, 0.5F, 0.9F, std::nanf("")};
  EXPECT_EQ(count_at_least(null, 0.5F), 4U);  // equal ones count, NaN counts against
  EXPECT_EQ(count_at_least(null, 1.0F), 1U);
  EXPECT_EQ(count_at_least(null, std::nanf("")), 5U);
  EXPECT_EQ(empirical_p(0, 3530), 1.0 / 3531);
  EXPECT_EQ(empirical_p(3530, 3530), 1.0);
  EXPECT_EQ(empirical_p(0, 0), 1.0);
}

// The example of Benjamini & Hochberg 1995, section 3.2: of 15 p values the four smallest are
// significant at 0.05.
TEST(FalseDiscovery, TheExampleOf1995) {
  const std::vector<double> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const auto adjusted = benjamini_hochberg(p);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_EQ(adjusted[i] <= 0.05, i < 4) << i;
  EXPECT_DOUBLE_EQ(adjusted[0], 0.0001 * 15);
  EXPECT_DOUBLE_EQ(adjusted[3], 0.0095 * 15 / 4);
  EXPECT_DOUBLE_EQ(adjusted[14], 1);
}

// From the definition: the least of n · factor · p / rank over all that are no smaller.
TEST(FalseDiscovery, AgreesWithTheDefinitionInAnyOrder) {
  std::uint64_t state = 1;
  for (int round = 0; round < 100; ++round) {
    std::vector<double> p(static_cast<std::size_t>(round % 12));
    for (double& one : p) {
      state = state * 6364136223846793005 + 1442695040888963407;
      one = static_cast<double>(state >> 60) / 16;
    }
    double harmonic = 0;
    for (std::size_t i = 1; i <= p.size(); ++i) harmonic += 1 / static_cast<double>(i);
    const auto hochberg = benjamini_hochberg(p);
    const auto yekutieli = benjamini_yekutieli(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t j = 0; j < p.size(); ++j) {
        if (p[j] < p[i]) continue;
        double rank = 0;
        for (const double one : p) rank += one <= p[j];
        least = std::min(least, p[j] * static_cast<double>(p.size()) / rank);
      }
      EXPECT_NEAR(hochberg[i], std::min(1.0, least), 1e-12);
      EXPECT_NEAR(yekutieli[i], std::min(1.0, least * harmonic), 1e-12);
    }
  }
}

TEST(NullSize, IsTheClassOrWhatTheLevelNeeds) {
  EXPECT_EQ(null_size(3530, 4, 0.001), 3530U);  // the whole class of one-token codes
  EXPECT_EQ(null_size(3530, 1, 0.001), 1000U);
  EXPECT_EQ(null_size(443, 1, 0.001), 443U);
  EXPECT_EQ(null_size(13600, 1, 0.05), 999U);
  EXPECT_EQ(null_size(13600, 3, 0.001), 3000U);
  EXPECT_EQ(null_size(0, 1, 0.001), 0U);
  EXPECT_EQ(null_size(1000000, 1000000, 1e-300), 1000000U);
}

TEST(Draw, IsASetOfItsSizeAndTheSameForASeed) {
  for (const std::uint32_t count : {0U, 1U, 5U, 99U, 100U}) {
    const auto drawn = draw(100, count, 42);
    EXPECT_EQ(drawn.size(), count);
    EXPECT_EQ(std::set(drawn.begin(), drawn.end()).size(), count);
    EXPECT_TRUE(std::is_sorted(drawn.begin(), drawn.end()));
    EXPECT_TRUE(drawn.empty() || drawn.back() < 100);
    EXPECT_EQ(draw(100, count, 42), drawn);
  }
  EXPECT_NE(draw(100, 50, 1), draw(100, 50, 2));
  // Old evidence is drawn again, so these stay; from a program in Python.
  EXPECT_EQ(draw(1000, 5, 7), (std::vector<std::uint32_t>{210, 405, 674, 834, 903}));
}

// Pairs of five: each of the ten comes a tenth of the time.
TEST(Draw, EverySetIsEquallyLikely) {
  std::map<std::vector<std::uint32_t>, int> seen;
  for (std::uint64_t seed = 0; seed < 20000; ++seed) ++seen[draw(5, 2, seed)];
  ASSERT_EQ(seen.size(), 10U);
  double chi_squared = 0;
  for (const auto& [set, count] : seen) chi_squared += (count - 2000.0) * (count - 2000.0) / 2000;
  EXPECT_LT(chi_squared, 27.88);  // 0.999 of χ² with 9 degrees of freedom
}

TEST(RandomCode, LettersAreUniformAndTheSameForASeed) {
  int letters[26] = {};
  std::set<std::string> different;
  for (std::uint64_t i = 0; i < 10000; ++i) {
    const std::string code = random_code(5, 3, i);
    ASSERT_EQ(code.size(), 5U);
    for (const char letter : code) {
      ASSERT_GE(letter, 'a');
      ASSERT_LE(letter, 'z');
      ++letters[letter - 'a'];
    }
    different.insert(code);
  }
  double chi_squared = 0;
  for (const int count : letters) {
    chi_squared += (count - 50000.0 / 26) * (count - 50000.0 / 26) / (50000.0 / 26);
  }
  EXPECT_LT(chi_squared, 52.62);  // 0.999 of χ² with 25 degrees of freedom
  EXPECT_GT(different.size(), 9980U);
  EXPECT_EQ(random_code(0, 3, 0), "");
  EXPECT_EQ(random_code(6, 7, 0) + random_code(6, 7, 1), "vebdmeysqqka");
}

}  // namespace
}  // namespace tagscope
