// Each byte as a decimal number.
#include "core/method.h"
#include "encoding/input_errors.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view bytes) {
  std::uint64_t length = bytes.empty() ? 0 : bytes.size() - 1;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    length += byte < 10 ? 1U : byte < 100 ? 2U : 3U;
  }
  if (auto fits = encoding::check_output_size(length); !fits) return fits.error();
  // Spaces beforehand, then the digits in place.
  std::string text(static_cast<std::size_t>(length), ' ');
  char* out = text.data();
  for (const char c : bytes) {
    const unsigned byte = static_cast<unsigned char>(c);
    if (byte >= 100) *out++ = static_cast<char>('0' + byte / 100);
    if (byte >= 10) *out++ = static_cast<char>('0' + byte / 10 % 10);
    *out++ = static_cast<char>('0' + byte % 10);
    ++out;  // to the next number
  }
  return text;
}

Result<std::string> invert(const Options&, std::string_view text) {
  std::string bytes;
  unsigned number = 0;
  std::size_t first = text.size();  // offset of the number's first digit; none yet
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at == text.size() || encoding::is_separator(text[at])) {
      if (first < at) bytes.push_back(static_cast<char>(number));
      number = 0;
      first = text.size();
      continue;
    }
    const char c = text[at];
    if (c < '0' || c > '9') return encoding::foreign_character(text, at, "decimal numbers");
    if (first == text.size()) first = at;
    number = number * 10 + static_cast<unsigned>(c - '0');
    if (number > 255) {
      return encoding::malformed_at(
          first, "a number is " + std::to_string(number) + " or more; the limit of a byte is 255");
    }
  }
  return bytes;
}

constexpr Vector kVectors[] = {
    {"", as_text("Wikipedia"), as_text("87 105 107 105 112 101 100 105 97"),
     "Wikipedia, ASCII (character set)"},
    {"", as_hex("0aff"), as_text("10 255"), "by definition"},
};

}  // namespace

TAGSCOPE_METHOD(decimal, transform<Options, apply, invert>({
                             .id = "decimal",
                             .room = Room::encoding,
                             .summary = "Writes each byte as a decimal number, joined by one space",
                             .source = "positional notation in base 10",
                             .in = Kinds::bytes,
                             .out = Output::text,
                             .inverse_in = Kinds::text,
                             .inverse_out = Output::bytes,
                             .vectors = kVectors,
                             .alphabet = "0123456789 ",
                         }));

}  // namespace tagscope
