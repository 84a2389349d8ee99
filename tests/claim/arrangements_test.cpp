// Arrangements against std::next_permutation and factorials.
#include "claim/arrangements.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace tagscope {
namespace {

TEST(Arrangements, AreAllThereInOrder) {
  for (const std::vector<std::uint32_t>& own : std::vector<std::vector<std::uint32_t>>{
           {0}, {0, 0, 0}, {0, 1}, {1, 0, 1, 0}, {2, 0, 1, 0, 2, 2, 1}, {0, 1, 2, 3, 4, 5, 6}}) {
    const Arrangements arrangements(own);
    std::vector<std::uint16_t> expected(own.begin(), own.end());
    std::sort(expected.begin(), expected.end());
    std::size_t seen = 0;
    arrangements.each([&](std::size_t index, Arrangement arrangement) {
      EXPECT_EQ(index, seen);
      EXPECT_TRUE(std::equal(expected.begin(), expected.end(), arrangement.begin()));
      EXPECT_EQ(arrangements.index_of(arrangement), index);
      std::next_permutation(expected.begin(), expected.end());
      ++seen;
    });
    EXPECT_TRUE(std::is_sorted(expected.begin(), expected.end())) << "the last was not reached";
    EXPECT_EQ(static_cast<double>(seen), arrangements.count());
  }
}

TEST(Arrangements, AreSampledWhereTheyAreMany) {
  std::vector<std::uint32_t> own;
  for (std::uint32_t i = 0; i < 9; ++i) own.push_back(i);
  const Arrangements arrangements(own);
  EXPECT_EQ(arrangements.count(), 362880);
  EXPECT_FALSE(arrangements.all());
  std::set<std::vector<std::uint16_t>> seen;
  std::size_t first_is_0 = 0;
  arrangements.each([&](std::size_t, Arrangement arrangement) {
    std::vector<std::uint16_t> sorted(arrangement.begin(), arrangement.end());
    first_is_0 += sorted[0] == 0;
    seen.insert(sorted);
    std::sort(sorted.begin(), sorted.end());
    EXPECT_TRUE(std::equal(sorted.begin(), sorted.end(), arrangements.own().begin()));
  });
  // 9,999 of 362,880 with replacement: about 9,863 different ones; a ninth has 0 in front.
  EXPECT_GT(seen.size(), 9700u);
  EXPECT_NEAR(static_cast<double>(first_is_0), 1111, 5 * std::sqrt(1111));
  own.resize(1000);
  for (std::uint32_t i = 0; i < 1000; ++i) own[i] = i;
  EXPECT_TRUE(std::isinf(Arrangements(own).count()));
}

}  // namespace
}  // namespace tagscope
