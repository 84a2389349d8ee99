// Words that were merged already: most words of a text are among some thousand, and those of many
// texts among some hundred thousand.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace tagscope {

// Holds words of up to kMaxWordBytes that are up to kMaxTokens tokens with ids below kIdLimit. A
// word has two places; what is remembered last is kept, and of two the one remembered before. It
// never grows, so a hostile text only makes it useless.
class ShortWordCache {
 public:
  static constexpr std::size_t kMaxWordBytes = 15;
  static constexpr std::size_t kMaxTokens = 6;
  static constexpr unsigned kIdBits = 21;
  static constexpr std::uint32_t kIdLimit = std::uint32_t{1} << kIdBits;

  // Thirty-two bytes: half a cache line.
  class Entry {
   public:
    // 0: not remembered.
    [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(high_ >> 60U); }

    // Precondition: count() > 0.
    void append_to(std::vector<std::uint32_t>& ids) const {
      std::array<std::uint32_t, kMaxTokens> unpacked;
      for (std::size_t i = 0; i < kMaxTokens; ++i) {
        unpacked[i] =
            static_cast<std::uint32_t>(ids_[i / 3] >> (kIdBits * (i % 3))) & (kIdLimit - 1);
      }
      ids.insert(ids.end(), unpacked.data(), unpacked.data() + count());
    }

    // Remembers the tokens of the word for which find() gave this entry, unless they are too many.
    void remember(std::span<const std::uint32_t> ids) {
      if (ids.size() > kMaxTokens) return;
      ids_[0] = ids_[1] = 0;
      for (std::size_t i = 0; i < ids.size(); ++i) {
        ids_[i / 3] |= std::uint64_t{ids[i]} << (kIdBits * (i % 3));
      }
      high_ = (high_ & kWord) | std::uint64_t{ids.size()} << 60U;
    }

   private:
    friend class ShortWordCache;
    static constexpr std::uint64_t kWord = (std::uint64_t{1} << 60U) - 1;

    [[nodiscard]] bool is_of(std::uint64_t low, std::uint64_t high) const {
      return low_ == low && (high_ & kWord) == high;
    }

    // The word, then zeros; in the last byte its length, and above that the number of tokens. A
    // free entry has length 0.
    std::uint64_t low_ = 0;
    std::uint64_t high_ = 0;
    std::uint64_t ids_[2] = {};
  };

  // The place of the word [at, at + length) of `text`; it holds the word's tokens if count() is
  // not 0. Valid until the next call. Precondition: 0 < length <= kMaxWordBytes.
  Entry& find(std::string_view text, std::size_t at, std::size_t length) {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    if (at + 16 <= text.size()) {
      std::memcpy(&low, text.data() + at, 8);
      std::memcpy(&high, text.data() + at + 8, 8);
      // WebAssembly and all that the engine runs on natively are little-endian.
      if (length < 8) {
        low &= (std::uint64_t{1} << (8 * length)) - 1;
        high = 0;
      } else {
        high &= (std::uint64_t{1} << (8 * (length - 8))) - 1;
      }
    } else {
      char padded[16] = {};
      std::memcpy(padded, text.data() + at, length);
      std::memcpy(&low, padded, 8);
      std::memcpy(&high, padded + 8, 8);
    }
    high |= static_cast<std::uint64_t>(length) << 56U;
    const std::uint64_t mixed = (low ^ high * 0x9E3779B97F4A7C15U) * 0xD6E8FEB86659FD93U;
    const auto slot = static_cast<std::size_t>(mixed >> (64 - kBits));
    Entry& first = entries_[slot];
    if (first.is_of(low, high)) return first;
    Entry& second = entries_[slot ^ 1U];
    if (second.is_of(low, high)) return second;
    if (first.count() != 0) second = first;
    first.low_ = low;
    first.high_ = high;
    return first;
  }

 private:
  static constexpr unsigned kBits = 18;  // eight megabytes
  std::vector<Entry> entries_ = std::vector<Entry>(std::size_t{1} << kBits);
};

}  // namespace tagscope
