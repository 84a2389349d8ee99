// A value of a tokenizer.json and its place there, so that every error names the place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "json/json.h"

namespace tagscope {

// Looks into the JSON, which must outlive it. `path`: "pre_tokenizer.pretokenizers[0].pattern".
class Part {
 public:
  Part(const Json& json, std::string path) : json_(&json), path_(std::move(path)) {}

  [[nodiscard]] const Json& json() const { return *json_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  // The member of that name, none where it is absent or null. Precondition for all that take a
  // name: an object, as require_object() says.
  [[nodiscard]] std::optional<Part> find(std::string_view name) const;
  [[nodiscard]] Result<Part> require(std::string_view name) const;
  [[nodiscard]] Status require_object() const;
  // Of an array.
  [[nodiscard]] Result<std::vector<Part>> items() const;

  // This value itself. Errors: `bad-tokenizer`.
  [[nodiscard]] Result<std::string> text() const;
  [[nodiscard]] Result<bool> boolean() const;
  [[nodiscard]] Result<std::uint32_t> number(std::uint32_t most) const;

  // The same of a member, with its value where it is absent.
  [[nodiscard]] Result<std::string> text_or(std::string_view name, std::string_view absent) const;
  [[nodiscard]] Result<bool> boolean_or(std::string_view name, bool absent) const;
  [[nodiscard]] Result<std::uint32_t> number_or(std::string_view name, std::uint32_t most,
                                                std::uint32_t absent) const;
  // One character, as tokenizer.json writes it. Error also where there are more.
  [[nodiscard]] Result<char32_t> character_or(std::string_view name, char32_t absent) const;

  // The member "type".
  [[nodiscard]] Result<std::string> type() const;

  [[nodiscard]] Error bad(std::string what) const {
    return {.code = "bad-tokenizer", .where = path_, .what = std::move(what)};
  }
  [[nodiscard]] Error unsupported(std::string what) const {
    return {.code = "unsupported-tokenizer", .where = path_, .what = std::move(what)};
  }

 private:
  const Json* json_;
  std::string path_;
};

// Takes the value of a Result or returns its error.
#define TAGSCOPE_TAKE(variable, expression)                 \
  auto variable##_result = (expression);                    \
  if (!variable##_result) return variable##_result.error(); \
  auto& variable = *variable##_result

}  // namespace tagscope
