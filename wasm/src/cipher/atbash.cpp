// The alphabet turned round: a and z, b and y, ... change places.
#include "core/method.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') {
      c = static_cast<char>('a' + ('z' - c));
    } else if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>('A' + ('Z' - c));
    }
  }
  return out;
}

constexpr Vector kVectors[] = {
    {"", as_text("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), as_text("ZYXWVUTSRQPONMLKJIHGFEDCBA"),
     "Wikipedia, Atbash"},
    {"", as_text("wizard"), as_text("draziw"), "Wikipedia, Atbash (words that it reverses)"},
};

}  // namespace

TAGSCOPE_METHOD(atbash,
                transform<Options, apply, apply>({
                    .id = "atbash",
                    .room = Room::cipher,
                    .summary = "Replaces each letter by its mirror in the alphabet, keeping case",
                    .source = "Jeremiah 25:26 and 51:41; Wikipedia, Atbash",
                    .vectors = kVectors,
                    .length_preserving = true,
                }));

}  // namespace tagscope
