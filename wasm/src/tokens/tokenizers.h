// The tokenizers by name, each made from a vocabulary that comes in as bytes.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "tokenizer/tokenizer.h"

namespace tagscope {

// A kind of tokenizer that the module has in itself; only its vocabulary is loaded.
struct TokenizerKind {
  std::string_view name;
  // Names of the ways in which its implementations clean and cut, the default first; none: one.
  std::span<const std::string_view> profiles;
  // Reads the vocabulary's bytes; on error the one loaded before stays.
  Status (*load)(std::string_view bytes);
  // A tokenizer over the loaded vocabulary. Precondition: profile < profiles.size(), or 0.
  // Error `asset-missing`.
  Result<std::unique_ptr<Tokenizer>> (*make)(std::size_t profile);
};

// In the order in which people read the list.
[[nodiscard]] std::span<const TokenizerKind> tokenizer_kinds();

// Loads the vocabulary of the kind of that name. Tokenizers made of an earlier one end. Errors:
// `unknown-tokenizer`, `bad-vocabulary`.
[[nodiscard]] Status load_vocabulary(std::string_view name, std::string_view bytes);

// The tokenizer of that name and profile (empty: the default); the same object from call to call,
// so what it remembers stays. Valid until its vocabulary is loaded again. Errors:
// `unknown-tokenizer`, `unknown-profile`, `asset-missing`.
[[nodiscard]] Result<Tokenizer*> tokenizer(std::string_view name, std::string_view profile);

}  // namespace tagscope
