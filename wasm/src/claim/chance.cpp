#include "claim/chance.h"

#include <algorithm>
#include <cmath>

namespace tagscope {
namespace {

constexpr double kCountedOut = 1e8;  // codes up to which the birthday number is counted
constexpr double kSummedUp = 1e6;    // names up to which the product is summed term by term

// (1−x)·ln(1−x) + x for 0 ≤ x < 1, without the cancellation near 0:
// the series is Σ_{k≥2} x^k / (k(k−1)).
double entropy_deficit(double x) {
  if (x > 0.01) return (1 - x) * std::log1p(-x) + x;
  double sum = 0;
  double power = x;
  for (int k = 2; k <= 10; ++k) {
    power *= x;
    sum += power / (k * (k - 1));
  }
  return sum;
}

// ln ∏_{i<names} (1 − i/codes), the chance that all names differ.
double log_all_different(double names, double codes) {
  if (names <= kSummedUp) {
    double sum = 0;
    for (double i = 1; i < names; ++i) sum += std::log1p(-i / codes);
    return sum;
  }
  // Euler–Maclaurin with g(t) = ln(1 − t/codes) to the first derivative: past a
  // million terms what is left out is far below the sixth digit.
  const double x = names / codes;
  if (x >= 1) return -codes;  // all codes used up: e^-codes is 0 at this size
  const double first_correction = -0.5 * std::log1p(-x);
  const double second_correction = (-1 / (codes * (1 - x)) + 1 / codes) / 12;
  return -codes * entropy_deficit(x) + first_correction + second_correction;
}

}  // namespace

double log_codes(double alphabet_size, std::size_t length) {
  return static_cast<double>(length) * std::log(alphabet_size);
}

double log_falling_factorial(double log_size, std::size_t count) {
  double sum = static_cast<double>(count) * log_size;
  for (std::size_t j = 1; j < count; ++j) {
    sum += std::log1p(-static_cast<double>(j) * std::exp(-log_size));
  }
  return sum;
}

double collision_chance(double names, double codes) {
  if (names > codes) return 1;
  return -std::expm1(log_all_different(names, codes));
}

double names_for_half(double codes) {
  if (codes <= kCountedOut) {
    const double half = std::log(0.5);
    double log_different = 0;
    double names = 1;
    while (log_different > half && names <= codes) {
      log_different += std::log1p(-names / codes);
      ++names;
    }
    return names;
  }
  const double ln2 = std::log(2.0);
  const double root = std::sqrt(2 * codes * ln2);
  return std::ceil(root + (3 - 2 * ln2) / 6 + (9 - 4 * ln2 * ln2) / (72 * root) -
                   2 * ln2 * ln2 / (135 * codes));
}

double expected_colliding_pairs(double names, double codes) {
  return names * (names - 1) / 2 / codes;
}

double expected_codes_used(double names, double codes) {
  if (codes <= 1) return std::min(names, 1.0);
  return -codes * std::expm1(names * std::log1p(-1 / codes));
}

double sharing_chance(double names, double codes) {
  if (codes <= 1) return names > 1 ? 1 : 0;
  return -std::expm1((names - 1) * std::log1p(-1 / codes));
}

}  // namespace tagscope
