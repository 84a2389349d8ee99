#include "table/export.h"

#include <algorithm>
#include <vector>

namespace tagscope {
namespace {

void append_quoted(std::string& out, std::string_view cell) {
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

// Bytes that a reader would take for a byte order mark where a file begins with them.
bool begins_with_mark(std::string_view cell) {
  return cell.starts_with("\xef\xbb\xbf") || cell.starts_with("\xff\xfe") ||
         cell.starts_with("\xfe\xff");
}

void append_cell(std::string& out, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos && !begins_with_mark(cell)) {
    out += cell;
  } else {
    append_quoted(out, cell);
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What may stand between groups of three digits. A full stop may not: 1.022 is another number in
// most files.
std::string_view group_separator(std::string_view text) {
  for (const std::string_view separator : {",", " ", "'", "_", "\u00a0", "\u2009", "\u202f"}) {
    if (text.starts_with(separator)) return separator;
  }
  return {};
}

// The digits of a whole number, also of one in groups (1,022): "0" where the cell is none.
std::string whole_number(std::string_view cell) {
  const auto digits_at = [&](std::size_t at) {
    std::size_t end = at;
    while (end < cell.size() && is_digit(cell[end])) ++end;
    return cell.substr(at, end - at);
  };
  std::string number(digits_at(0));
  std::size_t at = number.size();
  const std::string_view separator = group_separator(cell.substr(at));
  if (!separator.empty() && (number.empty() || number.size() > 3)) return "0";
  while (at < cell.size()) {
    if (separator.empty() || !cell.substr(at).starts_with(separator)) return "0";
    const std::string_view group = digits_at(at + separator.size());
    if (group.size() != 3) return "0";
    number += group;
    at += separator.size() + group.size();
  }
  return number.empty() ? "0" : number;
}

}  // namespace

std::string export_csv(const Table& table, std::span<const std::uint32_t> rows) {
  std::string out;
  std::string scratch;
  for (const std::uint32_t row : rows) {
    const std::size_t begin = out.size();
    table.visit_cells(row, [&](std::size_t column, CellPlace place) {
      if (column > 0) out += ',';
      append_cell(out, table.value(place, scratch));
      return true;
    });
    // A row of one empty cell would read back as a blank line.
    if (out.size() == begin) out += "\"\"";
    out += '\n';
  }
  return out;
}

TagcompleteColumns tagcomplete_columns(const Table& table, const Pairing& pairing) {
  TagcompleteColumns columns;
  columns.header = pairing.header;
  if (pairing.header) {
    const std::vector<std::string> first = table.cells(0);
    for (std::size_t column = 0; column < first.size(); ++column) {
      const auto take = [&](std::optional<std::size_t>& into) {
        if (!into) into = column;
      };
      switch (role_of(first[column])) {
        case ColumnRole::type: take(columns.type); break;
        case ColumnRole::count: take(columns.count); break;
        case ColumnRole::aliases: take(columns.aliases); break;
        default: break;
      }
    }
    // A table of tags has its names under "tag".
    columns.name = pairing.name ? pairing.name : pairing.tag;
    if (!columns.name) columns.name = 0;
  }
  if (pairing.complete()) {
    columns.name = pairing.name;
    if (!columns.aliases) columns.aliases = pairing.tag;
  } else if (!pairing.header) {
    columns.name = pairing.name.value_or(0);
    if (table.columns() > 1) columns.type = 1;
    if (table.columns() > 2) columns.count = 2;
    if (table.columns() > 3) columns.aliases = 3;
  }
  return columns;
}

std::string export_tagcomplete(const Table& table, std::span<const std::uint32_t> rows,
                               const TagcompleteColumns& columns) {
  std::string out;
  std::string scratch;
  const auto cell = [&](std::uint32_t row, std::optional<std::size_t> column) {
    return column ? table.cell(row, *column, scratch) : std::string_view();
  };
  for (const std::uint32_t row : rows) {
    if (row == 0 && columns.header) continue;
    const std::string_view name = cell(row, columns.name);
    if (name.empty()) continue;
    append_cell(out, name);
    out += ',';
    out += whole_number(cell(row, columns.type));
    out += ',';
    out += whole_number(cell(row, columns.count));
    out += ',';
    append_quoted(out, cell(row, columns.aliases));
    out += '\n';
  }
  return out;
}

}  // namespace tagscope
