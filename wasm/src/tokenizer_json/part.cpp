#include "tokenizer_json/part.h"

#include <cmath>

#include "text/utf8.h"

namespace tagscope {

std::optional<Part> Part::find(std::string_view name) const {
  const Json* found = json_->find(name);
  if (found == nullptr || found->is_null()) return std::nullopt;
  return Part(*found, path_.empty() ? std::string(name) : path_ + "." + std::string(name));
}

Result<Part> Part::require(std::string_view name) const {
  if (auto checked = require_object(); !checked) return checked.error();
  if (auto found = find(name)) return *std::move(found);
  return bad("has no \"" + std::string(name) + "\"");
}

Status Part::require_object() const {
  if (json_->is_object()) return ok_status();
  return bad("is not an object");
}

Result<std::vector<Part>> Part::items() const {
  if (!json_->is_array()) return bad("is not an array");
  std::vector<Part> items;
  items.reserve(json_->items().size());
  for (const Json& item : json_->items()) {
    items.emplace_back(item, path_ + "[" + std::to_string(items.size()) + "]");
  }
  return items;
}

Result<std::string> Part::text() const {
  if (json_->is_string()) return json_->string();
  return bad("is not a string");
}

Result<bool> Part::boolean() const {
  if (json_->is_boolean()) return json_->boolean();
  return bad("is not true or false");
}

Result<std::uint32_t> Part::number(std::uint32_t most) const {
  const double number = json_->is_number() ? json_->number() : -1;
  if (number >= 0 && number <= most && number == std::trunc(number)) {
    return static_cast<std::uint32_t>(number);
  }
  return bad("is not a whole number from 0 to " + std::to_string(most));
}

Result<std::string> Part::text_or(std::string_view name, std::string_view absent) const {
  if (const auto found = find(name)) return found->text();
  return std::string(absent);
}

Result<bool> Part::boolean_or(std::string_view name, bool absent) const {
  if (const auto found = find(name)) return found->boolean();
  return absent;
}

Result<std::uint32_t> Part::number_or(std::string_view name, std::uint32_t most,
                                      std::uint32_t absent) const {
  if (const auto found = find(name)) return found->number(most);
  return absent;
}

Result<char32_t> Part::character_or(std::string_view name, char32_t absent) const {
  const auto found = find(name);
  if (!found) return absent;
  TAGSCOPE_TAKE(text, found->text());
  if (!text.empty()) {
    const Decoded decoded = decode_one(text, 0);
    if (decoded.length == text.size()) return decoded.code_point;
  }
  return found->bad("is not one character");
}

Result<std::string> Part::type() const {
  TAGSCOPE_TAKE(found, require("type"));
  return found.text();
}

}  // namespace tagscope
