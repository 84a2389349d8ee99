// Eight binary digits a byte.
#include "core/method.h"
#include "encoding/input_errors.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view bytes) {
  if (bytes.empty()) return std::string();
  const std::uint64_t length = std::uint64_t{9} * bytes.size() - 1;
  if (auto fits = encoding::check_output_size(length); !fits) return fits.error();
  std::string text;
  text.reserve(static_cast<std::size_t>(length));
  for (const char c : bytes) {
    if (!text.empty()) text.push_back(' ');
    for (int bit = 7; bit >= 0; --bit) {
      text.push_back((static_cast<unsigned char>(c) >> bit & 1) != 0 ? '1' : '0');
    }
  }
  return text;
}

Result<std::string> invert(const Options&, std::string_view text) {
  std::string bytes;
  unsigned held = 0;
  unsigned count = 0;
  const auto incomplete = [&](std::size_t at) {
    return encoding::malformed_at(at,
                                  "a byte has 8 binary digits, here only " + std::to_string(count));
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (encoding::is_separator(c)) {
      if (count != 0) return incomplete(at);
      continue;
    }
    if (c != '0' && c != '1') return encoding::foreign_character(text, at, "binary digits");
    held = held << 1 | static_cast<unsigned>(c - '0');
    if (++count == 8) {
      bytes.push_back(static_cast<char>(held));
      held = 0;
      count = 0;
    }
  }
  if (count != 0) return incomplete(text.size());
  return bytes;
}

constexpr Vector kVectors[] = {
    {"", as_text("Wiki"), as_text("01010111 01101001 01101011 01101001"),
     "Wikipedia, Binary code (ASCII)"},
};

}  // namespace

TAGSCOPE_METHOD(binary, transform<Options, apply, invert>({
                            .id = "binary",
                            .room = Room::encoding,
                            .summary = "Writes each byte as eight binary digits, joined by one "
                                       "space; its inverse also reads them unseparated",
                            .source = "positional notation in base 2, highest bit first",
                            .in = Kinds::bytes,
                            .out = Output::text,
                            .inverse_in = Kinds::text,
                            .inverse_out = Output::bytes,
                            .vectors = kVectors,
                            .alphabet = "01 ",
                        }));

}  // namespace tagscope
