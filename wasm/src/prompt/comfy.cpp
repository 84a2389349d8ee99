#include "prompt/comfy.h"

#include <algorithm>
#include <cmath>

#include "prompt/prompt_errors.h"
#include "prompt/python_float.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr double kMultiplier = 1.1;
constexpr std::string_view kEmbedding = "embedding:";
// Groups of so many tokens and more are split over chunks.
constexpr std::size_t kLargeGroup = 8;

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t at = text.find(from); at != std::string_view::npos;
       at = text.find(from, begin)) {
    out += text.substr(begin, at - begin);
    out += to;
    begin = at + from.size();
  }
  out += text.substr(begin);
  return out;
}

using namespace std::string_view_literals;

// Brackets as themselves leave the text for two characters that nobody types.
std::string escape_important(std::string_view text) {
  return replaced(replaced(text, "\\)", "\0\1"sv), "\\(", "\0\2"sv);
}

std::string unescape_important(std::string_view text) {
  return replaced(replaced(text, "\0\1"sv, ")"), "\0\2"sv, "(");
}

// Cuts a text before each "(" at level 0 and after each ")" that comes back to it. Where more
// brackets closed than opened the level is negative, and none of both happens.
std::vector<std::string_view> parse_parentheses(std::string_view text) {
  std::vector<std::string_view> items;
  std::size_t begin = 0;
  std::int64_t level = 0;
  const auto cut = [&](std::size_t end) {
    if (end > begin) items.push_back(text.substr(begin, end - begin));
    begin = end;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '(' && level++ == 0) cut(at);
    if (text[at] == ')' && --level == 0) cut(at + 1);
  }
  cut(text.size());
  return items;
}

// What is left to be read: an item, the weight around it, and how many groups hold it.
struct Pending {
  std::string_view text;
  double weight;
  std::size_t depth;
};

}  // namespace

Result<std::vector<PromptSegment>> comfy_segments(std::string_view prompt) {
  if (prompt.size() > kMaxPromptBytes) return prompt_errors::too_large(prompt.size());
  const std::string escaped = escape_important(prompt);
  std::vector<PromptSegment> segments;
  // A stack, the first item last.
  std::vector<Pending> pending;
  const auto push = [&](std::string_view text, double weight, std::size_t depth) {
    const std::vector<std::string_view> items = parse_parentheses(text);
    for (auto item = items.rbegin(); item != items.rend(); ++item) {
      pending.push_back({*item, weight, depth});
    }
  };
  push(escaped, 1, 0);
  while (!pending.empty()) {
    const Pending item = pending.back();
    pending.pop_back();
    const auto place = static_cast<std::size_t>(item.text.data() - escaped.data());
    // The form decides, not the nesting: "((a)" is a group as well.
    const bool is_group =
        item.text.size() >= 2 && item.text.front() == '(' && item.text.back() == ')';
    if (!is_group) {
      if (!std::isfinite(item.weight)) {
        return prompt_errors::not_finite(item.weight, {place, place + item.text.size()});
      }
      segments.push_back({unescape_important(item.text), item.weight});
      continue;
    }
    if (item.depth == kMaxPromptNesting) return prompt_errors::too_deep(place);
    std::string_view inner = item.text.substr(1, item.text.size() - 2);
    double weight = item.weight * kMultiplier;
    const std::size_t colon = inner.rfind(':');
    if (colon != std::string_view::npos && colon > 0) {
      if (const auto stated = python_float(inner.substr(colon + 1))) {
        weight = *stated;
        inner = inner.substr(0, colon);
      }
    }
    push(inner, weight, item.depth + 1);
  }
  return segments;
}

namespace {

// NAME of "embedding:NAME…": up to white space, < or [.
std::optional<std::string> embedding_name(std::string_view text) {
  if (!text.starts_with(kEmbedding)) return std::nullopt;
  text.remove_prefix(kEmbedding.size());
  std::size_t begin = 0;
  std::size_t at = 0;
  while (at < text.size() && text[at] != '<' && text[at] != '[') {
    const Decoded decoded = decode_one(text, at);
    if (is_python_space(decoded.code_point)) {
      if (at > begin) break;
      begin = at + decoded.length;
    }
    at += decoded.length;
  }
  return std::string(text.substr(begin, at - begin));
}

bool follows_space(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  std::size_t begin = at - 1;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80) --begin;
  return is_python_space(decode_one(text, begin).code_point);
}

}  // namespace

std::vector<ComfyGroup> comfy_groups(std::span<const PromptSegment> segments) {
  std::vector<ComfyGroup> groups;
  for (const PromptSegment& segment : segments) {
    const std::string_view text = segment.text;
    std::size_t begin = 0;
    const auto cut = [&](std::size_t end) {
      const std::string_view part = text.substr(begin, end - begin);
      if (!part.empty())
        groups.push_back({std::string(part), segment.weight, embedding_name(part)});
      begin = end;
    };
    for (std::size_t at = text.find(kEmbedding); at != std::string_view::npos;
         at = text.find(kEmbedding, at + 1)) {
      if (follows_space(text, at)) cut(at);
    }
    cut(text.size());
  }
  return groups;
}

std::vector<PromptChunk> comfy_chunks(std::span<const ComfyGroup> groups,
                                      std::span<const std::vector<std::uint32_t>> ids,
                                      const PromptIds& special) {
  std::vector<PromptChunk> chunks;
  PromptChunk chunk;
  const auto append = [&](std::uint32_t id, double weight) {
    chunk.ids.push_back(id);
    chunk.weights.push_back(weight);
  };
  const auto end_chunk = [&] {
    append(special.end, 1);
    chunk.ids.resize(kPromptChunkTokens + 2, special.pad);
    chunk.weights.resize(kPromptChunkTokens + 2, 1);
    chunks.push_back(std::move(chunk));
    chunk = {};
    append(special.start, 1);
  };
  append(special.start, 1);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::span<const std::uint32_t> left = ids[i];
    const bool is_large = left.size() >= kLargeGroup;
    while (!left.empty()) {
      const std::size_t room = kPromptChunkTokens + 1 - chunk.ids.size();
      if (left.size() > room && !is_large) {
        end_chunk();
        continue;
      }
      const std::size_t taken = std::min(left.size(), room);
      for (const std::uint32_t id : left.first(taken)) append(id, groups[i].weight);
      left = left.subspan(taken);
      if (!left.empty()) end_chunk();
    }
  }
  end_chunk();
  return chunks;
}

}  // namespace tagscope
