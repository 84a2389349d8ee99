// A table read character by character, as one reads RFC 4180 aloud: the oracle for table/table.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tagscope::reference {

// The records that are not blank; the bytes are UTF-8 or not.
inline std::vector<std::vector<std::string>> slow_table(std::string_view text, char delimiter) {
  if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string cell;
  bool started = false;  // the record has a character
  enum { kStart, kPlain, kQuoted, kClosed } state = kStart;
  const auto end_cell = [&] {
    row.push_back(cell);
    cell.clear();
    state = kStart;
  };
  const auto end_row = [&] {
    if (started) {
      end_cell();
      rows.push_back(row);
    }
    row.clear();
    started = false;
    state = kStart;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (state == kQuoted) {
      if (c == '"') {
        state = kClosed;
      } else {
        cell += c;
      }
      continue;
    }
    if (c == '\r' || c == '\n') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      end_row();
      continue;
    }
    started = true;
    if (c == delimiter) {
      end_cell();
    } else if (c == '"' && state == kStart) {
      state = kQuoted;
    } else if (c == '"' && state == kClosed) {
      cell += '"';
      state = kQuoted;
    } else {
      cell += c;
      state = kPlain;
    }
  }
  end_row();
  return rows;
}

}  // namespace tagscope::reference
