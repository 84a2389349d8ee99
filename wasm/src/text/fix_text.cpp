// Text repaired as ftfy repairs it. Source: rspeer/python-ftfy 6.3.1 (Apache-2.0), documentation
// "Fixes" and "Configuring ftfy"; ftfy.fix_text.
#include "text/fix_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/method.h"
#include "text/html_unescape.h"
#include "text/mojibake.h"
#include "text/normalize.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr unsigned kMaxRounds = 32;
// TextFixerConfig.max_decode_length, in characters.
constexpr std::size_t kMaxSegment = 1'000'000;
constexpr char32_t kEscape = 0x1B;

struct Ligature {
  char32_t character;
  std::string_view letters;
};

// ftfy.chardata.LIGATURES, in the order of their code points.
constexpr Ligature kLigatures[] = {
    {U'Ĳ', "IJ"},  {U'ĳ', "ij"},  {U'ŉ', "\u02BCn"}, {U'Ǆ', "DŽ"}, {U'ǅ', "Dž"}, {U'ǆ', "dž"},
    {U'Ǉ', "LJ"},  {U'ǈ', "Lj"},  {U'ǉ', "lj"},      {U'Ǌ', "NJ"}, {U'ǋ', "Nj"}, {U'ǌ', "nj"},
    {U'Ǳ', "DZ"},  {U'ǲ', "Dz"},  {U'ǳ', "dz"},      {U'ﬀ', "ff"}, {U'ﬁ', "fi"}, {U'ﬂ', "fl"},
    {U'ﬃ', "ffi"}, {U'ﬄ', "ffl"}, {U'ﬅ', "ſt"},      {U'ﬆ', "st"},
};

// ftfy.fixes.remove_control_chars
bool is_removed(char32_t c) {
  if (c < 0x20) return c != '\t' && c != '\n' && c != '\f' && c != '\r';
  return c == 0x7F || c - 0x206A < 6 || c == 0xFEFF || c - 0xFFF9 < 4;
}

// ASCII that no fix changes: neither an entity nor a control character nor a carriage return.
bool is_settled(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x7F && byte != '&' &&
           (byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\f');
  });
}

std::u32string code_points_of(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    out.push_back(decoded.code_point);
    at += decoded.length;
  }
  return out;
}

std::string utf8_of(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// The end of an entity at the "&" at `at`, as ftfy.chardata.HTML_ENTITY_RE has it:
// &#?[0-9A-Za-z]{1,24}; — or `at`.
std::size_t end_of_entity(std::string_view text, std::size_t at) {
  constexpr std::size_t kMaxName = 24;
  std::size_t end = at + 1;
  if (end < text.size() && text[end] == '#') ++end;
  const std::size_t begin = end;
  while (end < text.size() && end - begin < kMaxName && is_alphanumeric(text[end])) ++end;
  return end > begin && end < text.size() && text[end] == ';' ? end + 1 : at;
}

// ftfy.fixes.unescape_html: only whole references count, not what html.unescape takes for one
// without its semicolon.
std::string entities_unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t ampersand = std::min(text.find('&', at), text.size());
    out.append(text, at, ampersand - at);
    at = ampersand;
    if (at == text.size()) break;
    const std::size_t end = end_of_entity(text, at);
    if (end == at) {
      out.push_back(text[at++]);
      continue;
    }
    const std::string_view entity = text.substr(at, end - at);
    if (entity[1] == '#') {
      const std::string read = html_unescape(entity);
      out += read.find(';') == std::string::npos ? std::string_view(read) : entity;
    } else if (const std::string value = html_whole_entity(entity.substr(1)); !value.empty()) {
      out += value;
    } else {
      out += entity;
    }
    at = end;
  }
  return out;
}

// C1 controls, ligatures, widths, quotation marks and line breaks: each a matter of one character
// (but CR LF) whose result none of the later ones changes again, but for the apostrophe of ŉ.
std::string characters_fixed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    const std::size_t end = at + decoded.length;
    const char32_t c = windows_1252_of_c1(decoded.code_point);
    const auto ligature =
        std::lower_bound(std::begin(kLigatures), std::end(kLigatures), c,
                         [](const Ligature& entry, char32_t key) { return entry.character < key; });
    if (c == '\r') {
      if (end == text.size() || text[end] != '\n') out.push_back('\n');
    } else if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c == U'ŉ') {
      out += "'n";
    } else if (ligature != std::end(kLigatures) && ligature->character == c) {
      out += ligature->letters;
    } else if (c == 0x3000) {
      out.push_back(' ');
    } else if (c >= 0xFF01 && c < 0xFFF0) {
      out += nfkc(text.substr(at, decoded.length));
    } else if (c == 0x2BC || c - 0x2018 < 4) {
      out.push_back('\'');
    } else if (c - 0x201C < 4) {
      out.push_back('"');
    } else if (c == 0x2028 || c == 0x2029 || c == 0x85) {
      out.push_back('\n');
    } else {
      append_utf8(out, c);
    }
    at = end;
  }
  return out;
}

// The end of a terminal's escape sequence at `at`, as ftfy.fixes.ANSI_RE has it, or `at`:
// ESC [ digits and semicolons, one letter.
std::size_t end_of_escape(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  if (end == text.size() || text[end] != '[') return at;
  for (++end; end < text.size();) {
    const Decoded decoded = decode_one(text, end);
    if (decoded.code_point != ';' && !is_decimal_digit(decoded.code_point)) break;
    end += decoded.length;
  }
  if (end == text.size()) return at;
  const char letter = static_cast<char>(text[end] | 0x20);
  return letter >= 'a' && letter <= 'z' ? end + 1 : at;
}

// Terminal escapes, then control characters.
std::string controls_removed(std::string_view text) {
  std::string without_escapes;
  without_escapes.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end =
        static_cast<unsigned char>(text[at]) == kEscape ? end_of_escape(text, at) : at;
    if (end == at) {
      without_escapes.push_back(text[at++]);
    } else {
      at = end;
    }
  }
  std::string out;
  out.reserve(without_escapes.size());
  for (std::size_t at = 0; at < without_escapes.size();) {
    const Decoded decoded = decode_one(without_escapes, at);
    if (!is_removed(decoded.code_point)) out.append(without_escapes, at, decoded.length);
    at += decoded.length;
  }
  return out;
}

// ftfy.fix_and_explain
std::string segment_fixed(std::string_view segment, bool unescape) {
  std::string text(segment);
  for (unsigned round = 0; round < kMaxRounds && !is_settled(text); ++round) {
    std::string fixed = unescape ? entities_unescaped(text) : text;
    if (!is_ascii(fixed)) fixed = utf8_of(repair_misread(code_points_of(fixed)));
    fixed = nfc(controls_removed(characters_fixed(fixed)));
    if (fixed == text) break;
    text = std::move(fixed);
  }
  return text;
}

// The end of the segment that begins at `at`: of its line, or after kMaxSegment characters.
std::size_t end_of_segment(std::string_view text, std::size_t at) {
  const std::size_t line_feed = text.find('\n', at);
  const std::size_t end = line_feed == std::string_view::npos ? text.size() : line_feed + 1;
  if (end - at <= kMaxSegment) return end;
  std::size_t characters = 0;
  for (std::size_t i = at; i < end; i += decode_one(text, i).length) {
    if (characters++ == kMaxSegment) return i;
  }
  return end;
}

}  // namespace

std::string fix_text(std::string_view well_formed) {
  if (is_settled(well_formed)) return std::string(well_formed);
  std::string out;
  out.reserve(well_formed.size());
  // ftfy's "auto": what has "<" may be HTML, where entities mean themselves; so may all after it.
  bool unescape = true;
  for (std::size_t at = 0; at < well_formed.size();) {
    const std::size_t end = end_of_segment(well_formed, at);
    const std::string_view segment = well_formed.substr(at, end - at);
    unescape = unescape && segment.find('<') == std::string_view::npos;
    out += segment_fixed(segment, unescape);
    at = end;
  }
  return out;
}

namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) {
  return tagscope::fix_text(text);
}

constexpr std::string_view kDocumentation = "ftfy 6.3.1, documentation";

constexpr Vector kVectors[] = {
    {"", as_text("âœ” No problems"), as_text("✔ No problems"), kDocumentation},
    {"", as_text("sÃ³"), as_text("só"), kDocumentation},
    {"", as_text("voilÃ le travail"), as_text("voilà le travail"), kDocumentation},
    {"", as_text("P&EACUTE;REZ"), as_text("PÉREZ"), kDocumentation},
    {"", as_text("ＬＯＵＤ　ＮＯＩＳＥＳ"), as_text("LOUD NOISES"), kDocumentation},
    {"", as_text("\033[36;44mI'm blue, da ba dee da ba doo...\033[0m"),
     as_text("I'm blue, da ba dee da ba doo..."), kDocumentation},
};

}  // namespace

TAGSCOPE_METHOD(fix_text, transform<Options, apply>({
                              .id = "fix-text",
                              .room = Room::text,
                              .summary = "Repairs misread UTF-8, entities, widths, quotation "
                                         "marks and control characters, as ftfy",
                              .source = "ftfy 6.3.1, fix_text with its defaults",
                              .vectors = kVectors,
                          }));

}  // namespace tagscope
