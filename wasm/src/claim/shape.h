// The shape of tags: their lengths and the smallest named alphabet that holds
// them. It decides how many other tags there could have been.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tagscope {

// A set of characters in which tags are written.
struct Alphabet {
  std::string_view name;
  std::u32string characters;  // sorted, each once

  [[nodiscard]] bool holds(char32_t character) const;
  [[nodiscard]] double size() const { return static_cast<double>(characters.size()); }
};

// The smallest of the named alphabets that holds all characters of `tags`:
// digits, hex (either case), a–z, A–Z, base32, their unions, Base64 and its URL
// form, printable ASCII; else "characters-seen", the characters themselves.
// The smallest gives the largest chance, so no other has to be looked at.
[[nodiscard]] Alphabet smallest_alphabet(const std::vector<std::u32string>& tags);

// Every named alphabet that holds them, the smallest first; where none does, "characters-seen"
// alone. Never empty.
[[nodiscard]] std::vector<Alphabet> alphabets_holding(const std::vector<std::u32string>& tags);

// The code points of well-formed UTF-8.
[[nodiscard]] std::u32string code_points(std::string_view utf8);

// The code points of an output; a byte that is not part of well-formed UTF-8
// becomes U+DC80…U+DCFF, which no tag can hold (Python's "surrogateescape").
[[nodiscard]] std::u32string symbols(std::string_view bytes);

// Letter case folded away, code point by code point (simple lower-casing).
[[nodiscard]] char32_t folded(char32_t character);
[[nodiscard]] std::u32string folded(std::u32string text);

[[nodiscard]] std::string to_utf8(std::u32string_view text);

}  // namespace tagscope
