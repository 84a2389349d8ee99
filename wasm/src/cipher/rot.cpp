// Caesar's cipher on the letters A–Z and a–z.
#include <cstdint>

#include "core/method.h"

namespace tagscope {
namespace {

struct Options {
  Integer n = 13;
};

std::string rotate(std::string_view text, int shift) {
  std::string out(text);
  for (char& c : out) {
    const char first = c >= 'a' && c <= 'z' ? 'a' : 'A';
    if (c >= first && c <= first + 25) c = static_cast<char>(first + (c - first + shift) % 26);
  }
  return out;
}

int reduced(Integer n) { return static_cast<int>((n % 26 + 26) % 26); }

Result<std::string> apply(const Options& options, std::string_view text) {
  return rotate(text, reduced(options.n));
}

Result<std::string> invert(const Options& options, std::string_view text) {
  return rotate(text, reduced(-reduced(options.n)));
}

constexpr Field kFields[] = {
    integer_field<&Options::n>("n", "letters to move forward; negative moves back",
                               {.modulus = 26}),
};

constexpr Vector kVectors[] = {
    {"n=13", as_text("Why did the chicken cross the road?"),
     as_text("Jul qvq gur puvpxra pebff gur ebnq?"), "the Jargon File, entry rot13"},
    {"n=42", as_text("houshou_marine"), as_text("xekixek_cqhydu"),
     "the observation of 2024 (ROT-42)"},
    {"n=-3", as_text("THE QUICK BROWN FOX"), as_text("QEB NRFZH YOLTK CLU"),
     "Wikipedia, Caesar cipher (left shift of 3)"},
};

}  // namespace

TAGSCOPE_METHOD(rot, transform<Options, apply, invert>({
                         .id = "rot",
                         .room = Room::cipher,
                         .summary = "Moves each letter n places along the alphabet, keeping case",
                         .source = "Suetonius, Divus Julius 56; ROT13: the Jargon File",
                         .fields = kFields,
                         .vectors = kVectors,
                         .length_preserving = true,
                     }));

}  // namespace tagscope
