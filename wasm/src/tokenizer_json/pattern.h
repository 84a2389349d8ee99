// {"String": …} or {"Regex": …}: what a tokenizer.json looks for in a text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/byte_pattern.h"
#include "tokenizer_json/expression.h"
#include "tokenizer_json/part.h"

namespace tagscope {

// What a text may become by replacing.
inline constexpr std::size_t kMaxReplacedBytes = std::size_t{64} << 20;

[[nodiscard]] Error replaced_too_long();

class Pattern {
 public:
  // Errors: `bad-tokenizer`, `unsupported-tokenizer` with what the expression lacks.
  [[nodiscard]] static Result<Pattern> read(const Part& part);
  // GPT-2's expression.
  [[nodiscard]] static Pattern gpt2();

  // All matches from left to right, none empty, none overlapping. Error `pattern-too-slow`.
  [[nodiscard]] Result<std::vector<Match>> find_all(std::string_view text) const;

  // `text` with every match replaced. Error `text-too-long` past kMaxReplacedBytes.
  [[nodiscard]] Result<std::string> replace(std::string_view text, std::string_view with) const;

 private:
  std::string literal_;
  // Expressions that are known by their source are matched by code written for them.
  std::optional<BytePattern> known_;
  std::optional<Expression> expression_;
};

}  // namespace tagscope
