// The tokens boundary: any texts and ends, any options. The batch gives what single calls give,
// for every profile.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "support/places.h"
#include "text/utf8.h"
#include "tokens/query.h"
#include "tokens/tokenizers.h"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

void load() {
  static const bool loaded = [] {
    std::ifstream in(std::string(tagscope::testing::kAssetsFolder) + "/clip.vocab",
                     std::ios::binary);
    const std::string packed(std::istreambuf_iterator<char>(in), {});
    return tagscope::load_vocabulary("clip", packed).ok();
  }();
  require(loaded);
}

void check_profile(const std::string& text, const char* profile) {
  const tagscope::Json options = {{"profile", profile}, {"spans", true}};
  const auto end = static_cast<std::uint32_t>(text.size());
  const std::uint32_t ends[] = {end / 2, end};
  // Half a character at the cut: the precondition is a text of its own.
  if (tagscope::first_invalid_utf8(std::string_view(text).substr(0, end / 2))) return;
  const auto spanned = tagscope::query_tokenize_many(text, ends, options);
  require(spanned.ok() && spanned->spans.size() == 2 * spanned->ids.size());
  const auto many = tagscope::query_tokenize_many(text, ends, tagscope::Json{{"profile", profile}});
  require(many.ok() && many->ids == spanned->ids && many->offsets == spanned->offsets);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  load();
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::string text = tagscope::replace_invalid_utf8(bytes);
  for (const char* profile : {"openai", "open_clip", "hf-fast"}) check_profile(text, profile);
  if (const auto options = tagscope::read_json(bytes)) {
    (void)tagscope::query_tokenize("a b", *options);
    (void)tagscope::query_decode(*options, tagscope::Json::object());
    (void)tagscope::query_merges("ab", *options);
  }
  (void)tagscope::query_merges(text, tagscope::Json::object());
  return 0;
}
