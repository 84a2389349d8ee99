// Character references of HTML, as Python 3.11's html.unescape reads them.
#pragma once

#include <string>
#include <string_view>

namespace tagscope {

// Replaces named references (the 2,231 names of the HTML standard, §13.5; without their
// semicolon by the longest name that fits) and decimal and hexadecimal ones. Numbers that HTML
// forbids become what Python makes of them: Windows-1252 for 128 to 159, U+FFFD for 0,
// surrogates and values above U+10FFFF, nothing for other controls and noncharacters. One pass:
// "&amp;lt;" becomes "&lt;". Precondition: well-formed UTF-8.
[[nodiscard]] std::string html_unescape(std::string_view well_formed);

// The text of a whole named reference, from after its "&" to its semicolon, or nothing: the names
// of the HTML standard, and as ftfy 6.3.1 has it (ftfy.chardata.HTML_ENTITIES) the upper case of
// an all-lower-case name that means nothing in HTML: "EACUTE;" is "É".
[[nodiscard]] std::string html_whole_entity(std::string_view name);

}  // namespace tagscope
