#include "tokenizer/byte_tokenizer.h"

#include <algorithm>

#include "text/utf8.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/linear_bpe.h"
#include "tokenizer/merge_symbols.h"
#include "tokenizer/short_word_cache.h"

namespace tagscope {
namespace {

using Id = ByteVocabulary::Id;

Id symbol_of(char byte) { return kByteAlphabet.symbol_of_byte[static_cast<unsigned char>(byte)]; }

class ByteTokenizer final : public Tokenizer {
 public:
  explicit ByteTokenizer(const ByteVocabulary& vocabulary) : vocabulary_(vocabulary) {}

  [[nodiscard]] std::uint32_t size() const override { return vocabulary_.rules().size; }

  [[nodiscard]] Result<Encoding> encode(std::string_view text,
                                        const EncodeOptions& options) const override {
    if (text.size() > kMaxTokenizedBytes) return text_too_long("the text", text.size());
    std::vector<Id> ids;
    append_all(text, options, ids, nullptr);
    Encoding encoding{.cleaned = std::string(text), .tokens = {}};
    encoding.tokens.reserve(ids.size());
    std::uint32_t at = 0;
    for (const Id id : ids) {
      const auto end = at + static_cast<std::uint32_t>(bytes_of(id).size());
      encoding.tokens.push_back({id, at, end});
      at = end;
    }
    return encoding;
  }

  [[nodiscard]] Status append_ids(std::string_view text, const EncodeOptions& options,
                                  std::vector<Id>& ids) override {
    if (text.size() > kMaxTokenizedBytes) return text_too_long("the text", text.size());
    if (cache_ == nullptr) cache_ = std::make_unique<ShortWordCache>();
    append_all(text, options, ids, cache_.get());
    return ok_status();
  }

  [[nodiscard]] Result<std::string> decode(std::span<const Id> ids) const override {
    std::string decoded;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] >= size()) return bad_token_id(i, ids[i], size());
      const std::string_view token = bytes_of(ids[i]);
      if (token.empty()) {
        return Error{.code = "bad-token-id",
                     .where = "ids[" + std::to_string(i) + "]",
                     .what = "is " + std::to_string(ids[i]) + ", which " +
                             std::string(vocabulary_.rules().name) + " gives to no token"};
      }
      decoded += token;
    }
    return replace_invalid_utf8(decoded);
  }

  [[nodiscard]] std::string piece(Id id) const override {
    return id < vocabulary_.tokens() ? written_bytes(vocabulary_.bytes(id))
                                     : std::string(bytes_of(id));
  }
  [[nodiscard]] std::string bytes(Id id) const override { return std::string(bytes_of(id)); }
  [[nodiscard]] std::optional<std::uint32_t> merge_rank(Id id) const override {
    if (id < ByteVocabulary::kByteSymbols || id >= vocabulary_.tokens()) return std::nullopt;
    return id - ByteVocabulary::kByteSymbols;
  }
  [[nodiscard]] std::span<const SpecialToken> special_tokens() const override {
    return vocabulary_.rules().special_tokens;
  }

  // Words are cut anew between special tokens.
  [[nodiscard]] Span word_of(const Encoding& encoding, std::size_t index) const override {
    const Token& token = encoding.tokens[index];
    if (token.id >= vocabulary_.tokens()) return {token.begin, token.end};
    const auto is_special = [&](const Token& one) { return one.id >= vocabulary_.tokens(); };
    const auto first = encoding.tokens.begin();
    const auto here = first + static_cast<std::ptrdiff_t>(index);
    const auto after = std::find_if(here, encoding.tokens.end(), is_special);
    const auto before =
        std::find_if(std::make_reverse_iterator(here), encoding.tokens.rend(), is_special);
    std::size_t begin = before == encoding.tokens.rend() ? 0 : before->end;
    const std::size_t limit =
        after == encoding.tokens.end() ? encoding.cleaned.size() : after->begin;
    const auto text = std::string_view(encoding.cleaned).substr(0, limit);
    for (;;) {
      const std::size_t end = word_end(vocabulary_.rules().pattern, text, begin);
      if (end > token.begin) return {begin, end};
      begin = end;
    }
  }

  [[nodiscard]] Result<MergeTree> merge_tree(std::string_view word) const override {
    if (word.size() > kMaxMergedWordBytes) return word_too_long(word.size());
    MergeTree tree;
    for (const char byte : word) tree.symbols.push_back(symbol_of(byte));
    std::vector<Id> symbols = tree.symbols;
    for (;;) {
      Id lowest = PairTable::kNone;
      std::size_t at = 0;
      for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
        const Id rank = vocabulary_.rank(symbols[i], symbols[i + 1]);
        if (rank < lowest) {
          lowest = rank;
          at = i;
        }
      }
      if (lowest == PairTable::kNone) return tree;
      tree.steps.push_back({static_cast<std::uint32_t>(at), symbols[at], symbols[at + 1], lowest,
                            lowest - ByteVocabulary::kByteSymbols});
      symbols[at] = lowest;
      symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
  }

 private:
  // Empty for an id that is not in use.
  [[nodiscard]] std::string_view bytes_of(Id id) const {
    if (id < vocabulary_.tokens()) return vocabulary_.bytes(id);
    for (const SpecialToken& token : special_tokens()) {
      if (token.id == id) return token.literal;
    }
    return {};
  }

  void append_all(std::string_view text, const EncodeOptions& options, std::vector<Id>& ids,
                  ShortWordCache* cache) const {
    std::size_t done = 0;
    if (options.special) {
      for (std::size_t at = text.find("<|"); at != text.npos; at = text.find("<|", at)) {
        const SpecialToken* token = special_at(text, at);
        if (token == nullptr) {
          ++at;
          continue;
        }
        append_ordinary(text.substr(done, at - done), ids, cache);
        ids.push_back(token->id);
        done = at += token->literal.size();
      }
    }
    append_ordinary(text.substr(done), ids, cache);
  }

  [[nodiscard]] const SpecialToken* special_at(std::string_view text, std::size_t at) const {
    for (const SpecialToken& token : special_tokens()) {
      if (text.substr(at).starts_with(token.literal)) return &token;
    }
    return nullptr;
  }

  void append_ordinary(std::string_view text, std::vector<Id>& ids, ShortWordCache* cache) const {
    switch (vocabulary_.rules().pattern) {
      case BytePattern::gpt2: return append_words<BytePattern::gpt2>(text, ids, cache);
      case BytePattern::cl100k: return append_words<BytePattern::cl100k>(text, ids, cache);
      case BytePattern::o200k: return append_words<BytePattern::o200k>(text, ids, cache);
    }
  }

  template <BytePattern kPattern>
  void append_words(std::string_view text, std::vector<Id>& ids, ShortWordCache* cache) const {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = word_end<kPattern>(text, at);
      const std::size_t length = end - at;
      if (cache == nullptr || length > ShortWordCache::kMaxWordBytes) {
        append_word(text.substr(at, length), ids);
      } else {
        ShortWordCache::Entry& entry = cache->find(text, at, length);
        if (entry.count() == 0) {
          const std::size_t before = ids.size();
          append_word(text.substr(at, length), ids);
          entry.remember(std::span(ids).subspan(before));
        } else {
          entry.append_to(ids);
        }
      }
      at = end;
    }
  }

  void append_word(std::string_view word, std::vector<Id>& ids) const {
    if (word.size() > kShortWordSymbols) {
      if (linear_ == nullptr) linear_ = std::make_unique<LinearBpe>(vocabulary_);
      if (linear_->append(ids, word)) return;
    }
    const std::size_t before = ids.size();
    for (const char byte : word) ids.push_back(symbol_of(byte));
    ids.resize(before + merge_symbols(vocabulary_, std::span(ids).subspan(before)));
  }

  const ByteVocabulary& vocabulary_;
  // Made when first used: many texts have no word for which they are worth their memory.
  mutable std::unique_ptr<const LinearBpe> linear_;
  std::unique_ptr<ShortWordCache> cache_;
};

}  // namespace

std::unique_ptr<Tokenizer> make_byte_tokenizer(const ByteVocabulary& vocabulary) {
  return std::make_unique<ByteTokenizer>(vocabulary);
}

}  // namespace tagscope
