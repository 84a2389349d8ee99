// Errors are values: every fallible function of the engine returns a Result
// that holds either its value or one Error. Nothing throws.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace tagscope {

// A half-open range of UTF-8 byte offsets in the text that the user gave.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// What went wrong, for programs and for people.
struct Error {
  // Stable, kebab-case, never reused for another meaning; faces translate by it.
  std::string code;
  // The argument, field or step at fault ("recipe, step 2", "pairs[0].tag").
  std::string where;
  // One sentence without a final stop; holds the actual value and the limit.
  std::string what;
  // The offending part of the text, where there is a text to point into.
  std::optional<Span> span{};
};

// The same error seen from one level further out: "recipe" + "step 2".
inline Error within(std::string subject, Error error) {
  error.where = error.where.empty() ? std::move(subject) : subject + ", " + error.where;
  return error;
}

}  // namespace tagscope
