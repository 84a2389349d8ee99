#include <nlohmann/json.hpp>
#include <vector>

#include "json/json.h"

namespace tagscope {
namespace {

// nlohmann's own DOM builder keeps the last of two equal names and nests without
// limit; this one refuses both. Containers are built bottom-up on `open_`.
class StrictBuilder {
 public:
  explicit StrictBuilder(const JsonLimits& limits) : limits_(limits) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string& /*written*/) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t& /*value*/) { return false; }

  bool start_object(std::size_t /*size*/) { return open(Json::object()); }
  bool start_array(std::size_t /*size*/) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    if (open_.back().container.contains(name)) {
      error_ = {.code = "bad-json",
                .where = "\"" + name.substr(0, 64) + "\"",
                .what = "this name stands twice in one object"};
      failed_ = true;
      return false;
    }
    open_.back().name = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& exception) {
    failed_ = true;
    position_ = position;
    std::string_view what = exception.what();
    // "[json.exception.parse_error.101] parse error at line 1, column 2: …": we place it ourselves.
    if (const auto colon = what.find(": "); colon != std::string_view::npos) {
      what.remove_prefix(colon + 2);
    }
    // The lexer quotes what it last read, which may be long and not UTF-8.
    if (const auto quoted = what.find("; last read"); quoted != std::string_view::npos) {
      what = what.substr(0, quoted);
    }
    error_ = {.code = "bad-json", .where = "", .what = std::string(what)};
    return false;
  }

  bool failed() const { return failed_; }
  Error error(std::string_view text) const {
    Error error = error_;
    if (position_ != 0) {
      const std::size_t at = std::min(position_ - 1, text.size());
      std::size_t line = 1;
      std::size_t start = 0;
      for (std::size_t i = 0; i < at; ++i) {
        if (text[i] == '\n') {
          ++line;
          start = i + 1;
        }
      }
      error.where = "line " + std::to_string(line) + ", column " + std::to_string(at - start + 1);
      error.span = Span{at, std::min(at + 1, text.size())};
    }
    return error;
  }
  Json take() { return std::move(root_); }

 private:
  struct Open {
    Json container;
    std::string name;
  };

  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Open& top = open_.back(); top.container.is_object()) {
      top.container.emplace(std::move(top.name), std::move(value));
    } else {
      top.container.push_back(std::move(value));
    }
    return true;
  }

  bool open(Json container) {
    if (open_.size() >= limits_.max_depth) {
      error_ = {.code = "bad-json",
                .where = "",
                .what = "is nested deeper than " + std::to_string(limits_.max_depth)};
      failed_ = true;
      return false;
    }
    open_.push_back({std::move(container), {}});
    return true;
  }

  bool close() {
    Json done = std::move(open_.back().container);
    open_.pop_back();
    return add(std::move(done));
  }

  JsonLimits limits_;
  std::vector<Open> open_;
  Json root_;
  Error error_{};
  std::size_t position_ = 0;
  bool failed_ = false;
};

}  // namespace

Result<Json> read_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{.code = "too-large",
                 .where = "",
                 .what = "is " + std::to_string(text.size()) + " bytes; the limit is " +
                         std::to_string(limits.max_bytes)};
  }
  StrictBuilder builder(limits);
  const bool read = Json::sax_parse(text.begin(), text.end(), &builder);
  if (builder.failed()) return builder.error(text);
  if (!read) return Error{.code = "bad-json", .where = "", .what = "is not JSON"};
  return builder.take();
}

}  // namespace tagscope
