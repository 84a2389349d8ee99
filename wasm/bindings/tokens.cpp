// The boundary of the module that tokenizes: JSON in and out; the texts of a batch and its ids
// as bytes and typed arrays. No logic lives here, and no exception crosses: every JSON reply is
// {"ok": …} or {"error": {code, where, what}}.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <string>
#include <vector>

#include "core/value.h"
#include "json/json.h"
#include "tokens/query.h"
#include "tokens/tables.h"
#include "tokens/tokenizers.h"

namespace {

using namespace tagscope;

constexpr std::size_t kMaxOptionsBytes = std::size_t{1} << 16;

std::string bytes_of(const emscripten::val& array) {
  std::string bytes(array["length"].as<std::size_t>(), '\0');
  const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const emscripten::val view(emscripten::typed_memory_view(bytes.size(), begin));
  view.call<void>("set", array);
  return bytes;
}

std::string failure(const Error& error) { return write_canonical({{"error", to_json(error)}}); }

std::string reply(const Result<Json>& result) {
  return result ? R"({"ok":)" + write_canonical(*result) + "}" : failure(result.error());
}

std::string version() { return TAGSCOPE_VERSION; }

std::string load(const std::string& name, const emscripten::val& bytes) {
  const Status loaded = load_vocabulary(name, bytes_of(bytes));
  return loaded ? R"({"ok":null})" : failure(loaded.error());
}

Result<Json> read_options(const std::string& options) {
  return read_json(options, {.max_bytes = kMaxOptionsBytes});
}

std::string tokenize(const std::string& text, const std::string& options) {
  auto json = read_options(options);
  if (!json) return failure(within("options", json.error()));
  return reply(query_tokenize(text, *json));
}

std::string prompt(const std::string& text, const std::string& options) {
  auto json = read_options(options);
  if (!json) return failure(within("options", json.error()));
  return reply(query_prompt(text, *json));
}

std::string decode(const std::string& ids, const std::string& options) {
  auto json = read_options(options);
  if (!json) return failure(within("options", json.error()));
  auto read = read_json(ids, {.max_bytes = kMaxValueBytes});
  if (!read) return failure(within("ids", read.error()));
  return reply(query_decode(*read, *json));
}

std::string pieces(const std::string& ids, const std::string& options) {
  auto json = read_options(options);
  if (!json) return failure(within("options", json.error()));
  auto read = read_json(ids, {.max_bytes = kMaxValueBytes});
  if (!read) return failure(within("ids", read.error()));
  return reply(query_pieces(*read, *json));
}

std::string merges(const std::string& text, const std::string& options) {
  auto json = read_options(options);
  if (!json) return failure(within("options", json.error()));
  return reply(query_merges(text, *json));
}

std::vector<std::uint8_t>& atlas_counts() {
  static std::vector<std::uint8_t> counts;
  return counts;
}

std::string atlas(std::uint32_t letters, const std::string& options) {
  auto json = read_options(options);
  if (!json) return failure(within("options", json.error()));
  auto result = query_atlas(letters, *json);
  if (!result) return failure(result.error());
  atlas_counts() = std::move(result->counts);
  return reply(std::move(result->json));
}

// Of the atlas made last.
emscripten::val counts_of_atlas() {
  const emscripten::val view(
      emscripten::typed_memory_view(atlas_counts().size(), atlas_counts().data()));
  return view.call<emscripten::val>("slice");
}

// The texts of a batch, written straight into memory.
std::string& texts() {
  static std::string bytes;
  return bytes;
}

ManyTokenized& many() {
  static ManyTokenized last;
  return last;
}

// A view of `size` bytes to be filled; valid until the next call.
emscripten::val staging(std::size_t size) {
  texts().resize(size <= kMaxManyBytes ? size : 0);
  return emscripten::val(emscripten::typed_memory_view(
      texts().size(), reinterpret_cast<std::uint8_t*>(texts().data())));
}

// The staged texts, which end at `ends` (a Uint32Array). The arrays are fetched by the calls below.
std::string tokenize_many(const emscripten::val& ends, const std::string& options) {
  auto json = read_options(options);
  if (!json) return failure(within("options", json.error()));
  std::vector<std::uint32_t> cuts(ends["length"].as<std::size_t>());
  emscripten::val(emscripten::typed_memory_view(cuts.size(), cuts.data())).call<void>("set", ends);
  auto result = query_tokenize_many(texts(), cuts, *json);
  if (!result) return failure(result.error());
  many() = *std::move(result);
  return R"({"ok":null})";
}

emscripten::val copied(const std::vector<std::uint32_t>& numbers) {
  const emscripten::val view(emscripten::typed_memory_view(numbers.size(), numbers.data()));
  return view.call<emscripten::val>("slice");
}

emscripten::val many_ids() { return copied(many().ids); }
emscripten::val many_offsets() { return copied(many().offsets); }
emscripten::val many_spans() { return copied(many().spans); }

// Lets go of a batch's memory.
void forget_many() {
  many() = {};
  texts() = {};
}

std::string table_open(const emscripten::val& bytes, const std::string& delimiter) {
  return reply(open_table(bytes_of(bytes), delimiter.size() == 1 ? delimiter[0] : '\0'));
}

std::string table_read(int handle, std::size_t budget) { return reply(read_table(handle, budget)); }

std::string table_describe(int handle, const std::string& options) {
  auto json = read_options(options);
  if (!json) return failure(within("options", json.error()));
  return reply(describe_table(handle, *json));
}

std::string table_arrange(int handle, const std::string& options) {
  auto json = read_options(options);
  if (!json) return failure(within("options", json.error()));
  return reply(arrange_table(handle, *json));
}

std::string rows_of_table(int handle, std::size_t begin, std::size_t end, std::size_t cell_bytes) {
  return reply(table_rows(handle, begin, end, cell_bytes));
}

std::string records_of_table(int handle, std::size_t begin, std::size_t end) {
  return reply(table_records(handle, begin, end));
}

std::string place_in_table(int handle, std::uint32_t row) {
  return reply(place_of_row(handle, row));
}

std::string problems_of_table(int handle, std::size_t begin, std::size_t end) {
  return reply(table_problems(handle, begin, end));
}

std::string pairs_of_table(int handle, std::size_t begin, std::size_t end, bool viewed) {
  return reply(table_pairs(handle, begin, end, viewed));
}

std::string& exported() {
  static std::string last;
  return last;
}

std::string table_export(int handle, const std::string& form, std::size_t begin, std::size_t end) {
  auto result = export_table(handle, form, begin, end);
  if (!result) return failure(result.error());
  exported() = *std::move(result);
  return R"({"ok":null})";
}

// The bytes of the export made last.
emscripten::val table_exported() {
  const emscripten::val view(emscripten::typed_memory_view(
      exported().size(), reinterpret_cast<const std::uint8_t*>(exported().data())));
  return view.call<emscripten::val>("slice");
}

std::string table_tokenize(int handle, const std::string& options, std::size_t budget) {
  auto json = read_options(options);
  if (!json) return failure(within("options", json.error()));
  return reply(tokenize_table(handle, *json, budget));
}

}  // namespace

EMSCRIPTEN_BINDINGS(tagscope_tokens) {
  emscripten::function("version", &version);
  emscripten::function("loadVocabulary", &load);
  emscripten::function("tokenize", &tokenize);
  emscripten::function("prompt", &prompt);
  emscripten::function("decode", &decode);
  emscripten::function("tableOpen", &table_open);
  emscripten::function("tableClose", &close_table);
  emscripten::function("tableRead", &table_read);
  emscripten::function("tableDescribe", &table_describe);
  emscripten::function("tableArrange", &table_arrange);
  emscripten::function("tableRows", &rows_of_table);
  emscripten::function("tableRecords", &records_of_table);
  emscripten::function("tablePlace", &place_in_table);
  emscripten::function("tableProblems", &problems_of_table);
  emscripten::function("tablePairs", &pairs_of_table);
  emscripten::function("tableExport", &table_export);
  emscripten::function("tableExported", &table_exported);
  emscripten::function("tableTokenize", &table_tokenize);
  emscripten::function("pieces", &pieces);
  emscripten::function("merges", &merges);
  emscripten::function("atlas", &atlas);
  emscripten::function("atlasCounts", &counts_of_atlas);
  emscripten::function("staging", &staging);
  emscripten::function("tokenizeMany", &tokenize_many);
  emscripten::function("manyIds", &many_ids);
  emscripten::function("manyOffsets", &many_offsets);
  emscripten::function("manySpans", &many_spans);
  emscripten::function("forgetMany", &forget_many);
}
