#include "claim/arrangements.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tagscope {
namespace {

constexpr double kMaxExactInteger = 9007199254740992.0;  // 2^53
constexpr std::uint64_t kSeed = 0x7065726d757465;

// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t z = state;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

}  // namespace

Arrangements::Arrangements(std::span<const std::uint32_t> group_of) {
  for (const std::uint32_t group : group_of) {
    own_.push_back(static_cast<std::uint16_t>(group));
    if (group >= sizes_.size()) sizes_.resize(group + 1);
    // n!/∏m!, each step a whole number.
    const double times = ++sizes_[group];
    count_ *= static_cast<double>(own_.size()) / times;
  }
  if (count_ < kMaxExactInteger) count_ = std::round(count_);
  if (all()) return;
  std::uint64_t state = kSeed;
  std::vector<std::uint16_t> arrangement = own_;
  sampled_.reserve(kSampledArrangements * names());
  for (std::uint32_t sample = 0; sample < kSampledArrangements; ++sample) {
    for (std::size_t i = arrangement.size(); i > 1; --i) {
      // The bias of a 64-bit number modulo at most 1000 is below 10^-16.
      std::swap(arrangement[i - 1], arrangement[static_cast<std::size_t>(next_random(state) % i)]);
    }
    sampled_.insert(sampled_.end(), arrangement.begin(), arrangement.end());
  }
}

std::vector<std::uint16_t> Arrangements::first() const {
  std::vector<std::uint16_t> arrangement = own_;
  std::sort(arrangement.begin(), arrangement.end());
  return arrangement;
}

void Arrangements::next(std::vector<std::uint16_t>& arrangement) {
  std::next_permutation(arrangement.begin(), arrangement.end());
}

std::size_t Arrangements::index_of(Arrangement arrangement) const {
  std::vector<std::uint32_t> left = sizes_;
  std::size_t names_left = names();
  // Of what is left to be given out; each step a whole number.
  std::uint64_t ways = static_cast<std::uint64_t>(count_);
  std::uint64_t index = 0;
  for (const std::uint16_t group : arrangement) {
    for (std::uint16_t lower = 0; lower < group; ++lower) index += ways * left[lower] / names_left;
    ways = ways * left[group] / names_left;
    --left[group];
    --names_left;
  }
  return static_cast<std::size_t>(index);
}

}  // namespace tagscope
