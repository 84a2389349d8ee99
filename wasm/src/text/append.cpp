// Text put after.
#include "core/method.h"

namespace tagscope {
namespace {

struct Options {
  std::string text;
};

Result<std::string> apply(const Options& options, std::string_view text) {
  return std::string(text) + options.text;
}

constexpr Field kFields[] = {
    text_field<&Options::text>("text", "what to put after it", true),
};

constexpr Vector kVectors[] = {
    {"text=_up", as_text("score_9"), as_text("score_9_up"), "Python 3.11, +"},
};

}  // namespace

TAGSCOPE_METHOD(append, transform<Options, apply>({
                            .id = "append",
                            .room = Room::text,
                            .summary = "Puts a text after the input",
                            .source = "common usage: salting",
                            .fields = kFields,
                            .vectors = kVectors,
                        }));

}  // namespace tagscope
