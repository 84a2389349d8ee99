// Tables of tags as people share them: comma-separated values after RFC 4180 and plain lists, read
// without losing a byte. What the standard does not allow is read all the same, as Python's csv
// module reads it, and reported with its place.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tagscope {

// Rows are indexed by 32 bits, and the whole file lies in memory.
inline constexpr std::size_t kMaxTableBytes = std::size_t{512} << 20;

// A cell longer than this is rather a quote that is missing than a cell.
inline constexpr std::size_t kLongCellBytes = 8192;

// Past so many, problems are only counted.
inline constexpr std::size_t kMaxTableProblems = 1'000'000;

enum class TableFault : std::uint8_t {
  control_character,      // C0 but tab, CR and LF; DEL; C1. detail: its code point
  replacement_character,  // U+FFFD: whoever wrote the file had lost a character
  invalid_utf8,           // detail: the first byte that is not UTF-8
  text_after_quote,       // between a closing quote and the next delimiter
  unclosed_quote,         // the cell holds the rest of the file
  long_cell,              // detail: its bytes
  missing_cells,          // detail: how many the row has
  extra_cells,            // detail: how many the row has
};

// At most one of a kind for each cell.
struct TableProblem {
  std::uint32_t line;    // of the file, from 1
  std::uint32_t column;  // of the table, from 1
  std::uint32_t row;     // of the table, from 0
  std::uint32_t detail;
  TableFault fault;
};

// Where a cell lies in the file, its quotes included.
struct CellPlace {
  std::size_t begin;
  std::size_t end;
};

// The bytes of a file and where its rows begin. Rows are the records that are not blank, a header
// too. CR, LF and CRLF end a record outside quotes; a quote inside an unquoted cell is itself;
// nothing is trimmed; a byte order mark at the beginning is left out.
class Table {
 public:
  // Takes the bytes; read() reads them. Errors: `too-large`, `bad-encoding` (UTF-16),
  // `bad-argument` for a delimiter that is a letter, a digit, a quote or a line's end, or not
  // ASCII.
  [[nodiscard]] static Result<Table> open(std::string bytes, char delimiter);

  // Reads on for about so many bytes, to the end of a record. True when everything is read: before
  // that only bytes_read() may be asked.
  bool read(std::size_t budget_bytes = kMaxTableBytes);
  [[nodiscard]] std::size_t bytes_read() const { return at_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
  // The file as it is, turned by rot13() if it was; UTF-8 or not.
  [[nodiscard]] std::string_view text() const { return bytes_; }

  [[nodiscard]] std::size_t rows() const { return begins_.size(); }
  // Cells of the longest row.
  [[nodiscard]] std::size_t columns() const { return columns_; }
  // Cells that most rows have; where that is undecided, the first row.
  [[nodiscard]] std::size_t usual_columns() const { return usual_columns_; }
  [[nodiscard]] char delimiter() const { return delimiter_; }
  // The line of the file on which a row begins, from 1.
  [[nodiscard]] std::size_t line_of(std::size_t row) const { return lines_[row]; }

  // Calls visit(column, place) for the cells of a row, columns from 0, until it returns false.
  template <typename Visit>
  void visit_cells(std::size_t row, Visit visit) const {
    std::size_t at = begins_[row];
    for (std::size_t column = 0;; ++column) {
      const std::size_t end = cell_end(at);
      if (!visit(column, CellPlace{at, end})) return;
      if (end == bytes_.size() || bytes_[end] != delimiter_) return;
      at = end + 1;
    }
  }

  // What a cell says: its bytes without the quotes around and with "" as one quote. Where nothing
  // changes, a view of the file, else of `scratch`. The bytes need not be UTF-8.
  [[nodiscard]] std::string_view value(CellPlace place, std::string& scratch) const;

  // The same by row and column; empty where the row has no such cell.
  [[nodiscard]] std::string_view cell(std::size_t row, std::size_t column,
                                      std::string& scratch) const;
  [[nodiscard]] std::vector<std::string> cells(std::size_t row) const;

  // In order of line and column.
  [[nodiscard]] const std::vector<TableProblem>& problems() const { return problems_; }
  // Those past kMaxTableProblems are counted too.
  [[nodiscard]] std::size_t problem_count() const { return problem_count_; }
  // One sentence part: "has 2 cells; most rows have 3".
  [[nodiscard]] std::string describe(const TableProblem& problem) const;

  // Turns every letter a–z and A–Z by 13 places; twice is never. Cells stay where they are.
  void rot13();

 private:
  Table() = default;

  void read_record();
  void read_cell();
  void read_quoted();
  void scan(std::uint8_t stops);
  void check_character();
  void end_line();
  void finish();
  void report(TableFault fault, std::size_t line, std::size_t detail);
  [[nodiscard]] std::size_t cell_end(std::size_t at) const;

  std::string bytes_;
  char delimiter_ = ',';
  std::array<std::uint8_t, 256> classes_{};

  std::vector<std::uint32_t> begins_;
  std::vector<std::uint32_t> lines_;
  std::vector<std::uint16_t> widths_;  // cells of each row, up to 65,535
  std::size_t columns_ = 0;
  std::size_t usual_columns_ = 0;
  std::vector<TableProblem> problems_;
  std::size_t problem_count_ = 0;

  // How far reading is.
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::uint32_t column_ = 0;
  std::uint8_t cell_faults_ = 0;
  bool finished_ = false;
};

}  // namespace tagscope
