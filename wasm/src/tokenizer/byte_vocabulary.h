// The byte-level vocabularies of GPT-2 and of OpenAI's later models: 256 bytes, merges of two
// tokens, a few special tokens. Source: tiktoken, tiktoken_ext/openai_public.py.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "tokenizer/byte_pattern.h"
#include "tokenizer/pair_table.h"
#include "tokenizer/tokenizer.h"

namespace tagscope {

enum class ByteEncoding : std::uint8_t { gpt2, cl100k, o200k };

// What is known of an encoding beside its merges.
struct ByteEncodingRules {
  std::string_view name;
  std::uint32_t merges;
  std::uint32_t size;  // ids end here; not all between the merges and the special ones exist
  BytePattern pattern;
  std::span<const SpecialToken> special_tokens;  // by id
};

[[nodiscard]] const ByteEncodingRules& rules_of(ByteEncoding encoding);

// The packed asset and what follows from it. Ids 0–255 are the bytes in the order of
// bytes_to_unicode, 256 + r is what merge r makes; a lower id merges first. Immutable once parsed.
class ByteVocabulary {
 public:
  using Id = std::uint32_t;
  static constexpr Id kByteSymbols = 256;
  // The longest token of all three has 128 bytes; the limit keeps hostile assets small.
  static constexpr std::size_t kMaxTokenBytes = 256;

  // Reads the packed format (README.md) and copies what it keeps. An Error `bad-vocabulary` names
  // the byte offset or the merge of the first flaw: wrong magic, counts or size; a merge of ids
  // that do not exist yet, of a pair that merges already, or too long.
  [[nodiscard]] static Result<ByteVocabulary> parse(ByteEncoding encoding, std::string_view packed);

  [[nodiscard]] const ByteEncodingRules& rules() const { return rules_of(encoding_); }
  // Bytes and merges, without the special tokens.
  [[nodiscard]] Id tokens() const { return kByteSymbols + static_cast<Id>(splits_.size()); }

  // What `left` and `right` merge into, or PairTable::kNone. The rank of a merge is its id here,
  // as merge_symbols.h wants it. Precondition: left, right < tokens().
  [[nodiscard]] Id rank(Id left, Id right) const {
    // Every word begins as bytes: a table of their pairs alone stays in the cache.
    if ((left | right) < kByteSymbols) return byte_pairs_[left * kByteSymbols + right];
    return pairs_.rank(left, right);
  }
  [[nodiscard]] static Id made(Id rank) { return rank; }

  // All below: precondition id < tokens().

  // The two tokens that make this one. Precondition: id >= kByteSymbols.
  [[nodiscard]] std::pair<Id, Id> split(Id id) const { return splits_[id - kByteSymbols]; }
  // Valid as long as the vocabulary.
  [[nodiscard]] std::string_view bytes(Id id) const {
    return std::string_view(pool_).substr(offsets_[id], offsets_[id + 1] - offsets_[id]);
  }
  [[nodiscard]] std::uint32_t length(Id id) const { return offsets_[id + 1] - offsets_[id]; }

  // The vocabulary's content whatever its packing: "left right\n" of every merge in the order of
  // rank, written in the byte alphabet, as GPT-2's vocab.bpe after its first line.
  [[nodiscard]] std::string merge_list() const;

 private:
  explicit ByteVocabulary(ByteEncoding encoding);

  ByteEncoding encoding_;
  PairTable pairs_;
  std::vector<Id> byte_pairs_;  // the ranks of two bytes
  std::vector<std::pair<Id, Id>> splits_;
  std::string pool_;
  std::vector<std::uint32_t> offsets_;
};

// Parses `packed` and makes it this process's vocabulary of that encoding; the engine never
// fetches it. On error the one loaded before stays. Loading again invalidates earlier results of
// byte_vocabulary().
[[nodiscard]] Status load_byte_vocabulary(ByteEncoding encoding, std::string_view packed);

// The loaded vocabulary, or an Error `asset-missing`.
[[nodiscard]] Result<const ByteVocabulary*> require_byte_vocabulary(ByteEncoding encoding);

}  // namespace tagscope
