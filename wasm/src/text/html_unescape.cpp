#include "text/html_unescape.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/method.h"
#include "text/case.h"
#include "text/unicode_tables.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

#include "text/html_entities.inc"

constexpr std::size_t kMaxNameLength = 32;  // in code points; Python's html._charref

// The value of a name of the table (without its semicolon), or an empty view. Names that the
// standard lists only with a semicolon count if `has_semicolon`.
std::string_view value_of_name(std::string_view name, bool has_semicolon) {
  const char initial = name.empty() ? '\0' : name[0];
  const bool is_upper = initial >= 'A' && initial <= 'Z';
  if (!is_upper && !(initial >= 'a' && initial <= 'z')) return {};
  const auto letter = static_cast<std::size_t>(is_upper ? initial - 'A' : initial - 'a' + 26);
  const std::uint8_t* const names = unicode_tables::packed(unicode_tables::Table::html_entities);
  const std::uint8_t* entry = names + kEntityOffsets[letter];
  const std::uint8_t* const end = names + kEntityOffsets[letter + 1];

  // `matched` counts the leading characters that `name` and the entry before have in common. An
  // entry that shares more with the one before differs from `name` where that one did.
  std::size_t matched = 0;
  while (entry != end) {
    const std::uint8_t head = *entry++;
    std::size_t length = head & 31U;
    bool matches = length <= matched;
    if (matches) matched = length;
    for (bool last = false; !last; ++length) {
      last = *entry >= 0x80;
      const char c = static_cast<char>(*entry++ & 0x7FU);
      matches = matches && length < name.size() && name[length] == c;
      if (matches) matched = length + 1;
    }
    const std::uint8_t* const value = entry;
    const unsigned code_points = 1 + (head >> 6U & 1U);
    for (unsigned i = 0; i < code_points; ++i) {
      entry += *entry < 0x80 ? 1 : *entry < 0xE0 ? 2 : *entry < 0xF0 ? 3 : 4;
    }
    if (matches && matched == name.size()) {
      const bool stands_bare = (head & 32U) != 0;
      if (!has_semicolon && !stands_bare) return {};
      return {reinterpret_cast<const char*>(value), static_cast<std::size_t>(entry - value)};
    }
  }
  return {};
}

// What Python's html.unescape makes of &#number; (html._invalid_charrefs, _invalid_codepoints).
void append_number(std::string& out, char32_t number) {
  // The C1 controls as Windows-1252 has them; five stay what they are (HTML standard, 13.2.5.80).
  static constexpr std::array<char16_t, 32> kWindows1252 = {
      0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};
  if (number - 0x80 < kWindows1252.size()) return append_utf8(out, kWindows1252[number - 0x80]);
  if (number == 0) return append_utf8(out, kReplacementCharacter);
  const bool is_control =
      (number < 0x20 && number != '\t' && number != '\n' && number != '\f' && number != '\r') ||
      number == 0x7F;
  const bool is_noncharacter =
      number <= 0x10FFFF && (number - 0xFDD0 < 32 || (number & 0xFFFE) == 0xFFFE);
  if (is_control || is_noncharacter) return;
  append_utf8(out, number);  // surrogates and larger numbers become U+FFFD
}

unsigned digit_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a' + 10) : 99U;
}

// Reads a numeric reference whose "&#" begins at `at`. Returns the bytes read, 0 if there is none.
std::size_t append_numeric(std::string& out, std::string_view text, std::size_t at) {
  std::size_t next = at + 2;
  unsigned base = 10;
  if (next < text.size() && (text[next] | 0x20) == 'x') {
    base = 16;
    ++next;
  }
  const std::size_t digits = next;
  char32_t number = 0;
  for (; next < text.size() && digit_value(text[next]) < base; ++next) {
    number = std::min<char32_t>(number * base + digit_value(text[next]), 0x110000);
  }
  if (next == digits) return 0;
  if (next < text.size() && text[next] == ';') ++next;
  append_number(out, number);
  return next - at;
}

// Reads a named reference whose "&" begins at `at`; what is no reference is left to the caller.
std::size_t append_named(std::string& out, std::string_view text, std::size_t at) {
  const std::size_t begin = at + 1;
  std::size_t end = begin;
  for (std::size_t count = 0; count < kMaxNameLength && end < text.size(); ++count) {
    if (std::string_view("\t\n\f <&#;").find(text[end]) != std::string_view::npos) break;
    end += decode_one(text, end).length;
  }
  const std::string_view name = text.substr(begin, end - begin);
  const bool has_semicolon = end < text.size() && text[end] == ';';
  if (const auto value = value_of_name(name, has_semicolon); !value.empty()) {
    out += value;
    return end + (has_semicolon ? 1 : 0) - at;
  }
  // The longest name that stands without a semicolon: "&notit;" is "¬it;". All are ASCII.
  for (std::size_t length = std::min(name.size(), kLongestBareName); length >= 2; --length) {
    if (const auto value = value_of_name(name.substr(0, length), false); !value.empty()) {
      out += value;
      return 1 + length;
    }
  }
  return 0;
}

}  // namespace

std::string html_unescape(std::string_view well_formed) {
  std::string out;
  out.reserve(well_formed.size());
  for (std::size_t at = 0; at < well_formed.size();) {
    const std::size_t ampersand = std::min(well_formed.find('&', at), well_formed.size());
    out.append(well_formed, at, ampersand - at);
    at = ampersand;
    if (at == well_formed.size()) break;
    const bool is_numeric = at + 1 < well_formed.size() && well_formed[at + 1] == '#';
    const std::size_t read =
        is_numeric ? append_numeric(out, well_formed, at) : append_named(out, well_formed, at);
    if (read == 0) out.push_back('&');
    at += std::max<std::size_t>(read, 1);
  }
  return out;
}

std::string html_whole_entity(std::string_view name) {
  if (!name.ends_with(';')) return {};
  name.remove_suffix(1);
  if (const auto value = value_of_name(name, true); !value.empty()) return std::string(value);
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (std::none_of(name.begin(), name.end(), is_upper) ||
      std::any_of(name.begin(), name.end(), is_lower)) {
    return {};
  }
  // "&GTDOT;" is ">DOT;" in HTML.
  for (std::size_t length = std::min(name.size(), kLongestBareName); length >= 2; --length) {
    if (!value_of_name(name.substr(0, length), false).empty()) return {};
  }
  return to_upper(value_of_name(to_lower(name), true));
}

namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) { return html_unescape(text); }

constexpr Vector kVectors[] = {
    {"", as_text("&gt; &#62; &#x3e;"), as_text("> > >"), "Python documentation, html.unescape"},
    {"", as_text("I'm &notit; I tell you"), as_text("I'm ¬it; I tell you"),
     "HTML standard, section 13.2.5.73"},
    {"", as_text("I'm &notin; I tell you"), as_text("I'm ∉ I tell you"),
     "HTML standard, section 13.2.5.73"},
};

}  // namespace

TAGSCOPE_METHOD(html_unescape,
                transform<Options, apply>({
                    .id = "html-unescape",
                    .room = Room::text,
                    .summary = "Replaces HTML character references, as Python's html.unescape",
                    .source = "HTML standard, section 13.5; Python 3.11, html.unescape",
                    .vectors = kVectors,
                }));

}  // namespace tagscope
