// The value that the bits of a small floating-point type stand for, from the definition: sign,
// exponent, mantissa.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace tagscope::testing {

// IEEE 754-2008, section 3.4, for any widths.
inline double slow_ieee(std::uint32_t bits, int exponent_bits, int mantissa_bits) {
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const auto mantissa = static_cast<int>(bits & ((1U << mantissa_bits) - 1));
  const auto exponent = static_cast<int>(bits >> mantissa_bits & ((1U << exponent_bits) - 1));
  const double sign = bits >> (mantissa_bits + exponent_bits) & 1 ? -1.0 : 1.0;
  if (exponent == (1 << exponent_bits) - 1) {
    return mantissa == 0 ? sign * std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  }
  if (exponent == 0) return sign * std::ldexp(mantissa, 1 - bias - mantissa_bits);
  return sign * std::ldexp(mantissa + (1 << mantissa_bits), exponent - bias - mantissa_bits);
}

// OFP8 1.0, section 5: E4M3 has no infinities, and one NaN of each sign, all ones.
inline double slow_e4m3(std::uint32_t bits) {
  if ((bits & 0x7F) == 0x7F) return std::numeric_limits<double>::quiet_NaN();
  const double sign = bits & 0x80 ? -1.0 : 1.0;
  const auto mantissa = static_cast<int>(bits & 7);
  const auto exponent = static_cast<int>(bits >> 3 & 15);
  if (exponent == 0) return sign * std::ldexp(mantissa, -9);
  return sign * std::ldexp(mantissa + 8, exponent - 7 - 3);
}

}  // namespace tagscope::testing
