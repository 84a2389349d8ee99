// The first character of each word.
#include "core/method.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) {
  std::string out;
  bool begins_word = true;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    const bool separates = decoded.code_point == U'_' || is_python_space(decoded.code_point);
    if (begins_word && !separates) out.append(text, at, decoded.length);
    begins_word = separates;
    at += decoded.length;
  }
  return out;
}

constexpr Vector kVectors[] = {
    {"", as_text("houshou_marine"), as_text("hm"), "Python 3.11, re.split and join"},
    {"", as_text(" for your  information_"), as_text("fyi"), "Python 3.11, re.split and join"},
};

}  // namespace

TAGSCOPE_METHOD(
    initials, transform<Options, apply>({
                  .id = "initials",
                  .room = Room::text,
                  .summary = "Keeps the first character of each word; _ and white space part words",
                  .source = "common usage of initialisms",
                  .vectors = kVectors,
              }));

}  // namespace tagscope
