// A number is scaled by powers of two on its decimal digits, as a pupil multiplies and divides by
// hand: slow for extreme exponents, but exact and small. The method is that of "simple decimal
// conversion" (N. Tao, 2020; also in Go's strconv).
#include "json/decimal.h"

#include <algorithm>
#include <cmath>

namespace tagscope {
namespace {

constexpr std::size_t kMaxDigits = 800;
// A digit or ten times a remainder, shifted so far, still fits 64 bits with its carry.
constexpr unsigned kMaxShift = 59;
// Past these every number is infinite or 0 as a double (1.8 × 10^308; half of 4.9 × 10^-324).
constexpr int kMaxPoint = 310;
constexpr int kMinPoint = -324;
constexpr int kMaxWrittenExponent = 100'000'000;

constexpr int kMantissaBits = 53;
constexpr int kMinExponent = -1021;  // of the smallest normal double, as 0.1… × 2^n

}  // namespace

Decimal::Decimal(double value) {
  if (value == 0) return;
  int exponent = 0;
  auto mantissa =
      static_cast<std::uint64_t>(std::ldexp(std::frexp(value, &exponent), kMantissaBits));
  for (; mantissa != 0; mantissa /= 10) {
    digits_.push_back(static_cast<std::uint8_t>(mantissa % 10));
  }
  std::reverse(digits_.begin(), digits_.end());
  point_ = static_cast<int>(digits_.size());
  trim();
  multiply_by_power_of_two(exponent - kMantissaBits);
}

Decimal::Decimal(std::string_view written) {
  const std::size_t end = std::min(written.find_first_of("eE"), written.size());
  bool past_point = false;
  for (const char c : written.substr(0, end)) {
    if (c == '.') {
      past_point = true;
      continue;
    }
    const bool leading_zero = digits_.empty() && c == '0';
    if (past_point ? leading_zero : !leading_zero) point_ += past_point ? -1 : 1;
    if (leading_zero) continue;
    if (digits_.size() < kMaxDigits) {
      digits_.push_back(static_cast<std::uint8_t>(c - '0'));
    } else {
      more_ = more_ || c != '0';
    }
  }
  if (end < written.size()) {
    std::string_view digits = written.substr(end + 1);
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    int exponent = 0;
    for (const char c : digits) exponent = std::min(exponent * 10 + (c - '0'), kMaxWrittenExponent);
    point_ += negative ? -exponent : exponent;
  }
  trim();
}

void Decimal::trim() {
  while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
  if (digits_.empty()) point_ = 0;
}

void Decimal::multiply_by_power_of_two(int exponent) {
  while (exponent != 0) {
    const int bits = std::min(std::abs(exponent), static_cast<int>(kMaxShift));
    if (exponent > 0) {
      shift_left(static_cast<unsigned>(bits));
      exponent -= bits;
    } else {
      shift_right(static_cast<unsigned>(bits));
      exponent += bits;
    }
  }
}

void Decimal::shift_left(unsigned bits) {
  std::uint64_t carry = 0;
  for (auto digit = digits_.rbegin(); digit != digits_.rend(); ++digit) {
    carry += std::uint64_t{*digit} << bits;
    *digit = static_cast<std::uint8_t>(carry % 10);
    carry /= 10;
  }
  std::vector<std::uint8_t> leading;
  for (; carry != 0; carry /= 10) leading.push_back(static_cast<std::uint8_t>(carry % 10));
  digits_.insert(digits_.begin(), leading.rbegin(), leading.rend());
  point_ += static_cast<int>(leading.size());
  while (digits_.size() > kMaxDigits) {
    more_ = more_ || digits_.back() != 0;
    digits_.pop_back();
  }
  trim();
}

void Decimal::shift_right(unsigned bits) {
  std::vector<std::uint8_t> quotient;
  std::uint64_t rest = 0;
  for (std::size_t read = 0; read < digits_.size() || rest != 0; ++read) {
    rest = rest * 10 + (read < digits_.size() ? digits_[read] : 0);
    const auto digit = static_cast<std::uint8_t>(rest >> bits);
    rest &= (std::uint64_t{1} << bits) - 1;
    if (quotient.empty() && digit == 0) {
      --point_;
    } else if (quotient.size() < kMaxDigits) {
      quotient.push_back(digit);
    } else {
      more_ = more_ || digit != 0;
    }
  }
  digits_ = std::move(quotient);
  trim();
}

bool Decimal::rounds_up(std::size_t digits) const {
  if (digits >= digits_.size()) return false;
  const bool is_half = digits_[digits] == 5 && digits + 1 == digits_.size() && !more_;
  if (is_half) return digits > 0 && digits_[digits - 1] % 2 == 1;
  return digits_[digits] >= 5;
}

void Decimal::round(std::size_t digits) {
  if (digits >= digits_.size()) return;
  const bool up = rounds_up(digits);
  digits_.resize(digits);
  if (up) {
    while (!digits_.empty() && digits_.back() == 9) digits_.pop_back();
    if (digits_.empty()) {
      digits_.push_back(0);
      ++point_;
    }
    ++digits_.back();
  }
  trim();
}

std::uint64_t Decimal::nearest_integer() const {
  std::uint64_t integer = 0;
  for (int i = 0; i < point_; ++i) {
    const auto at = static_cast<std::size_t>(i);
    integer = integer * 10 + (at < digits_.size() ? digits_[at] : 0);
  }
  return integer + (point_ >= 0 && rounds_up(static_cast<std::size_t>(point_)) ? 1 : 0);
}

double Decimal::nearest_double() const {
  if (digits_.empty() || point_ < kMinPoint) return 0;
  if (point_ > kMaxPoint) return HUGE_VAL;
  // Up to 15 digits and 10^22 are doubles themselves, and one operation rounds once (Clinger,
  // 1990).
  const int power = point_ - static_cast<int>(digits_.size());
  if (digits_.size() <= 15 && !more_ && std::abs(power) <= 22) {
    double mantissa = 0;
    for (const std::uint8_t digit : digits_) mantissa = mantissa * 10 + digit;
    double scale = 1;
    for (int i = 0; i < std::abs(power); ++i) scale *= 10;
    return power < 0 ? mantissa / scale : mantissa * scale;
  }
  // Scaled to [1/2, 1), below which no step may pass: 8 < 10.
  Decimal scaled = *this;
  int exponent = 0;
  while (scaled.point_ > 0) {
    const int bits = std::min(3 * scaled.point_ - 2, static_cast<int>(kMaxShift));
    scaled.shift_right(static_cast<unsigned>(bits));
    exponent += bits;
  }
  while (scaled.point_ < 0 || scaled.digits_[0] < 5) {
    const int bits = std::clamp(-3 * scaled.point_, 1, static_cast<int>(kMaxShift));
    scaled.shift_left(static_cast<unsigned>(bits));
    exponent -= bits;
  }
  // Subnormal doubles have fewer bits.
  const int bits = kMantissaBits - std::max(kMinExponent - exponent, 0);
  scaled.multiply_by_power_of_two(bits);
  return std::ldexp(static_cast<double>(scaled.nearest_integer()), exponent - bits);
}

std::string Decimal::digits() const {
  std::string written;
  for (const std::uint8_t digit : digits_) written.push_back(static_cast<char>('0' + digit));
  return written;
}

}  // namespace tagscope
