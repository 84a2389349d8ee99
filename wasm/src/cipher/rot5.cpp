// ROT13's companion for digits: each moves by five, so that twice is nothing.
#include "core/method.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= '0' && c <= '9') c = static_cast<char>('0' + (c - '0' + 5) % 10);
  }
  return out;
}

constexpr Vector kVectors[] = {
    {"", as_text("0123456789"), as_text("5678901234"), "Wikipedia, ROT13, section Variants"},
};

}  // namespace

TAGSCOPE_METHOD(rot5, transform<Options, apply, apply>({
                          .id = "rot5",
                          .room = Room::cipher,
                          .summary = "Moves each digit five places, its own inverse",
                          .source = "Wikipedia, ROT13, section Variants",
                          .vectors = kVectors,
                          .length_preserving = true,
                      }));

}  // namespace tagscope
