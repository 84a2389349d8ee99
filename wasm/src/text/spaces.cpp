// Underscores as spaces.
#include <algorithm>

#include "core/method.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

constexpr Vector kVectors[] = {
    {"", as_text("houshou_marine"), as_text("houshou marine"), "Danbooru, help:tags"},
};

}  // namespace

TAGSCOPE_METHOD(spaces, transform<Options, apply>({
                            .id = "spaces",
                            .room = Room::text,
                            .summary = "Turns every underscore into a space",
                            .source = "Danbooru, help:tags (tags are written with underscores)",
                            .vectors = kVectors,
                            .length_preserving = true,
                        }));

}  // namespace tagscope
