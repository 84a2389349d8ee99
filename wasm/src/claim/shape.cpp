#include "claim/shape.h"

#include <algorithm>
#include <array>

#include "text/case.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr std::u32string_view kDigits = U"0123456789";
constexpr std::u32string_view kLower = U"abcdefghijklmnopqrstuvwxyz";
constexpr std::u32string_view kUpper = U"ABCDEFGHIJKLMNOPQRSTUVWXYZ";

struct Named {
  std::string_view name;
  std::array<std::u32string_view, 4> parts;
};

// In ascending size, so that the first that holds the tags is the smallest.
constexpr Named kNamed[] = {
    {"0-9", {kDigits}},
    {"hex", {kDigits, U"abcdef"}},
    {"HEX", {kDigits, U"ABCDEF"}},
    {"a-z", {kLower}},
    {"A-Z", {kUpper}},
    {"base32", {kUpper, U"234567"}},
    {"a-z0-9", {kLower, kDigits}},
    {"A-Z0-9", {kUpper, kDigits}},
    {"a-zA-Z", {kLower, kUpper}},
    {"a-zA-Z0-9", {kLower, kUpper, kDigits}},
    {"base64", {kLower, kUpper, kDigits, U"+/"}},
    {"base64url", {kLower, kUpper, kDigits, U"-_"}},
};

}  // namespace

bool Alphabet::holds(char32_t character) const {
  return std::binary_search(characters.begin(), characters.end(), character);
}

std::vector<Alphabet> alphabets_holding(const std::vector<std::u32string>& tags) {
  std::u32string seen;
  for (const auto& tag : tags) seen += tag;
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  const auto holds_all = [&](const Alphabet& alphabet) {
    return std::includes(alphabet.characters.begin(), alphabet.characters.end(), seen.begin(),
                         seen.end());
  };
  std::vector<Alphabet> holding;
  for (const Named& named : kNamed) {
    Alphabet alphabet{named.name, {}};
    for (const auto part : named.parts) alphabet.characters += part;
    std::sort(alphabet.characters.begin(), alphabet.characters.end());
    if (holds_all(alphabet)) holding.push_back(std::move(alphabet));
  }
  Alphabet printable{"printable-ascii", {}};
  for (char32_t c = 0x20; c < 0x7F; ++c) printable.characters.push_back(c);
  if (holds_all(printable)) holding.push_back(std::move(printable));
  if (holding.empty()) holding.push_back({"characters-seen", std::move(seen)});
  return holding;
}

Alphabet smallest_alphabet(const std::vector<std::u32string>& tags) {
  return alphabets_holding(tags).front();
}

std::u32string code_points(std::string_view utf8) {
  std::u32string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const Decoded one = decode_one(utf8, at);
    out.push_back(one.code_point);
    at += one.length;
  }
  return out;
}

std::u32string symbols(std::string_view bytes) {
  std::u32string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const Decoded one = decode_one(bytes, at);
    if (one.valid) {
      out.push_back(one.code_point);
    } else {
      for (unsigned i = 0; i < one.length; ++i) {
        out.push_back(0xDC00 + static_cast<unsigned char>(bytes[at + i]));
      }
    }
    at += one.length;
  }
  return out;
}

char32_t folded(char32_t character) {
  if (character < 0x80) {
    return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
  }
  if (character >= 0xD800 && character < 0xE000) return character;  // a byte, see symbols()
  std::string utf8;
  append_utf8(utf8, character);
  const std::u32string lower = code_points(to_lower(utf8));
  return lower.size() == 1 ? lower[0] : character;
}

std::u32string folded(std::u32string text) {
  for (char32_t& character : text) character = folded(character);
  return text;
}

std::string to_utf8(std::u32string_view text) {
  std::string utf8;
  for (const char32_t character : text) append_utf8(utf8, character);
  return utf8;
}

}  // namespace tagscope
