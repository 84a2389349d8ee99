// Text that was UTF-8 and was read as a single-byte character set, and how it is repaired: ftfy's
// heuristic and the steps that follow from it.
// Source: rspeer/python-ftfy 6.3.1 (Apache-2.0), documentation "Heuristics" and "Fixes", whose
// classes of characters and unlikely sequences (ftfy.badness, ftfy.chardata) are repeated here as
// data.
#pragma once

#include <string>
#include <string_view>

namespace tagscope {

// Whether the text has a sequence of characters that is likely to be mojibake ("Ã³", "â€™").
[[nodiscard]] bool looks_misread(std::u32string_view text);

// ftfy.fix_encoding: reads the text anew, in as many layers as it was misread, as long as it looks
// misread and one of ten character sets gives UTF-8; where none does, repairs the parts that look
// like mojibake by themselves, then C1 controls as Windows-1252. O(n log n) for n characters.
[[nodiscard]] std::u32string repair_misread(std::u32string text);

// What Windows-1252 has at the place of a C1 control (U+0080 to U+009F); others stay.
[[nodiscard]] char32_t windows_1252_of_c1(char32_t code_point);

}  // namespace tagscope
