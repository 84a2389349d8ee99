// The ways to give the same tags to the same names: all of them where they are few, else a sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tagscope {

// Past so many arrangements they are sampled.
inline constexpr double kMostArrangements = 1e5;
inline constexpr std::uint32_t kSampledArrangements = 9999;

// An arrangement holds the group of tags (below 65,536) that every name is given.
using Arrangement = std::span<const std::uint16_t>;

class Arrangements {
 public:
  // `group_of` is the claim's own arrangement.
  explicit Arrangements(std::span<const std::uint32_t> group_of);

  // n!/∏m!, exact as far as a double is; infinite past its range.
  [[nodiscard]] double count() const { return count_; }
  // All are looked at, in lexicographic order; else a sample, drawn with a fixed seed.
  [[nodiscard]] bool all() const { return count_ <= kMostArrangements; }
  [[nodiscard]] std::size_t looked_at() const {
    return all() ? static_cast<std::size_t>(count_) : kSampledArrangements;
  }
  [[nodiscard]] std::size_t names() const { return own_.size(); }
  [[nodiscard]] Arrangement own() const { return own_; }
  // How many names each group is given to.
  [[nodiscard]] const std::vector<std::uint32_t>& sizes() const { return sizes_; }

  // Calls visit(index, arrangement) for each that is looked at.
  template <typename Visit>
  void each(Visit visit) const {
    if (!all()) {
      for (std::size_t i = 0; i < kSampledArrangements; ++i) {
        visit(i, Arrangement(sampled_).subspan(i * names(), names()));
      }
      return;
    }
    std::vector<std::uint16_t> arrangement = first();
    for (std::size_t i = 0; i < looked_at(); ++i) {
      visit(i, Arrangement(arrangement));
      next(arrangement);
    }
  }

  // The index of an arrangement. Precondition: all().
  [[nodiscard]] std::size_t index_of(Arrangement arrangement) const;

 private:
  [[nodiscard]] std::vector<std::uint16_t> first() const;
  static void next(std::vector<std::uint16_t>& arrangement);

  std::vector<std::uint16_t> own_;
  std::vector<std::uint32_t> sizes_;
  double count_ = 1;
  std::vector<std::uint16_t> sampled_;  // one after another
};

}  // namespace tagscope
