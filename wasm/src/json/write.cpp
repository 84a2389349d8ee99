#include <algorithm>
#include <cmath>
#include <vector>

#include "core/field.h"
#include "json/decimal.h"
#include "json/json.h"
#include "json/members.h"

namespace tagscope {
namespace {

void write(const Json& value, std::string& out) {
  if (value.is_object()) {
    out.push_back('{');
    for (const Json::Member* member : sorted_members(value)) {
      if (out.back() != '{') out.push_back(',');
      out += write_string(member->name);
      out.push_back(':');
      write(member->value, out);
    }
    out.push_back('}');
  } else if (value.is_array()) {
    out.push_back('[');
    for (const Json& item : value.items()) {
      if (out.back() != '[') out.push_back(',');
      write(item, out);
    }
    out.push_back(']');
  } else if (value.is_string()) {
    out += write_string(value.string());
  } else if (value.is_number()) {
    out += write_number(value.number());
  } else if (value.is_boolean()) {
    out += value.boolean() ? "true" : "false";
  } else {
    out += "null";
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
  const Decimal exact(std::abs(value));
  Decimal shortest = exact;
  // The shortest of 1…17 digits that reads back: at most 17 tries, and right by definition.
  for (std::size_t count = 1; count <= 17; ++count) {
    shortest = exact;
    shortest.round(count);
    if (shortest.nearest_double() == std::abs(value)) break;
  }
  const std::string mantissa = shortest.digits();
  const int n = shortest.point();
  const int k = static_cast<int>(mantissa.size());
  std::string out;
  if (value < 0) out.push_back('-');
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
  if (!std::isfinite(value)) return value;
  Decimal decimal(std::abs(value));
  decimal.round(static_cast<std::size_t>(digits));
  return std::copysign(decimal.nearest_double(), value);
}

Json to_json(const Error& error) {
  Json json = {{"code", error.code}, {"where", error.where}, {"what", error.what}};
  if (error.span) json["span"] = Json::array({error.span->begin, error.span->end});
  return json;
}

}  // namespace tagscope
