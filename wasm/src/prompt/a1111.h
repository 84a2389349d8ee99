// Prompts as AUTOMATIC1111/stable-diffusion-webui 1.10 reads them. Sources: its
// modules/prompt_parser.py (parse_prompt_attention, get_multicond_prompt_list) and
// modules/sd_hijack_clip.py (tokenize_line, get_target_prompt_token_count).
//
// Prompt editing ([a:b:0.5], [a|b]) and extra networks (<lora:…>) are other parts of that program:
// they stay in the text here.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "prompt/prompt.h"

namespace tagscope {

// (x) weighs 1.1, [x] 1/1.1, (x:1.3) 1.3; nested weights multiply, in the program's order, so that
// they are equal to the bit; a backslash takes a bracket as itself; neighbours of equal weight are
// one segment. BREAK is a segment "BREAK" of weight −1 times the weights around it. At least one
// segment comes. Precondition: well-formed UTF-8. Errors, with a span: `too-large`, `too-deep`,
// `bad-weight` where the program itself stops ("1.1.1") or a weight is not finite.
[[nodiscard]] Result<std::vector<PromptSegment>> a1111_segments(std::string_view prompt);

// The prompts between ANDs, with the weight that ":1.5" at the end of each gives. A prompt without
// AND is one, whose weight is read all the same. Errors: `too-large`, `bad-weight`.
[[nodiscard]] Result<std::vector<PromptSegment>> a1111_subprompts(std::string_view prompt);

struct A1111Chunks {
  std::vector<PromptChunk> chunks;
  // What the program shows above the prompt, "12/75": tokens, with the padding before BREAK and
  // after a comma that was gone back to, and how many fit.
  std::size_t token_count = 0;
  std::size_t target = 0;
};

// How many tokens back a comma may lie to which the program goes back, so that what follows it
// stays together in the next chunk; its setting "comma_padding_backtrack". 0: never.
inline constexpr std::size_t kA1111CommaBacktrack = 20;

// `ids[i]` are the tokens of segments[i] without start and end. A segment BREAK of weight exactly
// −1 ends a chunk. Precondition: as many lists as segments.
[[nodiscard]] A1111Chunks a1111_chunks(std::span<const PromptSegment> segments,
                                       std::span<const std::vector<std::uint32_t>> ids,
                                       const PromptIds& special,
                                       std::size_t comma_backtrack = kA1111CommaBacktrack);

}  // namespace tagscope
