// Dot products and cosines in double, one term after another, and the bounds of float32 ones.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace tagscope::testing {

inline double slow_dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum;
}

inline double slow_cosine(std::span<const float> a, std::span<const float> b) {
  return slow_dot(a, b) / std::sqrt(slow_dot(a, a) * slow_dot(b, b));
}

// What Rows::score() states: of a dot product, to be multiplied by Σ |aᵢ bᵢ|; of a cosine.
inline double dot_bound(std::size_t width) {
  return (std::ceil(static_cast<double>(width) / 8) + 4) * std::ldexp(1 + 0x1p-10, -24);
}
inline double cosine_bound(std::size_t width) {
  return (std::ceil(static_cast<double>(width) / 8) + 9) * std::ldexp(1 + 0x1p-10, -24);
}

}  // namespace tagscope::testing
