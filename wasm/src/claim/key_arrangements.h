// Arrangements of the tags that some free key explains as well as one explains the claim.
//
// A key that is found for tags in their place may say little about the place: XOR and Vigenère
// have symmetries, so that a key for two names is a key for their tags exchanged. How well keys
// explain an arrangement π of the tags is
//
//   T(π) = min over the systems that fit π of ∏_ρ K_ρ / |A|^n,
//
// the chance that n independent tags, one for each name, are fitted by the system (families,
// normalisations, alignments and periods as in claim/known_plaintext.h, K_ρ over all names). The
// same is asked of every arrangement, so counting those with T(π) ≤ T(the claim's own) is an exact
// permutation test, and counting more a stricter one.
//
// More are counted where names are few. Two names under a XOR key as long as their tags have a key
// for the tags exchanged; whichever of the two keys happens to repeat itself would win by that
// alone, and with two arrangements no count could object. A wrong arrangement is explained x times
// better than the right one with a chance of about 1/x: so where there are too few arrangements for
// the level, those count as well that the claim's own beats by less than 1/level.
#pragma once

#include <optional>
#include <vector>

#include "claim/arrangements.h"
#include "claim/evidence.h"

namespace tagscope {

// For each arrangement that is looked at whether ln T(π) ≤ ln T(own) + slack; `own` are the groups
// of the hypotheses' pairs, as group_by_tag() numbers them. Work is bounded: past it the slack is
// not used up, and where not even T(own) is compared with all, or no system with checks fits the
// claim, there is nothing. slack ≥ 0.
[[nodiscard]] std::optional<std::vector<bool>> arranged_as_well(const Hypotheses& hypotheses,
                                                                const Arrangements& arrangements,
                                                                double slack = 0);

}  // namespace tagscope
