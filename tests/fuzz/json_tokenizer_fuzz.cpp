// Any tokenizer.json, also ill-formed, and a text after a line of three hyphens: it is read or
// refused, and what it makes of the text is in order.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "text/utf8.h"
#include "tokenizer_json/json_tokenizer.h"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view kBorder = "\n---\n";
  const std::size_t border = std::min(bytes.find(kBorder), bytes.size());
  const auto tokenizer = tagscope::read_json_tokenizer(bytes.substr(0, border));
  if (!tokenizer) {
    require(!tokenizer.error().code.empty() && !tokenizer.error().what.empty());
    return 0;
  }
  const std::string text = tagscope::replace_invalid_utf8(
      border == bytes.size() ? "Hello w\xC3\xB6rld 123" : bytes.substr(border + kBorder.size()));
  const auto encoding = (*tokenizer)->encode(text, {});
  if (!encoding) return 0;
  std::uint32_t at = 0;
  for (const tagscope::Token& token : encoding->tokens) {
    require(at <= token.begin && token.begin <= token.end);
    require(token.end <= encoding->cleaned.size() && token.id < (*tokenizer)->size());
    at = token.end;
    require(!(*tokenizer)->piece(token.id).empty());
    (void)(*tokenizer)->bytes(token.id);
  }
  const auto decoded = (*tokenizer)->decode(encoding->ids());
  require(decoded.ok() || decoded.error().code == "pattern-too-slow" ||
          decoded.error().code == "text-too-long");
  (void)(*tokenizer)->merge_tree(text.substr(0, 100));
  return 0;
}
