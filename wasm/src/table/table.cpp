#include "table/table.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "text/utf8.h"

namespace tagscope {
namespace {

// What a byte is to the reader. Bytes of no class are passed over in a tight loop.
constexpr std::uint8_t kEnds = 1;       // ends an unquoted cell
constexpr std::uint8_t kQuote = 2;      //
constexpr std::uint8_t kLineBreak = 4;  // CR, LF
constexpr std::uint8_t kLook = 8;       // control characters and all that is not ASCII

constexpr std::size_t kMaxWidth = 65'535;

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Error bad_delimiter() {
  return {.code = "bad-argument",
          .where = "delimiter",
          .what = "must be one ASCII character, no letter, digit, quote or line's end"};
}

std::string hex(std::uint32_t value, int digits) {
  std::string text;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += "0123456789ABCDEF"[value >> shift & 15U];
  }
  return text;
}

}  // namespace

Result<Table> Table::open(std::string bytes, char delimiter) {
  if (bytes.size() > kMaxTableBytes) {
    return Error{.code = "too-large",
                 .where = "table",
                 .what = "is " + std::to_string(bytes.size()) + " bytes; the limit is " +
                         std::to_string(kMaxTableBytes)};
  }
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
    return Error{.code = "bad-encoding",
                 .where = "table",
                 .what = "is UTF-16, by its byte order mark; it must be UTF-8"};
  }
  const auto code = static_cast<unsigned char>(delimiter);
  if (code == 0 || code >= 0x7F || is_ascii_letter(delimiter) ||
      (delimiter >= '0' && delimiter <= '9') || delimiter == '"' || delimiter == '\r' ||
      delimiter == '\n') {
    return bad_delimiter();
  }
  Table table;
  table.bytes_ = std::move(bytes);
  table.delimiter_ = delimiter;
  for (std::size_t c = 0; c < 256; ++c) {
    if (c < 0x20 || c >= 0x7F) table.classes_[c] = kLook;
  }
  table.classes_['\t'] = 0;
  table.classes_['"'] = kQuote;
  table.classes_['\r'] = kEnds | kLineBreak;
  table.classes_['\n'] = kEnds | kLineBreak;
  table.classes_[code] = kEnds;
  if (table.bytes_.starts_with("\xef\xbb\xbf")) table.at_ = 3;
  return table;
}

bool Table::read(std::size_t budget_bytes) {
  if (finished_) return true;
  const std::size_t stop = at_ + std::min(budget_bytes, bytes_.size() - at_);
  while (at_ < stop) read_record();
  if (at_ < bytes_.size()) return false;
  finish();
  return true;
}

void Table::read_record() {
  if ((classes_[static_cast<unsigned char>(bytes_[at_])] & kLineBreak) != 0) {
    end_line();
    return;
  }
  begins_.push_back(static_cast<std::uint32_t>(at_));
  lines_.push_back(static_cast<std::uint32_t>(line_));
  for (column_ = 1;; ++column_) {
    read_cell();
    if (at_ == bytes_.size()) break;
    if (bytes_[at_] != delimiter_) {
      end_line();
      break;
    }
    ++at_;
  }
  columns_ = std::max<std::size_t>(columns_, column_);
  widths_.push_back(static_cast<std::uint16_t>(std::min<std::size_t>(column_, kMaxWidth)));
}

void Table::read_cell() {
  const std::size_t begin = at_;
  const std::size_t line = line_;
  cell_faults_ = 0;
  if (at_ < bytes_.size() && bytes_[at_] == '"') read_quoted();
  scan(kEnds);
  if (at_ - begin > kLongCellBytes) report(TableFault::long_cell, line, at_ - begin);
}

// From the opening quote past the closing one.
void Table::read_quoted() {
  const std::size_t line = line_;
  ++at_;
  for (;;) {
    scan(kQuote | kLineBreak);
    if (at_ == bytes_.size()) {
      report(TableFault::unclosed_quote, line, 0);
      return;
    }
    if (bytes_[at_] != '"') {
      end_line();
      continue;
    }
    ++at_;
    if (at_ < bytes_.size() && bytes_[at_] == '"') {
      ++at_;
      continue;
    }
    if (at_ < bytes_.size() && (classes_[static_cast<unsigned char>(bytes_[at_])] & kEnds) == 0) {
      report(TableFault::text_after_quote, line_, 0);
    }
    return;
  }
}

// On to the next byte of one of these classes, or to the end.
void Table::scan(std::uint8_t stops) {
  const std::size_t size = bytes_.size();
  const char* bytes = bytes_.data();
  const auto stop_or_look = static_cast<std::uint8_t>(stops | kLook);
  for (std::size_t at = at_;;) {
    while (at < size && (classes_[static_cast<unsigned char>(bytes[at])] & stop_or_look) == 0) ++at;
    at_ = at;
    if (at == size || (classes_[static_cast<unsigned char>(bytes[at])] & stops) != 0) return;
    check_character();
    at = at_;
  }
}

void Table::check_character() {
  const Decoded decoded = decode_one(bytes_, at_);
  if (!decoded.valid) {
    report(TableFault::invalid_utf8, line_, static_cast<unsigned char>(bytes_[at_]));
  } else if (decoded.code_point == kReplacementCharacter) {
    report(TableFault::replacement_character, line_, 0);
  } else if (decoded.code_point < 0xA0) {
    report(TableFault::control_character, line_, decoded.code_point);
  }
  at_ += decoded.length;
}

// Past CR, LF or CRLF.
void Table::end_line() {
  const bool carriage_return = bytes_[at_] == '\r';
  ++at_;
  if (carriage_return && at_ < bytes_.size() && bytes_[at_] == '\n') ++at_;
  ++line_;
}

void Table::report(TableFault fault, std::size_t line, std::size_t detail) {
  const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(fault));
  if ((cell_faults_ & bit) != 0) return;
  cell_faults_ |= bit;
  ++problem_count_;
  if (problems_.size() == kMaxTableProblems) return;
  problems_.push_back({static_cast<std::uint32_t>(line), column_,
                       static_cast<std::uint32_t>(begins_.size() - 1),
                       static_cast<std::uint32_t>(detail), fault});
}

void Table::finish() {
  finished_ = true;
  std::map<std::uint16_t, std::size_t> rows_of_width;
  for (const std::uint16_t width : widths_) ++rows_of_width[width];
  if (!widths_.empty()) usual_columns_ = widths_.front();
  for (const auto& [width, rows] : rows_of_width) {
    if (rows > rows_of_width[static_cast<std::uint16_t>(usual_columns_)]) usual_columns_ = width;
  }
  for (std::size_t row = 0; row < widths_.size(); ++row) {
    const std::size_t width = widths_[row];
    if (width == usual_columns_) continue;
    ++problem_count_;
    if (problems_.size() == kMaxTableProblems) continue;
    const bool missing = width < usual_columns_;
    problems_.push_back({lines_[row],
                         static_cast<std::uint32_t>((missing ? width : usual_columns_) + 1),
                         static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(width),
                         missing ? TableFault::missing_cells : TableFault::extra_cells});
  }
  std::stable_sort(problems_.begin(), problems_.end(),
                   [](const TableProblem& a, const TableProblem& b) {
                     return std::pair(a.line, a.column) < std::pair(b.line, b.column);
                   });
}

std::size_t Table::cell_end(std::size_t at) const {
  const std::size_t size = bytes_.size();
  const char* bytes = bytes_.data();
  if (at < size && bytes[at] == '"') {
    ++at;
    for (;;) {
      const void* quote = std::memchr(bytes + at, '"', size - at);
      if (quote == nullptr) return size;
      at = static_cast<std::size_t>(static_cast<const char*>(quote) - bytes) + 1;
      if (at == size || bytes[at] != '"') break;
      ++at;
    }
  }
  while (at < size && (classes_[static_cast<unsigned char>(bytes[at])] & kEnds) == 0) ++at;
  return at;
}

std::string_view Table::value(CellPlace place, std::string& scratch) const {
  const std::string_view written(bytes_.data() + place.begin, place.end - place.begin);
  if (!written.starts_with('"')) return written;
  const std::size_t next = written.find('"', 1);
  if (next == std::string_view::npos) return written.substr(1);
  if (next == written.size() - 1) return written.substr(1, next - 1);

  scratch.clear();
  bool quoted = true;
  for (std::size_t i = 1; i < written.size(); ++i) {
    if (quoted && written[i] == '"') {
      const bool doubled = i + 1 < written.size() && written[i + 1] == '"';
      quoted = doubled;
      if (!doubled) continue;
      ++i;
    }
    scratch += written[i];
  }
  return scratch;
}

std::string_view Table::cell(std::size_t row, std::size_t column, std::string& scratch) const {
  std::string_view found;
  visit_cells(row, [&](std::size_t at, CellPlace place) {
    if (at == column) found = value(place, scratch);
    return at < column;
  });
  return found;
}

std::vector<std::string> Table::cells(std::size_t row) const {
  std::vector<std::string> all;
  std::string scratch;
  visit_cells(row, [&](std::size_t, CellPlace place) {
    all.emplace_back(value(place, scratch));
    return true;
  });
  return all;
}

std::string Table::describe(const TableProblem& problem) const {
  const auto count = [](std::size_t cells) {
    return std::to_string(cells) + (cells == 1 ? " cell" : " cells");
  };
  switch (problem.fault) {
    case TableFault::control_character:
      return "holds the control character U+" + hex(problem.detail, 4);
    case TableFault::replacement_character:
      return "holds U+FFFD, which stands for a character that was lost";
    case TableFault::invalid_utf8:
      return "holds bytes that are not UTF-8, from 0x" + hex(problem.detail, 2) + " on";
    case TableFault::text_after_quote: return "goes on after its closing quote";
    case TableFault::unclosed_quote:
      return "opens a quote that never closes: it holds the rest of the file";
    case TableFault::long_cell:
      return "is " + std::to_string(problem.detail) + " bytes long; past " +
             std::to_string(kLongCellBytes) + " a quote may be missing";
    case TableFault::missing_cells:
    case TableFault::extra_cells:
      return "the row has " + count(problem.detail) + "; most have " +
             std::to_string(usual_columns_);
  }
  return {};
}

void Table::rot13() {
  std::array<char, 256> turned{};
  for (std::size_t c = 0; c < 256; ++c) {
    const auto letter = static_cast<char>(c);
    const char first = letter >= 'a' ? 'a' : 'A';
    turned[c] =
        is_ascii_letter(letter) ? static_cast<char>(first + (letter - first + 13) % 26) : letter;
  }
  for (char& c : bytes_) c = turned[static_cast<unsigned char>(c)];
}

}  // namespace tagscope
