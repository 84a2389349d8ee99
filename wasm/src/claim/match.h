// The match rules: does an output fit a tag, and how many tags would it have fitted?
#pragma once

#include <string>

#include "claim/claim.h"
#include "claim/shape.h"

namespace tagscope {

struct MatchRule {
  Match match = Match::exact;
  bool ignore_case = false;
};

// `output` and `tag` as symbols() and code_points() give them, case not yet folded.
[[nodiscard]] bool fits(const MatchRule& rule, const std::u32string& output,
                        const std::u32string& tag);

// Natural logarithm of the number of codes of `length` characters over `alphabet`
// that `output` would fit: 0 for one code, −∞ for none. Exact, but for a
// subsequence of very long outputs (length × output beyond 2^20), where it is an
// upper bound.
[[nodiscard]] double log_accepted_codes(const MatchRule& rule, const std::u32string& output,
                                        std::size_t length, const Alphabet& alphabet);

// The part of the output that the rule compares with a tag of `length` characters:
// what lies outside cannot have decided anything.
[[nodiscard]] std::u32string compared_part(const MatchRule& rule, const std::u32string& output,
                                           std::size_t length);

}  // namespace tagscope
