// Any text, also ill-formed: token ranges hold their tokens' bytes, in order and
// without overlap, and BPE agrees with its definition.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "reference/slow_bpe.h"
#include "support/places.h"
#include "text/utf8.h"
#include "tokenizer/bpe.h"
#include "tokenizer/clip_tokenizer.h"

namespace {

using tagscope::ClipProfile;
using tagscope::ClipVocabulary;

const ClipVocabulary& vocabulary() {
  if (tagscope::clip_vocabulary() == nullptr) {
    std::ifstream in(std::string(tagscope::testing::kAssetsFolder) + "/clip.vocab",
                     std::ios::binary);
    const std::string packed(std::istreambuf_iterator<char>(in), {});
    if (!tagscope::load_clip_vocabulary(packed)) std::abort();
  }
  return *tagscope::clip_vocabulary();
}

void require(bool held) {
  if (!held) std::abort();
}

void check_tokens(std::string_view cleaned) {
  std::vector<std::uint32_t> ids;
  std::size_t at = 0;
  for (const auto& token : tagscope::clip_tokenize(vocabulary(), cleaned, ClipProfile::openai)) {
    require(at <= token.begin && token.begin < token.end && token.end <= cleaned.size());
    require(cleaned.substr(token.begin, token.end - token.begin) == vocabulary().bytes(token.id));
    at = token.end;
    ids.push_back(token.id);
  }
  const auto decoded = tagscope::clip_decode(vocabulary(), ids);
  require(decoded.ok() && !tagscope::first_invalid_utf8(*decoded));
  require(tagscope::framed(ids, tagscope::clip_context_rule(ClipProfile::openai), 77, true, 0)
              ->size() == 77);
}

void check_bpe(std::string_view word) {
  static const auto ranks = tagscope::reference::read_ranks(vocabulary().merge_list());
  tagscope::reference::Pieces symbols;
  for (std::size_t i = 0; i < word.size(); ++i) {
    symbols.push_back(vocabulary().piece(
        ClipVocabulary::byte_symbol(static_cast<unsigned char>(word[i]), i + 1 == word.size())));
  }
  std::vector<ClipVocabulary::Id> ids;
  tagscope::append_bpe(ids, vocabulary(), word);
  tagscope::reference::Pieces pieces;
  for (const auto id : ids) pieces.push_back(vocabulary().piece(id));
  require(pieces == tagscope::reference::slow_bpe(symbols, ranks));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_tokens(bytes);
  check_bpe(bytes.substr(0, 200));
  const std::string text = tagscope::replace_invalid_utf8(bytes);
  const auto encoding = tagscope::clip_encode(vocabulary(), text, ClipProfile::openai);
  require(encoding.ok() && !tagscope::first_invalid_utf8(encoding->cleaned));
  check_tokens(encoding->cleaned);
  return 0;
}
