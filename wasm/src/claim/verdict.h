// The verdict: the decision table, first row that applies.
//
//   1  a name with two tags under exact match     refuted: any deterministic recipe
//   2  a stated recipe fails on a pair            refuted: that recipe, that match rule
//   3  stated, all fit, p ≤ level                 reproduced
//   4  stated, all fit, p > level                 coincidence (freedom)
//   5  none stated, structure covers the space    refuted: space@version
//   6  none stated, no search asked for           undecided: search
//   7  full hit or over-determined key,
//      p ≤ level, no veto                         reproduced
//   8  full hit, space exhausted, otherwise       coincidence
//   9  full hit, cut short, otherwise             undecided: finish
//   10 no full hit, cut short                     undecided: finish
//   11 no full hit, exhausted, partial p ≤ level  undecided: the pairs that fail
//   12 no full hit, exhausted                     refuted: no recipe of the space
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "claim/evidence.h"

namespace tagscope {

enum class State : std::uint8_t { reproduced, refuted, coincidence, undecided };

[[nodiscard]] std::string_view name_of(State state);

struct Verdict {
  State state = State::undecided;
  int row = 6;
  // Kinds of evidence that carried it; for undecided, what would decide it.
  std::vector<std::string_view> because;
  // What the word covers: "deterministic-recipes", "stated-recipe", "space", "key" (row 7, where a
  // free key fits and no recipe of the space), "none".
  std::string_view scope;
  std::optional<double> p;  // rounded; compared as rounded
  double level = 0;
};

// Pure: the same evidence and level give the same verdict.
[[nodiscard]] Verdict judge(const Evidence& evidence, double level);

[[nodiscard]] Json to_json(const Verdict& verdict);

}  // namespace tagscope
