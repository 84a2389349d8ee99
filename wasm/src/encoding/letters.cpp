// One small letter a byte: how a digest is folded into a word.
#include "core/method.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view bytes) {
  std::string text(bytes);
  for (char& c : text) c = static_cast<char>('a' + static_cast<unsigned char>(c) % 26);
  return text;
}

constexpr Vector kVectors[] = {
    {"", as_hex("0001191a1bff"), as_text("abzabv"), "by definition"},
    {"", as_text("abc"), as_text("tuv"), "by definition (97, 98 and 99 modulo 26)"},
};

}  // namespace

TAGSCOPE_METHOD(letters, transform<Options, apply>({
                             .id = "letters",
                             .room = Room::encoding,
                             .summary = "Turns each byte into the letter a to z of its value "
                                        "modulo 26",
                             .source = "arithmetic modulo 26; this project's definition",
                             .in = Kinds::bytes,
                             .out = Output::text,
                             .vectors = kVectors,
                             .length_preserving = true,
                             .alphabet = "abcdefghijklmnopqrstuvwxyz",
                         }));

}  // namespace tagscope
