// Any bytes are read as a table as the slow reader reads them, in whatever steps; what is exported
// reads back as the same cells, and problems lie inside the table.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <string_view>

#include "reference/slow_table.h"
#include "table/export.h"
#include "table/pairing.h"
#include "table/rot13_evidence.h"
#include "table/row_order.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tagscope;
  const auto check = [](bool holds) {
    if (!holds) std::abort();
  };
  if (size < 2) return 0;
  const char delimiter = ",\t;|"[data[0] % 4];
  const std::size_t step = data[1] + std::size_t{1};
  const std::string text(reinterpret_cast<const char*>(data) + 2, size - 2);
  auto table = Table::open(text, delimiter);
  if (!table) return 0;
  while (!table->read(step)) {
  }

  const auto expected = reference::slow_table(text, delimiter);
  check(table->rows() == expected.size());
  for (std::size_t row = 0; row < expected.size(); ++row) check(table->cells(row) == expected[row]);
  for (const TableProblem& problem : table->problems()) {
    check(problem.row < table->rows() && problem.line >= table->line_of(problem.row));
    check(problem.column >= 1 && problem.column <= table->columns() + 1);
    (void)table->describe(problem);
  }

  std::vector<std::uint32_t> rows(table->rows());
  std::iota(rows.begin(), rows.end(), 0U);
  auto again = Table::open(export_csv(*table, rows), ',');
  check(again.ok() && again->read() && again->rows() == expected.size());
  for (std::size_t row = 0; row < expected.size(); ++row) check(again->cells(row) == expected[row]);

  const Pairing pairing = find_pairing(*table);
  (void)export_tagcomplete(*table, rows, tagcomplete_columns(*table, pairing));
  (void)rot13_evidence(text);
  auto sorted = rows;
  sort_rows(*table, sorted, 0, (data[1] & 1U) != 0);
  std::sort(sorted.begin(), sorted.end());
  check(sorted == rows);
  check(rows_holding(*table, rows, text.substr(0, 2), {}).size() <= rows.size());
  return 0;
}
