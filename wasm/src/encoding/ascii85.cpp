// Ascii85: four bytes as five characters, four zero bytes as "z", without <~ and ~>.
#include <algorithm>

#include "core/method.h"
#include "encoding/input_errors.h"

namespace tagscope {
namespace {

constexpr std::string_view kAlphabet =
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuz";

struct Options {};

Result<std::string> apply(const Options&, std::string_view bytes) {
  // Four bytes become at most five characters.
  const std::uint64_t longest = (std::uint64_t{5} * bytes.size() + 3) / 4;
  if (auto fits = encoding::check_output_size(longest); !fits) return fits.error();
  std::string text;
  text.reserve(static_cast<std::size_t>(longest));
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    const std::size_t count = std::min<std::size_t>(4, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    if (group == 0 && count == 4) {
      text.push_back('z');
      continue;
    }
    char characters[5];
    for (int i = 4; i >= 0; --i, group /= 85) characters[i] = static_cast<char>('!' + group % 85);
    text.append(characters, count + 1);
  }
  return text;
}

Result<std::string> invert(const Options&, std::string_view text) {
  const auto zeros = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), 'z'));
  const std::uint64_t longest = 4 * zeros + (text.size() - zeros) * std::uint64_t{4} / 5;
  if (auto fits = encoding::check_output_size(longest); !fits) return fits.error();
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(longest));
  std::uint64_t group = 0;
  std::size_t count = 0;
  std::size_t last = 0;  // offset of the last character that counted
  const auto push_bytes = [&](std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) bytes.push_back(static_cast<char>(group >> (24 - 8 * i)));
    group = 0;
    count = 0;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (encoding::is_ascii_space(c)) continue;
    last = at;
    if (c == 'z') {
      if (count != 0) return encoding::malformed_at(at, "z stands inside a group of five");
      bytes.append(4, '\0');
      continue;
    }
    if (c < '!' || c > 'u') return encoding::foreign_character(text, at, "Ascii85");
    group = group * 85 + static_cast<unsigned>(c - '!');
    if (++count < 5) continue;
    if (group > 0xFFFFFFFF) {
      return encoding::malformed_at(
          at, "a group is worth " + std::to_string(group) + "; the limit is 4294967295");
    }
    push_bytes(4);
  }
  if (count == 1) return encoding::malformed_at(last, "the last group has only one character");
  if (count > 1) {
    // The missing characters count as the highest, so that cutting the bytes off rounds down.
    for (std::size_t i = count; i < 5; ++i) group = group * 85 + 84;
    if (group > 0xFFFFFFFF) {
      return encoding::malformed_at(last, "the last group is worth more than its bytes can hold");
    }
    push_bytes(count - 1);
  }
  return bytes;
}

constexpr Vector kVectors[] = {
    {"", as_text("Man is distinguished"), as_text("9jqo^BlbD-BleB1DJ+*+F(f,q"),
     "Wikipedia, Ascii85 (example after Hobbes's Leviathan)"},
    {"", as_hex("00000000"), as_text("z"),
     "PostScript Language Reference, 3rd ed., section 3.13.3"},
};

}  // namespace

TAGSCOPE_METHOD(ascii85, transform<Options, apply, invert>({
                             .id = "ascii85",
                             .room = Room::encoding,
                             .summary = "Writes four bytes as five characters and four zero bytes "
                                        "as z; its inverse skips white space",
                             .source = "PostScript Language Reference, 3rd ed., section 3.13.3 "
                                       "(ASCII85Encode), without its end mark",
                             .in = Kinds::bytes,
                             .out = Output::text,
                             .inverse_in = Kinds::text,
                             .inverse_out = Output::bytes,
                             .vectors = kVectors,
                             .alphabet = kAlphabet,
                         }));

}  // namespace tagscope
