#include "encoding/input_errors.h"

#include "text/utf8.h"

namespace tagscope::encoding {

Status check_output_size(std::uint64_t bytes) {
  if (bytes <= kMaxValueBytes) return ok_status();
  return Error{.code = "too-large",
               .where = "output",
               .what = "would be " + std::to_string(bytes) + " bytes; the limit is " +
                       std::to_string(kMaxValueBytes)};
}

Status check_input_size(std::size_t bytes, std::size_t limit) {
  if (bytes <= limit) return ok_status();
  return Error{
      .code = "too-large",
      .where = "input",
      .what = "is " + std::to_string(bytes) + " bytes; the limit is " + std::to_string(limit)};
}

Error malformed_at(std::size_t offset, std::string what) {
  return {.code = "malformed-input",
          .where = "input, byte " + std::to_string(offset),
          .what = std::move(what)};
}

Error foreign_character(std::string_view text, std::size_t offset, std::string_view encoding) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  const char32_t code_point = decode_one(text, offset).code_point;
  std::string shown;
  if (code_point > ' ' && code_point <= '~') {
    shown = std::string("'") + static_cast<char>(code_point) + "'";
  } else {
    shown = "U+";
    for (int shift = code_point > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4) {
      shown.push_back(kDigits[code_point >> shift & 15]);
    }
  }
  return malformed_at(offset, shown + " does not belong to " + std::string(encoding));
}

}  // namespace tagscope::encoding
