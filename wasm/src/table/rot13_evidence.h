// Whether a table reads better once ROT13 is undone.
#pragma once

#include <cstddef>
#include <string_view>

namespace tagscope {

// How much likelier the words of a text are after ROT13 than as they stand.
//
// A word is a run of ASCII letters, in either case. Each pair of neighbours in it, and its first
// and last letter, gains g = log2 p(rot13(b) | rot13(a)) − log2 p(b | a), where p counts how
// letters follow each other in the words of CLIP's vocabulary (letter_pairs.inc). English, and
// names of other languages in Latin letters, lose about 2 bits a letter, and in ROT13 gain as much.
// Letters drawn evenly gain 0 on the average; g then varies by σ = 3.8 bits. ROT13 is offered where
// the mean gain of a letter is at least kRot13LeastGain and the sum is at least 3 σ √letters, which
// evenly drawn letters reach once in 740 texts. A dozen short words are enough.
struct Rot13Evidence {
  std::size_t letters = 0;
  double gain_bits = 0;  // mean of a letter; negative: it reads better as it stands
  bool offered = false;
};

inline constexpr double kRot13LeastGain = 1;

// Only the first mebibyte is looked at.
[[nodiscard]] Rot13Evidence rot13_evidence(std::string_view text);

}  // namespace tagscope
