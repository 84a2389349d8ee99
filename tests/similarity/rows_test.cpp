#include "similarity/rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "reference/slow_similarity.h"

namespace tagscope {
namespace {

using testing::slow_cosine;
using testing::slow_dot;

Rows random_rows(std::size_t rows, std::size_t width, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  auto made = Rows::allocate(rows, width);
  for (float& value : made->writable()) value = normal(random);
  return std::move(*made);
}

double sum_of_products(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(double{a[i]} * double{b[i]});
  return sum;
}

// Every width around the kernel's steps of 8, and those of the encoders.
TEST(Rows, ScoresLieWithinTheStatedBounds) {
  std::vector<std::size_t> widths = {768, 1024, 1280, 1285};
  for (std::size_t width = 1; width <= 50; ++width) widths.push_back(width);
  for (const std::size_t width : widths) {
    SCOPED_TRACE(width);
    Rows rows = random_rows(40, width, static_cast<unsigned>(width));
    const Rows queries = random_rows(1, width, 7);
    const auto query = queries.row(0);
    std::vector<float> dots(40);
    std::vector<float> cosines(40);
    rows.score(query, Measure::kDot, dots);
    rows.score(query, Measure::kCosine, cosines);
    for (std::size_t i = 0; i < 40; ++i) {
      const auto row = rows.row(i);
      const double bound = testing::dot_bound(width) * sum_of_products(row, query);
      EXPECT_LE(std::abs(dots[i] - slow_dot(row, query)), bound);
      EXPECT_LE(std::abs(cosines[i] - slow_cosine(row, query)), testing::cosine_bound(width));
    }
  }
}

// Large terms that cancel leave only rounding errors: the bound is of their sizes.
TEST(Rows, CancellationStaysWithinTheBound) {
  for (const std::size_t width : {16U, 768U, 1280U}) {
    Rows rows = random_rows(20, width, 3);
    const Rows other = random_rows(1, width, 4);
    auto values = rows.writable();
    std::vector<float> query(other.row(0).begin(), other.row(0).end());
    for (std::size_t i = 0; i < 20; ++i) {
      for (std::size_t j = 0; j + 1 < width; j += 2) {
        values[i * width + j + 1] = -values[i * width + j] * 1e6F;
        values[i * width + j] *= 1e6F;
      }
    }
    for (std::size_t j = 0; j + 1 < width; j += 2) query[j + 1] = query[j];
    std::vector<float> dots(20);
    rows.score(query, Measure::kDot, dots);
    for (std::size_t i = 0; i < 20; ++i) {
      const auto row = rows.row(i);
      EXPECT_LE(std::abs(dots[i] - slow_dot(row, query)),
                testing::dot_bound(width) * sum_of_products(row, query));
    }
  }
}

// Rows are read at four places at once, the last ones alone.
TEST(Rows, EqualRowsHaveEqualScoresWhereverTheyLie) {
  for (std::size_t count = 1; count <= 23; ++count) {
    SCOPED_TRACE(count);
    constexpr std::size_t kWidth = 77;
    const Rows one = random_rows(2, kWidth, 6);
    auto rows = Rows::allocate(count, kWidth);
    for (std::size_t i = 0; i < count; ++i) {
      std::copy(one.row(0).begin(), one.row(0).end(), rows->writable().begin() + i * kWidth);
    }
    std::vector<float> out(count);
    for (const Measure measure : {Measure::kDot, Measure::kCosine}) {
      rows->score(one.row(1), measure, out);
      for (const float score : out) EXPECT_EQ(score, out[0]);
    }
    EXPECT_EQ(dot(one.row(0), one.row(1)), dot(rows->row(count - 1), one.row(1)));
  }
}

TEST(Rows, KnownCases) {
  auto rows = Rows::allocate(4, 3);
  const float values[] = {1, 0, 0, 0, 2, 0, 0, 0, 0, -3, 0, 4};
  std::copy(std::begin(values), std::end(values), rows->writable().begin());
  std::vector<float> out(4);
  rows->score(std::vector<float>{5, 0, 0}, Measure::kCosine, out);
  EXPECT_EQ(out[0], 1.0F);
  EXPECT_EQ(out[1], 0.0F);
  EXPECT_TRUE(std::isnan(out[2]));
  EXPECT_FLOAT_EQ(out[3], -0.6F);
  rows->score(std::vector<float>{0, 0, 0}, Measure::kCosine, out);
  for (const float score : out) EXPECT_TRUE(std::isnan(score));
  rows->score(std::vector<float>{1, 1, 1}, Measure::kDot, out);
  EXPECT_EQ(out, (std::vector<float>{1, 2, 0, 1}));
}

TEST(Rows, LengthsFollowWhatIsWritten) {
  auto rows = Rows::allocate(1, 2);
  rows->writable()[0] = 1;
  std::vector<float> out(1);
  rows->score(std::vector<float>{1, 1}, Measure::kCosine, out);
  EXPECT_FLOAT_EQ(out[0], std::sqrt(0.5F));
  rows->writable()[1] = 1;
  rows->score(std::vector<float>{1, 1}, Measure::kCosine, out);
  EXPECT_FLOAT_EQ(out[0], 1.0F);
  rows->centre(std::vector<float>{0, 1});
  rows->score(std::vector<float>{1, 1}, Measure::kCosine, out);
  EXPECT_FLOAT_EQ(out[0], std::sqrt(0.5F));
}

TEST(Rows, AreCentredByTheirMean) {
  Rows rows = random_rows(1000, 33, 5);
  for (float& value : rows.writable()) value += 100;
  const auto mean = rows.mean();
  for (std::size_t j = 0; j < 33; ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < 1000; ++i) sum += double{rows.row(i)[j]};
    EXPECT_EQ(mean[j], static_cast<float>(sum / 1000));
  }
  const float before = rows.row(17)[5];
  rows.centre(mean);
  EXPECT_EQ(rows.row(17)[5], before - mean[5]);
  for (const float value : rows.mean()) EXPECT_LT(std::abs(value), 1e-5F);
}

TEST(Rows, TooManyAreRefused) {
  EXPECT_FALSE(Rows::allocate(0, 3).has_value());
  EXPECT_FALSE(Rows::allocate(3, 0).has_value());
  EXPECT_FALSE(Rows::allocate(std::size_t{1} << (sizeof(std::size_t) * 8 - 2), 16).has_value());
}

TEST(Rows, ReadsEveryValue) {
  for (const std::size_t width : {1U, 15U, 16U, 17U, 31U, 32U, 33U, 100U}) {
    auto rows = Rows::allocate(3, width);
    for (float& value : rows->writable()) value = 1;
    EXPECT_EQ(read_through(rows->values()), static_cast<float>(3 * width));
  }
}

std::vector<Scored> sorted_best(std::span<const float> scores, std::size_t k) {
  std::vector<Scored> all;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!std::isnan(scores[i])) all.push_back({static_cast<std::uint32_t>(i), scores[i]});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Scored& a, const Scored& b) { return a.score > b.score; });
  all.resize(std::min(k, all.size()));
  return all;
}

TEST(Best, AreThoseOfAStableSort) {
  std::mt19937 random(9);
  for (int round = 0; round < 200; ++round) {
    std::vector<float> scores(random() % 300);
    // Few different values, so that ties are common, and some NaN.
    for (float& score : scores) {
      score = random() % 20 == 0 ? std::nanf("") : static_cast<float>(random() % 50) - 25;
    }
    for (const std::size_t k : {0U, 1U, 2U, 10U, 299U, 1000U}) {
      const auto found = best(scores, k);
      const auto expected = sorted_best(scores, k);
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_EQ(found[i].row, expected[i].row);
        ASSERT_EQ(found[i].score, expected[i].score);
      }
    }
  }
}

}  // namespace
}  // namespace tagscope
