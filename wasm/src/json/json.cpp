#include "json/json.h"

#include <cstdlib>

namespace tagscope {
namespace {

template <typename T, typename Variant>
auto& held(Variant& value) {
  auto* const found = std::get_if<T>(&value);
  if (found == nullptr) std::abort();
  return *found;
}

}  // namespace

// What handles the variant is compiled here, once: values are made and dropped in hundreds of
// places.
Json::Json() = default;
Json::Json(std::nullptr_t) {}
Json::Json(bool value) : value_(value) {}
Json::Json(double value) : value_(value) {}
Json::Json(const char* value) : Json(std::string_view(value)) {}
Json::Json(std::string_view value) : value_(std::in_place_type<std::string>, value) {}
Json::Json(std::string value) : value_(std::move(value)) {}
Json::Json(Array items) : value_(std::move(items)) {}
Json::Json(Object members) : value_(std::move(members)) {}
Json::Json(std::initializer_list<Entry> entries) : value_(std::in_place_type<Object>) {
  Object& object = held<Object>(value_);
  object.reserve(entries.size());
  for (const Entry& entry : entries) {
    object.push_back({std::string(entry.name), std::move(entry.value)});
  }
}

Json Json::array() { return Json(Array()); }
Json Json::object() { return Json(Object()); }

Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(Json other) noexcept {
  value_ = std::move(other.value_);
  return *this;
}
Json::~Json() = default;

bool Json::boolean() const { return held<bool>(value_); }
double Json::number() const { return held<double>(value_); }
const std::string& Json::string() const { return held<std::string>(value_); }
const Json::Array& Json::items() const { return held<Array>(value_); }
const Json::Object& Json::members() const { return held<Object>(value_); }

const Json* Json::find(std::string_view name) const {
  if (!is_object()) return nullptr;
  for (const Member& member : members()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

const Json& Json::operator[](std::string_view name) const {
  const Json* const found = find(name);
  if (found == nullptr) std::abort();
  return *found;
}

Json& Json::operator[](std::string_view name) {
  Object& object = held<Object>(value_);
  for (Member& member : object) {
    if (member.name == name) return member.value;
  }
  Member& added = object.emplace_back();
  added.name = name;
  return added.value;
}

void Json::push_back(Json item) { held<Array>(value_).push_back(std::move(item)); }

}  // namespace tagscope
