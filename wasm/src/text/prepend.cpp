// Text put before.
#include "core/method.h"

namespace tagscope {
namespace {

struct Options {
  std::string text;
};

Result<std::string> apply(const Options& options, std::string_view text) {
  return options.text + std::string(text);
}

constexpr Field kFields[] = {
    text_field<&Options::text>("text", "what to put before it", true),
};

constexpr Vector kVectors[] = {
    {"text=score_", as_text("9"), as_text("score_9"), "Python 3.11, +"},
};

}  // namespace

TAGSCOPE_METHOD(prepend, transform<Options, apply>({
                             .id = "prepend",
                             .room = Room::text,
                             .summary = "Puts a text before the input",
                             .source = "common usage: salting",
                             .fields = kFields,
                             .vectors = kVectors,
                         }));

}  // namespace tagscope
