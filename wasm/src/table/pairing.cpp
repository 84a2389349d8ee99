#include "table/pairing.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace tagscope {
namespace {

struct Word {
  std::string_view word;
  ColumnRole role;
};

// Words that sheets of tags put above their columns.
constexpr Word kWords[] = {
    {"name", ColumnRole::name},        {"names", ColumnRole::name},
    {"full name", ColumnRole::name},   {"real name", ColumnRole::name},
    {"character", ColumnRole::name},   {"characters", ColumnRole::name},
    {"artist", ColumnRole::name},      {"artists", ColumnRole::name},
    {"original", ColumnRole::name},    {"plain", ColumnRole::name},
    {"tag", ColumnRole::tag},          {"tags", ColumnRole::tag},
    {"code", ColumnRole::tag},         {"codes", ColumnRole::tag},
    {"hash", ColumnRole::tag},         {"hashes", ColumnRole::tag},
    {"token", ColumnRole::tag},        {"trigger", ColumnRole::tag},
    {"trigger word", ColumnRole::tag}, {"short tag", ColumnRole::tag},
    {"type", ColumnRole::type},        {"category", ColumnRole::type},
    {"count", ColumnRole::count},      {"post count", ColumnRole::count},
    {"posts", ColumnRole::count},      {"alias", ColumnRole::aliases},
    {"aliases", ColumnRole::aliases},  {"other names", ColumnRole::aliases},
    {"id", ColumnRole::other},         {"notes", ColumnRole::other},
    {"note", ColumnRole::other},       {"comment", ColumnRole::other},
    {"comments", ColumnRole::other},   {"series", ColumnRole::other},
    {"copyright", ColumnRole::other},  {"source", ColumnRole::other},
};

// Lower case, "_" and "-" as spaces, single spaces, none around.
std::string plain_word(std::string_view cell) {
  std::string plain;
  for (const char c : cell) {
    const bool space = c == ' ' || c == '_' || c == '-' || c == '\t';
    if (space && (plain.empty() || plain.back() == ' ')) continue;
    plain += space ? ' ' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  if (!plain.empty() && plain.back() == ' ') plain.pop_back();
  return plain;
}

const Word* find_word(std::string_view cell) {
  const std::string plain = plain_word(cell);
  const auto* const found = std::find_if(std::begin(kWords), std::end(kWords),
                                         [&](const Word& word) { return word.word == plain; });
  return found == std::end(kWords) ? nullptr : found;
}

bool is_number(std::string_view cell) {
  return !cell.empty() && std::all_of(cell.begin(), cell.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

// The first row names columns if no cell is a number and a word is known.
bool is_header(const std::vector<std::string>& cells) {
  bool known = false;
  for (const std::string& cell : cells) {
    if (is_number(cell)) return false;
    known = known || find_word(cell) != nullptr;
  }
  return known;
}

// Of the first rows, how many have a number in the column.
bool is_numeric_column(const Table& table, std::size_t column) {
  constexpr std::size_t kSampleRows = 1000;
  std::size_t numbers = 0;
  const std::size_t rows = std::min(table.rows(), kSampleRows);
  std::string scratch;
  for (std::size_t row = 0; row < rows; ++row) {
    numbers += is_number(table.cell(row, column, scratch)) ? 1 : 0;
  }
  return numbers * 2 > rows;
}

}  // namespace

ColumnRole role_of(std::string_view header_cell) {
  const Word* word = find_word(header_cell);
  return word == nullptr ? ColumnRole::other : word->role;
}

Pairing find_pairing(const Table& table) {
  Pairing pairing;
  if (table.rows() == 0) return pairing;
  const std::vector<std::string> first = table.cells(0);
  pairing.header = is_header(first);
  if (pairing.header) {
    for (std::size_t column = 0; column < first.size(); ++column) {
      const ColumnRole role = role_of(first[column]);
      if (role == ColumnRole::name && !pairing.name) pairing.name = column;
      if (role == ColumnRole::tag && !pairing.tag) pairing.tag = column;
    }
    if (pairing.complete()) pairing.by = PairedBy::header;
  } else if (table.usual_columns() == 2 && !is_numeric_column(table, 1)) {
    pairing.name = 0;
    pairing.tag = 1;
    pairing.by = PairedBy::position;
  }
  return pairing;
}

Result<std::size_t> find_column(const Table& table, std::string_view where,
                                std::string_view stated) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(stated.data(), stated.data() + stated.size(), number);
  if (error == std::errc() && end == stated.data() + stated.size()) {
    if (number >= 1 && number <= table.columns()) return number - 1;
    return Error{.code = "bad-argument",
                 .where = std::string(where),
                 .what = "is column " + std::to_string(number) + "; the table has " +
                         std::to_string(table.columns())};
  }
  if (table.rows() > 0) {
    const std::vector<std::string> first = table.cells(0);
    const std::string wanted = plain_word(stated);
    for (std::size_t column = 0; column < first.size(); ++column) {
      if (plain_word(first[column]) == wanted) return column;
    }
  }
  return Error{.code = "bad-argument",
               .where = std::string(where),
               .what = "\"" + std::string(stated.substr(0, 64)) +
                       "\" stands in no cell of the first row; a column's number from 1 does too"};
}

Result<Pairing> pairing_by_hand(const Table& table, std::string_view name, std::string_view tag) {
  Pairing pairing = find_pairing(table);
  const auto choose = [&](std::string_view where, std::string_view stated,
                          std::optional<std::size_t>& column) -> Status {
    if (stated.empty()) return ok_status();
    auto found = find_column(table, where, stated);
    if (!found) return std::move(found).error();
    column = *found;
    pairing.by = PairedBy::hand;
    // A column called by its word makes the first row a header.
    const bool by_number = is_number(stated);
    pairing.header = pairing.header || !by_number;
    return ok_status();
  };
  if (auto chosen = choose("name", name, pairing.name); !chosen) return chosen.error();
  if (auto chosen = choose("tag", tag, pairing.tag); !chosen) return chosen.error();
  if (!pairing.complete()) pairing.by = PairedBy::nothing;
  return pairing;
}

}  // namespace tagscope
