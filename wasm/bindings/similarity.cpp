// The boundary of the module that reads checkpoints and compares embeddings: bytes are read
// straight into its memory, answers are JSON ({"ok": …} or {"error": {code, where, what}}) or
// numbers. No logic lives here, and nothing throws.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "json/json.h"
#include "similarity/null.h"
#include "similarity/rows.h"
#include "tensors/float32.h"
#include "tensors/inspect.h"
#include "tensors/safetensors.h"

namespace {

using namespace tagscope;

std::string reply(const Result<std::string>& json) {
  if (!json) return write_canonical({{"error", to_json(json.error())}});
  return R"({"ok":)" + *json + "}";
}

std::string version() { return TAGSCOPE_VERSION; }

std::string& held_header() {
  static std::string header;
  return header;
}

std::string header_length(const emscripten::val& begin, double file_bytes) {
  std::string bytes(begin["length"].as<std::size_t>(), '\0');
  const emscripten::val view(emscripten::typed_memory_view(
      bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data())));
  view.call<void>("set", begin);
  const auto length = read_header_length(bytes, static_cast<std::uint64_t>(file_bytes));
  if (!length) return reply(length.error());
  return reply(std::to_string(*length));
}

void open_header(std::size_t bytes) { held_header().assign(bytes, '\0'); }

emscripten::val header_view() {
  const std::string& header = held_header();
  return emscripten::val(emscripten::typed_memory_view(
      header.size(), reinterpret_cast<const std::uint8_t*>(header.data())));
}

std::string inspect(double file_bytes, bool list) {
  return reply(inspect_safetensors(std::exchange(held_header(), {}),
                                   static_cast<std::uint64_t>(file_bytes), list));
}

std::string metadata() { return reply(inspect_metadata(std::exchange(held_header(), {}))); }

std::string inversion(double file_bytes, double width) {
  return reply(inspect_inversion(std::exchange(held_header(), {}),
                                 static_cast<std::uint64_t>(file_bytes),
                                 static_cast<std::uint64_t>(width)));
}

// The numbers of a typed array.
template <typename T>
std::vector<T> numbers_of(const emscripten::val& array) {
  std::vector<T> numbers(array["length"].as<std::size_t>());
  const emscripten::val view(emscripten::typed_memory_view(numbers.size(), numbers.data()));
  view.call<void>("set", array);
  return numbers;
}

template <typename T>
emscripten::val copied(const std::vector<T>& numbers) {
  return emscripten::val(emscripten::typed_memory_view(numbers.size(), numbers.data()))
      .template call<emscripten::val>("slice");
}

std::map<int, Rows>& open_rows_by_handle() {
  static std::map<int, Rows> open;
  return open;
}

// The rows of a handle that is open; the worker keeps count of them.
Rows& rows_of(int handle) { return open_rows_by_handle().at(handle); }

// A handle, or 0 where memory does not suffice.
int open_rows(std::size_t rows, std::size_t width) {
  static int last = 0;
  auto allocated = Rows::allocate(rows, width);
  if (!allocated) return 0;
  open_rows_by_handle().emplace(++last, *std::move(allocated));
  return last;
}

void close_rows(int handle) { open_rows_by_handle().erase(handle); }

// To be written to at once.
emscripten::val rows_view(int handle, std::size_t first, std::size_t count) {
  Rows& rows = rows_of(handle);
  const auto part = rows.writable().subspan(first * rows.width(), count * rows.width());
  return emscripten::val(emscripten::typed_memory_view(part.size(), part.data()));
}

std::vector<std::uint8_t>& staged() {
  static std::vector<std::uint8_t> bytes;
  return bytes;
}

emscripten::val staging(std::size_t bytes) {
  staged().resize(bytes);
  return emscripten::val(emscripten::typed_memory_view(bytes, staged().data()));
}

bool readable(const std::string& dtype) {
  const auto known = find_dtype(dtype);
  return known && is_readable(*known);
}

// Reads all staged bytes as `count` numbers of the rows, from number `first` on.
void convert(int handle, std::size_t first, std::size_t count, const std::string& dtype) {
  to_float32(*find_dtype(dtype), staged(), rows_of(handle).writable().subspan(first, count));
}

std::vector<float>& last_scores() {
  static std::vector<float> scores;
  return scores;
}

void score(int handle, const emscripten::val& query, bool cosine) {
  Rows& rows = rows_of(handle);
  last_scores().resize(rows.rows());
  rows.score(numbers_of<float>(query), cosine ? Measure::kCosine : Measure::kDot, last_scores());
}

emscripten::val scores_view() {
  return emscripten::val(emscripten::typed_memory_view(last_scores().size(), last_scores().data()));
}

emscripten::val best_rows(std::size_t k) {
  std::vector<std::uint32_t> rows;
  for (const Scored& one : best(last_scores(), k)) rows.push_back(one.row);
  return copied(rows);
}

emscripten::val mean(int handle) { return copied(rows_of(handle).mean()); }

void centre(int handle, const emscripten::val& mean) {
  rows_of(handle).centre(numbers_of<float>(mean));
}

float read_rows(int handle) { return read_through(rows_of(handle).values()); }

emscripten::val draw_numbers(std::uint32_t population, std::uint32_t count, double seed) {
  return copied(draw(population, count, static_cast<std::uint64_t>(seed)));
}

std::string code(std::size_t length, double seed, double i) {
  return random_code(length, static_cast<std::uint64_t>(seed), static_cast<std::uint64_t>(i));
}

std::size_t size_of_null(double others, double comparisons, double level) {
  return null_size(static_cast<std::size_t>(others), static_cast<std::size_t>(comparisons), level);
}

emscripten::val empirical(const emscripten::val& drawn, const emscripten::val& observed) {
  const auto null = numbers_of<float>(drawn);
  std::vector<double> p;
  for (const float score : numbers_of<float>(observed)) {
    p.push_back(empirical_p(count_at_least(null, score), null.size()));
  }
  return copied(p);
}

emscripten::val adjust(const emscripten::val& p, bool any_dependence) {
  const auto numbers = numbers_of<double>(p);
  return copied(any_dependence ? benjamini_yekutieli(numbers) : benjamini_hochberg(numbers));
}

}  // namespace

EMSCRIPTEN_BINDINGS(tagscope_similarity) {
  emscripten::function("version", &version);
  emscripten::function("headerLength", &header_length);
  emscripten::function("openHeader", &open_header);
  emscripten::function("header", &header_view);
  emscripten::function("inspect", &inspect);
  emscripten::function("metadata", &metadata);
  emscripten::function("inversion", &inversion);
  emscripten::function("openRows", &open_rows);
  emscripten::function("closeRows", &close_rows);
  emscripten::function("rows", &rows_view);
  emscripten::function("staging", &staging);
  emscripten::function("readable", &readable);
  emscripten::function("convert", &convert);
  emscripten::function("score", &score);
  emscripten::function("scores", &scores_view);
  emscripten::function("best", &best_rows);
  emscripten::function("mean", &mean);
  emscripten::function("centre", &centre);
  emscripten::function("readThrough", &read_rows);
  emscripten::function("draw", &draw_numbers);
  emscripten::function("randomCode", &code);
  emscripten::function("nullSize", &size_of_null);
  emscripten::function("empiricalP", &empirical);
  emscripten::function("adjust", &adjust);
}
