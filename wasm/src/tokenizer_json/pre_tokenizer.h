// The "pre_tokenizer" of a tokenizer.json: what cuts a text into words. Source: Hugging Face
// tokenizers 0.23, src/pre_tokenizers, as run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tokenizer_json/part.h"

namespace tagscope {

// A text and how it is cut. The segments stand in its order and cover all of it.
struct CutText {
  enum class Kind : std::uint8_t {
    word,     // goes on to be cut
    dropped,  // cut away: between words
    token,    // found by its literal, finished
  };
  struct Segment {
    std::uint32_t begin;
    std::uint32_t end;
    Kind kind;
    std::uint32_t id = 0;  // of a token
    // The segment's text began the text that came in.
    bool is_first = false;
  };
  std::string text;
  std::vector<Segment> segments;
  // Words are written in the byte alphabet; tokens found by their literal are not.
  bool in_byte_alphabet = false;
};

class PreTokenizer {
 public:
  PreTokenizer() = default;
  PreTokenizer(const PreTokenizer&) = delete;
  PreTokenizer& operator=(const PreTokenizer&) = delete;
  virtual ~PreTokenizer() = default;

  // Cuts every word further. Errors: `pattern-too-slow`, `text-too-long`.
  [[nodiscard]] virtual Status apply(CutText& cut) const = 0;
};

// Errors: `bad-tokenizer`, `unsupported-tokenizer`.
[[nodiscard]] Result<std::unique_ptr<const PreTokenizer>> read_pre_tokenizer(const Part& part);

}  // namespace tagscope
