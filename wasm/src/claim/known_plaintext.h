// Known plaintext: where name and tag are both known, a free key can be solved for, and counted.
//
// Each position of a window of the name gives one character of the tag under a key that repeats
// with period k. N known positions that touch d key classes leave c = N − d checks: with c = 0
// every tag fits, whatever it is. Else the chance that random tags fit is
//
//   P_k = ∏_ρ K_ρ / |A|^{n_ρ},
//
// K_ρ the key values that send all n_ρ plain letters of class ρ into the tags' alphabet A.
#pragma once

#include <span>

#include "claim/evidence.h"

namespace tagscope {

// Codes from which tags are drawn at random: a null model of the verdict rules.
struct KeyNull {
  double characters = 0;  // of the alphabet that holds all of them
  double log_draws = 0;   // ln of the number of equally likely tags for all groups together
};

struct KnownPlaintext {
  // A key with more checks than none fits every pair.
  bool over_determined = false;
  // The chance that random tags are fitted so well: the sum of P over all distinct systems with
  // checks that leave no more to chance than the best that fits, under the worst null; at most 1.
  // Not rounded; to be added to the search's p_full. 1 where nothing fits.
  double p = 1;
  Json json;
};

// Examines every period, alignment, normalisation and family. P is counted exactly under U of the
// smallest alphabet and in parts of its codes; under a larger alphabet A every check is worth
// log₂|A| bits, which bounds P from above, for no key value gives more than |A| characters. Without
// `nulls`: U of the smallest alphabet alone.
[[nodiscard]] KnownPlaintext examine_known_plaintext(const Hypotheses& hypotheses,
                                                     std::span<const KeyNull> nulls = {});

}  // namespace tagscope
