// The affine cipher: letter x of 26 becomes a*x + b.
#include <array>

#include "core/method.h"

namespace tagscope {
namespace {

constexpr int kLetters = 26;

constexpr int reduced(Integer n) { return static_cast<int>((n % kLetters + kLetters) % kLetters); }

// The number whose product with `a` is 1 modulo 26, or 0 where there is none.
constexpr int inverse_of(int a) {
  for (int candidate = 1; candidate < kLetters; ++candidate) {
    if (a * candidate % kLetters == 1) return candidate;
  }
  return 0;
}

struct Options {
  Integer a = 1;
  Integer b = 0;

  [[nodiscard]] Status check() const {
    if (inverse_of(reduced(a)) != 0) return ok_status();
    return Error{.code = "bad-argument",
                 .where = "a",
                 .what = "is " + to_decimal(a) +
                         ", which shares a factor with 26; two letters would become one"};
  }
};

std::string map_letters(std::string_view text, int factor, int offset) {
  std::string out(text);
  for (char& c : out) {
    const char first = c >= 'a' ? 'a' : 'A';
    if (c >= first && c <= first + 25) {
      c = static_cast<char>(first + ((c - first) * factor + offset) % kLetters);
    }
  }
  return out;
}

Result<std::string> apply(const Options& options, std::string_view text) {
  return map_letters(text, reduced(options.a), reduced(options.b));
}

Result<std::string> invert(const Options& options, std::string_view text) {
  const int factor = inverse_of(reduced(options.a));
  return map_letters(text, factor, reduced(Integer{-factor} * reduced(options.b)));
}

constexpr Field kFields[] = {
    integer_field<&Options::a>("a", "factor of each letter's number; odd and not a multiple of 13",
                               {.modulus = kLetters}),
    integer_field<&Options::b>("b", "letters to move forward after that", {.modulus = kLetters}),
};

constexpr Vector kVectors[] = {
    {"a=5 b=8", as_text("AFFINE CIPHER"), as_text("IHHWVC SWFRCP"), "Wikipedia, Affine cipher"},
};

}  // namespace

TAGSCOPE_METHOD(affine, transform<Options, apply, invert>({
                            .id = "affine",
                            .room = Room::cipher,
                            .summary = "Maps letter number x to a·x + b modulo 26, keeping case",
                            .source = "Wikipedia, Affine cipher",
                            .fields = kFields,
                            .vectors = kVectors,
                            .length_preserving = true,
                        }));

}  // namespace tagscope
