// What every encoding refuses, in the same words. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/value.h"

namespace tagscope::encoding {

// `too-large` where an output of `bytes` bytes would exceed kMaxValueBytes.
[[nodiscard]] Status check_output_size(std::uint64_t bytes);

// `too-large` where an input of `bytes` bytes exceeds a method's own `limit`.
[[nodiscard]] Status check_input_size(std::size_t bytes, std::size_t limit);

// `malformed-input` at a byte offset of the input.
[[nodiscard]] Error malformed_at(std::size_t offset, std::string what);

// `malformed-input`: the code point at `offset` of `text` does not belong to `encoding`.
[[nodiscard]] Error foreign_character(std::string_view text, std::size_t offset,
                                      std::string_view encoding);

// Space, comma, colon, and line ends: what people put between the numbers of a dump.
[[nodiscard]] constexpr bool is_separator(char c) {
  return c == ' ' || c == ',' || c == ':' || c == '\n' || c == '\r';
}

// The white space of ASCII (isspace in the C locale).
[[nodiscard]] constexpr bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace tagscope::encoding
