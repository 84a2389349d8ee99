// How many different codes were seen: a bit for every code where there are few enough, else the
// codes themselves up to a bound, and past that an estimate with a stated error.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tagscope {

// Spreads the bits of a key; a bijection (the finaliser of SplitMix64, public domain).
[[nodiscard]] inline std::uint64_t mixed(std::uint64_t key) {
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9;
  key = (key ^ (key >> 27)) * 0x94d049bb133111eb;
  return key ^ (key >> 31);
}

// The k least of all mixed keys seen (Bar-Yossef et al., "Counting distinct elements in a data
// stream", RANDOM 2002, algorithm 2; as KMV in Beyer et al., SIGMOD 2007): exact up to k, then an
// unbiased estimate (k − 1) / (k-th least) with a relative standard error of about 1/√(k − 2).
class KeySketch {
 public:
  explicit KeySketch(std::size_t most) : most_(most) {}

  void add(std::uint64_t key) {
    const std::uint64_t hash = mixed(key);
    if (hash > threshold_) return;
    waiting_.push_back(hash);
    if (waiting_.size() >= kWaiting) settle();
  }
  void add(const KeySketch& other);

  [[nodiscard]] double count() const;
  // 0 where the count is exact.
  [[nodiscard]] double relative_error() const;

  // The hashes kept, ascending.
  [[nodiscard]] const std::vector<std::uint64_t>& kept() const {
    settle();
    return kept_;
  }
  void add_hash(std::uint64_t hash) {
    waiting_.push_back(hash);
    if (waiting_.size() >= kWaiting) settle();
  }

 private:
  static constexpr std::size_t kWaiting = 4096;
  void settle() const;

  std::size_t most_;
  mutable std::vector<std::uint64_t> kept_;
  mutable std::vector<std::uint64_t> waiting_;
  mutable std::uint64_t threshold_ = ~std::uint64_t{0};
};

// A bit a code.
class CodeSet {
 public:
  explicit CodeSet(std::size_t codes) : words_((codes + 63) / 64) {}

  void add(std::size_t code) { words_[code / 64] |= std::uint64_t{1} << (code % 64); }
  [[nodiscard]] bool holds(std::size_t code) const {
    return (words_[code / 64] >> (code % 64)) & 1;
  }
  void add(const CodeSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] std::vector<std::uint64_t>& words() { return words_; }
  [[nodiscard]] const std::vector<std::uint64_t>& words() const { return words_; }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace tagscope
