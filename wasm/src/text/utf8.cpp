#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr bool is_between(unsigned byte, unsigned low, unsigned high) {
  return byte >= low && byte <= high;
}

}  // namespace

// The Unicode Standard, table 3-7: only the second byte's range depends on the lead byte.
Decoded utf8_detail::decode_non_ascii(std::string_view s, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < s.size() ? static_cast<unsigned char>(s[at + i]) : 0U;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  if (!is_between(lead, 0xC2, 0xF4)) return {kReplacementCharacter, 1, false};

  const unsigned length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  switch (lead) {
    case 0xE0: low = 0xA0; break;
    case 0xED: high = 0x9F; break;
    case 0xF0: low = 0x90; break;
    case 0xF4: high = 0x8F; break;
    default: break;
  }
  char32_t code_point = lead & (0x7FU >> length);
  for (unsigned i = 1; i < length; ++i) {
    if (!is_between(byte(i), low, high)) return {kReplacementCharacter, i, false};
    code_point = code_point << 6 | (byte(i) & 0x3FU);
    low = 0x80;
    high = 0xBF;
  }
  return {code_point, length, true};
}

void append_utf8(std::string& out, char32_t code_point) {
  if (code_point > 0x10FFFF || is_between(code_point, 0xD800, 0xDFFF)) {
    code_point = kReplacementCharacter;
  }
  const auto push = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  const auto push_continuation = [&](unsigned shift) { push(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) {
    push(code_point);
  } else if (code_point < 0x800) {
    push(0xC0 | code_point >> 6);
    push_continuation(0);
  } else if (code_point < 0x10000) {
    push(0xE0 | code_point >> 12);
    push_continuation(6);
    push_continuation(0);
  } else {
    push(0xF0 | code_point >> 18);
    push_continuation(12);
    push_continuation(6);
    push_continuation(0);
  }
}

std::optional<std::size_t> first_invalid_utf8(std::string_view s) {
  for (std::size_t at = 0; at < s.size();) {
    const Decoded decoded = decode_one(s, at);
    if (!decoded.valid) return at;
    at += decoded.length;
  }
  return std::nullopt;
}

std::string replace_invalid_utf8(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  std::size_t copied = 0;
  for (std::size_t at = 0; at < s.size();) {
    const Decoded decoded = decode_one(s, at);
    if (!decoded.valid) {
      out.append(s, copied, at - copied);
      append_utf8(out, kReplacementCharacter);
      copied = at + decoded.length;
    }
    at += decoded.length;
  }
  return out.append(s, copied, s.size() - copied);
}

std::size_t count_code_points(std::string_view well_formed) {
  std::size_t count = 0;
  for (const char c : well_formed) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return count;
}

}  // namespace tagscope
