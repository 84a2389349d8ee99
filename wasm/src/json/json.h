// JSON in and out of the engine: strict reading, canonical writing.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/result.h"

namespace tagscope {

using Json = nlohmann::json;

struct JsonLimits {
  std::size_t max_bytes = std::size_t{1} << 20;
  std::size_t max_depth = 64;
};

// Reads one RFC 8259 document. Refused beyond the grammar: invalid UTF-8, lone
// surrogates, numbers outside double, a name that stands twice in an object,
// more bytes or deeper nesting than the limits. Errors: code `bad-json`, where
// "line 3, column 7" (columns count bytes) or the repeated name, `too-large`.
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
