// The "added_tokens" of a tokenizer.json: tokens found in a text by their literal. Source: Hugging
// Face tokenizers 0.23, src/tokenizer/added_vocabulary.rs, as run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer_json/model.h"
#include "tokenizer_json/normalizer.h"
#include "tokenizer_json/part.h"
#include "tokenizer_json/token_trie.h"

namespace tagscope {

struct AddedToken {
  std::string content;
  std::string literal;  // what is looked for and decoded: the content, normalised where asked for
  std::uint32_t id = 0;
  bool special = false;
  bool normalized = false;   // looked for in the normalised text
  bool single_word = false;  // only between characters of no word
  bool strips_left = false;  // takes the white space around it too
  bool strips_right = false;
};

class AddedTokens {
 public:
  // A token that the model has keeps its id there; others follow the model's, in their order, as
  // in the library. Errors: `bad-tokenizer`, `unsupported-tokenizer`.
  [[nodiscard]] static Result<AddedTokens> read(const std::optional<Part>& part,
                                                const ModelVocabulary& vocabulary,
                                                const Normalizer* normalizer);

  struct Found {
    std::size_t begin;
    std::size_t end;
    std::uint32_t id;
  };
  // Those of `text`, the leftmost and of these the longest first; of a text before normalising, or
  // after. Linear in the text.
  [[nodiscard]] std::vector<Found> find(std::string_view text, bool after_normalizing) const;

  [[nodiscard]] const std::vector<AddedToken>& all() const { return tokens_; }

 private:
  std::vector<AddedToken> tokens_;
  // Index of each in tokens_, by its literal: before normalising, after.
  std::vector<TokenTrie> tries_;
};

}  // namespace tagscope
