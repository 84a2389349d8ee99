#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/field.h"
#include "json/json.h"

namespace tagscope {
namespace {

// UTF-16 code unit order differs from UTF-8 byte order only where one side is
// beyond the BMP (lead byte F0…F4: surrogates D800…DFFF) and the other is
// U+E000…U+FFFF (lead byte EE or EF).
bool utf16_less(std::string_view a, std::string_view b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
  const auto left = static_cast<unsigned char>(*x);
  const auto right = static_cast<unsigned char>(*y);
  const bool left_astral = left >= 0xF0;
  const bool right_astral = right >= 0xF0;
  if (left_astral != right_astral) {
    if (left_astral) return right >= 0xEE;
    return left < 0xEE;
  }
  return left < right;
}

void write(const Json& value, std::string& out) {
  switch (value.type()) {
    case Json::value_t::object: {
      std::vector<const std::string*> names;
      names.reserve(value.size());
      for (auto it = value.begin(); it != value.end(); ++it) names.push_back(&it.key());
      std::sort(names.begin(), names.end(),
                [](const auto* a, const auto* b) { return utf16_less(*a, *b); });
      out.push_back('{');
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (i != 0) out.push_back(',');
        out += write_string(*names[i]);
        out.push_back(':');
        write(*value.find(*names[i]), out);
      }
      out.push_back('}');
      break;
    }
    case Json::value_t::array: {
      out.push_back('[');
      bool first = true;
      for (const Json& item : value) {
        if (!first) out.push_back(',');
        first = false;
        write(item, out);
      }
      out.push_back(']');
      break;
    }
    case Json::value_t::string: out += write_string(value.get_ref<const std::string&>()); break;
    case Json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; break;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float: out += write_number(value.get<double>()); break;
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded: out += "null"; break;
  }
}

}  // namespace

std::string write_canonical(const Json& value) {
  std::string out;
  write(value, out);
  return out;
}

std::string write_string(std::string_view utf8) { return field_detail::write_text(utf8); }

std::string write_number(double value) {
  if (value == 0) return "0";  // −0 too: ECMAScript prints 0
  // Ids and counts: whole numbers that a double holds exactly print as they are.
  if (std::abs(value) < 9007199254740992.0 && value == std::trunc(value)) {
    return std::to_string(static_cast<long long>(value));
  }
  char digits[40];
  // The shortest of 1…17 digits that reads back: at most 17 tries, and right by definition.
  for (int precision = 0; precision < 17; ++precision) {
    std::snprintf(digits, sizeof digits, "%.*e", precision, value);
    if (std::strtod(digits, nullptr) == value) break;
  }
  std::string_view written = digits;
  std::string out;
  if (written.front() == '-') {
    out.push_back('-');
    written.remove_prefix(1);
  }
  const auto e = written.find('e');
  std::string mantissa(1, written[0]);
  if (e > 2) mantissa += written.substr(2, e - 2);
  const int n = std::atoi(digits + (written.data() - digits) + e + 1) + 1;
  const int k = static_cast<int>(mantissa.size());
  // ECMA-262, Number::toString: value is 0.mantissa × 10^n.
  if (k <= n && n <= 21) {
    out += mantissa + std::string(static_cast<std::size_t>(n - k), '0');
  } else if (0 < n && n <= 21) {
    out += mantissa.substr(0, static_cast<std::size_t>(n)) + "." +
           mantissa.substr(static_cast<std::size_t>(n));
  } else if (-6 < n && n <= 0) {
    out += "0." + std::string(static_cast<std::size_t>(-n), '0') + mantissa;
  } else {
    out.push_back(mantissa[0]);
    if (k > 1) out += "." + mantissa.substr(1);
    out += n - 1 < 0 ? "e-" : "e+";
    out += std::to_string(std::abs(n - 1));
  }
  return out;
}

double round_significant(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return value;
  char written[40];
  std::snprintf(written, sizeof written, "%.*e", digits - 1, value);
  return std::strtod(written, nullptr);
}

Json to_json(const Error& error) {
  Json json = {{"code", error.code}, {"where", error.where}, {"what", error.what}};
  if (error.span) json["span"] = {error.span->begin, error.span->end};
  return json;
}

}  // namespace tagscope
