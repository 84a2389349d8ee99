#include "core/field.h"

#include <algorithm>

namespace tagscope {

std::string to_decimal(Integer value) {
  const bool negative = value < 0;
  std::string digits;
  do {
    const auto digit = static_cast<int>(value % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  if (negative) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

namespace field_detail {
namespace {

Error bad_argument(const Field& field, std::string what) {
  return {.code = "bad-argument", .where = std::string(field.name), .what = std::move(what)};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<Integer> read_integer(const Field& field, const Argument& argument) {
  if (argument.form == Argument::Form::quoted || argument.form == Argument::Form::word) {
    return bad_argument(field, "takes an integer, not \"" + argument.text + "\"");
  }
  const bool hex = argument.form == Argument::Form::hex;
  std::string_view digits = argument.text;
  const bool negative = !hex && digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  const Integer limit = negative ? -kIntegerMin : kIntegerMax;
  Integer magnitude = 0;
  for (const char c : digits) {
    magnitude = magnitude * (hex ? 16 : 10) + hex_digit(c);
    if (magnitude > limit) {
      return bad_argument(field, argument.text + " is outside −2^63 … 2^64−1");
    }
  }
  const Integer value = negative ? -magnitude : magnitude;
  if (value < field.domain.min || value > field.domain.max) {
    return bad_argument(field, "is " + to_decimal(value) + "; it lies in " +
                                   to_decimal(field.domain.min) + " … " +
                                   to_decimal(field.domain.max));
  }
  return value;
}

Result<Key> read_key(const Field& field, const Argument& argument) {
  Key key;
  if (argument.form == Argument::Form::hex) {
    key.is_text = false;
    if (argument.text.size() % 2 != 0) {
      return bad_argument(field, "has " + std::to_string(argument.text.size()) +
                                     " hex digits; whole bytes have an even number");
    }
    for (std::size_t i = 0; i < argument.text.size(); i += 2) {
      key.bytes.push_back(
          static_cast<char>(hex_digit(argument.text[i]) * 16 + hex_digit(argument.text[i + 1])));
    }
  } else {
    key.bytes = argument.text;
  }
  if (key.bytes.size() < field.min_bytes) {
    return bad_argument(field, "has " + std::to_string(key.bytes.size()) +
                                   " bytes; it needs at least " + std::to_string(field.min_bytes));
  }
  if (field.max_bytes != 0 && key.bytes.size() > field.max_bytes) {
    return bad_argument(field, "has " + std::to_string(key.bytes.size()) + " bytes; the limit is " +
                                   std::to_string(field.max_bytes));
  }
  return key;
}

Result<std::string> read_text(const Field& field, const Argument& argument) {
  if (argument.form == Argument::Form::hex) {
    return bad_argument(field, "takes text; quote it: \"0x" + argument.text + "\"");
  }
  return argument.text;
}

Result<std::size_t> read_choice(const Field& field, const Argument& argument) {
  std::string known;
  for (std::size_t i = 0; i < field.choice_count; ++i) {
    const bool bare =
        argument.form == Argument::Form::word || argument.form == Argument::Form::quoted;
    if (bare && field.choices[i] == argument.text) return i;
    known += (i == 0 ? "" : ", ") + std::string(field.choices[i]);
  }
  return bad_argument(field, "is \"" + argument.text + "\"; it is one of " + known);
}

std::string write_key(const Key& key) {
  if (key.is_text) return write_text(key.bytes);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex = "0x";
  for (const char c : key.bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

std::string write_text(std::string_view text) {
  // RFC 8785 section 3.2.2.2: the short escapes, \u00xx for other controls, else as is.
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': quoted += "\\\""; break;
      case '\\': quoted += "\\\\"; break;
      case '\b': quoted += "\\b"; break;
      case '\f': quoted += "\\f"; break;
      case '\n': quoted += "\\n"; break;
      case '\r': quoted += "\\r"; break;
      case '\t': quoted += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          quoted += "\\u00";
          quoted.push_back(kDigits[c >> 4]);
          quoted.push_back(kDigits[c & 15]);
        } else {
          quoted.push_back(c);
        }
    }
  }
  quoted.push_back('"');
  return quoted;
}

}  // namespace field_detail

Status Field::set(void* options, const Argument& argument) const {
  switch (type) {
    case FieldType::integer: {
      auto read = field_detail::read_integer(*this, argument);
      if (!read) return std::move(read).error();
      store(options, *read);
      break;
    }
    case FieldType::choice: {
      auto read = field_detail::read_choice(*this, argument);
      if (!read) return std::move(read).error();
      store(options, static_cast<Integer>(*read));
      break;
    }
    case FieldType::key: {
      auto read = field_detail::read_key(*this, argument);
      if (!read) return std::move(read).error();
      *static_cast<Key*>(member(options)) = *std::move(read);
      break;
    }
    case FieldType::text: {
      auto read = field_detail::read_text(*this, argument);
      if (!read) return std::move(read).error();
      *static_cast<std::string*>(member(options)) = *std::move(read);
      break;
    }
  }
  return ok_status();
}

std::string Field::write(const void* options) const {
  // One accessor serves both directions; nothing is written through it here.
  const auto address = [&] { return member(const_cast<void*>(options)); };
  switch (type) {
    case FieldType::integer: return to_decimal(load(options));
    case FieldType::choice: return std::string(choices[static_cast<std::size_t>(load(options))]);
    case FieldType::key: return field_detail::write_key(*static_cast<const Key*>(address()));
    case FieldType::text:
      return field_detail::write_text(*static_cast<const std::string*>(address()));
  }
  return {};
}

}  // namespace tagscope
