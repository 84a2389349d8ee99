#include "table/row_order.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace tagscope {
namespace {

unsigned char lower(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 'A' && byte <= 'Z' ? static_cast<unsigned char>(byte + 32) : byte;
}

// `needle` is in lower case and not empty.
bool holds(std::string_view text, std::string_view needle) {
  if (text.size() < needle.size()) return false;
  const std::size_t last = text.size() - needle.size();
  const auto first = static_cast<unsigned char>(needle.front());
  for (std::size_t at = 0; at <= last; ++at) {
    if (lower(text[at]) != first) continue;
    std::size_t i = 1;
    while (i < needle.size() && lower(text[at + i]) == static_cast<unsigned char>(needle[i])) ++i;
    if (i == needle.size()) return true;
  }
  return false;
}

// A plain decimal number, 12 or -0.5; exact up to 2^53, which is enough for an order.
std::optional<double> decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  double value = 0;
  double scale = 0;
  bool digits = false;
  for (const char c : text) {
    if (c == '.' && scale == 0) {
      scale = 1;
    } else if (c >= '0' && c <= '9') {
      value = value * 10 + (c - '0');
      scale *= 10;
      digits = true;
    } else {
      return std::nullopt;
    }
  }
  if (!digits) return std::nullopt;
  if (scale > 0) value /= scale;
  return negative ? -value : value;
}

// What is compared first, in one integer: the first eight bytes, or a number's bits in order.
std::uint64_t prefix_of(std::string_view text) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i) prefix = prefix << 8 | (i < text.size() ? lower(text[i]) : 0);
  return prefix;
}

std::uint64_t ordered_bits(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  const std::uint64_t sign = std::uint64_t{1} << 63;
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

enum Group : std::uint8_t { kNumber, kText, kEmpty };

struct Key {
  std::uint64_t prefix;
  std::uint32_t begin;  // of the rest of a long text, in the arena
  std::uint32_t length;
  std::uint32_t row;
  Group group;
};

}  // namespace

std::vector<std::uint32_t> rows_holding(const Table& table, std::span<const std::uint32_t> rows,
                                        std::string_view needle,
                                        std::optional<std::size_t> column) {
  if (needle.empty()) return {rows.begin(), rows.end()};
  std::string wanted;
  for (const char c : needle) wanted += static_cast<char>(lower(c));
  std::vector<std::uint32_t> found;
  std::string scratch;
  for (const std::uint32_t row : rows) {
    bool here = false;
    table.visit_cells(row, [&](std::size_t at, CellPlace place) {
      if (!column || at == *column) here = holds(table.value(place, scratch), wanted);
      return !here && (!column || at < *column);
    });
    if (here) found.push_back(row);
  }
  return found;
}

void sort_rows(const Table& table, std::vector<std::uint32_t>& rows, std::size_t column,
               bool descending) {
  std::vector<Key> keys;
  keys.reserve(rows.size());
  std::string arena;
  std::string scratch;
  std::size_t numbers = 0;
  std::size_t filled = 0;
  for (const std::uint32_t row : rows) {
    const std::string_view text = table.cell(row, column, scratch);
    if (text.empty()) continue;
    ++filled;
    numbers += decimal(text) ? 1 : 0;
  }
  const bool numeric = numbers * 2 >= filled;
  for (const std::uint32_t row : rows) {
    const std::string_view text = table.cell(row, column, scratch);
    Key key{0, static_cast<std::uint32_t>(arena.size()), 0, row, kText};
    const auto number = numeric ? decimal(text) : std::nullopt;
    if (text.empty()) {
      key.group = kEmpty;
    } else if (number) {
      key.group = kNumber;
      key.prefix = ordered_bits(*number);
    } else {
      key.prefix = prefix_of(text);
      if (text.size() > 8) {
        for (const char c : text.substr(8)) arena += static_cast<char>(lower(c));
        key.length = static_cast<std::uint32_t>(text.size() - 8);
      }
    }
    keys.push_back(key);
  }
  const auto rest = [&](const Key& key) {
    return std::string_view(arena).substr(key.begin, key.length);
  };
  const auto before = [&](const Key& a, const Key& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return rest(a) < rest(b);
  };
  std::stable_sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
    if (a.group != b.group) return a.group < b.group;
    return descending ? before(b, a) : before(a, b);
  });
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = keys[i].row;
}

}  // namespace tagscope
