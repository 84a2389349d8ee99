#include "tokenizer/byte_pattern.h"

#include <array>

#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

// The classes that the patterns tell apart. A code point is in exactly one.
enum Class : std::uint8_t {
  kUpper = 1,     // \p{Lu} \p{Lt}
  kLower = 2,     // \p{Ll}
  kUncased = 4,   // \p{Lm} \p{Lo}
  kMark = 8,      // \p{M}
  kNumber = 16,   // \p{N}
  kNewline = 32,  // \r \n
  kSpace = 64,    // the rest of \s
  kOther = 128,
};
constexpr unsigned kLetter = kUpper | kLower | kUncased;
constexpr unsigned kWhiteSpace = kNewline | kSpace;
// [^\s\p{L}\p{N}]
constexpr unsigned kSymbol = kMark | kOther;
// o200k: [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}] and [\p{Ll}\p{Lm}\p{Lo}\p{M}]
constexpr unsigned kHead = kUpper | kUncased | kMark;
constexpr unsigned kTail = kLower | kUncased | kMark;

constexpr std::array<std::uint8_t, 128> kAsciiClasses = [] {
  std::array<std::uint8_t, 128> classes{};
  for (unsigned c = 0; c < 128; ++c) {
    const bool letter = (c | 0x20) - 'a' < 26;
    classes[c] = letter                   ? (c < 'a' ? kUpper : kLower)
                 : c - '0' < 10           ? kNumber
                 : c == '\r' || c == '\n' ? kNewline
                 : c == ' ' || c - 9 < 5  ? kSpace
                                          : kOther;
  }
  return classes;
}();

// In the order of Category.
constexpr std::uint8_t kClassOfCategory[] = {
    kOther,  kUpper,  kLower, kUpper, kUncased, kUncased, kMark,  kMark,  kMark,  kNumber,
    kNumber, kNumber, kOther, kOther, kOther,   kOther,   kOther, kOther, kOther, kOther,
    kOther,  kOther,  kOther, kSpace, kSpace,   kSpace,   kOther, kOther, kOther, kOther,
};

struct Classified {
  unsigned kind;
  unsigned length;  // in bytes
};

Classified classify_beyond_ascii(std::string_view text, std::size_t at) {
  constexpr char32_t kNextLine = 0x85;  // White_Space, but of category Cc
  const Decoded decoded = decode_one(text, at);
  if (decoded.code_point == kNextLine) return {kSpace, decoded.length};
  const auto category = static_cast<std::size_t>(general_category(decoded.code_point));
  return {kClassOfCategory[category], decoded.length};
}

// Precondition: at < text.size().
inline Classified classify(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {kAsciiClasses[byte], 1};
  return classify_beyond_ascii(text, at);
}

// The end of the run of characters of these classes at `at`.
inline std::size_t run_end(std::string_view text, std::size_t at, unsigned kinds) {
  while (at < text.size()) {
    const Classified next = classify(text, at);
    if ((next.kind & kinds) == 0) break;
    at += next.length;
  }
  return at;
}

// \p{N}{1,3} at `at`.
std::size_t up_to_three_numbers(std::string_view text, std::size_t at) {
  for (unsigned i = 0; i < 3 && at < text.size(); ++i) {
    const Classified next = classify(text, at);
    if (next.kind != kNumber) break;
    at += next.length;
  }
  return at;
}

// 's|'t|'re|'ve|'m|'ll|'d at `at`, or `at`. Under (?i:…) also in capitals, and ſ for s: its
// upper case is S. Precondition: text[at] is the apostrophe.
std::size_t contraction_end(std::string_view text, std::size_t at, bool ignore_case) {
  const auto letter = [&](std::size_t i) -> char {
    if (i >= text.size()) return '\0';
    const char c = text[i];
    return ignore_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  };
  switch (letter(at + 1)) {
    case 's':
    case 't':
    case 'm':
    case 'd': return at + 2;
    case 'r':
    case 'v': return letter(at + 2) == 'e' ? at + 3 : at;
    case 'l': return letter(at + 2) == 'l' ? at + 3 : at;
    default: break;
  }
  constexpr std::string_view kLongS = "\xC5\xBF";
  return ignore_case && text.substr(at + 1, 2) == kLongS ? at + 3 : at;
}

// \s+(?!\S)|\s+ at a white space: all of the run at the end of the text; else all but its last
// character, which goes with what follows; that character where it is the only one.
std::size_t white_space_end(std::string_view text, std::size_t at) {
  std::size_t last = at;
  std::size_t end = at;
  while (end < text.size()) {
    const Classified next = classify(text, end);
    if ((next.kind & kWhiteSpace) == 0) return last == at ? end : last;
    last = end;
    end += next.length;
  }
  return end;
}

// \s*[\r\n]+|\s+(?!\S)|\s+ at a white space: up to the last line end of the run, if there is one.
std::size_t line_end_or_white_space_end(std::string_view text, std::size_t at) {
  std::size_t after_newline = at;
  std::size_t last = at;
  std::size_t end = at;
  while (end < text.size()) {
    const Classified next = classify(text, end);
    if ((next.kind & kWhiteSpace) == 0) {
      if (after_newline != at) return after_newline;
      return last == at ? end : last;
    }
    last = end;
    end += next.length;
    if (next.kind == kNewline) after_newline = end;
  }
  return after_newline != at ? after_newline : end;
}

bool is_at(std::string_view text, std::size_t at, char c) {
  return at < text.size() && text[at] == c;
}

// The run of letters in one of o200k's first two alternatives, without the character before it.
// `tailed`: the end under [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+, and
// `headed`: under [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*; `at` where there is
// none.
struct CasedEnds {
  std::size_t tailed;
  std::size_t headed;
};

CasedEnds cased_ends(std::string_view text, std::size_t at) {
  // The greedy head goes to the end of its run. If a small letter follows, the tail goes on from
  // there. If not, the tail gets back the last character of the run that it can hold, and what
  // follows that one in the run are capitals, which it cannot.
  std::size_t after_tail = at;
  std::size_t end = at;
  while (end < text.size()) {
    const Classified next = classify(text, end);
    if (next.kind == kLower) {
      const std::size_t tailed = run_end(text, end, kTail);
      return {tailed, tailed};
    }
    if ((next.kind & kHead) == 0) break;
    end += next.length;
    if (next.kind != kUpper) after_tail = end;
  }
  return {after_tail, end};
}

std::size_t with_contraction(std::string_view text, std::size_t end) {
  return is_at(text, end, '\'') ? contraction_end(text, end, true) : end;
}

}  // namespace

// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
template <>
std::size_t word_end<BytePattern::gpt2>(std::string_view text, std::size_t at) {
  if (text[at] == '\'') {
    const std::size_t end = contraction_end(text, at, false);
    if (end != at) return end;
  }
  const std::size_t begin = text[at] == ' ' ? at + 1 : at;
  if (begin == text.size()) return begin;
  const unsigned kind = classify(text, begin).kind;
  if ((kind & kLetter) != 0) return run_end(text, begin, kLetter);
  if (kind == kNumber) return run_end(text, begin, kNumber);
  if ((kind & kSymbol) != 0) return run_end(text, begin, kSymbol);
  return white_space_end(text, at);
}

// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
// |\s*[\r\n]+|\s+(?!\S)|\s+
template <>
std::size_t word_end<BytePattern::cl100k>(std::string_view text, std::size_t at) {
  const Classified first = classify(text, at);
  const std::size_t second = at + first.length;
  if ((first.kind & kLetter) != 0) return run_end(text, second, kLetter);
  if (first.kind == kNumber) return up_to_three_numbers(text, at);
  if (text[at] == '\'') {
    const std::size_t end = contraction_end(text, at, true);
    if (end != at) return end;
  }
  if (first.kind != kNewline) {
    const std::size_t letters = run_end(text, second, kLetter);
    if (letters != second) return letters;
    if ((first.kind & kSymbol) != 0 || text[at] == ' ') {
      const std::size_t symbols = run_end(text, second, kSymbol);
      if (first.kind != kSpace || symbols != second) return run_end(text, symbols, kNewline);
    }
  }
  return line_end_or_white_space_end(text, at);
}

// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|…)?
// |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|…)?
// |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
template <>
std::size_t word_end<BytePattern::o200k>(std::string_view text, std::size_t at) {
  const Classified first = classify(text, at);
  const std::size_t second = at + first.length;
  if ((first.kind & kLetter) != 0) {
    const CasedEnds ends = cased_ends(text, at);
    return with_contraction(text, ends.tailed != at ? ends.tailed : ends.headed);
  }
  if (first.kind == kNumber) return up_to_three_numbers(text, at);
  if (first.kind != kNewline) {
    const CasedEnds ends = cased_ends(text, second);
    if (ends.tailed != second) return with_contraction(text, ends.tailed);
    // A mark may also be the first of the letters instead of what stands before them, and the
    // first alternative then matches where it did not.
    if (first.kind == kMark) return with_contraction(text, cased_ends(text, at).tailed);
    if (ends.headed != second) return with_contraction(text, ends.headed);
    if (first.kind == kOther || text[at] == ' ') {
      std::size_t end = run_end(text, second, kSymbol);
      if (first.kind == kOther || end != second) {
        while (is_at(text, end, '\r') || is_at(text, end, '\n') || is_at(text, end, '/')) ++end;
        return end;
      }
    }
  }
  return line_end_or_white_space_end(text, at);
}

std::size_t word_end(BytePattern pattern, std::string_view text, std::size_t at) {
  switch (pattern) {
    case BytePattern::gpt2: return word_end<BytePattern::gpt2>(text, at);
    case BytePattern::cl100k: return word_end<BytePattern::cl100k>(text, at);
    case BytePattern::o200k: return word_end<BytePattern::o200k>(text, at);
  }
  return text.size();
}

}  // namespace tagscope
