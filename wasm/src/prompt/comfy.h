// Prompts as ComfyUI reads them. Source: Comfy-Org/ComfyUI, comfy/sd1_clip.py at commit 443393b4
// (parse_parentheses, token_weights, escape_important, SDTokenizer.tokenize_with_weights).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "prompt/prompt.h"

namespace tagscope {

// (x) weighs 1.1 times what is around it, (x:1.3) 1.3 whatever is around it; \( and \) are
// brackets as themselves; square brackets mean nothing. What token_weights gives between
// escape_important and unescape_important: neighbours are not merged, unbalanced brackets stay.
// An empty prompt has no segments. Precondition: well-formed UTF-8. Errors: `too-large`,
// `too-deep`, `bad-weight` where a weight is not finite.
[[nodiscard]] Result<std::vector<PromptSegment>> comfy_segments(std::string_view prompt);

// A part of a segment that is tokenized for itself.
struct ComfyGroup {
  std::string text;
  double weight = 1;
  // "embedding:NAME" begins it: the program puts a file's vectors in its place where it has the
  // file, and drops it where not. Here it stays text.
  std::optional<std::string> embedding;
};

// The segments, cut before every "embedding:" that follows white space.
[[nodiscard]] std::vector<ComfyGroup> comfy_groups(std::span<const PromptSegment> segments);

// `ids[i]` are the tokens of groups[i] without start and end. A group under 8 tokens is not split:
// the chunk before it is padded. Precondition: as many lists as groups. At least one chunk comes.
[[nodiscard]] std::vector<PromptChunk> comfy_chunks(std::span<const ComfyGroup> groups,
                                                    std::span<const std::vector<std::uint32_t>> ids,
                                                    const PromptIds& special);

}  // namespace tagscope
