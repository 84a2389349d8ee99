// Byte-pair encoding in time proportional to the word, for words too long for a scan. The
// definition and the argument: README.md, "In linear time".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tokenizer/byte_vocabulary.h"

namespace tagscope {

// What the algorithm knows of a vocabulary beyond its merges: which tokens begin a text.
class LinearBpe {
 public:
  using Id = ByteVocabulary::Id;

  // Sorts the tokens: some tens of milliseconds. The vocabulary must outlive this.
  explicit LinearBpe(const ByteVocabulary& vocabulary);

  // Appends the tokens of `word`, those that merge_symbols makes of its bytes. False, and nothing
  // appended, where none are found: never for a vocabulary whose every token is what its own
  // bytes merge into. Linear in word.size(); all positions below 2^32.
  [[nodiscard]] bool append(std::vector<Id>& ids, std::string_view word) const;

 private:
  static constexpr Id kNone = ~Id{0};

  // The longest token that `text` begins with. Precondition: not empty.
  [[nodiscard]] Id longest_start(std::string_view text) const;
  // Whether merging the bytes of both together leaves just these two tokens.
  [[nodiscard]] bool stay_apart(Id left, Id right) const;

  const ByteVocabulary& vocabulary_;
  // All tokens in the order of their bytes.
  std::vector<Id> sorted_;
  // Where those begin in sorted_ that have at least two bytes, by the first two (big-endian).
  std::vector<std::uint32_t> begins_;
  // For each token, the longest one that is a true beginning of it, or kNone.
  std::vector<Id> shorter_;
};

}  // namespace tagscope
