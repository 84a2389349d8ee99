#include "prompt/python_float.h"

#include <limits>
#include <string>

#include "json/decimal.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

// The decimal digits of a script stand in order from 0, and blocks of them follow each other
// without a gap (The Unicode Standard, section 4.6).
char digit_of(char32_t code_point) {
  char32_t first = code_point;
  while (first > 0 && is_decimal_digit(first - 1)) --first;
  return static_cast<char>('0' + (code_point - first) % 10);
}

// ASCII digits for any decimal digits, none of the white space around; nothing else that is not
// ASCII can be part of a number.
std::optional<std::string> plain(std::string_view text) {
  std::string ascii;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    at += decoded.length;
    if (is_python_space(decoded.code_point)) {
      ascii += ' ';
    } else if (is_decimal_digit(decoded.code_point)) {
      ascii += digit_of(decoded.code_point);
    } else if (decoded.code_point < 0x80) {
      ascii += static_cast<char>(decoded.code_point);
    } else {
      return std::nullopt;
    }
  }
  const auto begin = ascii.find_first_not_of(' ');
  if (begin == std::string::npos) return std::nullopt;
  return ascii.substr(begin, ascii.find_last_not_of(' ') + 1 - begin);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool accept(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // Digits with single underscores between them; false where an underscore stands wrong.
  bool digits(std::string& out) {
    for (; at_ < text_.size(); ++at_) {
      if (is_digit(text_[at_])) {
        out += text_[at_];
      } else if (text_[at_] == '_') {
        const bool between = at_ > 0 && is_digit(text_[at_ - 1]) && at_ + 1 < text_.size() &&
                             is_digit(text_[at_ + 1]);
        if (!between) return false;
      } else {
        break;
      }
    }
    return true;
  }

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return lower;
}

std::optional<double> magnitude(std::string_view text) {
  const std::string lower = lower_ascii(text);
  if (lower == "inf" || lower == "infinity") return std::numeric_limits<double>::infinity();
  if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();

  Reader reader(lower);
  std::string whole;
  std::string fraction;
  if (!reader.digits(whole)) return std::nullopt;
  if (reader.accept('.') && !reader.digits(fraction)) return std::nullopt;
  if (whole.empty() && fraction.empty()) return std::nullopt;
  std::string written = whole.empty() ? "0" : whole;
  if (!fraction.empty()) written += "." + fraction;
  if (reader.accept('e')) {
    const bool negative = reader.accept('-');
    if (!negative) (void)reader.accept('+');
    std::string exponent;
    if (!reader.digits(exponent) || exponent.empty()) return std::nullopt;
    written += negative ? "e-" : "e";
    written += exponent;
  }
  if (!reader.at_end()) return std::nullopt;
  return Decimal(written).nearest_double();
}

}  // namespace

std::optional<double> python_float(std::string_view text) {
  const auto number = plain(text);
  if (!number) return std::nullopt;
  std::string_view unsigned_part = *number;
  const bool negative = unsigned_part.front() == '-';
  if (negative || unsigned_part.front() == '+') unsigned_part.remove_prefix(1);
  const auto value = magnitude(unsigned_part);
  if (!value) return std::nullopt;
  return negative ? -*value : *value;
}

}  // namespace tagscope
