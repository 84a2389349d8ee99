// Any text, also ill-formed: the words cover it, and the tokens of each are what merging with a
// queue makes of its bytes, whatever its length.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "support/places.h"
#include "text/utf8.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/byte_tokenizer.h"
#include "tokenizer/linear_bpe.h"
#include "tokenizer/merge_symbols.h"

namespace {

using tagscope::ByteEncoding;
using tagscope::ByteVocabulary;

void require(bool held) {
  if (!held) std::abort();
}

const ByteVocabulary& vocabulary(ByteEncoding encoding) {
  auto loaded = tagscope::require_byte_vocabulary(encoding);
  if (!loaded) {
    const std::string name(tagscope::rules_of(encoding).name);
    std::ifstream in(tagscope::testing::kAssetsFolder + ("/" + name + ".vocab"), std::ios::binary);
    const std::string packed(std::istreambuf_iterator<char>(in), {});
    require(tagscope::load_byte_vocabulary(encoding, packed).ok());
    loaded = tagscope::require_byte_vocabulary(encoding);
  }
  return **loaded;
}

void check(ByteEncoding encoding, std::string_view bytes, const std::string& text) {
  static const tagscope::LinearBpe algorithms[] = {
      tagscope::LinearBpe(vocabulary(ByteEncoding::gpt2)),
      tagscope::LinearBpe(vocabulary(ByteEncoding::cl100k)),
      tagscope::LinearBpe(vocabulary(ByteEncoding::o200k))};
  std::vector<std::uint32_t> linear;
  require(algorithms[static_cast<std::size_t>(encoding)].append(linear, bytes));
  std::vector<std::uint32_t> queued;
  for (const char byte : bytes) {
    queued.push_back(tagscope::kByteAlphabet.symbol_of_byte[static_cast<unsigned char>(byte)]);
  }
  queued.resize(tagscope::merge_symbols(vocabulary(encoding), std::span(queued)));
  require(linear == queued);

  for (const std::string_view any : {bytes, std::string_view(text)}) {
    for (std::size_t at = 0; at < any.size();) {
      const std::size_t end = word_end(tagscope::rules_of(encoding).pattern, any, at);
      require(at < end && end <= any.size());
      at = end;
    }
  }
  const auto tokenizer = tagscope::make_byte_tokenizer(vocabulary(encoding));
  for (const bool special : {false, true}) {
    const auto encoded = tokenizer->encode(text, {.special = special});
    require(encoded.ok());
    require(*tokenizer->decode(encoded->ids()) == text);
    std::vector<std::uint32_t> ids;
    require(tokenizer->append_ids(text, {.special = special}, ids).ok());
    require(ids == encoded->ids());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  check(static_cast<ByteEncoding>(data[0] % 3), bytes, tagscope::replace_invalid_utf8(bytes));
  return 0;
}
