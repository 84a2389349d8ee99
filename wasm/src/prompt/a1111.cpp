#include "prompt/a1111.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "prompt/prompt_errors.h"
#include "prompt/python_float.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr double kRoundMultiplier = 1.1;
constexpr double kSquareMultiplier = 1 / 1.1;
constexpr std::string_view kBreak = "BREAK";
constexpr std::string_view kAnd = "AND";
constexpr std::string_view kEscaped = "()[]\\";

// \w of Python's re.
bool is_word(char32_t code_point) {
  return is_letter(code_point) || is_number(code_point) || code_point == U'_';
}

// The code point that ends at byte `end`, which is greater than 0.
Decoded decode_before(std::string_view text, std::size_t end) {
  std::size_t begin = end - 1;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80) --begin;
  return decode_one(text, begin);
}

// The next `word` at or after `at` with \b on both sides, or npos.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t at) {
  for (;; ++at) {
    at = text.find(word, at);
    if (at == std::string_view::npos) return at;
    const std::size_t end = at + word.size();
    if (at > 0 && is_word(decode_before(text, at).code_point)) continue;
    if (end < text.size() && is_word(decode_one(text, end).code_point)) continue;
    return at;
  }
}

// Byte offsets past the white space from `at` on, and before that which ends at `end`.
std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const Decoded decoded = decode_one(text, at);
    if (!is_python_space(decoded.code_point)) break;
    at += decoded.length;
  }
  return at;
}

std::size_t trim_spaces(std::string_view text, std::size_t end) {
  while (end > 0) {
    const Decoded decoded = decode_before(text, end);
    if (!is_python_space(decoded.code_point)) break;
    end -= decoded.length;
  }
  return end;
}

// Where the run of [.\d] that begins at `at` ends.
std::size_t skip_number(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const Decoded decoded = decode_one(text, at);
    if (decoded.code_point != U'.' && !is_decimal_digit(decoded.code_point)) break;
    at += decoded.length;
  }
  return at;
}

// ":1.3)" as re_attention has it.
struct ExplicitWeight {
  Span number;
  std::size_t end;
};

std::optional<ExplicitWeight> explicit_weight(std::string_view text, std::size_t colon) {
  const std::size_t begin = skip_spaces(text, colon + 1);
  std::size_t at = begin;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  const std::size_t number_end = skip_number(text, at);
  if (number_end == at) return std::nullopt;
  at = skip_spaces(text, number_end);
  if (at == text.size() || text[at] != ')') return std::nullopt;
  return ExplicitWeight{{begin, number_end}, at + 1};
}

class Parser {
 public:
  explicit Parser(std::string_view prompt) : prompt_(prompt) {}

  Result<std::vector<PromptSegment>> parse() {
    for (std::size_t at = 0; at < prompt_.size();) {
      auto next = step(at);
      if (!next) return std::move(next).error();
      at = *next;
    }
    for (const std::size_t opened : round_) multiply_from(opened, kRoundMultiplier);
    for (const std::size_t opened : square_) multiply_from(opened, kSquareMultiplier);
    if (texts_.empty()) add({0, 0}, 1);
    return merged();
  }

 private:
  // Reads what begins at `at`, in the order of re_attention's alternatives; where the next begins.
  Result<std::size_t> step(std::size_t at) {
    switch (prompt_[at]) {
      case '\\': {
        const bool escapes =
            at + 1 < prompt_.size() && kEscaped.find(prompt_[at + 1]) != std::string_view::npos;
        const std::size_t end = at + (escapes ? 2 : 1);
        add({at + 1, end}, 1);
        return end;
      }
      case '(': return open(round_, at);
      case '[': return open(square_, at);
      case ')': return close(round_, kRoundMultiplier, at);
      case ']': return close(square_, kSquareMultiplier, at);
      case ':': {
        const auto explicitly = explicit_weight(prompt_, at);
        if (!explicitly) break;
        if (round_.empty()) {
          add_text({at, explicitly->end});
          return explicitly->end;
        }
        const Span number = explicitly->number;
        const std::string_view written = prompt_.substr(number.begin, number.end - number.begin);
        const auto weight = python_float(written);
        if (!weight) return prompt_errors::not_a_number(written, number);
        multiply_from(round_.back(), *weight);
        round_.pop_back();
        return explicitly->end;
      }
      default: {
        const std::size_t end = std::min(prompt_.find_first_of("\\()[]:", at), prompt_.size());
        add_text({at, end});
        return end;
      }
    }
    add_text({at, at + 1});
    return at + 1;
  }

  Result<std::size_t> open(std::vector<std::size_t>& brackets, std::size_t at) {
    if (round_.size() + square_.size() == kMaxPromptNesting) return prompt_errors::too_deep(at);
    brackets.push_back(texts_.size());
    return at + 1;
  }

  std::size_t close(std::vector<std::size_t>& brackets, double multiplier, std::size_t at) {
    if (brackets.empty()) {
      add_text({at, at + 1});
    } else {
      multiply_from(brackets.back(), multiplier);
      brackets.pop_back();
    }
    return at + 1;
  }

  // Adds a text that may hold BREAK, which takes the white space around it with it.
  void add_text(Span span) {
    const std::string_view text = prompt_.substr(span.begin, span.end - span.begin);
    std::size_t begin = 0;
    for (std::size_t at = find_word(text, kBreak, 0); at != std::string_view::npos;
         at = find_word(text, kBreak, begin)) {
      const std::size_t end = std::max(begin, trim_spaces(text, at));
      add({span.begin + begin, span.begin + end}, 1);
      add({span.begin + at, span.begin + at + kBreak.size()}, -1);
      begin = skip_spaces(text, at + kBreak.size());
    }
    add({span.begin + begin, span.end}, 1);
  }

  void add(Span text, double weight) {
    texts_.push_back(text);
    weights_.push_back(weight);
  }

  void multiply_from(std::size_t first, double multiplier) {
    for (std::size_t i = first; i < weights_.size(); ++i) weights_[i] *= multiplier;
  }

  Result<std::vector<PromptSegment>> merged() const {
    std::vector<PromptSegment> segments;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (!std::isfinite(weights_[i])) return prompt_errors::not_finite(weights_[i], texts_[i]);
      const std::string_view text =
          prompt_.substr(texts_[i].begin, texts_[i].end - texts_[i].begin);
      if (!segments.empty() && segments.back().weight == weights_[i]) {
        segments.back().text += text;
      } else {
        segments.push_back({std::string(text), weights_[i]});
      }
    }
    return segments;
  }

  std::string_view prompt_;
  // Each piece's place in the prompt, and its weight.
  std::vector<Span> texts_;
  std::vector<double> weights_;
  // For each bracket that is open, the first piece inside.
  std::vector<std::size_t> round_;
  std::vector<std::size_t> square_;
};

// ":1.5" at the end of a subprompt: \d+\.? or \d*\.\d+ with a sign, white space around.
std::optional<Span> final_weight(std::string_view text) {
  const std::size_t end = trim_spaces(text, text.size());
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::size_t begin = skip_spaces(text, colon + 1);
  std::size_t digits = begin;
  if (digits < end && (text[digits] == '+' || text[digits] == '-')) ++digits;
  if (digits >= end || skip_number(text, digits) != end) return std::nullopt;
  const std::string_view number = text.substr(digits, end - digits);
  if (std::count(number.begin(), number.end(), '.') > 1 || number == ".") return std::nullopt;
  return Span{begin, end};
}

}  // namespace

Result<std::vector<PromptSegment>> a1111_segments(std::string_view prompt) {
  if (prompt.size() > kMaxPromptBytes) return prompt_errors::too_large(prompt.size());
  return Parser(prompt).parse();
}

Result<std::vector<PromptSegment>> a1111_subprompts(std::string_view prompt) {
  if (prompt.size() > kMaxPromptBytes) return prompt_errors::too_large(prompt.size());
  std::vector<PromptSegment> subprompts;
  for (std::size_t begin = 0; begin <= prompt.size();) {
    const std::size_t end = std::min(find_word(prompt, kAnd, begin), prompt.size());
    const std::string_view part = prompt.substr(begin, end - begin);
    PromptSegment subprompt{std::string(part.substr(0, trim_spaces(part, part.size()))), 1};
    if (const auto number = final_weight(part)) {
      const std::string_view written = part.substr(number->begin, number->end - number->begin);
      const Span span{begin + number->begin, begin + number->end};
      const auto weight = python_float(written);
      if (!weight) return prompt_errors::not_a_number(written, span);
      if (!std::isfinite(*weight)) return prompt_errors::not_finite(*weight, span);
      subprompt = {std::string(part.substr(0, trim_spaces(part, part.rfind(':')))), *weight};
    }
    subprompts.push_back(std::move(subprompt));
    if (end == prompt.size()) break;
    begin = end + kAnd.size();
  }
  return subprompts;
}

namespace {

class Chunker {
 public:
  Chunker(const PromptIds& special, std::size_t comma_backtrack)
      : special_(special), comma_backtrack_(comma_backtrack) {}

  void add(std::uint32_t id, double weight) {
    if (id == special_.comma) {
      comma_ = ids_.size();
    } else if (comma_backtrack_ != 0 && ids_.size() == kPromptChunkTokens && comma_ != kNoComma &&
               ids_.size() - comma_ <= comma_backtrack_) {
      const auto cut = static_cast<std::ptrdiff_t>(comma_ + 1);
      const std::vector<std::uint32_t> moved_ids(ids_.begin() + cut, ids_.end());
      const std::vector<double> moved_weights(weights_.begin() + cut, weights_.end());
      ids_.resize(comma_ + 1);
      weights_.resize(comma_ + 1);
      end_chunk(kPromptChunkTokens);
      ids_ = moved_ids;
      weights_ = moved_weights;
    }
    if (ids_.size() == kPromptChunkTokens) end_chunk(kPromptChunkTokens);
    ids_.push_back(id);
    weights_.push_back(weight);
  }

  void add_break() { end_chunk(kPromptChunkTokens); }

  A1111Chunks finish() {
    if (!ids_.empty() || done_.chunks.empty()) end_chunk(ids_.size());
    const std::size_t count = std::max<std::size_t>(done_.token_count, 1);
    done_.target = (count + kPromptChunkTokens - 1) / kPromptChunkTokens * kPromptChunkTokens;
    return std::move(done_);
  }

 private:
  static constexpr std::size_t kNoComma = static_cast<std::size_t>(-1);

  void end_chunk(std::size_t counted) {
    done_.token_count += counted;
    ids_.insert(ids_.begin(), special_.start);
    weights_.insert(weights_.begin(), 1);
    ids_.resize(kPromptChunkTokens + 2, special_.end);
    weights_.resize(kPromptChunkTokens + 2, 1);
    if (special_.pad != special_.end) {
      // After the first end token, wherever it comes from, the encoder sees padding.
      const auto end = std::find(ids_.begin(), ids_.end(), special_.end);
      std::fill(end + 1, ids_.end(), special_.pad);
    }
    done_.chunks.push_back({std::move(ids_), std::move(weights_)});
    ids_ = {};
    weights_ = {};
    comma_ = kNoComma;
  }

  PromptIds special_;
  std::size_t comma_backtrack_;
  // The chunk under way.
  std::vector<std::uint32_t> ids_;
  std::vector<double> weights_;
  std::size_t comma_ = kNoComma;  // where its last comma lies
  A1111Chunks done_;
};

}  // namespace

A1111Chunks a1111_chunks(std::span<const PromptSegment> segments,
                         std::span<const std::vector<std::uint32_t>> ids, const PromptIds& special,
                         std::size_t comma_backtrack) {
  Chunker chunker(special, comma_backtrack);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].text == kBreak && segments[i].weight == -1) {
      chunker.add_break();
      continue;
    }
    for (const std::uint32_t id : ids[i]) chunker.add(id, segments[i].weight);
  }
  return chunker.finish();
}

}  // namespace tagscope
