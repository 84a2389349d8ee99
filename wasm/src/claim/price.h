// The price of a stated recipe: its length in a prefix code.
//
// A recipe can be chosen after the fact, so it pays for its own freedom: b bits
// mean that it is one of about 2^b recipes that could have been stated as
// easily, and the chance of its fit is multiplied by 2^b.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "claim/claim.h"
#include "claim/match.h"
#include "recipe/recipe.h"

namespace tagscope {

// Size of the code book of edition 1. Fixed, because a larger catalog must not
// change the price, and with it the digest, of a recipe that an old link states:
// the 67 ids that the language began with, and room for 13 more.
inline constexpr double kCodeBookMethods = 80;

struct Price {
  std::vector<double> step_bits;  // one a step
  double bits = 0;                // their sum
};

// Per step log2(2 × kCodeBookMethods), the factor 2 telling whether another step
// follows; and per argument
//   choice    log2 of the number of choices
//   integer   log2 of its domain where that is finite (a modulus, or bounds at
//             most 2^16 apart); else self-delimiting: Elias's gamma code of
//             |value| + 1, and a sign bit where it may be negative
//   key       8 bits for every byte that touches a compared output: changing it
//             changes what is compared for some pair
//   text      8 bits a byte
[[nodiscard]] Price price_of(const Recipe& recipe, const std::vector<Pair>& pairs,
                             const MatchRule& rule);

}  // namespace tagscope
