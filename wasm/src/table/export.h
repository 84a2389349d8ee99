// Tables as other programs read them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "table/pairing.h"
#include "table/table.h"

namespace tagscope {

// Rows as RFC 4180 writes them, with commas and LF; a cell is quoted where it must be. Bytes stay
// as they are in the file.
[[nodiscard]] std::string export_csv(const Table& table, std::span<const std::uint32_t> rows);

// Where the fields of name,type,count,"aliases" come from, as columns from 0.
struct TagcompleteColumns {
  std::optional<std::size_t> name;
  std::optional<std::size_t> type;
  std::optional<std::size_t> count;
  std::optional<std::size_t> aliases;
  bool header = false;  // the first row is none
};

// By the header; without one the first four columns in this order. Where names have tags, the tag
// is what is typed: it goes into the aliases.
[[nodiscard]] TagcompleteColumns tagcomplete_columns(const Table& table, const Pairing& pairing);

// The table of tag-autocomplete extensions, name,type,count,"aliases" without a header, LF. Source:
// DominikDoom/a1111-sd-webui-tagcomplete, README, "CSV tag data". A type or count that is no whole
// number is 0, one in groups (1,022) is written without them; rows without a name are left out.
[[nodiscard]] std::string export_tagcomplete(const Table& table,
                                             std::span<const std::uint32_t> rows,
                                             const TagcompleteColumns& columns);

}  // namespace tagscope
