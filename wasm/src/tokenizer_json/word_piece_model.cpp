// {"type": "WordPiece"} and {"type": "WordLevel"}. Source: Hugging Face tokenizers,
// src/models/wordpiece, src/models/wordlevel.
#include "text/utf8.h"
#include "tokenizer_json/model.h"
#include "tokenizer_json/token_trie.h"

namespace tagscope {
namespace {

// The id of the token for unknown words; without one the library fails at the first such word.
Result<std::optional<std::uint32_t>> read_unknown(const Part& part,
                                                  const ModelVocabulary& vocabulary,
                                                  std::string_view absent) {
  TAGSCOPE_TAKE(token, part.text_or("unk_token", absent));
  return vocabulary.id(token);
}

Error unknown_word() {
  return {.code = "unknown-character",
          .where = "text",
          .what = "holds a word that the tokenizer does not know, and it has no unknown token"};
}

// The longest token that the rest of the word begins with, again and again.
class WordPiece final : public Model {
 public:
  WordPiece(ModelVocabulary vocabulary, std::optional<std::uint32_t> unknown,
            std::uint32_t max_characters, std::string_view prefix, std::size_t bytes)
      : unknown_(unknown), max_characters_(max_characters), starts_(bytes), continues_(bytes) {
    vocabulary_ = std::move(vocabulary);
    for (std::uint32_t id = 0; id < vocabulary_.size(); ++id) {
      const std::string_view token = vocabulary_.token(id);
      if (token.empty() || vocabulary_.id(token) != id) continue;
      starts_.add(token, id);
      if (token.starts_with(prefix) && token.size() > prefix.size()) {
        continues_.add(token.substr(prefix.size()), id);
      }
    }
  }

  [[nodiscard]] Status append(std::string_view word,
                              std::vector<PlacedSymbol>& tokens) const override {
    const std::size_t before = tokens.size();
    bool is_known = count_code_points(word) <= max_characters_;
    for (std::size_t at = 0; is_known && at < word.size();) {
      PlacedSymbol longest = {0, static_cast<std::uint32_t>(at), 0};
      (at == 0 ? starts_ : continues_)
          .for_each_start(word.substr(at), [&](std::size_t length, std::uint32_t id) {
            longest.id = id;
            longest.end = static_cast<std::uint32_t>(at + length);
          });
      is_known = longest.end != 0;
      if (is_known) tokens.push_back(longest);
      at = longest.end;
    }
    if (is_known) return ok_status();
    tokens.resize(before);
    if (!unknown_) return unknown_word();
    tokens.push_back({*unknown_, 0, static_cast<std::uint32_t>(word.size())});
    return ok_status();
  }

 private:
  std::optional<std::uint32_t> unknown_;
  std::uint32_t max_characters_;
  TokenTrie starts_;
  TokenTrie continues_;
};

class WordLevel final : public Model {
 public:
  WordLevel(ModelVocabulary vocabulary, std::optional<std::uint32_t> unknown) : unknown_(unknown) {
    vocabulary_ = std::move(vocabulary);
  }
  [[nodiscard]] Status append(std::string_view word,
                              std::vector<PlacedSymbol>& tokens) const override {
    auto id = vocabulary_.id(word);
    if (!id) id = unknown_;
    if (!id) return unknown_word();
    tokens.push_back({*id, 0, static_cast<std::uint32_t>(word.size())});
    return ok_status();
  }

 private:
  std::optional<std::uint32_t> unknown_;
};

}  // namespace

Result<std::unique_ptr<const Model>> read_word_piece_model(const Part& part) {
  TAGSCOPE_TAKE(vocab, part.require("vocab"));
  TAGSCOPE_TAKE(vocabulary, ModelVocabulary::read(vocab));
  TAGSCOPE_TAKE(unknown, read_unknown(part, vocabulary, "[UNK]"));
  TAGSCOPE_TAKE(prefix, part.text_or("continuing_subword_prefix", "##"));
  TAGSCOPE_TAKE(most, part.number_or("max_input_chars_per_word", kMaxTokenizedBytes, 100));
  std::size_t bytes = 0;
  for (std::uint32_t id = 0; id < vocabulary.size(); ++id) {
    const std::size_t size = vocabulary.token(id).size();
    if (size > TokenTrie::kMaxTokenBytes) {
      return vocab.unsupported("token " + std::to_string(id) + " has " + std::to_string(size) +
                               " bytes; the limit is " + std::to_string(TokenTrie::kMaxTokenBytes));
    }
    bytes += size;
  }
  if (bytes > kMaxModelId) {
    return vocab.unsupported("has " + std::to_string(bytes) + " bytes of tokens; the limit is " +
                             std::to_string(kMaxModelId));
  }
  return std::unique_ptr<const Model>(
      std::make_unique<WordPiece>(std::move(vocabulary), unknown, most, prefix, bytes));
}

Result<std::unique_ptr<const Model>> read_word_level_model(const Part& part) {
  TAGSCOPE_TAKE(vocab, part.require("vocab"));
  TAGSCOPE_TAKE(vocabulary, ModelVocabulary::read(vocab));
  TAGSCOPE_TAKE(unknown, read_unknown(part, vocabulary, "<unk>"));
  return std::unique_ptr<const Model>(std::make_unique<WordLevel>(std::move(vocabulary), unknown));
}

}  // namespace tagscope
