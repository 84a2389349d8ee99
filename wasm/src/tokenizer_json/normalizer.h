// The "normalizer" of a tokenizer.json: what changes a text before it is cut. Source: Hugging
// Face tokenizers 0.23, src/normalizers, as run.
#pragma once

#include <memory>
#include <string>

#include "tokenizer_json/part.h"

namespace tagscope {

class Normalizer {
 public:
  Normalizer() = default;
  Normalizer(const Normalizer&) = delete;
  Normalizer& operator=(const Normalizer&) = delete;
  virtual ~Normalizer() = default;

  // Precondition: well-formed UTF-8; so is the result. Errors: `pattern-too-slow`,
  // `text-too-long`.
  [[nodiscard]] virtual Result<std::string> apply(std::string text) const = 0;

  // Whether it ends with text in the byte alphabet (tokenizer/byte_alphabet.h).
  [[nodiscard]] virtual bool makes_byte_alphabet() const { return false; }
};

// Errors: `bad-tokenizer`, `unsupported-tokenizer`.
[[nodiscard]] Result<std::unique_ptr<const Normalizer>> read_normalizer(const Part& part);

}  // namespace tagscope
