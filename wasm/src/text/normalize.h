// Unicode normalisation forms of Unicode 15.0 (UAX #15), from UnicodeData.txt and
// CompositionExclusions.txt; Hangul by the algorithm of The Unicode Standard, §3.12.
#pragma once

#include <string>
#include <string_view>

namespace tagscope {

// Normalization Form C. Precondition: well-formed UTF-8. Text that is already in the form by
// the quick check is only copied.
[[nodiscard]] std::string nfc(std::string_view well_formed);

// Normalization Form KC: compatibility characters become their plain forms ("ﬁ" → "fi").
[[nodiscard]] std::string nfkc(std::string_view well_formed);

// Normalization Form D: composed characters in their parts. Precondition: well-formed UTF-8.
[[nodiscard]] std::string nfd(std::string_view well_formed);

// Normalization Form KD.
[[nodiscard]] std::string nfkd(std::string_view well_formed);

}  // namespace tagscope
