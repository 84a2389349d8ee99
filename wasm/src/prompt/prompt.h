// Prompts as image programs read them: segments with weights, and the chunks of ids that the
// text encoder gets. One header a program; here is what they share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tagscope {

// A part of a prompt and how strongly it counts; 1 is plain text.
struct PromptSegment {
  std::string text;
  double weight = 1;
};

// What the text encoder gets at once: start, up to 75 tokens, end and padding, 77 in all. Both
// vectors are of that length.
struct PromptChunk {
  std::vector<std::uint32_t> ids;
  std::vector<double> weights;
};

// The vocabulary's special tokens. SD 1 and SDXL's first encoder pad with `end`, OpenCLIP's with 0.
struct PromptIds {
  std::uint32_t start;
  std::uint32_t end;
  std::uint32_t pad;
  std::uint32_t comma;  // a comma that ends a word
};

inline constexpr std::size_t kPromptChunkTokens = 75;

// Every bracket costs a pass over what it encloses: past these a prompt is refused.
inline constexpr std::size_t kMaxPromptBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxPromptNesting = 1000;

}  // namespace tagscope
