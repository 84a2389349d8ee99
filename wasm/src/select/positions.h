// Positions in a value: a text's are code points, those of bytes are bytes. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/method.h"

namespace tagscope::select {

// A count or an index: never negative.
inline constexpr IntegerDomain kPositions = {.min = 0};

// An integer field that has to be given.
template <auto kMember>
constexpr Field required_position(std::string_view name, std::string_view summary) {
  Field field = integer_field<kMember>(name, summary, kPositions);
  field.required = true;
  return field;
}

// The byte offset at which position `index`, counted from the position at byte `from`, begins;
// value.data.size() where there are not so many. Precondition: a position begins at `from`.
[[nodiscard]] std::size_t offset_of(const Value& value, std::uint64_t index, std::size_t from = 0);

// How many positions the value has.
[[nodiscard]] std::size_t count_positions(const Value& value);

// The part of the value between two byte offsets, of the same kind. Precondition: begin <= end.
[[nodiscard]] Value part_of(const Value& value, std::size_t begin, std::size_t end);

}  // namespace tagscope::select
