#include "text/normalize.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "text/unicode.h"
#include "text/unicode_tables.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

using unicode_tables::Decomposition;
using unicode_tables::Reader;

// Hangul syllables compose by arithmetic (The Unicode Standard, §3.12).
constexpr char32_t kSyllables = 0xAC00;
constexpr char32_t kLeading = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kTrailing = 0x11A7;  // one before the first: 0 stands for none
constexpr char32_t kLeadingCount = 19;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTrailingCount = 28;
constexpr char32_t kSyllableCount = kLeadingCount * kVowelCount * kTrailingCount;

// A code point with its Canonical_Combining_Class above it, so that marks sort as one number.
struct Character {
  std::uint32_t packed;

  Character(char32_t code_point, std::uint8_t combining_class)
      : packed(static_cast<std::uint32_t>(combining_class) << 24 | code_point) {}
  [[nodiscard]] char32_t code_point() const { return packed & 0xFFFFFF; }
  [[nodiscard]] unsigned combining_class() const { return packed >> 24; }
};

class NormalizationData {
 public:
  NormalizationData() {
    read_combining_classes();
    read_decompositions();
    std::sort(compositions_.begin(), compositions_.end(),
              [](const auto& a, const auto& b) { return a.pair < b.pair; });
  }

  [[nodiscard]] std::uint8_t combining_class(char32_t code_point) const {
    const auto run = last_not_after(classes_, code_point);
    return run != nullptr && code_point - run->first < run->length ? run->value : std::uint8_t{0};
  }

  // Appends the full decomposition, each part with its class, not yet in canonical order.
  void decompose(char32_t code_point, bool compatibility, std::vector<Character>& out) const {
    if (code_point - kSyllables < kSyllableCount) {
      const char32_t index = code_point - kSyllables;
      out.emplace_back(kLeading + index / (kVowelCount * kTrailingCount), std::uint8_t{0});
      out.emplace_back(kVowels + index / kTrailingCount % kVowelCount, std::uint8_t{0});
      if (index % kTrailingCount != 0) {
        out.emplace_back(kTrailing + index % kTrailingCount, std::uint8_t{0});
      }
      return;
    }
    const Mapping* mapping = last_not_after(mappings_, code_point);
    const bool applies = mapping != nullptr && code_point - mapping->first < mapping->members &&
                         (compatibility || is_canonical(mapping->kind));
    if (!applies) {
      out.emplace_back(code_point, combining_class(code_point));
      return;
    }
    // A run maps neighbours to neighbours: only its first target is stored.
    for (std::size_t i = 0; i < mapping->length; ++i) {
      decompose(targets_[mapping->target + i] + (code_point - mapping->first), compatibility, out);
    }
  }

  // The primary composite of the two, or 0.
  [[nodiscard]] char32_t compose(char32_t first, char32_t second) const {
    if (first - kLeading < kLeadingCount && second - kVowels < kVowelCount) {
      return kSyllables + ((first - kLeading) * kVowelCount + (second - kVowels)) * kTrailingCount;
    }
    const bool is_open_syllable =
        first - kSyllables < kSyllableCount && (first - kSyllables) % kTrailingCount == 0;
    if (is_open_syllable && second > kTrailing && second - kTrailing < kTrailingCount) {
      return first + (second - kTrailing);
    }
    const std::uint64_t pair = pair_of(first, second);
    const auto found = std::lower_bound(
        compositions_.begin(), compositions_.end(), pair,
        [](const Composition& entry, std::uint64_t key) { return entry.pair < key; });
    return found != compositions_.end() && found->pair == pair ? found->composite : U'\0';
  }

 private:
  struct ClassRun {
    char32_t first;
    std::uint32_t length;
    std::uint8_t value;
  };
  struct Mapping {
    char32_t first;
    std::uint32_t members;
    std::uint32_t target;  // index in targets_
    std::uint8_t length;
    Decomposition kind;
  };
  struct Composition {
    std::uint64_t pair;
    char32_t composite;
  };

  static std::uint64_t pair_of(char32_t first, char32_t second) {
    return static_cast<std::uint64_t>(first) << 32 | second;
  }
  static bool is_canonical(Decomposition kind) {
    return kind == Decomposition::canonical || kind == Decomposition::canonical_excluded;
  }

  template <typename Entry>
  static const Entry* last_not_after(const std::vector<Entry>& entries, char32_t code_point) {
    const auto after =
        std::upper_bound(entries.begin(), entries.end(), code_point,
                         [](char32_t key, const Entry& entry) { return key < entry.first; });
    return after == entries.begin() ? nullptr : &*(after - 1);
  }

  void read_combining_classes() {
    Reader reader(unicode_tables::packed(unicode_tables::Table::combining_classes));
    classes_.resize(reader.varint());
    char32_t end = 0;
    for (ClassRun& run : classes_) {
      run.first = end + reader.varint();
      run.length = reader.varint();
      run.value = reader.byte();
      end = run.first + run.length;
    }
  }

  void read_decompositions() {
    Reader reader(unicode_tables::packed(unicode_tables::Table::decompositions));
    mappings_.resize(reader.varint());
    char32_t end = 0;
    for (Mapping& mapping : mappings_) {
      const std::uint8_t head = reader.byte();
      const std::uint32_t short_gap = head >> 5U;
      const std::uint32_t short_length = head >> 2U & 7U;
      mapping.kind = static_cast<Decomposition>(head & 3U);
      mapping.first = end + (short_gap != 0 ? short_gap : reader.varint()) - 1;
      const std::uint32_t length = short_length != 0 ? short_length : reader.varint();
      const bool is_run = mapping.kind == Decomposition::compatibility_run;
      mapping.members = is_run ? length : 1;
      mapping.length = is_run ? std::uint8_t{1} : static_cast<std::uint8_t>(length);
      mapping.target = static_cast<std::uint32_t>(targets_.size());
      for (std::size_t i = 0; i < mapping.length; ++i) targets_.push_back(reader.varint());
      end = mapping.first + mapping.members;
      add_composition(mapping);
    }
  }

  // Singletons and the listed exclusions never compose (The Unicode Standard, D114); nor do the
  // decompositions that begin with a mark, as compose_canonically() asks for starters only.
  void add_composition(const Mapping& mapping) {
    if (mapping.kind != Decomposition::canonical || mapping.length != 2) return;
    compositions_.push_back(
        {pair_of(targets_[mapping.target], targets_[mapping.target + 1]), mapping.first});
  }

  std::vector<ClassRun> classes_;
  std::vector<Mapping> mappings_;
  std::vector<char32_t> targets_;
  std::vector<Composition> compositions_;
};

const NormalizationData& normalization_data() {
  static const NormalizationData data;
  return data;
}

// Marks between two starters are put in the order of their classes, equal ones as they stood.
// A merge sort: a hostile run of marks must not cost quadratic time.
void order_canonically(std::vector<Character>& characters) {
  const auto is_starter = [](Character c) { return c.combining_class() == 0; };
  for (auto begin = characters.begin(); begin != characters.end();) {
    begin = std::find_if_not(begin, characters.end(), is_starter);
    const auto end = std::find_if(begin, characters.end(), is_starter);
    std::stable_sort(begin, end, [](Character a, Character b) {
      return a.combining_class() < b.combining_class();
    });
    begin = end;
  }
}

// The canonical composition algorithm (The Unicode Standard, D117), in place.
void compose_canonically(std::vector<Character>& characters, const NormalizationData& data) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t starter = kNone;
  std::size_t kept = 0;
  for (const Character c : characters) {
    if (starter != kNone) {
      // Blocked by a kept character between the two of no lower class.
      const bool is_adjacent = starter + 1 == kept;
      if (is_adjacent || characters[kept - 1].combining_class() < c.combining_class()) {
        const char32_t composite = data.compose(characters[starter].code_point(), c.code_point());
        if (composite != 0) {
          characters[starter] = Character(composite, 0);
          continue;
        }
      }
    }
    if (c.combining_class() == 0) starter = kept;
    characters[kept++] = c;
  }
  characters.erase(characters.begin() + static_cast<std::ptrdiff_t>(kept), characters.end());
}

// Only the stretches around unstable code points are rewritten: from the stable one before, with
// which they may combine, to the next stable one, which combines with nothing before it.
std::string normalized(std::string_view text, bool compatibility) {
  const unsigned unstable =
      compatibility ? unicode_detail::kNfkcUnstable : unicode_detail::kNfcUnstable;
  std::string out;
  out.reserve(text.size());
  std::vector<Character> stretch;
  std::size_t copied = 0;
  std::size_t stable = 0;  // where the last stable code point begins
  for (std::size_t at = 0; at < text.size();) {
    Decoded decoded = decode_one(text, at);
    if (decoded.code_point < 0x80 ||
        (unicode_detail::properties(decoded.code_point) & unstable) == 0) {
      stable = at;
      at += decoded.length;
      continue;
    }
    out.append(text, copied, stable - copied);
    stretch.clear();
    const NormalizationData& data = normalization_data();
    for (at = stable; at < text.size(); at += decoded.length) {
      decoded = decode_one(text, at);
      const bool is_unstable = (unicode_detail::properties(decoded.code_point) & unstable) != 0;
      if (at != stable && !is_unstable) break;
      data.decompose(decoded.code_point, compatibility, stretch);
    }
    order_canonically(stretch);
    compose_canonically(stretch, data);
    for (const Character c : stretch) append_utf8(out, c.code_point());
    copied = at;
    stable = at;
  }
  return out.append(text, copied, text.size() - copied);
}

// Where decomposed() may let go of what it holds, in characters.
constexpr std::size_t kStretch = 256;

// Without composing: NFD, or NFKD.
std::string decomposed(std::string_view text, bool compatibility) {
  std::string out;
  out.reserve(text.size());
  std::vector<Character> stretch;
  const auto flush = [&] {
    order_canonically(stretch);
    for (const Character c : stretch) append_utf8(out, c.code_point());
    stretch.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    if (decoded.code_point < 0x80) {
      if (!stretch.empty()) flush();
      out += text[at];
    } else {
      normalization_data().decompose(decoded.code_point, compatibility, stretch);
      // Marks are ordered between two starters only, so what is closed may go.
      if (stretch.size() > kStretch && stretch.back().combining_class() == 0) {
        const Character last = stretch.back();
        stretch.pop_back();
        flush();
        stretch.push_back(last);
      }
    }
    at += decoded.length;
  }
  flush();
  return out;
}

}  // namespace

std::string nfc(std::string_view well_formed) { return normalized(well_formed, false); }

std::string nfkc(std::string_view well_formed) { return normalized(well_formed, true); }

std::string nfd(std::string_view well_formed) { return decomposed(well_formed, false); }

std::string nfkd(std::string_view well_formed) { return decomposed(well_formed, true); }

}  // namespace tagscope
