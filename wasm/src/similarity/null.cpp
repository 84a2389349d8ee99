#include "similarity/null.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace tagscope {
namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;

// SplitMix64: Steele, Lea & Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return mixed(state_ += kGolden); }

  // Uniform below `bound`, without bias. Precondition: bound > 0.
  std::uint64_t below(std::uint64_t bound) {
    // 2⁶⁴ mod bound: so many of the highest numbers are drawn again.
    const std::uint64_t excess = (0 - bound) % bound;
    for (;;) {
      const std::uint64_t drawn = next();
      if (drawn <= ~excess) return drawn % bound;
    }
  }

  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }

 private:
  std::uint64_t state_;
};

// The step-up procedures: each p times n · factor / its rank, and never more than that of a
// larger p.
std::vector<double> stepped_up(std::span<const double> p, double factor) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p[a] > p[b]; });
  std::vector<double> adjusted(p.size());
  double least = 1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto rank = static_cast<double>(order.size() - i);
    least = std::min(least, p[order[i]] * static_cast<double>(p.size()) * factor / rank);
    adjusted[order[i]] = least;
  }
  return adjusted;
}

}  // namespace

std::size_t count_at_least(std::span<const float> null, float observed) {
  return static_cast<std::size_t>(
      std::count_if(null.begin(), null.end(), [&](float value) { return !(value < observed); }));
}

double empirical_p(std::size_t at_least, std::size_t drawn) {
  return (static_cast<double>(at_least) + 1) / (static_cast<double>(drawn) + 1);
}

std::vector<double> benjamini_hochberg(std::span<const double> p) { return stepped_up(p, 1); }

std::vector<double> benjamini_yekutieli(std::span<const double> p) {
  double harmonic = 0;
  for (std::size_t i = p.size(); i > 0; --i) harmonic += 1 / static_cast<double>(i);
  return stepped_up(p, harmonic);
}

std::size_t null_size(std::size_t others, std::size_t comparisons, double level) {
  const double needed = std::max(999.0, std::ceil(static_cast<double>(comparisons) / level));
  return needed >= static_cast<double>(others) ? others : static_cast<std::size_t>(needed);
}

std::vector<std::uint32_t> draw(std::uint32_t population, std::uint32_t count, std::uint64_t seed) {
  Random random(seed);
  std::set<std::uint32_t> drawn;
  for (std::uint32_t last = population - count; last < population; ++last) {
    const auto one = static_cast<std::uint32_t>(random.below(std::uint64_t{last} + 1));
    if (!drawn.insert(one).second) drawn.insert(last);
  }
  return {drawn.begin(), drawn.end()};
}

std::string random_code(std::size_t length, std::uint64_t seed, std::uint64_t i) {
  Random random(Random::mixed(seed + kGolden) ^ Random::mixed(i));
  std::string code(length, 'a');
  for (char& letter : code) letter = static_cast<char>('a' + random.below(26));
  return code;
}

}  // namespace tagscope
