// The parameters of a method: typed members of its Options, each with a name,
// a domain, a default and a meaning. Forms, help, links, documentation and the
// price of a recipe derive from them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"

namespace tagscope {

// Integers of the recipe language lie in −2^63 … 2^64−1.
__extension__ typedef __int128 Integer;
inline constexpr Integer kIntegerMin = -(Integer{1} << 63);
inline constexpr Integer kIntegerMax = (Integer{1} << 64) - 1;

[[nodiscard]] std::string to_decimal(Integer value);

// A key is free text (its UTF-8 bytes count) or bytes written as 0xHEX.
struct Key {
  std::string bytes;
  bool is_text = true;
};

// One value of a recipe's source: `written` is what stood there.
struct Argument {
  enum class Form : std::uint8_t { integer, hex, word, quoted };
  Form form = Form::word;
  std::string text;  // integer and hex: the digits as written; word, quoted: the text
};

enum class FieldType : std::uint8_t { integer, key, text, choice };

inline constexpr std::size_t kMaxChoices = 8;

// How an argument is priced (claim/price.h): the number of values it can
// usefully take, or 0 where the domain is open and the code self-delimiting.
struct IntegerDomain {
  Integer min = kIntegerMin;
  Integer max = kIntegerMax;
  std::uint32_t modulus = 0;  // n and n + modulus mean the same; 0: all differ
};

struct Field {
  std::string_view name;
  std::string_view summary;
  FieldType type = FieldType::integer;
  bool required = false;
  IntegerDomain domain{};
  std::array<std::string_view, kMaxChoices> choices{};
  std::size_t choice_count = 0;
  // Lengths in bytes that a key may have; max 0: no limit but the recipe's.
  std::size_t min_bytes = 0;
  std::size_t max_bytes = 0;

  // How the member of the method's Options behind `options` is reached: an integer or the index of
  // a choice by its value, a Key or a std::string by its address.
  Integer (*load)(const void* options) = nullptr;
  void (*store)(void* options, Integer value) = nullptr;
  void* (*member)(void* options) = nullptr;

  // Reads `argument` into the member.
  Status set(void* options, const Argument& argument) const;
  // The member's canonical form in a recipe: 42, letters, "text", 0x6162.
  [[nodiscard]] std::string write(const void* options) const;
};

namespace field_detail {
Result<Integer> read_integer(const Field& field, const Argument& argument);
Result<Key> read_key(const Field& field, const Argument& argument);
Result<std::string> read_text(const Field& field, const Argument& argument);
Result<std::size_t> read_choice(const Field& field, const Argument& argument);
std::string write_key(const Key& key);
std::string write_text(std::string_view text);

template <typename Member>
struct MemberOf;
template <typename Class, typename T>
struct MemberOf<T Class::*> {
  using Owner = Class;
  using Type = T;
};
template <auto kMember>
using OwnerOf = typename MemberOf<decltype(kMember)>::Owner;

// Owner, the method's Options, is a parameter of its own for the linker's sake: GCC 12 gives a
// template external linkage where only the value kMember comes from an unnamed namespace (and so it
// does with a lambda inside), and then one method's Options::n is taken for another's.
template <typename Owner, auto kMember>
Integer load(const void* options) {
  return static_cast<Integer>(static_cast<const Owner*>(options)->*kMember);
}
template <typename Owner, auto kMember>
void store(void* options, Integer value) {
  using Type = typename MemberOf<decltype(kMember)>::Type;
  static_cast<Owner*>(options)->*kMember = static_cast<Type>(value);
}
template <typename Owner, auto kMember>
void* member(void* options) {
  return &(static_cast<Owner*>(options)->*kMember);
}
}  // namespace field_detail

// An integer parameter stored in an integral member, whose type holds the domain.
template <auto kMember>
constexpr Field integer_field(std::string_view name, std::string_view summary,
                              IntegerDomain domain = {}) {
  Field field;
  field.name = name;
  field.summary = summary;
  field.type = FieldType::integer;
  field.domain = domain;
  field.load = &field_detail::load<field_detail::OwnerOf<kMember>, kMember>;
  field.store = &field_detail::store<field_detail::OwnerOf<kMember>, kMember>;
  return field;
}

// A key parameter stored in a Key member. Required unless `optional`.
template <auto kMember>
constexpr Field key_field(std::string_view name, std::string_view summary, bool required,
                          std::size_t min_bytes, std::size_t max_bytes) {
  Field field;
  field.name = name;
  field.summary = summary;
  field.type = FieldType::key;
  field.required = required;
  field.min_bytes = min_bytes;
  field.max_bytes = max_bytes;
  field.member = &field_detail::member<field_detail::OwnerOf<kMember>, kMember>;
  return field;
}

// A text parameter stored in a std::string member (well-formed UTF-8).
template <auto kMember>
constexpr Field text_field(std::string_view name, std::string_view summary, bool required) {
  Field field;
  field.name = name;
  field.summary = summary;
  field.type = FieldType::text;
  field.required = required;
  field.member = &field_detail::member<field_detail::OwnerOf<kMember>, kMember>;
  return field;
}

// A choice among bare words, stored in an enum member numbered in their order.
template <auto kMember, std::size_t kCount>
constexpr Field choice_field(std::string_view name, std::string_view summary,
                             const std::string_view (&choices)[kCount]) {
  static_assert(kCount <= kMaxChoices);
  Field field;
  field.name = name;
  field.summary = summary;
  field.type = FieldType::choice;
  for (std::size_t i = 0; i < kCount; ++i) field.choices[i] = choices[i];
  field.choice_count = kCount;
  field.load = &field_detail::load<field_detail::OwnerOf<kMember>, kMember>;
  field.store = &field_detail::store<field_detail::OwnerOf<kMember>, kMember>;
  return field;
}

}  // namespace tagscope
