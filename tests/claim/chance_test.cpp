// The arithmetic of chance against exact rationals, brute force and published numbers.
#include "claim/chance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tagscope {
namespace {

// P(collision) by the definition: 1 − S(S−1)…(S−n+1)/S^n, in long double.
long double slow_collision(unsigned names, unsigned codes) {
  long double different = 1;
  for (unsigned i = 0; i < names; ++i) {
    different *= (static_cast<long double>(codes) - i) / codes;
  }
  return 1 - different;
}

// By enumeration of all codes^names draws.
struct Enumerated {
  double collision = 0;
  double pairs = 0;
  double used = 0;
  double sharing = 0;
};
Enumerated enumerate(unsigned names, unsigned codes) {
  Enumerated sum;
  std::vector<unsigned> draw(names, 0);
  double draws = 0;
  for (bool more = true; more;) {
    std::vector<unsigned> count(codes, 0);
    for (const unsigned code : draw) ++count[code];
    double pairs = 0;
    double used = 0;
    for (const unsigned n : count) {
      pairs += n * (n - 1.0) / 2;
      used += n > 0;
    }
    sum.pairs += pairs;
    sum.used += used;
    sum.collision += pairs > 0;
    sum.sharing += count[draw[0]] > 1;
    ++draws;
    more = false;
    for (unsigned& code : draw) {
      if (++code < codes) {
        more = true;
        break;
      }
      code = 0;
    }
  }
  return {sum.collision / draws, sum.pairs / draws, sum.used / draws, sum.sharing / draws};
}

TEST(Chance, AgreesWithEnumeration) {
  for (unsigned codes = 1; codes <= 6; ++codes) {
    for (unsigned names = 1; names <= 6; ++names) {
      const Enumerated exact = enumerate(names, codes);
      EXPECT_NEAR(collision_chance(names, codes), exact.collision, 1e-12) << names << "," << codes;
      EXPECT_NEAR(expected_colliding_pairs(names, codes), exact.pairs, 1e-12);
      EXPECT_NEAR(expected_codes_used(names, codes), exact.used, 1e-12);
      EXPECT_NEAR(sharing_chance(names, codes), exact.sharing, 1e-12);
    }
  }
}

TEST(Chance, AgreesWithTheDefinition) {
  for (const unsigned codes : {365u, 3531u, 17576u, 1000003u}) {
    for (const unsigned names : {2u, 23u, 100u, 157u, 1000u}) {
      const auto exact = static_cast<double>(slow_collision(names, codes));
      EXPECT_NEAR(collision_chance(names, codes) / exact, 1, 1e-9) << names << "," << codes;
    }
  }
}

TEST(Chance, EulerMaclaurinMeetsTheSum) {
  // Just above and below the switch from the sum to the closed form.
  const double codes = 1e13;
  EXPECT_NEAR(collision_chance(1000001, codes) / collision_chance(1000000, codes), 1.000002, 1e-7);
}

// The birthday numbers that everybody knows, and those of the domain.
TEST(Chance, NamesForHalf) {
  EXPECT_EQ(names_for_half(365), 23);
  EXPECT_EQ(names_for_half(17576), 157);
  EXPECT_EQ(names_for_half(3531), 71);
  EXPECT_LT(collision_chance(156, 17576), 0.5);
  EXPECT_NEAR(collision_chance(156, 17576), 0.498, 0.0005);
  EXPECT_GE(collision_chance(157, 17576), 0.5);
  EXPECT_EQ(names_for_half(1), 2);
  EXPECT_EQ(names_for_half(2), 2);
}

TEST(Chance, BrinksFormulaContinuesTheCount) {
  // Beyond 10^8 the closed form is used: it has to cross one half there too.
  for (const double codes : {1.1e8, 3.3e9, 7.7e10}) {
    const double names = names_for_half(codes);
    EXPECT_GE(collision_chance(names, codes), 0.5) << codes;
    EXPECT_LT(collision_chance(names - 1, codes), 0.5) << codes;
  }
}

// docs: 110,000 names by a random function into 17,576 codes.
TEST(Chance, TheListOfTheAuthor) {
  EXPECT_NEAR(110000 / 17576.0, 6.26, 0.005);
  EXPECT_NEAR(sharing_chance(110000, 17576), 0.998, 0.0005);
  EXPECT_NEAR(expected_codes_used(110000, 17576), 17542, 0.5);
  EXPECT_NEAR(expected_colliding_pairs(1000, 17576), 28.4, 0.05);
  EXPECT_EQ(collision_chance(110000, 17576), 1);
}

TEST(Chance, FallingFactorial) {
  double exact = 0;
  for (int j = 0; j < 12; ++j) exact += std::log(17576.0 - j);
  EXPECT_NEAR(log_falling_factorial(std::log(17576.0), 12), exact, 1e-10);
  EXPECT_EQ(log_falling_factorial(std::log(5.0), 0), 0);
  EXPECT_NEAR(log_codes(26, 3), std::log(17576.0), 1e-12);
}

}  // namespace
}  // namespace tagscope
