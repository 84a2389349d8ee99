// The "decoder" of a tokenizer.json: what makes text of tokens. Source: Hugging Face tokenizers
// 0.23, src/decoders, as run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tokenizer_json/part.h"

namespace tagscope {

class TokenDecoder {
 public:
  TokenDecoder() = default;
  TokenDecoder(const TokenDecoder&) = delete;
  TokenDecoder& operator=(const TokenDecoder&) = delete;
  virtual ~TokenDecoder() = default;

  // Changes a list of tokens; joined, the last one's are the text. Errors: `pattern-too-slow`,
  // `text-too-long`.
  [[nodiscard]] virtual Status apply(std::vector<std::string>& tokens) const = 0;
};

// Errors: `bad-tokenizer`, `unsupported-tokenizer`.
[[nodiscard]] Result<std::unique_ptr<const TokenDecoder>> read_decoder(const Part& part);

}  // namespace tagscope
