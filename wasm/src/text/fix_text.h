// Text repaired as ftfy 6.3.1 repairs it by default.
#pragma once

#include <string>
#include <string_view>

namespace tagscope {

// ftfy.fix_text with the default TextFixerConfig, line by line: HTML entities (until a line has
// "<"), misread UTF-8 (text/mojibake.h), Latin ligatures, widths, quotation marks, line breaks,
// terminal escapes, control characters, NFC; again until nothing changes, or 32 times (the
// reference has no bound, and takes quadratic time over "&amp;amp;amp;…").
// Precondition: well-formed UTF-8; so is the result.
[[nodiscard]] std::string fix_text(std::string_view well_formed);

}  // namespace tagscope
