// Letter case as Python's str.lower and str.upper map it: the full mappings of UnicodeData.txt
// and SpecialCasing.txt that depend on no language (The Unicode Standard, §3.13), Unicode 15.0.
#pragma once

#include <string>
#include <string_view>

namespace tagscope {

// Lower case; a capital sigma that ends a word becomes ς (Final_Sigma), İ becomes i and U+0307.
// Precondition: well-formed UTF-8.
[[nodiscard]] std::string to_lower(std::string_view well_formed);

// Upper case; one character may become three (ß → SS, ΐ → Ϊ́). Precondition: well-formed UTF-8.
[[nodiscard]] std::string to_upper(std::string_view well_formed);

// Appends the lower case of one code point taken alone: no Final_Sigma (Σ → σ).
void append_lower(std::string& out, char32_t code_point);

}  // namespace tagscope
