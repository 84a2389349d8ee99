// Any text: its repair ends and is well-formed, and what is ASCII without entities and controls
// stays as it is.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "text/fix_text.h"
#include "text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text =
      tagscope::replace_invalid_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  const std::string fixed = tagscope::fix_text(text);
  if (tagscope::first_invalid_utf8(fixed)) std::abort();
  const bool is_plain = std::all_of(text.begin(), text.end(),
                                    [](char c) { return c >= ' ' && c < 0x7F && c != '&'; });
  if (is_plain && fixed != text) std::abort();
  return 0;
}
