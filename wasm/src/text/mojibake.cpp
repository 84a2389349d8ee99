#include "text/mojibake.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

#include "text/single_byte_sets.inc"

// The classes of ftfy.badness.MOJIBAKE_CATEGORIES, then those of ftfy.chardata.UTF8_CLUES.
enum Class : std::uint32_t {
  kCommon = 1U << 0,
  kC1 = 1U << 1,
  kBad = 1U << 2,
  kLaw = 1U << 3,
  kCurrency = 1U << 4,
  kStart = 1U << 5,  // punctuation that opens
  kEnd = 1U << 6,    // punctuation that closes
  kNumeric = 1U << 7,
  kKaomoji = 1U << 8,
  kUpperAccented = 1U << 9,
  kLowerAccented = 1U << 10,
  kUpperCommon = 1U << 11,
  kLowerCommon = 1U << 12,
  kBox = 1U << 13,
  kFirstOfTwo = 1U << 14,
  kFirstOfThree = 1U << 15,
  kFirstOfFour = 1U << 16,
  kContinuation = 1U << 17,
  kContinuationStrict = 1U << 18,
};

struct Members {
  Class bit;
  // Characters, and ranges as "a-z"; the hyphen is in no class.
  std::u16string_view characters;
};

constexpr Members kClasses[] = {
    {kCommon, u"\u00A0\u00AD\u00B7\u00B4–—―…’"},
    {kC1, u"\u0080-\u009F"},
    {kBad, u"¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\uFFFDªº"},
    {kLaw, u"¶§"},
    {kCurrency, u"¢£¥₧€"},
    {kStart, u"¡«¿©\u0384\u0385‘‚“„•‹\uF8FF"},
    {kEnd, u"®»˝”›™"},
    {kNumeric, u"²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№"},
    {kKaomoji, u"Ò-ÖÙ-Üò-öø-üŐŌŪŲ°"},
    {kUpperAccented, u"À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ"},
    {kLowerAccented, u"ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ"},
    {kUpperCommon, u"ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я"},
    {kLowerCommon, u"α-ωάέήίΰа-џ"},
    {kBox, u"│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓"},
    {kFirstOfTwo,
     u"ĂÂÄĀÅÃÆĆČÇĎĐÉĚÊËĖÈĒĘÐĞĢÍÎÏİÌĪĶĹĻŁŃŇŅÑÓÔÖŐÒŌØÕŘŚŠŞŢÞÚÛÜŰÙŪŲŮÝŹŽŻß×"
     u"ΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫάέήίВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"},
    {kFirstOfThree, u"áăâäàāąåãæćčçďéěêëėèēęģíîïìīįķĺļŕźΰαβγδεζηθικλμνξοабвгдежзийклмноп"},
    {kFirstOfFour, u"đðğóšπσру"},
    // Without those that stand for themselves beside mojibake: the space (for U+00A0), dashes,
    // quotation marks, the bullet, the ellipsis.
    {kContinuationStrict,
     u"\u0080-¿ĄÆĽŁØŖŚŠŞŤŸŹŽŻŒąæƒľłøŗśšşťźžżœˆˇ˘˛˜˝\u0384\u0385ΆΈΉΊΌΎΏЁЂЃЄЅІЇЈЉЊЋЌЎЏёђѓєѕіїјљњћќўџ"
     u"Ґґ†‡‰‹›€№™"},
    {kContinuation, u" –—―‘’‚“”„•…"},
};

// The classes of every character: those of the common scripts in a table, the rest looked up.
class ClassTable {
 public:
  ClassTable() {
    for (const Members& members : kClasses) {
      const auto& characters = members.characters;
      for (std::size_t i = 0; i < characters.size(); ++i) {
        const bool is_range = i + 2 < characters.size() && characters[i + 1] == u'-';
        const char16_t last = characters[is_range ? i + 2 : i];
        for (char32_t c = characters[i]; c <= last; ++c) add(c, members.bit);
        if (is_range) i += 2;
      }
    }
  }

  [[nodiscard]] std::uint32_t of(char32_t c) const {
    if (c < low_.size()) return low_[c];
    const auto found = find(c);
    return found != high_.end() && found->first == c ? found->second : 0U;
  }

 private:
  using High = std::vector<std::pair<char32_t, std::uint32_t>>;

  void add(char32_t c, std::uint32_t bits) {
    if (bits == kContinuationStrict) bits |= kContinuation;
    if (c < low_.size()) {
      low_[c] |= bits;
      return;
    }
    const auto at = high_.begin() + (find(c) - high_.begin());
    if (at != high_.end() && at->first == c) {
      at->second |= bits;
    } else {
      high_.insert(at, {c, bits});
    }
  }

  [[nodiscard]] High::const_iterator find(char32_t c) const {
    return std::lower_bound(high_.begin(), high_.end(), c,
                            [](const auto& entry, char32_t key) { return entry.first < key; });
  }

  std::array<std::uint32_t, 0x500> low_{};
  High high_;
};

std::uint32_t classes_of(char32_t c) {
  static const ClassTable table;
  return table.of(c);
}

bool is_one_of(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}
bool is_ascii_lower(char32_t c) { return c - U'a' < 26; }
bool is_ascii_letter(char32_t c) { return (c | 0x20) - U'a' < 26; }
// \w of Python's re: str.isalnum and the underscore.
bool is_word(char32_t c) { return is_letter(c) || is_number(c) || c == U'_'; }

// The unlikely sequences of ftfy.badness.BADNESS_RE, in its order. Each of them has a character
// outside ASCII among its first three.
class Unlikely {
 public:
  explicit Unlikely(std::u32string_view text) : text_(text) {}

  // Precondition: at < text.size().
  [[nodiscard]] bool begins_at(std::size_t at) const {
    const std::uint32_t a = in(at);
    const std::uint32_t b = in(at + 1);
    const std::uint32_t c = in(at + 2);
    constexpr std::uint32_t kAccented = kLowerAccented | kUpperAccented;
    constexpr std::uint32_t kBesideBad =
        kAccented | kBox | kStart | kEnd | kCurrency | kNumeric | kLaw;
    const auto pair = [&](std::uint32_t first, std::uint32_t second) {
      return (a & first) != 0 && (b & second) != 0;
    };
    const auto triple = [&](std::uint32_t first, std::uint32_t second, std::uint32_t third) {
      return pair(first, second) && (c & third) != 0;
    };
    const char32_t first = character(at);
    const char32_t second = character(at + 1);
    const char32_t third = character(at + 2);
    return (a & kC1) != 0 || pair(kBesideBad, kBad) ||
           (is_ascii_letter(first) && (b & (kLowerCommon | kUpperCommon)) != 0 &&
            (c & kBad) != 0) ||
           pair(kBad, kBesideBad) ||
           pair(kLowerAccented | kLowerCommon | kBox | kEnd | kCurrency | kNumeric,
                kUpperAccented) ||
           pair(kBox | kEnd | kCurrency | kNumeric, kLowerAccented) ||
           pair(kLowerAccented | kBox | kEnd, kCurrency) ||
           (is_python_space(first) && (b & kUpperAccented) != 0 && (c & kCurrency) != 0) ||
           pair(kUpperAccented | kBox, kNumeric | kLaw) ||
           triple(kAccented | kBox | kCurrency | kEnd, kStart, kNumeric) ||
           triple(kAccented | kCurrency | kNumeric | kBox | kLaw, kEnd, kStart) ||
           pair(kCurrency | kNumeric | kBox, kStart) ||
           (is_ascii_lower(first) && (b & kUpperAccented) != 0 &&
            (c & (kStart | kCurrency)) != 0) ||
           pair(kBox, kKaomoji) ||
           pair(kAccented | kCurrency | kNumeric | kStart | kEnd | kLaw, kBox) ||
           pair(kBox, kEnd) ||
           (pair(kAccented, kStart | kEnd) && at + 2 < text_.size() && is_word(third)) ||
           is_named(at, a, b, c, first, second, third);
  }

 private:
  // Those that name characters.
  [[nodiscard]] bool is_named(std::size_t at, std::uint32_t a, std::uint32_t b, std::uint32_t c,
                              char32_t first, char32_t second, char32_t third) const {
    const auto arabic = [&](std::size_t i) {
      return is_one_of(character(i), U"ØÙ") && i + 1 < text_.size() &&
             ((in(i + 1) & (kCommon | kCurrency | kBad | kNumeric | kStart)) != 0 ||
              is_one_of(character(i + 1), U"ŸŠ®°µ»"));
    };
    const auto between = [&](std::u32string_view ends, std::u32string_view more) {
      return is_one_of(first, ends) && is_one_of(third, ends) &&
             ((b & (kC1 | kBad | kStart | kEnd | kCurrency)) != 0 || is_one_of(second, more));
    };
    const bool has_second = at + 1 < text_.size();
    if (is_one_of(first, U"Œœ") && has_second && !is_ascii_letter(second)) return true;
    if ((a & kUpperAccented) != 0 && second == U'°') return true;
    if (is_one_of(first, U"ÂÃÎÐ") &&
        ((b & (kStart | kEnd)) != 0 || is_one_of(second, U"€œŠš¢£Ÿž\u00A0\u00AD®©°·»–—´"))) {
      return true;
    }
    if (first == U'×' && is_one_of(second, U"²³")) return true;
    if (arabic(at) && arabic(at + 2)) return true;
    if (first == U'à' && is_one_of(second, U"²µ¹¼½¾")) return true;
    if (first == U'√' && is_one_of(second, U"±∂†≠®™´≤≥¥µø")) return true;
    if (first == U'≈' && is_one_of(second, U"°¢")) return true;
    if (first == U'‚') {
      if (second == U'Ä' && is_one_of(third, U"ìîïòôúùû†°¢π")) return true;
      if (is_one_of(second, U"âó") && is_one_of(third, U"àä°ê")) return true;
    }
    if (first == U'в' && second == U'Ђ') return true;
    if (between(U"ВГРС", U"°µ") || between(U"ΒΓΞΟ", U"°")) return true;
    if (first == U'Г' && text_.substr(at, 5) == U"ГўВЂВ" && at + 6 < text_.size() &&
        character(at + 5) != U'\n') {
      const char32_t after = character(at + 6);
      if (is_ascii_letter(after) || after == U' ') return true;
    }
    if (first == U'Ã' && is_one_of(second, U"\u00A0¡")) return true;
    const auto a_and_space = [&](std::size_t i) {
      return is_one_of(character(i), U"ÃÂ") && character(i + 1) == U' ';
    };
    if (at == 0 && a_and_space(0)) return true;
    if (is_ascii_lower(first) &&
        (a_and_space(at + 1) || (is_python_space(second) && a_and_space(at + 2)))) {
      return true;
    }
    if (second == U'Â' && (is_ascii_lower(first) || is_one_of(first, U".,?!") || (a & kEnd) != 0) &&
        (third == U' ' || (c & (kStart | kEnd)) != 0)) {
      return true;
    }
    if (first == U'β' && second == U'€' && is_one_of(third, U"™\u00A0Ά\u00AD®°")) return true;
    return first == U'ā' && second == U'€';
  }

  // Beyond the end: a noncharacter, which is in no class and equals nothing that is looked for.
  [[nodiscard]] char32_t character(std::size_t at) const {
    return at < text_.size() ? text_[at] : char32_t{0xFFFFFFFF};
  }
  [[nodiscard]] std::uint32_t in(std::size_t at) const { return classes_of(character(at)); }

  std::u32string_view text_;
};

// A single-byte character set.
struct CharacterSet {
  const char16_t* upper_half;  // nullptr: Latin-1
  // U+FFFD stands for byte 0x1A, which was lost (ftfy's "sloppy" codecs).
  bool is_sloppy;
  bool is_mac_roman;
};

// In the order in which they are tried: ftfy.chardata.CHARMAP_ENCODINGS.
constexpr CharacterSet kCharacterSets[] = {
    {nullptr, false, false},     {kWindows1252, true, false}, {kWindows1251, true, false},
    {kWindows1250, true, false}, {kWindows1253, true, false}, {kWindows1254, true, false},
    {kWindows1257, true, false}, {kIso8859_2, false, false},  {kMacRoman, false, true},
    {kCp437, false, false},
};

constexpr unsigned char kLost = 0x1A;

// The bytes that `set` reads as `text`; none where it has no byte for a character.
std::optional<std::string> encoded(std::u32string_view text, const CharacterSet& set) {
  std::vector<std::pair<char16_t, unsigned char>> bytes;
  if (set.upper_half != nullptr) {
    for (unsigned i = 0; i < 128; ++i) {
      bytes.emplace_back(set.upper_half[i], static_cast<unsigned char>(0x80 + i));
    }
    std::sort(bytes.begin(), bytes.end());
  }
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    if (c < 0x80) {
      if (set.is_sloppy && c == kLost) return std::nullopt;
      out.push_back(static_cast<char>(c));
    } else if (set.is_sloppy && c == kReplacementCharacter) {
      out.push_back(static_cast<char>(kLost));
    } else if (set.upper_half == nullptr) {
      if (c > 0xFF) return std::nullopt;
      out.push_back(static_cast<char>(c));
    } else {
      const auto found =
          std::lower_bound(bytes.begin(), bytes.end(), c,
                           [](const auto& entry, char32_t key) { return entry.first < key; });
      if (found == bytes.end() || found->first != c) return std::nullopt;
      out.push_back(static_cast<char>(found->second));
    }
  }
  return out;
}

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0x100U;
}
bool is_between(unsigned byte, unsigned low, unsigned high) { return byte >= low && byte <= high; }
bool is_continuation(unsigned byte) { return is_between(byte, 0x80, 0xBF); }

// How many bytes at `at` would be UTF-8 if a space in them were the byte 0xA0; 0 where none are
// (ftfy.chardata.ALTERED_UTF8_RE).
std::size_t altered_length(std::string_view bytes, std::size_t at) {
  const unsigned lead = byte_at(bytes, at);
  const unsigned second = byte_at(bytes, at + 1);
  const unsigned third = byte_at(bytes, at + 2);
  const unsigned fourth = byte_at(bytes, at + 3);
  constexpr std::string_view kLeads = "\xC2\xC3\xC5\xCE\xD0\xD9";
  if (lead < 0x100 && second == ' ' &&
      kLeads.find(static_cast<char>(lead)) != std::string_view::npos) {
    return 2;
  }
  const auto is_plain = [](unsigned byte) {
    return is_continuation(byte) && byte != 0x85 && byte != 0xA0;
  };
  if (is_between(lead, 0xE2, 0xE3) && second == ' ' && is_plain(third)) return 3;
  if (is_between(lead, 0xE0, 0xE3) && is_plain(second) && third == ' ') return 3;
  if (lead != 0xF0) return 0;
  const int spaces = (second == ' ') + (third == ' ') + (fourth == ' ');
  const int continuations =
      is_continuation(second) + is_continuation(third) + is_continuation(fourth);
  return spaces == 1 && continuations == 2 ? 4 : 0;
}

// ftfy.fixes.restore_byte_a0. "Ã " at the end of a word is "à" and keeps its space, but for the
// Portuguese words that begin so.
std::string with_byte_a0(std::string_view bytes) {
  bool any = false;
  for (std::size_t at = 0; at < bytes.size() && !any; ++at) any = altered_length(bytes, at) != 0;
  if (!any) return std::string(bytes);
  std::string words;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    words.push_back(bytes[at]);
    if (byte_at(bytes, at) != 0xC3 || byte_at(bytes, at + 1) != ' ') continue;
    const std::string_view after = bytes.substr(at + 2);
    const bool goes_on = after.starts_with(' ') || after.starts_with("quele") ||
                         after.starts_with("quela") || after.starts_with("quilo") ||
                         after.starts_with("s ");
    if (!goes_on) {
      words += "\xA0 ";
      ++at;
    }
  }
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t length = std::max<std::size_t>(altered_length(words, at), 1);
    const bool is_altered = altered_length(words, at) != 0;
    for (std::size_t end = at + length; at < end; ++at) {
      out.push_back(is_altered && words[at] == ' ' ? '\xA0' : words[at]);
    }
  }
  return out;
}

// How many bytes at `at` are a sequence of UTF-8 or CESU-8 that has lost bytes: 0x1A, or once "?"
// (ftfy.chardata.LOSSY_UTF8_RE); 0 where none are.
std::size_t lossy_length(std::string_view bytes, std::size_t at) {
  const unsigned lead = byte_at(bytes, at);
  const auto lost = [&](std::size_t i) { return byte_at(bytes, at + i) == kLost; };
  const auto lost_or_mark = [&](std::size_t i) { return lost(i) || byte_at(bytes, at + i) == '?'; };
  const auto kept_or_lost = [&](std::size_t i) {
    return lost(i) || is_continuation(byte_at(bytes, at + i));
  };
  const auto any = [&](std::size_t i) { return lost_or_mark(i) || kept_or_lost(i); };
  if (is_between(lead, 0xC2, 0xDF) && lost(1)) return 2;
  if (is_between(lead, 0xC2, 0xC3) && byte_at(bytes, at + 1) == '?') return 2;
  if (lead == 0xED && is_between(byte_at(bytes, at + 1), 0xA0, 0xAF) &&
      byte_at(bytes, at + 3) == 0xED && is_between(byte_at(bytes, at + 4), 0xB0, 0xBF) &&
      ((lost_or_mark(2) && any(5)) || (any(2) && lost_or_mark(5)))) {
    return 6;
  }
  if (is_between(lead, 0xE0, 0xEF) &&
      ((lost_or_mark(1) && kept_or_lost(2)) || (kept_or_lost(1) && lost_or_mark(2)))) {
    return 3;
  }
  if (is_between(lead, 0xF0, 0xF4) && ((lost_or_mark(1) && kept_or_lost(2) && kept_or_lost(3)) ||
                                       (kept_or_lost(1) && lost_or_mark(2) && kept_or_lost(3)) ||
                                       (kept_or_lost(1) && kept_or_lost(2) && lost_or_mark(3)))) {
    return 4;
  }
  return lead == kLost ? 1 : 0;
}

// ftfy.fixes.replace_lossy_sequences
std::string with_lossy_replaced(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = lossy_length(bytes, at);
    if (length != 0) {
      append_utf8(out, kReplacementCharacter);
      at += length;
    } else {
      out.push_back(bytes[at++]);
    }
  }
  return out;
}

// The text of UTF-8 bytes, or of ftfy's "utf-8-variants" where `variants`: CESU-8's pairs of
// surrogates and Java's C0 80 for U+0000 as well. None where they are not.
std::optional<std::u32string> decoded(std::string_view bytes, bool variants) {
  std::u32string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const unsigned lead = byte_at(bytes, at);
    if (variants && lead == 0xC0) {
      // ftfy's expression for a truncated sequence also holds before a final line feed, which it
      // then takes for the second byte.
      const bool is_final_line = byte_at(bytes, at + 1) == '\n' && at + 2 == bytes.size();
      if (byte_at(bytes, at + 1) != 0x80 && !is_final_line) return std::nullopt;
      out.push_back(U'\0');
      at += 2;
      continue;
    }
    const auto next = [&](std::size_t i) { return byte_at(bytes, at + i); };
    if (variants && lead == 0xED && is_between(next(1), 0xA0, 0xAF) && is_continuation(next(2)) &&
        next(3) == 0xED && is_between(next(4), 0xB0, 0xBF) && is_continuation(next(5))) {
      out.push_back(0x10000 + ((next(1) & 0x0FU) << 16U) + ((next(2) & 0x3FU) << 10U) +
                    ((next(4) & 0x0FU) << 6U) + (next(5) & 0x3FU));
      at += 6;
      continue;
    }
    const Decoded one = decode_one(bytes, at);
    if (!one.valid) return std::nullopt;
    out.push_back(one.code_point);
    at += one.length;
  }
  return out;
}

// The end of a run of sequences that look like misread UTF-8, at `at`, or `at` (ftfy.chardata.
// UTF8_DETECTOR_RE). The classes of first characters have none in common.
std::size_t end_of_sequences(std::u32string_view text, std::size_t at) {
  for (;;) {
    const std::uint32_t first = at < text.size() ? classes_of(text[at]) : 0U;
    const std::size_t more = (first & kFirstOfTwo) != 0     ? 1
                             : (first & kFirstOfThree) != 0 ? 2
                             : (first & kFirstOfFour) != 0  ? 3
                                                            : 0;
    if (more == 0 || at + more >= text.size()) return at;
    for (std::size_t i = 1; i <= more; ++i) {
      if ((classes_of(text[at + i]) & kContinuation) == 0) return at;
    }
    at += 1 + more;
  }
}

// A part that looks misread is shorter than its text, and reading it anew at least halves it, so
// that this depth is beyond any text's.
constexpr unsigned kMaxDepth = 40;

std::u32string repair(std::u32string text, unsigned depth);

// ftfy.fixes.decode_inconsistent_utf8
std::u32string with_parts_repaired(std::u32string_view text, unsigned depth) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool may_begin = at == 0 || (classes_of(text[at - 1]) & kContinuationStrict) == 0;
    const std::size_t end = may_begin ? end_of_sequences(text, at) : at;
    if (end == at) {
      out.push_back(text[at++]);
      continue;
    }
    const std::u32string_view part = text.substr(at, end - at);
    if (part.size() < text.size() && depth < kMaxDepth && looks_misread(part)) {
      out += repair(std::u32string(part), depth + 1);
    } else {
      out += part;
    }
    at = end;
  }
  return out;
}

// One layer: what the text is when it is read anew, or the text itself where nothing helps.
std::u32string repair_once(const std::u32string& text, unsigned depth) {
  if (!looks_misread(text)) return text;
  for (const CharacterSet& set : kCharacterSets) {
    auto bytes = encoded(text, set);
    if (!bytes) continue;
    // MacRoman's en dash before a space would look like a lost byte.
    if (!set.is_mac_roman) bytes = with_byte_a0(*bytes);
    if (set.is_sloppy) bytes = with_lossy_replaced(*bytes);
    const bool variants =
        bytes->find('\xED') != std::string::npos || bytes->find('\xC0') != std::string::npos;
    if (auto read = decoded(*bytes, variants)) return *std::move(read);
  }
  if (auto repaired = with_parts_repaired(text, depth); repaired != text) return repaired;
  // What is left of C1 controls was Windows-1252 all along.
  std::u32string without_c1 = text;
  for (char32_t& c : without_c1) c = windows_1252_of_c1(c);
  return without_c1;
}

std::u32string repair(std::u32string text, unsigned depth) {
  for (;;) {
    std::u32string repaired = repair_once(text, depth);
    if (repaired == text) return text;
    text = std::move(repaired);
  }
}

}  // namespace

bool looks_misread(std::u32string_view text) {
  const Unlikely unlikely(text);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (unlikely.begins_at(at)) return true;
  }
  return false;
}

std::u32string repair_misread(std::u32string text) { return repair(std::move(text), 0); }

char32_t windows_1252_of_c1(char32_t code_point) {
  return code_point - 0x80 < 32 ? kWindows1252[code_point - 0x80] : code_point;
}

}  // namespace tagscope
