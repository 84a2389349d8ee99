#include "prompt/prompt_errors.h"

#include <cmath>
#include <string>

#include "prompt/prompt.h"

namespace tagscope::prompt_errors {
namespace {

constexpr std::size_t kShownBytes = 64;

}  // namespace

Error too_large(std::size_t bytes) {
  return {.code = "too-large",
          .where = "prompt",
          .what = "is " + std::to_string(bytes) + " bytes; the limit is " +
                  std::to_string(kMaxPromptBytes)};
}

Error too_deep(std::size_t at) {
  return {.code = "too-deep",
          .where = "prompt",
          .what = "has brackets nested deeper than " + std::to_string(kMaxPromptNesting) +
                  " at byte " + std::to_string(at),
          .span = Span{at, at + 1}};
}

Error not_a_number(std::string_view written, Span span) {
  return {.code = "bad-weight",
          .where = "prompt",
          .what = "the weight \"" + std::string(written.substr(0, kShownBytes)) +
                  "\" is not a number; the program stops there",
          .span = span};
}

Error not_finite(double weight, Span span) {
  return {.code = "bad-weight",
          .where = "prompt",
          .what = std::string("a weight is ") + (std::isnan(weight) ? "not a number" : "infinite") +
                  " at byte " + std::to_string(span.begin),
          .span = span};
}

}  // namespace tagscope::prompt_errors
