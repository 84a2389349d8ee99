// Doubles and decimal digits, exact in both directions: what strtod and "%.*e" do, in a tenth of
// their size in the module (both of the C library's come with 128-bit floating point).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tagscope {

// A non-negative number 0.d1d2d3… × 10^point, each digit 0…9, the first and the last not 0. Zero
// has no digits.
class Decimal {
 public:
  // Exactly `value`. Precondition: finite and not negative.
  explicit Decimal(double value);
  // A number as JSON writes it, without its sign: "12", "0.5e-3". Digits past the first 800 only
  // tell whether something is left: no double lies so close to a midpoint between two others
  // that it takes more than 767 to know the side.
  explicit Decimal(std::string_view written);

  // To the nearest with so many digits, an exact half to the even one.
  void round(std::size_t digits);

  // The nearest double, an exact half to the even one; infinity past the largest.
  [[nodiscard]] double nearest_double() const;

  [[nodiscard]] std::string digits() const;
  [[nodiscard]] int point() const { return point_; }

 private:
  void multiply_by_power_of_two(int exponent);
  void shift_left(unsigned bits);
  void shift_right(unsigned bits);
  void trim();
  [[nodiscard]] bool rounds_up(std::size_t digits) const;
  [[nodiscard]] std::uint64_t nearest_integer() const;

  std::vector<std::uint8_t> digits_;
  int point_ = 0;
  bool more_ = false;  // digits other than 0 followed
};

}  // namespace tagscope
