// RFC 8259 by recursive descent.
#include <algorithm>
#include <cmath>

#include "json/decimal.h"
#include "json/json.h"
#include "json/members.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMaxQuotedBytes = 64;

class Reader {
 public:
  Reader(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  Result<Json> read() {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    if (const auto invalid = first_invalid_utf8(text_)) {
      at_ = *invalid;
      fail("is not UTF-8");
      return error_;
    }
    Json document;
    if (!read_value(document, 0)) return error_;
    skip_blanks();
    if (at_ != text_.size()) {
      fail("something follows the end of the document");
      return error_;
    }
    return document;
  }

 private:
  // Every read_…() returns false after a failure, and error_ says which.
  bool fail(std::string what) {
    std::size_t line = 1;
    std::size_t start = 0;
    for (std::size_t i = 0; i < at_; ++i) {
      if (text_[i] == '\n') {
        ++line;
        start = i + 1;
      }
    }
    error_ = {
        .code = "bad-json",
        .where = "line " + std::to_string(line) + ", column " + std::to_string(at_ - start + 1),
        .what = std::move(what),
        .span = Span{at_, std::min(at_ + 1, text_.size())}};
    return false;
  }

  // The byte to be read next; 0, which JSON holds nowhere, at the end.
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char c) {
    if (next() != c) return false;
    ++at_;
    return true;
  }

  void skip_blanks() {
    while (next() == ' ' || next() == '\t' || next() == '\n' || next() == '\r') ++at_;
  }

  bool read_value(Json& value, std::size_t depth) {
    skip_blanks();
    switch (next()) {
      case '{': return read_object(value, depth);
      case '[': return read_array(value, depth);
      case '"': {
        std::string text;
        if (!read_string(text)) return false;
        value = std::move(text);
        return true;
      }
      case 'n': return read_word("null", nullptr, value);
      case 't': return read_word("true", true, value);
      case 'f': return read_word("false", false, value);
      default: return read_number(value);
    }
  }

  bool read_word(std::string_view word, Json meaning, Json& value) {
    if (!text_.substr(at_).starts_with(word)) return fail("is no JSON value");
    at_ += word.size();
    value = std::move(meaning);
    return true;
  }

  bool read_array(Json& value, std::size_t depth) {
    if (depth == max_depth_) return fail("is nested deeper than " + std::to_string(max_depth_));
    ++at_;
    Json::Array items;
    skip_blanks();
    if (!take(']')) {
      do {
        Json item;
        if (!read_value(item, depth + 1)) return false;
        items.push_back(std::move(item));
        skip_blanks();
      } while (take(','));
      if (!take(']')) return fail("an array goes on with \",\" or ends with \"]\"");
    }
    value = Json(std::move(items));
    return true;
  }

  bool read_object(Json& value, std::size_t depth) {
    if (depth == max_depth_) return fail("is nested deeper than " + std::to_string(max_depth_));
    ++at_;
    Json::Object members;
    skip_blanks();
    if (!take('}')) {
      do {
        skip_blanks();
        Json::Member member;
        if (next() != '"') return fail("a name in quotation marks is missing");
        if (!read_string(member.name)) return false;
        skip_blanks();
        if (!take(':')) return fail("\":\" is missing after a name");
        if (!read_value(member.value, depth + 1)) return false;
        members.push_back(std::move(member));
        skip_blanks();
      } while (take(','));
      if (!take('}')) return fail("an object goes on with \",\" or ends with \"}\"");
    }
    value = Json(std::move(members));
    return refuse_repeated_names(value);
  }

  bool refuse_repeated_names(const Json& object) {
    const auto sorted = sorted_members(object);
    const auto repeated =
        std::adjacent_find(sorted.begin(), sorted.end(),
                           [](const auto* a, const auto* b) { return a->name == b->name; });
    if (repeated == sorted.end()) return true;
    error_ = {.code = "bad-json",
              .where = "\"" + (*repeated)->name.substr(0, kMaxQuotedBytes) + "\"",
              .what = "this name stands twice in one object"};
    return false;
  }

  bool read_string(std::string& out) {
    ++at_;  // the quotation mark
    for (;;) {
      const std::size_t begin = at_;
      while (static_cast<unsigned char>(next()) >= 0x20 && next() != '"' && next() != '\\') ++at_;
      out.append(text_, begin, at_ - begin);
      if (take('"')) return true;
      if (at_ == text_.size()) return fail("a string is never closed");
      if (!take('\\')) return fail("a control character in a string must be escaped");
      if (!read_escape(out)) return false;
    }
  }

  bool read_escape(std::string& out) {
    static constexpr std::string_view kShort = "\"\\/bfnrt";
    static constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (take('u')) return read_code_point(out);
    const auto known = at_ < text_.size() ? kShort.find(next()) : std::string_view::npos;
    if (known == std::string_view::npos) return fail("is no escape of JSON");
    out.push_back(kMeant[known]);
    ++at_;
    return true;
  }

  bool read_code_point(std::string& out) {
    const std::size_t begin = at_ - 2;
    char32_t unit = 0;
    if (!read_code_unit(unit)) return false;
    if (unit - 0xD800 < 0x400) {
      char32_t low = 0;
      if (take('\\') && take('u') && !read_code_unit(low)) return false;
      // U+0000 where nothing was read, which is no low surrogate either.
      if (low - 0xDC00 < 0x400) unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    if (unit - 0xD800 < 0x800) {
      at_ = begin;
      return fail("a surrogate stands alone");
    }
    append_utf8(out, unit);
    return true;
  }

  bool read_code_unit(char32_t& unit) {
    for (int i = 0; i < 4; ++i) {
      const char c = next();
      const char lower = static_cast<char>(c | 0x20);
      if (is_digit(c)) {
        unit = unit << 4 | static_cast<char32_t>(c - '0');
      } else if (lower >= 'a' && lower <= 'f') {
        unit = unit << 4 | static_cast<char32_t>(lower - 'a' + 10);
      } else {
        return fail("\\u needs four hex digits");
      }
      ++at_;
    }
    return true;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  bool skip_digits() {
    if (!is_digit(next())) return fail("a digit is missing");
    while (is_digit(next())) ++at_;
    return true;
  }

  bool read_number(Json& value) {
    const std::size_t begin = at_;
    const bool negative = take('-');
    if (!negative && !is_digit(next())) return fail("is no JSON value");
    const std::size_t magnitude = at_;
    if (!take('0') && !skip_digits()) return false;
    if (take('.') && !skip_digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!skip_digits()) return false;
    }
    const double read = Decimal(text_.substr(magnitude, at_ - magnitude)).nearest_double();
    if (!std::isfinite(read)) {
      at_ = begin;
      return fail("is a number beyond the largest double, 1.8e308");
    }
    value = negative ? -read : read;
    return true;
  }

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t at_ = 0;
  Error error_{};
};

}  // namespace

Result<Json> read_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{.code = "too-large",
                 .where = "",
                 .what = "is " + std::to_string(text.size()) + " bytes; the limit is " +
                         std::to_string(limits.max_bytes)};
  }
  return Reader(text, limits.max_depth).read();
}

}  // namespace tagscope
