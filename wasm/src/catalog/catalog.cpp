#include "catalog/catalog.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace tagscope {

#define TAGSCOPE_CATALOG_ENTRY(symbol) extern const Method method_##symbol;
#include "catalog/methods.def"
#undef TAGSCOPE_CATALOG_ENTRY

namespace {

constexpr const Method* kMethods[] = {
#define TAGSCOPE_CATALOG_ENTRY(symbol) &method_##symbol,
#include "catalog/methods.def"
#undef TAGSCOPE_CATALOG_ENTRY
};

// Levenshtein's distance, for "did you mean": both sides are a few letters long.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, above + 1, row[j - 1] + 1});
      diagonal = above;
    }
  }
  return row[b.size()];
}

unsigned hex_digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

}  // namespace

std::span<const Method* const> catalog() { return kMethods; }

const Method* find_method(std::string_view id) {
  const auto found =
      std::find_if(std::begin(kMethods), std::end(kMethods), [&](auto* m) { return m->id == id; });
  return found == std::end(kMethods) ? nullptr : *found;
}

Result<const Method*> require_method(std::string_view id) {
  if (const Method* method = find_method(id)) return method;
  std::string what = "there is no method \"" + std::string(id.substr(0, 64)) + "\"";
  const auto nearest = std::min_element(
      std::begin(kMethods), std::end(kMethods), [&, head = id.substr(0, 64)](auto* a, auto* b) {
        return edit_distance(head, a->id) < edit_distance(head, b->id);
      });
  if (edit_distance(id.substr(0, 64), (*nearest)->id) <= 2) {
    what += "; did you mean \"" + std::string((*nearest)->id) + "\"?";
  }
  return Error{.code = "unknown-method", .where = "", .what = std::move(what)};
}

Value value_of(const Sample& sample) {
  Value value{.kind = sample.kind, .data = {}, .ids = {}};
  const std::string_view written = sample.written;
  switch (sample.kind) {
    case Kind::text: value.data = written; break;
    case Kind::bytes:
      for (std::size_t i = 0; i + 1 < written.size(); i += 2) {
        value.data.push_back(
            static_cast<char>(hex_digit(written[i]) * 16 + hex_digit(written[i + 1])));
      }
      break;
    case Kind::ids:
      for (std::size_t i = 0; i < written.size(); ++i) {
        if (i == 0 || written[i - 1] == ' ') value.ids.push_back(0);
        if (written[i] != ' ') {
          value.ids.back() = value.ids.back() * 10 + static_cast<std::uint32_t>(written[i] - '0');
        }
      }
      break;
  }
  return value;
}

}  // namespace tagscope
