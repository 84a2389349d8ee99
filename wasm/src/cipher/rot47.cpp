// Caesar's cipher on the 94 visible characters of ASCII, "!" to "~".
#include "core/method.h"

namespace tagscope {
namespace {

constexpr int kSymbols = 94;

struct Options {
  Integer n = 47;
};

std::string rotate(std::string_view text, int shift) {
  std::string out(text);
  for (char& c : out) {
    if (c >= '!' && c <= '~') c = static_cast<char>('!' + (c - '!' + shift) % kSymbols);
  }
  return out;
}

int reduced(Integer n) { return static_cast<int>((n % kSymbols + kSymbols) % kSymbols); }

Result<std::string> apply(const Options& options, std::string_view text) {
  return rotate(text, reduced(options.n));
}

Result<std::string> invert(const Options& options, std::string_view text) {
  return rotate(text, reduced(-reduced(options.n)));
}

constexpr Field kFields[] = {
    integer_field<&Options::n>("n", "characters to move forward; negative moves back",
                               {.modulus = kSymbols}),
};

constexpr Vector kVectors[] = {
    {"n=47", as_text("The Quick Brown Fox Jumps Over The Lazy Dog."),
     as_text("%96 \"F:4< qC@H? u@I yF>AD ~G6C %96 {2KJ s@8]"),
     "Wikipedia, ROT13, section Variants"},
};

}  // namespace

TAGSCOPE_METHOD(rot47,
                transform<Options, apply, invert>({
                    .id = "rot47",
                    .room = Room::cipher,
                    .summary = "Moves each visible ASCII character n places along the 94 of them",
                    .source = "the Jargon File, entry rot13; Wikipedia, ROT13, section Variants",
                    .fields = kFields,
                    .vectors = kVectors,
                    .length_preserving = true,
                }));

}  // namespace tagscope
