#include "claim/normalisation.h"

#include <algorithm>

#include "claim/shape.h"
#include "text/case.h"
#include "text/unicode.h"

namespace tagscope {

std::u32string normalised(std::string_view id, const std::string& name) {
  if (id == "lower") return code_points(to_lower(name));
  std::u32string text = code_points(name);
  if (id == "without-underscores") {
    text.erase(std::remove(text.begin(), text.end(), U'_'), text.end());
  } else if (id == "spaces") {
    std::replace(text.begin(), text.end(), U'_', U' ');
  } else if (id == "letters") {
    text.erase(std::remove_if(text.begin(), text.end(), [](char32_t c) { return !is_letter(c); }),
               text.end());
  }
  return text;
}

}  // namespace tagscope
