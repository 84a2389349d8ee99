// Hostile vocabularies: the input raw, and as changes to the real asset, since
// random bytes never come past the header.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "support/places.h"
#include "tokenizer/clip_vocabulary.h"

namespace {

const std::string& real_asset() {
  static const std::string packed = [] {
    std::ifstream in(std::string(tagscope::testing::kAssetsFolder) + "/clip.vocab",
                     std::ios::binary);
    if (!in) std::abort();
    return std::string(std::istreambuf_iterator<char>(in), {});
  }();
  return packed;
}

void parse(const std::string& packed) {
  const auto parsed = tagscope::ClipVocabulary::parse(packed);
  if (!parsed) {
    if (parsed.error().code.empty() || parsed.error().what.empty()) std::abort();
    return;
  }
  // What is accepted can be used.
  for (std::uint32_t id = 0; id < tagscope::ClipVocabulary::kSize; ++id) {
    if (parsed->bytes(id).empty()) std::abort();
    if (parsed->bytes(id).size() > tagscope::ClipVocabulary::kMaxTokenBytes) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parse(std::string(reinterpret_cast<const char*>(data), size));
  // Three bytes of place and one of content for each change.
  std::string changed = real_asset();
  for (std::size_t i = 0; i + 3 < size; i += 4) {
    const std::size_t at = data[i] | std::size_t{data[i + 1]} << 8 | std::size_t{data[i + 2]} << 16;
    changed[at % changed.size()] = static_cast<char>(data[i + 3]);
  }
  if (size % 4 == 1) changed.resize(changed.size() - data[size - 1]);
  parse(changed);
  return 0;
}
