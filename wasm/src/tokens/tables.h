// What faces ask about tables that they have opened, answered as the JSON documents of
// web/src/protocol/table-api.ts. A table stays open under its handle until it is closed. Every
// call's error for a handle that is not open is `bad-handle`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "json/json.h"

namespace tagscope {

// Takes a file's bytes; {handle, bytes}. Errors: Table::open's, `too-many` past kMaxOpenTables.
inline constexpr std::size_t kMaxOpenTables = 16;
[[nodiscard]] Result<Json> open_table(std::string bytes, char delimiter);

// Forgets it; nothing happens where it is not open.
void close_table(int handle);

// Reads on for about so many bytes: {done, bytes}.
[[nodiscard]] Result<Json> read_table(int handle, std::size_t budget_bytes);

// TableInfo. `options`: name, tag (columns by hand: a number from 1 as text, or a header's word;
// empty: as found), header (true or false: not as found), rot13 (true: letters are turned). These
// stay as they are said until the next call, and the view begins anew: all rows but a header's,
// in the file's order. Errors: `bad-argument`.
[[nodiscard]] Result<Json> describe_table(int handle, const Json& options);

// What the view shows: {rows}. `options`: find (a text), column (where; left out: any; from 0),
// tokens ("one", "many", or an id as text: only rows whose tag has that token; needs
// tokenize_table before), sort (a column from 0, or "tokens", or "file"), descending.
[[nodiscard]] Result<Json> arrange_table(int handle, const Json& options);

// Rows begin … end of the view: [{row, line, cells, tokens?}]. Cells are cut after `cell_bytes`
// bytes (on a code point), with "…"; bytes that are not UTF-8 are U+FFFD.
[[nodiscard]] Result<Json> table_rows(int handle, std::size_t begin, std::size_t end,
                                      std::size_t cell_bytes);

// All records begin … end in the file's order, whatever the view: [[…],…], whole cells.
[[nodiscard]] Result<Json> table_records(int handle, std::size_t begin, std::size_t end);

// Where in the view a row stands: {place}, null where it is not shown.
[[nodiscard]] Result<Json> place_of_row(int handle, std::uint32_t row);

// Problems begin … end: [{line, column, row, what, fault}].
[[nodiscard]] Result<Json> table_problems(int handle, std::size_t begin, std::size_t end);

// The pairs of records begin … end, whatever the view; of the view's rows where `viewed`:
// [{name, tag}]. Rows that lack one of both have none.
[[nodiscard]] Result<Json> table_pairs(int handle, std::size_t begin, std::size_t end, bool viewed);

// The bytes of rows begin … end of the view as `form`, "csv" or "tagcomplete"; CSV begins with the
// header where there is one. Errors: `bad-argument`.
[[nodiscard]] Result<std::string> export_table(int handle, std::string_view form, std::size_t begin,
                                               std::size_t end);

// Tokenizes the cells of a column, row by row, for about so many rows: {done, rows}; when done
// also {one, by_tokens: {"1": …}, shared: [{id, text, rows}]}, the ids that most rows have, at
// most 100. `options`: column (from 0), tokenizer, profile; others than before begin anew.
// Errors: `bad-argument`, those of the tokenizer's name.
[[nodiscard]] Result<Json> tokenize_table(int handle, const Json& options, std::size_t budget_rows);

}  // namespace tagscope
