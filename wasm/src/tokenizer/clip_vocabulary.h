// CLIP's byte-pair vocabulary: 512 byte symbols, 48,894 merges, two special tokens.
// Source: openai/CLIP, clip/simple_tokenizer.py and bpe_simple_vocab_16e6.txt.gz.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace tagscope {

// The packed asset and what follows from it. Ids are OpenAI's: 0–255 the bytes, in
// the order of bytes_to_unicode; 256–511 the same at the end of a word; 512 + r what
// the merge of rank r makes; then the two special tokens. Immutable once parsed.
class ClipVocabulary {
 public:
  using Id = std::uint32_t;

  static constexpr Id kByteSymbols = 512;
  static constexpr Id kMerges = 48894;
  static constexpr Id kStart = kByteSymbols + kMerges;  // <|startoftext|>
  static constexpr Id kEnd = kStart + 1;                // <|endoftext|>
  static constexpr Id kSize = kEnd + 1;
  // CLIP's own longest token has 28 bytes; the limit keeps hostile assets small.
  static constexpr std::size_t kMaxTokenBytes = 64;

  // Reads the packed format (README.md) and copies what it keeps. An Error
  // `bad-vocabulary` names the byte offset or the rank of the first flaw: wrong
  // magic, counts or size; a merge of ids that do not exist yet, that continues an
  // ended word, that repeats a token or makes one longer than kMaxTokenBytes.
  [[nodiscard]] static Result<ClipVocabulary> parse(std::string_view packed);

  // What `left` and `right` merge into, or kNoMerge. The lower the result, the
  // lower the merge's rank. Precondition: left, right < kSize.
  static constexpr Id kNoMerge = ~Id{0};
  [[nodiscard]] Id merged(Id left, Id right) const;

  // The id of a byte, within or at the end of a word.
  [[nodiscard]] static Id byte_symbol(unsigned char byte, bool ends_word);

  // All below: precondition id < kSize.

  // The bytes that the token stands for, without the mark of a word's end; of a
  // special token, its literal. Valid as long as the vocabulary.
  [[nodiscard]] std::string_view bytes(Id id) const {
    return std::string_view(pool_).substr(offsets_[id], offsets_[id + 1] - offsets_[id]);
  }
  [[nodiscard]] bool ends_word(Id id) const { return ends_word_[id]; }

  // The token as the vocabulary writes it: each byte as its character of
  // bytes_to_unicode (in UTF-8), then "</w>" where it ends a word.
  [[nodiscard]] std::string piece(Id id) const;

  // The 0-based place in the merge list; none for byte symbols and special tokens.
  [[nodiscard]] static std::optional<std::uint32_t> merge_rank(Id id) {
    if (id < kByteSymbols || id >= kStart) return std::nullopt;
    return id - kByteSymbols;
  }

  // The vocabulary's content whatever its packing: "left right\n" of every merge
  // in the order of rank, as in lines 2 to 48,895 of OpenAI's file. Its SHA-256
  // identifies the vocabulary.
  [[nodiscard]] std::string merge_list() const;

 private:
  struct Slot {
    std::uint32_t key = kFree;  // left << 16 | right
    std::uint32_t id = kNoMerge;
  };
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};
  // Power of two; 37 % full, so that most misses end at the first slot.
  static constexpr unsigned kSlotBits = 17;

  ClipVocabulary() = default;
  [[nodiscard]] static std::size_t slot_of(std::uint32_t key) {
    return (key * 0x9E3779B1U) >> (32 - kSlotBits);
  }
  bool insert_merge(Id left, Id right, Id id);
  void append_token(std::string_view token_bytes, bool ends);
  void append_joined(Id left, Id right);

  std::vector<Slot> slots_;
  std::vector<std::pair<std::uint16_t, std::uint16_t>> merges_;
  std::string pool_;
  std::vector<std::uint32_t> offsets_;
  std::vector<bool> ends_word_;
};

inline ClipVocabulary::Id ClipVocabulary::merged(Id left, Id right) const {
  const std::uint32_t key = left << 16 | right;
  for (std::size_t i = slot_of(key);; i = (i + 1) & ((std::size_t{1} << kSlotBits) - 1)) {
    // A free slot's id is kNoMerge.
    if (slots_[i].key == key || slots_[i].key == kFree) return slots_[i].id;
  }
}

// Parses `packed` and makes it the vocabulary of this process; the engine never
// fetches it. On error the one loaded before stays. Loading again invalidates
// earlier results of clip_vocabulary().
[[nodiscard]] Status load_clip_vocabulary(std::string_view packed);

// The loaded vocabulary, or nullptr.
[[nodiscard]] const ClipVocabulary* clip_vocabulary();

// How many were loaded so far: what was derived from the loaded one holds while this stays.
[[nodiscard]] std::uint64_t clip_vocabulary_loads();

// The loaded vocabulary, or an Error `asset-missing`.
[[nodiscard]] Result<const ClipVocabulary*> require_clip_vocabulary();

}  // namespace tagscope
