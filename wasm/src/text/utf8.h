// UTF-8: the only text encoding inside the engine.
//
// Ill-formed input is cut as the WHATWG Encoding Standard (§4.1, "utf-8 decoder") and The
// Unicode Standard (§3.9, table 3-8, "maximal subparts") say; Python's errors="replace" agrees.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tagscope {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

// One step of decoding. Where the bytes are ill-formed, `valid` is false, `code_point` is
// U+FFFD, and `length` counts the bytes that this one U+FFFD stands for.
struct Decoded {
  char32_t code_point;
  unsigned length;  // in bytes, 1 to 4
  bool valid;
};

namespace utf8_detail {
[[nodiscard]] Decoded decode_non_ascii(std::string_view s, std::size_t at);
}  // namespace utf8_detail

// Decodes the code point that begins at byte `at`. Precondition: at < s.size().
[[nodiscard]] inline Decoded decode_one(std::string_view s, std::size_t at) {
  const auto lead = static_cast<unsigned char>(s[at]);
  if (lead < 0x80) return {lead, 1, true};
  return utf8_detail::decode_non_ascii(s, at);
}

// Appends the UTF-8 of `code_point`; surrogates and values above U+10FFFF become U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

// The byte offset of the first ill-formed sequence, or nothing where `s` is well formed.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view s);

// `s` with each maximal ill-formed subpart replaced by one U+FFFD.
[[nodiscard]] std::string replace_invalid_utf8(std::string_view s);

// Precondition: `well_formed` is well-formed UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view well_formed);

}  // namespace tagscope
