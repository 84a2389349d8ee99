// Does a proof that needs no search exclude every recipe of a space?
#pragma once

#include "claim/evidence.h"
#include "search/space.h"

namespace tagscope {

// True where the isomorph proof of period 1 holds for the claim and covers the plan: every recipe
// maps each character of a normalised name by itself, one to one, back to front or not, and takes
// a part in a row. Not under `subsequence`, nor for several pairs under `window` (each may match
// elsewhere), nor where case is ignored (the maps then join letters), nor past ASCII (XOR maps
// bytes, not characters).
[[nodiscard]] bool covered_by_structure(const Hypotheses& hypotheses, const SearchPlan& plan);

}  // namespace tagscope
