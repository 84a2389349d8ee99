// Any text is read as a prompt of either program or refused. Nothing of it is invented: brackets
// and weights aside, the segments hold the prompt's own bytes in order; chunks are full, and hold
// every token.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "prompt/a1111.h"
#include "prompt/comfy.h"
#include "text/utf8.h"

namespace {

using namespace tagscope;

void check(bool holds) {
  if (!holds) std::abort();
}

// The bytes of `part` stand in `whole` in this order.
bool is_subsequence(std::string_view part, std::string_view whole) {
  std::size_t at = 0;
  for (const char c : whole) {
    if (at < part.size() && part[at] == c) ++at;
  }
  return at == part.size();
}

std::string joined(const std::vector<PromptSegment>& segments) {
  std::string text;
  for (const PromptSegment& segment : segments) text += segment.text;
  return text;
}

// A token for each byte, so that chunks fill up.
std::vector<std::uint32_t> ids_of(std::string_view text) {
  std::vector<std::uint32_t> ids;
  for (const char c : text) ids.push_back(static_cast<unsigned char>(c));
  return ids;
}

std::size_t plain_ids(const std::vector<PromptChunk>& chunks, const PromptIds& special) {
  std::size_t count = 0;
  for (const PromptChunk& chunk : chunks) {
    check(chunk.ids.size() == kPromptChunkTokens + 2 && chunk.weights.size() == chunk.ids.size());
    check(chunk.ids.front() == special.start);
    count += static_cast<std::size_t>(std::count_if(chunk.ids.begin(), chunk.ids.end(),
                                                    [&](auto id) { return id < special.start; }));
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view prompt(reinterpret_cast<const char*>(data), size);
  if (first_invalid_utf8(prompt)) return 0;
  const PromptIds special{.start = 1000, .end = 1001, .pad = 1001, .comma = ','};

  if (const auto segments = a1111_segments(prompt)) {
    check(!segments->empty() && is_subsequence(joined(*segments), prompt));
    std::vector<std::vector<std::uint32_t>> ids;
    std::size_t tokens = 0;
    for (const auto& [text, weight] : *segments) {
      check(std::isfinite(weight));
      ids.push_back(ids_of(text));
      if (text != "BREAK" || weight != -1) tokens += text.size();
    }
    const A1111Chunks read = a1111_chunks(*segments, ids, special);
    check(plain_ids(read.chunks, special) == tokens);
    check(read.token_count <= read.target && read.target % kPromptChunkTokens == 0);
  }
  if (const auto subprompts = a1111_subprompts(prompt)) {
    check(!subprompts->empty() && is_subsequence(joined(*subprompts), prompt));
  }
  if (const auto segments = comfy_segments(prompt)) {
    const auto groups = comfy_groups(*segments);
    std::vector<std::vector<std::uint32_t>> ids;
    std::string text;
    for (const ComfyGroup& group : groups) {
      ids.push_back(ids_of(group.text));
      text += group.text;
    }
    check(text == joined(*segments));
    check(plain_ids(comfy_chunks(groups, ids, special), special) == text.size());
  }
  return 0;
}
