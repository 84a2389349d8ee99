// The three kinds of value that flow through a recipe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tagscope {

enum class Kind : std::uint8_t { text = 1, bytes = 2, ids = 4 };

// A set of kinds, as a method's declaration of what it takes.
enum class Kinds : std::uint8_t { text = 1, bytes = 2, text_or_bytes = 3, ids = 4 };

[[nodiscard]] constexpr bool holds(Kinds set, Kind kind) {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(kind)) != 0;
}

[[nodiscard]] constexpr std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::text: return "text";
    case Kind::bytes: return "bytes";
    case Kind::ids: return "ids";
  }
  return "";
}

[[nodiscard]] constexpr std::string_view name_of(Kinds kinds) {
  switch (kinds) {
    case Kinds::text: return "text";
    case Kinds::bytes: return "bytes";
    case Kinds::text_or_bytes: return "text or bytes";
    case Kinds::ids: return "ids";
  }
  return "";
}

// Invariant: `data` of a text is well-formed UTF-8; `data` of bytes is anything;
// only ids use `ids`.
struct Value {
  Kind kind = Kind::text;
  std::string data;
  std::vector<std::uint32_t> ids;

  static Value text(std::string utf8) { return {Kind::text, std::move(utf8), {}}; }
  static Value bytes(std::string raw) { return {Kind::bytes, std::move(raw), {}}; }
  static Value of_ids(std::vector<std::uint32_t> ids) { return {Kind::ids, {}, std::move(ids)}; }

  friend bool operator==(const Value& a, const Value& b) {
    return a.kind == b.kind && a.data == b.data && a.ids == b.ids;
  }
};

// No step of a recipe may make a value larger than this.
inline constexpr std::size_t kMaxValueBytes = std::size_t{256} << 20;

}  // namespace tagscope
