#include "tokens/tables.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "table/export.h"
#include "table/pairing.h"
#include "table/rot13_evidence.h"
#include "table/row_order.h"
#include "table/table.h"
#include "text/utf8.h"
#include "tokenizer/tokenizer.h"
#include "tokens/options.h"

namespace tagscope {
namespace {

constexpr std::size_t kMaxSharedTokens = 100;

// The tokens of one column, row by row; a header's row has none.
struct ColumnTokens {
  std::size_t column = 0;
  std::string tokenizer;
  std::string profile;
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> ends;  // of row i's ids

  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : ends[row - 1];
    return std::span(ids).subspan(begin, ends[row] - begin);
  }
};

struct OpenTable {
  Table table;
  bool read = false;
  bool turned = false;  // by ROT13
  Pairing pairing{};
  std::vector<std::uint32_t> view{};
  std::optional<ColumnTokens> tokens{};

  [[nodiscard]] std::uint32_t first_row() const { return pairing.header ? 1 : 0; }
  [[nodiscard]] bool tokenized() const { return tokens && tokens->ends.size() == table.rows(); }
};

std::map<int, OpenTable>& open_tables() {
  static std::map<int, OpenTable> open;
  return open;
}

Result<OpenTable*> find_table(int handle) {
  const auto found = open_tables().find(handle);
  if (found == open_tables().end()) {
    return Error{.code = "bad-handle",
                 .where = "table",
                 .what = "handle " + std::to_string(handle) + " is not open"};
  }
  return &found->second;
}

// A table that is read to its end.
Result<OpenTable*> find_read_table(int handle) {
  auto open = find_table(handle);
  if (open && !(*open)->read) {
    return Error{.code = "bad-handle", .where = "table", .what = "is not read to its end yet"};
  }
  return open;
}

// begin … end as they lie within `size`.
std::pair<std::size_t, std::size_t> within_size(std::size_t begin, std::size_t end,
                                                std::size_t size) {
  end = std::min(end, size);
  return {std::min(begin, end), end};
}

void begin_view(OpenTable& open) {
  const std::size_t rows = open.table.rows();
  open.view.resize(rows - std::min<std::size_t>(rows, open.first_row()));
  std::iota(open.view.begin(), open.view.end(), open.first_row());
}

// At most `limit` bytes and "…".
std::string shortened(std::string_view cell, std::size_t limit) {
  if (cell.size() <= limit) return replace_invalid_utf8(cell);
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(cell[end]) & 0xC0U) == 0x80) --end;
  return replace_invalid_utf8(cell.substr(0, end)) + "…";
}

Json column_or_null(std::optional<std::size_t> column) {
  return column ? Json(*column) : Json(nullptr);
}

std::string_view name_of(PairedBy by) {
  switch (by) {
    case PairedBy::nothing: return "nothing";
    case PairedBy::header: return "header";
    case PairedBy::position: return "position";
    case PairedBy::hand: return "hand";
  }
  return "";
}

std::string_view name_of(TableFault fault) {
  switch (fault) {
    case TableFault::control_character: return "control-character";
    case TableFault::replacement_character: return "replacement-character";
    case TableFault::invalid_utf8: return "invalid-utf8";
    case TableFault::text_after_quote: return "text-after-quote";
    case TableFault::unclosed_quote: return "unclosed-quote";
    case TableFault::long_cell: return "long-cell";
    case TableFault::missing_cells: return "missing-cells";
    case TableFault::extra_cells: return "extra-cells";
  }
  return "";
}

struct PairCounts {
  std::size_t complete = 0;
  std::size_t incomplete = 0;
};

PairCounts count_pairs(const OpenTable& open) {
  PairCounts counts;
  if (!open.pairing.complete()) return counts;
  std::string scratch;
  for (std::size_t row = open.first_row(); row < open.table.rows(); ++row) {
    const bool both = !open.table.cell(row, *open.pairing.name, scratch).empty() &&
                      !open.table.cell(row, *open.pairing.tag, scratch).empty();
    ++(both ? counts.complete : counts.incomplete);
  }
  return counts;
}

Json info_of(const OpenTable& open) {
  const auto& [table, read, turned, pairing, view, tokens] = open;
  const PairCounts pairs = count_pairs(open);
  Json header = nullptr;
  if (pairing.header && table.rows() > 0) {
    header = Json::array();
    for (const std::string& cell : table.cells(0)) header.push_back(replace_invalid_utf8(cell));
  }
  const Rot13Evidence evidence = rot13_evidence(table.text());
  return {{"rows", table.rows()},
          {"columns", table.columns()},
          {"usual_columns", table.usual_columns()},
          {"bytes", table.bytes()},
          {"delimiter", std::string(1, table.delimiter())},
          {"header", std::move(header)},
          {"pairing",
           {{"by", name_of(pairing.by)},
            {"name", column_or_null(pairing.name)},
            {"tag", column_or_null(pairing.tag)},
            {"pairs", pairs.complete},
            {"incomplete", pairs.incomplete}}},
          {"problems", table.problem_count()},
          {"problems_kept", table.problems().size()},
          {"rot13",
           {{"turned", turned},
            {"offered", evidence.offered},
            {"letters", evidence.letters},
            {"gain_bits", round_significant(evidence.gain_bits)}}}};
}

const Json* field(const Json& options, std::string_view name) { return options.find(name); }

Result<std::string> text_field(const Json& options, std::string_view name) {
  const Json* value = field(options, name);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return bad_token_argument(std::string(name), "is not a string");
  return value->string();
}

Result<std::optional<bool>> flag_field(const Json& options, std::string_view name) {
  const Json* value = field(options, name);
  if (value == nullptr) return std::optional<bool>();
  if (!value->is_boolean()) return bad_token_argument(std::string(name), "is not true or false");
  return std::optional(value->boolean());
}

Result<std::optional<std::uint32_t>> column_field(const OpenTable& open, const Json& options,
                                                  std::string_view name) {
  const Json* value = field(options, name);
  if (value == nullptr || value->is_null()) return std::optional<std::uint32_t>();
  const auto columns = static_cast<std::uint32_t>(open.table.columns());
  auto column = read_count(std::string(name), *value, 0, columns == 0 ? 0 : columns - 1);
  if (!column) return std::move(column).error();
  return std::optional(*column);
}

Status keep_tokens(OpenTable& open, const std::string& wanted) {
  if (wanted.empty()) return ok_status();
  if (!open.tokenized()) return bad_token_argument("tokens", "asks for a column tokenized before");
  std::uint32_t id = 0;
  const bool by_count = wanted == "one" || wanted == "many";
  if (!by_count) {
    auto read = read_json(wanted);
    if (!read) return bad_token_argument("tokens", "is neither one, many nor an id");
    auto number = read_count("tokens", *read, 0, 0xFFFFFFFF);
    if (!number) return std::move(number).error();
    id = *number;
  }
  std::erase_if(open.view, [&](std::uint32_t row) {
    const auto ids = open.tokens->of(row);
    if (by_count) return wanted == "one" ? ids.size() != 1 : ids.size() < 2;
    return std::find(ids.begin(), ids.end(), id) == ids.end();
  });
  return ok_status();
}

Status sort_view(OpenTable& open, const Json& options) {
  auto descending = flag_field(options, "descending");
  if (!descending) return std::move(descending).error();
  const bool down = descending->value_or(false);
  const Json* sort = field(options, "sort");
  if (sort == nullptr || (sort->is_string() && sort->string() == "file")) {
    if (down) std::reverse(open.view.begin(), open.view.end());
    return ok_status();
  }
  if (sort->is_string() && sort->string() == "tokens") {
    if (!open.tokenized()) return bad_token_argument("sort", "asks for a column tokenized before");
    std::stable_sort(open.view.begin(), open.view.end(), [&](std::uint32_t a, std::uint32_t b) {
      const std::size_t first = open.tokens->of(a).size();
      const std::size_t second = open.tokens->of(b).size();
      return down ? first > second : first < second;
    });
    return ok_status();
  }
  auto column = column_field(open, options, "sort");
  if (!column) return std::move(column).error();
  sort_rows(open.table, open.view, column->value_or(0), down);
  return ok_status();
}

// What tags share, once all rows are tokenized.
Json tokens_summary(const OpenTable& open, const Tokenizer& tokenizer) {
  std::map<std::size_t, std::size_t> by_tokens;
  std::vector<std::uint32_t> rows_with(tokenizer.size());
  std::vector<std::uint32_t> seen;
  std::size_t one = 0;
  for (std::size_t row = open.first_row(); row < open.table.rows(); ++row) {
    const auto ids = open.tokens->of(row);
    ++by_tokens[ids.size()];
    one += ids.size() == 1 ? 1 : 0;
    seen.assign(ids.begin(), ids.end());
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    for (const std::uint32_t id : seen) ++rows_with[id];
  }
  std::vector<std::uint32_t> shared;
  for (std::uint32_t id = 0; id < rows_with.size(); ++id) {
    if (rows_with[id] > 1) shared.push_back(id);
  }
  const std::size_t shared_count = shared.size();
  std::stable_sort(shared.begin(), shared.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return rows_with[a] > rows_with[b]; });
  if (shared.size() > kMaxSharedTokens) shared.resize(kMaxSharedTokens);
  Json counts = Json::object();
  for (const auto& [tokens, rows] : by_tokens) counts[std::to_string(tokens)] = rows;
  Json list = Json::array();
  for (const std::uint32_t id : shared) {
    list.push_back(
        {{"id", id}, {"text", replace_invalid_utf8(tokenizer.bytes(id))}, {"rows", rows_with[id]}});
  }
  return {{"one", one},
          {"by_tokens", std::move(counts)},
          {"shared", std::move(list)},
          {"shared_count", shared_count}};
}

}  // namespace

Result<Json> open_table(std::string bytes, char delimiter) {
  static int last = 0;
  if (open_tables().size() == kMaxOpenTables) {
    return Error{
        .code = "too-many",
        .where = "table",
        .what = std::to_string(kMaxOpenTables) + " tables are open, the most there may be"};
  }
  auto table = Table::open(std::move(bytes), delimiter);
  if (!table) return std::move(table).error();
  const std::size_t size = table->bytes();
  open_tables().emplace(++last, OpenTable{*std::move(table)});
  return Json{{"handle", last}, {"bytes", size}};
}

void close_table(int handle) { open_tables().erase(handle); }

Result<Json> read_table(int handle, std::size_t budget_bytes) {
  auto open = find_table(handle);
  if (!open) return std::move(open).error();
  OpenTable& found = **open;
  if (!found.read && found.table.read(budget_bytes)) {
    found.read = true;
    found.pairing = find_pairing(found.table);
    begin_view(found);
  }
  return Json{{"done", found.read}, {"bytes", found.table.bytes_read()}};
}

Result<Json> describe_table(int handle, const Json& options) {
  auto found = find_read_table(handle);
  if (!found) return std::move(found).error();
  OpenTable& open = **found;
  auto turned = flag_field(options, "rot13");
  if (!turned) return std::move(turned).error();
  auto header = flag_field(options, "header");
  if (!header) return std::move(header).error();
  auto name = text_field(options, "name");
  if (!name) return std::move(name).error();
  auto tag = text_field(options, "tag");
  if (!tag) return std::move(tag).error();
  if (turned->value_or(false) != open.turned) {
    open.table.rot13();
    open.turned = !open.turned;
    open.tokens.reset();
  }
  auto pairing = pairing_by_hand(open.table, *name, *tag);
  if (!pairing) return std::move(pairing).error();
  if (header->has_value() && **header != pairing->header) {
    pairing->header = **header;
    open.tokens.reset();
  }
  if (pairing->header != open.pairing.header) open.tokens.reset();
  open.pairing = *pairing;
  begin_view(open);
  return info_of(open);
}

Result<Json> arrange_table(int handle, const Json& options) {
  auto found = find_read_table(handle);
  if (!found) return std::move(found).error();
  OpenTable& open = **found;
  auto find = text_field(options, "find");
  if (!find) return std::move(find).error();
  auto column = column_field(open, options, "column");
  if (!column) return std::move(column).error();
  auto tokens = text_field(options, "tokens");
  if (!tokens) return std::move(tokens).error();
  begin_view(open);
  if (!find->empty()) open.view = rows_holding(open.table, open.view, *find, *column);
  if (auto kept = keep_tokens(open, *tokens); !kept) return std::move(kept).error();
  if (auto sorted = sort_view(open, options); !sorted) return std::move(sorted).error();
  return Json{{"rows", open.view.size()}};
}

Result<Json> table_rows(int handle, std::size_t begin, std::size_t end, std::size_t cell_bytes) {
  auto found = find_read_table(handle);
  if (!found) return std::move(found).error();
  const OpenTable& open = **found;
  std::tie(begin, end) = within_size(begin, end, open.view.size());
  Json rows = Json::array();
  std::string scratch;
  for (std::size_t place = begin; place < end; ++place) {
    const std::uint32_t row = open.view[place];
    Json cells = Json::array();
    open.table.visit_cells(row, [&](std::size_t, CellPlace cell) {
      cells.push_back(shortened(open.table.value(cell, scratch), cell_bytes));
      return true;
    });
    Json entry = {{"row", row}, {"line", open.table.line_of(row)}, {"cells", std::move(cells)}};
    if (open.tokenized()) entry["tokens"] = Json::array(open.tokens->of(row));
    rows.push_back(std::move(entry));
  }
  return rows;
}

Result<Json> table_records(int handle, std::size_t begin, std::size_t end) {
  auto found = find_read_table(handle);
  if (!found) return std::move(found).error();
  const Table& table = (*found)->table;
  std::tie(begin, end) = within_size(begin, end, table.rows());
  Json records = Json::array();
  for (std::size_t row = begin; row < end; ++row) {
    Json cells = Json::array();
    for (const std::string& cell : table.cells(row)) cells.push_back(replace_invalid_utf8(cell));
    records.push_back(std::move(cells));
  }
  return records;
}

Result<Json> place_of_row(int handle, std::uint32_t row) {
  auto found = find_read_table(handle);
  if (!found) return std::move(found).error();
  const auto& view = (*found)->view;
  const auto place = std::find(view.begin(), view.end(), row);
  Json json = {{"place", nullptr}};
  if (place != view.end()) json["place"] = place - view.begin();
  return json;
}

Result<Json> table_problems(int handle, std::size_t begin, std::size_t end) {
  auto found = find_read_table(handle);
  if (!found) return std::move(found).error();
  const Table& table = (*found)->table;
  std::tie(begin, end) = within_size(begin, end, table.problems().size());
  Json problems = Json::array();
  for (std::size_t i = begin; i < end; ++i) {
    const TableProblem& problem = table.problems()[i];
    problems.push_back({{"line", problem.line},
                        {"column", problem.column},
                        {"row", problem.row},
                        {"fault", name_of(problem.fault)},
                        {"what", table.describe(problem)}});
  }
  return problems;
}

Result<Json> table_pairs(int handle, std::size_t begin, std::size_t end, bool viewed) {
  auto found = find_read_table(handle);
  if (!found) return std::move(found).error();
  const OpenTable& open = **found;
  std::tie(begin, end) = within_size(begin, end, viewed ? open.view.size() : open.table.rows());
  Json pairs = Json::array();
  std::string scratch;
  for (std::size_t i = begin; i < end && open.pairing.complete(); ++i) {
    const std::size_t row = viewed ? open.view[i] : i;
    if (row < open.first_row()) continue;
    std::string name = replace_invalid_utf8(open.table.cell(row, *open.pairing.name, scratch));
    std::string tag = replace_invalid_utf8(open.table.cell(row, *open.pairing.tag, scratch));
    if (name.empty() || tag.empty()) continue;
    pairs.push_back({{"name", std::move(name)}, {"tag", std::move(tag)}});
  }
  return pairs;
}

Result<std::string> export_table(int handle, std::string_view form, std::size_t begin,
                                 std::size_t end) {
  auto found = find_read_table(handle);
  if (!found) return std::move(found).error();
  const OpenTable& open = **found;
  std::tie(begin, end) = within_size(begin, end, open.view.size());
  const auto rows = std::span(open.view).subspan(begin, end - begin);
  if (form == "tagcomplete") {
    return export_tagcomplete(open.table, rows, tagcomplete_columns(open.table, open.pairing));
  }
  if (form != "csv") {
    return bad_token_argument("form", "\"" + std::string(form.substr(0, 64)) +
                                          "\" is no form; there are csv, tagcomplete");
  }
  std::string out;
  const std::uint32_t header = 0;
  if (open.pairing.header && begin == 0) out = export_csv(open.table, std::span(&header, 1));
  return out + export_csv(open.table, rows);
}

Result<Json> tokenize_table(int handle, const Json& options, std::size_t budget_rows) {
  auto found = find_read_table(handle);
  if (!found) return std::move(found).error();
  OpenTable& open = **found;
  auto column = column_field(open, options, "column");
  if (!column) return std::move(column).error();
  auto name = text_field(options, "tokenizer");
  if (!name) return std::move(name).error();
  auto profile = text_field(options, "profile");
  if (!profile) return std::move(profile).error();
  TokenOptions chosen;
  if (!name->empty()) chosen.tokenizer = *name;
  chosen.profile = *profile;
  auto tokenizer = tokenizer_of(chosen);
  if (!tokenizer) return std::move(tokenizer).error();

  const std::size_t wanted = column->value_or(0);
  if (!open.tokens || open.tokens->column != wanted || open.tokens->tokenizer != chosen.tokenizer ||
      open.tokens->profile != chosen.profile) {
    open.tokens = ColumnTokens{wanted, chosen.tokenizer, chosen.profile, {}, {}};
  }
  ColumnTokens& tokens = *open.tokens;
  const std::size_t rows = open.table.rows();
  const std::size_t stop = tokens.ends.size() + std::min(budget_rows, rows - tokens.ends.size());
  std::string scratch;
  for (std::size_t row = tokens.ends.size(); row < stop; ++row) {
    if (row >= open.first_row()) {
      const std::string_view cell = open.table.cell(row, wanted, scratch);
      const auto invalid = first_invalid_utf8(cell);
      auto appended = invalid ? (*tokenizer)->append_ids(replace_invalid_utf8(cell), {}, tokens.ids)
                              : (*tokenizer)->append_ids(cell, {}, tokens.ids);
      if (!appended && appended.error().code != "text-too-long") {
        return std::move(appended).error();
      }
    }
    tokens.ends.push_back(static_cast<std::uint32_t>(tokens.ids.size()));
  }
  const bool done = tokens.ends.size() == rows;
  Json json = done ? tokens_summary(open, **tokenizer) : Json::object();
  json["done"] = done;
  json["rows"] = tokens.ends.size();
  return json;
}

}  // namespace tagscope
