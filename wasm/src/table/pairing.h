// Which columns of a table are names and which are tags.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "table/table.h"

namespace tagscope {

enum class PairedBy : std::uint8_t {
  nothing,   // no columns are known
  header,    // the first row names them
  position,  // no header, and all rows that count have two cells: name, tag
  hand,
};

// Columns count from 0.
struct Pairing {
  bool header = false;  // the first row names columns
  std::optional<std::size_t> name;
  std::optional<std::size_t> tag;
  PairedBy by = PairedBy::nothing;

  [[nodiscard]] bool complete() const { return name.has_value() && tag.has_value(); }
};

// What a column of a tag-autocomplete table holds.
enum class ColumnRole : std::uint8_t { name, tag, type, count, aliases, other };

// By the word in a header: case, outer spaces and "_ -" between words do not matter.
[[nodiscard]] ColumnRole role_of(std::string_view header_cell);

// Finds both by the words of the first row, or, where that is no header, by position: two columns
// of which the second is not made of numbers.
[[nodiscard]] Pairing find_pairing(const Table& table);

// The columns that someone names, by a number from 1 or by the header's word; an empty text leaves
// what was found. Errors: `bad-argument` with where = "name" or "tag".
[[nodiscard]] Result<Pairing> pairing_by_hand(const Table& table, std::string_view name,
                                              std::string_view tag);

// A column's number from 0, by a number from 1 or by the header's word. Error `bad-argument`.
[[nodiscard]] Result<std::size_t> find_column(const Table& table, std::string_view where,
                                              std::string_view stated);

}  // namespace tagscope
