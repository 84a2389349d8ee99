// ROT13 on letters together with ROT5 on digits.
#include "core/method.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= '0' && c <= '9') {
      c = static_cast<char>('0' + (c - '0' + 5) % 10);
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      const char first = c >= 'a' ? 'a' : 'A';
      c = static_cast<char>(first + (c - first + 13) % 26);
    }
  }
  return out;
}

constexpr Vector kVectors[] = {
    {"", as_text("abcxyzABCXYZ0123456789"), as_text("nopklmNOPKLM5678901234"),
     "Wikipedia, ROT13, section Variants (ROT13 and ROT5 together)"},
};

}  // namespace

TAGSCOPE_METHOD(rot18,
                transform<Options, apply, apply>({
                    .id = "rot18",
                    .room = Room::cipher,
                    .summary = "Moves each letter 13 and each digit five places, its own inverse",
                    .source = "Wikipedia, ROT13, section Variants",
                    .vectors = kVectors,
                    .length_preserving = true,
                }));

}  // namespace tagscope
