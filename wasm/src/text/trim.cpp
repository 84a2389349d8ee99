// White space at the ends.
#include <algorithm>

#include "core/method.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) {
  std::size_t begin = text.size();
  std::size_t end = text.size();
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    if (!is_python_space(decoded.code_point)) {
      begin = std::min(begin, at);
      end = at + decoded.length;
    }
    at += decoded.length;
  }
  return std::string(text.substr(begin, end - begin));
}

constexpr Vector kVectors[] = {
    {"", as_text("   spacious   "), as_text("spacious"), "Python documentation, str.strip"},
    {"", as_text("\u3000\037 a b\n"), as_text("a b"), "Python 3.11, str.strip"},
};

}  // namespace

TAGSCOPE_METHOD(trim, transform<Options, apply>({
                          .id = "trim",
                          .room = Room::text,
                          .summary = "Removes white space at both ends, as Python's str.strip()",
                          .source = "Python documentation, str.strip",
                          .vectors = kVectors,
                      }));

}  // namespace tagscope
