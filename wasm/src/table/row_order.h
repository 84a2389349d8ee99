// Which rows of a table are shown, and in what order.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "table/table.h"

namespace tagscope {

// The rows (numbers from 0, in the order given) of which a cell holds `needle`: in one column, or
// in any. ASCII letters match in either case. An empty needle takes all.
[[nodiscard]] std::vector<std::uint32_t> rows_holding(const Table& table,
                                                      std::span<const std::uint32_t> rows,
                                                      std::string_view needle,
                                                      std::optional<std::size_t> column);

// Sorts rows by a column: by value where at least half of the cells that are not empty are
// numbers, what is no number after them; else by code points with ASCII letters in lower case.
// Empty cells come last either way; equal ones keep their order.
void sort_rows(const Table& table, std::vector<std::uint32_t>& rows, std::size_t column,
               bool descending);

}  // namespace tagscope
