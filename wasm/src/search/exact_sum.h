// Sums of chances that do not depend on the order of their terms.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>

namespace tagscope {

__extension__ typedef unsigned __int128 WideCount;

// Adds doubles without rounding: for every exponent the 53-bit integers with it are added as
// integers. Up to 2^64 terms.
class ExactSum {
 public:
  // Precondition: finite and not negative.
  void add(double term) {
    if (term == 0) return;
    int exponent = 0;
    const double fraction = std::frexp(term, &exponent);
    parts_[exponent] += static_cast<std::uint64_t>(std::ldexp(fraction, kDigits));
  }
  void add(const ExactSum& other) {
    for (const auto& [exponent, part] : other.parts_) parts_[exponent] += part;
  }
  // From the smallest exponent up, so the same parts give the same double.
  [[nodiscard]] double value() const {
    double sum = 0;
    for (const auto& [exponent, part] : parts_) {
      const auto high = static_cast<double>(static_cast<std::uint64_t>(part >> 64));
      const auto low = static_cast<double>(static_cast<std::uint64_t>(part));
      sum += std::ldexp(std::ldexp(high, 64) + low, exponent - kDigits);
    }
    return sum;
  }

  [[nodiscard]] const std::map<int, WideCount>& parts() const { return parts_; }
  void set_part(int exponent, WideCount part) { parts_[exponent] = part; }

 private:
  static constexpr int kDigits = 53;
  std::map<int, WideCount> parts_;
};

}  // namespace tagscope
