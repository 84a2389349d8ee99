// The "model" of a tokenizer.json: what makes tokens of a word. Source: Hugging Face tokenizers
// 0.23, src/models, as run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tokenizer/merge_symbols.h"
#include "tokenizer/tokenizer.h"
#include "tokenizer_json/part.h"

namespace tagscope {

// Ids stay below PairTable::kLimit.
inline constexpr std::uint32_t kMaxModelId = PairTable::kLimit - 1;

// Tokens by id and ids by token.
class ModelVocabulary {
 public:
  // The object "vocab" of token to id. Errors: `bad-tokenizer`.
  [[nodiscard]] static Result<ModelVocabulary> read(const Part& part);

  // One of equal tokens, or of equal ids, is known by the other no more: the last one counts.
  void add(std::string_view token, std::uint32_t id);
  [[nodiscard]] std::optional<std::uint32_t> id(std::string_view token) const;
  // Empty where there is none.
  [[nodiscard]] std::string_view token(std::uint32_t id) const {
    return id < tokens_.size() ? std::string_view(tokens_[id]) : std::string_view();
  }
  // Ids end here.
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(tokens_.size()); }
  // Different tokens.
  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(ids_.size()); }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> ids_;
};

class Model {
 public:
  Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;
  virtual ~Model() = default;

  // Appends the tokens of a word, begin and end in bytes of the word. Error `unknown-character`
  // where the model has no token for one and none that stands for the unknown.
  [[nodiscard]] virtual Status append(std::string_view word,
                                      std::vector<PlacedSymbol>& tokens) const = 0;
  // As Tokenizer's.
  [[nodiscard]] virtual Result<MergeTree> merge_tree(std::string_view word) const;
  [[nodiscard]] virtual std::optional<std::uint32_t> merge_rank(std::uint32_t id) const;

  [[nodiscard]] const ModelVocabulary& vocabulary() const { return vocabulary_; }
  [[nodiscard]] bool has_byte_fallback() const { return byte_fallback_; }

 protected:
  ModelVocabulary vocabulary_;
  bool byte_fallback_ = false;
};

// Errors: `bad-tokenizer`, `unsupported-tokenizer`.
[[nodiscard]] Result<std::unique_ptr<const Model>> read_model(const Part& part);

// One for each kind.
[[nodiscard]] Result<std::unique_ptr<const Model>> read_bpe_model(const Part& part);
[[nodiscard]] Result<std::unique_ptr<const Model>> read_word_piece_model(const Part& part);
[[nodiscard]] Result<std::unique_ptr<const Model>> read_word_level_model(const Part& part);
[[nodiscard]] Result<std::unique_ptr<const Model>> read_unigram_model(const Part& part);

// "<0x41>", the token that stands for a byte.
[[nodiscard]] std::string byte_token(unsigned char byte);

}  // namespace tagscope
