// Keeping one class of characters.
#include <cstdint>

#include "core/method.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

enum class Class : std::uint8_t { letters, digits, alnum };

struct Options {
  Class keep = Class::letters;
};

Result<std::string> apply(const Options& options, std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    const bool keeps_letters = options.keep != Class::digits;
    const bool keeps_digits = options.keep != Class::letters;
    if ((keeps_letters && is_letter(decoded.code_point)) ||
        (keeps_digits && is_decimal_digit(decoded.code_point))) {
      out.append(text, at, decoded.length);
    }
    at += decoded.length;
  }
  return out;
}

constexpr std::string_view kClasses[] = {"letters", "digits", "alnum"};

constexpr Field kFields[] = {
    choice_field<&Options::keep>("class", "what stays: letters, decimal digits, or both", kClasses),
};

constexpr Vector kVectors[] = {
    {"class=letters", as_text("score_9_up"), as_text("scoreup"),
     "Python 3.11, re.sub([^a-z], \"\")"},
    {"class=digits", as_text("score_9_up"), as_text("9"), "Python 3.11, re.sub([^0-9], \"\")"},
    {"class=alnum", as_text("houshou_marine (2nd)"), as_text("houshoumarine2nd"),
     "Python 3.11, re.sub([^a-z0-9], \"\")"},
    {"class=alnum", as_text("é٣²カ-\u0301"), as_text("é٣カ"),
     "UnicodeData.txt: Ll, Nd, No, Lo, Pd, Mn"},
};

}  // namespace

TAGSCOPE_METHOD(keep, transform<Options, apply>({
                          .id = "keep",
                          .room = Room::text,
                          .summary = "Keeps only letters, only digits, or both, of any script",
                          .source = "UAX #44, General_Category: letters are L, digits Nd",
                          .fields = kFields,
                          .vectors = kVectors,
                      }));

}  // namespace tagscope
