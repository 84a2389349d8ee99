// Removing characters wherever they stand.
#include <algorithm>

#include "core/method.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

struct Options {
  std::string chars;
};

Result<std::string> apply(const Options& options, std::string_view text) {
  std::u32string removed;
  for (std::size_t at = 0; at < options.chars.size();) {
    const Decoded decoded = decode_one(options.chars, at);
    removed.push_back(decoded.code_point);
    at += decoded.length;
  }
  std::sort(removed.begin(), removed.end());
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    if (!std::binary_search(removed.begin(), removed.end(), decoded.code_point)) {
      out.append(text, at, decoded.length);
    }
    at += decoded.length;
  }
  return out;
}

constexpr Field kFields[] = {
    text_field<&Options::chars>("chars", "the characters to remove", true),
};

constexpr Vector kVectors[] = {
    {"chars=_e", as_text("houshou_marine"), as_text("houshoumarin"),
     "Python 3.11, re.sub(\"[_e]\", \"\")"},
    {"chars=カé", as_text("カéカt"), as_text("t"), "Python 3.11, re.sub"},
};

}  // namespace

TAGSCOPE_METHOD(strip, transform<Options, apply>({
                           .id = "strip",
                           .room = Room::text,
                           .summary = "Removes the given characters wherever they stand",
                           .source = "POSIX, tr -d",
                           .fields = kFields,
                           .vectors = kVectors,
                       }));

}  // namespace tagscope
