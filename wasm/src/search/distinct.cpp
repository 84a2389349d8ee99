#include "search/distinct.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>

namespace tagscope {

void KeySketch::settle() const {
  if (waiting_.empty()) return;
  std::sort(waiting_.begin(), waiting_.end());
  std::vector<std::uint64_t> merged;
  merged.reserve(kept_.size() + waiting_.size());
  std::set_union(kept_.begin(), kept_.end(), waiting_.begin(), waiting_.end(),
                 std::back_inserter(merged));
  merged.erase(std::unique(merged.begin(), merged.end()), merged.end());
  // One more than is counted exactly, so that it shows whether there were more.
  if (merged.size() > most_ + 1) merged.resize(most_ + 1);
  if (merged.size() == most_ + 1) threshold_ = merged.back();
  kept_ = std::move(merged);
  waiting_.clear();
}

void KeySketch::add(const KeySketch& other) {
  for (const std::uint64_t hash : other.kept()) add_hash(hash);
  settle();
}

double KeySketch::count() const {
  const auto& hashes = kept();
  if (hashes.size() <= most_) return static_cast<double>(hashes.size());
  const double share = (static_cast<double>(hashes[most_ - 1]) + 1) / std::ldexp(1.0, 64);
  return static_cast<double>(most_ - 1) / share;
}

double KeySketch::relative_error() const {
  return kept().size() <= most_ ? 0 : 1 / std::sqrt(static_cast<double>(most_ - 2));
}

std::size_t CodeSet::count() const {
  std::size_t count = 0;
  for (const std::uint64_t word : words_) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

}  // namespace tagscope
