// Which two neighbours merge, and how early: the lookup at the heart of byte-pair encoding.
#pragma once

#include <cstdint>
#include <vector>

namespace tagscope {

// A hash table of (left, right) → rank, one 64-bit slot a pair: most look-ups touch one cache
// line. Ids and ranks lie below kLimit.
class PairTable {
 public:
  static constexpr unsigned kFieldBits = 21;
  static constexpr std::uint32_t kLimit = std::uint32_t{1} << kFieldBits;
  // What rank() gives for a pair that does not merge; above every rank.
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  // Room for `pairs` pairs, at most half full. Precondition: pairs <= kLimit.
  explicit PairTable(std::size_t pairs) {
    unsigned bits = 4;
    while ((std::size_t{1} << bits) < 2 * pairs) ++bits;
    shift_ = 64 - bits;
    slots_.resize(std::size_t{1} << bits);
  }

  // Precondition: all below kLimit; no more pairs than there is room for. Whether the pair is
  // new; where it is not, its rank is replaced.
  bool set(std::uint32_t left, std::uint32_t right, std::uint32_t rank) {
    const std::uint64_t key = key_of(left, right);
    std::size_t i = slot_of(key);
    for (; slots_[i] != 0; i = next(i)) {
      if ((slots_[i] ^ key) < kLimit) break;
    }
    const bool is_new = slots_[i] == 0;
    slots_[i] = key | rank;
    return is_new;
  }

  // Precondition: left, right < kLimit.
  [[nodiscard]] std::uint32_t rank(std::uint32_t left, std::uint32_t right) const {
    const std::uint64_t key = key_of(left, right);
    for (std::size_t i = slot_of(key);; i = next(i)) {
      const std::uint64_t difference = slots_[i] ^ key;
      if (difference < kLimit) return static_cast<std::uint32_t>(difference);
      if (slots_[i] == 0) return kNone;
    }
  }

 private:
  // The topmost bit tells a pair from a free slot, which is 0.
  static std::uint64_t key_of(std::uint64_t left, std::uint64_t right) {
    return std::uint64_t{1} << 63 | left << (2 * kFieldBits) | right << kFieldBits;
  }
  [[nodiscard]] std::size_t slot_of(std::uint64_t key) const {
    return static_cast<std::size_t>((key >> kFieldBits) * 0x9E3779B97F4A7C15U >> shift_);
  }
  [[nodiscard]] std::size_t next(std::size_t i) const { return (i + 1) & (slots_.size() - 1); }

  unsigned shift_;
  std::vector<std::uint64_t> slots_;
};

}  // namespace tagscope
