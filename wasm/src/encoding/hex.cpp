// Two hexadecimal digits a byte.
#include "core/method.h"
#include "encoding/input_errors.h"

namespace tagscope {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

struct Options {};

Result<std::string> apply(const Options&, std::string_view bytes) {
  if (auto fits = encoding::check_output_size(std::uint64_t{2} * bytes.size()); !fits) {
    return fits.error();
  }
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    text.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    text.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
  return text;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A 0x may stand before any group of digits: people paste "0xdeadbeef" and "0xde, 0xad" alike.
Result<std::string> invert(const Options&, std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 2);
  int high = -1;
  bool begins_group = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (encoding::is_separator(c)) {
      if (high >= 0) return encoding::malformed_at(at, "a byte has two hex digits, here only one");
      begins_group = true;
      continue;
    }
    if (begins_group && c == '0' && at + 1 < text.size() && (text[at + 1] | 0x20) == 'x') {
      ++at;
      begins_group = false;
      continue;
    }
    begins_group = false;
    const int digit = digit_of(c);
    if (digit < 0) return encoding::foreign_character(text, at, "hexadecimal");
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<char>(high * 16 + digit));
      high = -1;
    }
  }
  if (high >= 0) {
    return encoding::malformed_at(text.size(), "a byte has two hex digits, the last has only one");
  }
  return bytes;
}

constexpr Vector kVectors[] = {
    {"", as_text("foobar"), as_text("666f6f626172"), "RFC 4648, section 10 (BASE16)"},
    {"", as_text(""), as_text(""), "RFC 4648, section 10 (BASE16)"},
    {"", as_hex("314507060e004b2f0c1f011c1759"), as_text("314507060e004b2f0c1f011c1759"),
     "the observation of 2024 (XOR's output)"},
};

}  // namespace

TAGSCOPE_METHOD(hex, transform<Options, apply, invert>({
                         .id = "hex",
                         .room = Room::encoding,
                         .summary = "Writes each byte as two lower-case hexadecimal digits; its "
                                    "inverse also reads upper case, 0x and separators",
                         .source = "RFC 4648, section 8 (in lower case)",
                         .in = Kinds::bytes,
                         .out = Output::text,
                         .inverse_in = Kinds::text,
                         .inverse_out = Output::bytes,
                         .vectors = kVectors,
                         .alphabet = kDigits,
                     }));

}  // namespace tagscope
