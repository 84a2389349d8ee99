// JSON in and out of the engine: strict reading, canonical writing.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.h"

namespace tagscope {

// A JSON value, copied as a whole. Objects are built as they are written in JSON:
//
//   Json pair = {{"name", "houshou_marine"}, {"tag", "aua"}};
//
// Numbers are doubles, as RFC 8785 asks: integers beyond 2^53 must be strings.
class Json {
 public:
  struct Member;  // of an object
  struct Entry;   // of an initializer list
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;  // in any order, no name twice

  Json();  // null
  Json(std::nullptr_t);
  Json(bool value);
  Json(double value);
  Json(std::integral auto value) : Json(static_cast<double>(value)) {}
  Json(const char* value);
  Json(std::string_view value);
  Json(std::string value);
  explicit Json(Array items);
  explicit Json(Object members);
  // An object. The values are moved out of the list. Precondition: no name twice.
  Json(std::initializer_list<Entry> entries);

  // An array, empty or of the items of a range.
  [[nodiscard]] static Json array();
  template <typename Range>
  [[nodiscard]] static Json array(const Range& items) {
    Json json = array();
    for (const auto& item : items) json.push_back(item);
    return json;
  }
  template <typename T>
  [[nodiscard]] static Json array(std::initializer_list<T> items) {
    return array<std::initializer_list<T>>(items);
  }
  [[nodiscard]] static Json object();

  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(Json other) noexcept;
  ~Json();

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  [[nodiscard]] bool is_boolean() const { return std::holds_alternative<bool>(value_); }
  [[nodiscard]] bool is_number() const { return std::holds_alternative<double>(value_); }
  [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(value_); }
  [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(value_); }
  [[nodiscard]] bool is_object() const { return std::holds_alternative<Object>(value_); }

  // Precondition: the value is of that type. A breach is a defect of the engine and aborts.
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] const std::string& string() const;
  [[nodiscard]] const Array& items() const;
  [[nodiscard]] const Object& members() const;

  // The value under a name, or nullptr where there is none or this is no object. Looks at one
  // member after another.
  [[nodiscard]] const Json* find(std::string_view name) const;
  // Precondition: the name is there.
  [[nodiscard]] const Json& operator[](std::string_view name) const;
  // The value under a name, null where it is new. Precondition: an object.
  [[nodiscard]] Json& operator[](std::string_view name);

  // Precondition: an array.
  void push_back(Json item);

 private:
  std::variant<std::monostate, bool, double, std::string, Array, Object> value_;
};

struct Json::Member {
  std::string name;
  Json value;
};

struct Json::Entry {
  std::string_view name;
  mutable Json value;  // an initializer list gives only const access, and values want to be moved
};

struct JsonLimits {
  std::size_t max_bytes = std::size_t{1} << 20;
  std::size_t max_depth = 64;
};

// Reads one RFC 8259 document; a byte order mark before it is skipped. Refused
// beyond the grammar: invalid UTF-8, lone surrogates, numbers outside double, a
// name that stands twice in an object, more bytes or deeper nesting than the
// limits. Errors: code `bad-json`, where "line 3, column 7" (columns count
// bytes) or the repeated name, `too-large`.
[[nodiscard]] Result<Json> read_json(std::string_view text, const JsonLimits& limits = {});

// RFC 8785 (JSON Canonicalization Scheme): no white space, names sorted by
// UTF-16 code units, numbers as ECMAScript prints them. Precondition: strings
// are well-formed UTF-8 and numbers finite.
[[nodiscard]] std::string write_canonical(const Json& value);

// An IEEE double as ECMAScript's Number::toString prints it (RFC 8785 section
// 3.2.2.3): the shortest digits that read back as the same double.
[[nodiscard]] std::string write_number(double value);

// A JSON string literal in canonical form, quotes included.
[[nodiscard]] std::string write_string(std::string_view utf8);

// The nearest double that has `digits` significant decimal digits.
[[nodiscard]] double round_significant(double value, int digits = 6);

// {"code", "where", "what", "span"?}: an error as every face receives it.
[[nodiscard]] Json to_json(const Error& error);

}  // namespace tagscope
