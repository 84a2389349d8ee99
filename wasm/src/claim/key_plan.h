// Which keys are solved for: families × normalisations of the names × alignments × periods.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "claim/evidence.h"
#include "claim/key_solver.h"

namespace tagscope {

// The distinct tags as the solver reads them, in the order of group_by_tag().
struct WrittenTags {
  bool hex = false;                   // of bytes, written as two digits each
  std::vector<std::u32string> texts;  // folded where case is ignored
  Alphabet alphabet;                  // of all codes of the shape

  // Characters of a tag that one position is.
  [[nodiscard]] std::size_t width() const { return hex ? 2 : 1; }
  [[nodiscard]] std::size_t positions() const;
};

// Where the window lies, and where the key's classes are counted from.
struct Alignment {
  std::size_t offset = 0;  // from the start, or from the end, of the name
  bool from_end = false;
  bool counted_from_name = false;
};

// The names under one normalisation, as one family reads them.
struct Reading {
  KeyFamily family = KeyFamily::exclusive_or;
  std::size_t writing = 0;  // index into KeyPlan::writings()
  std::string_view normalisation;
  bool reversed = false;
  std::vector<std::u32string> names;  // by pair
  // Of Vigenère: how many letters stand before each position.
  std::vector<std::vector<std::uint32_t>> letters_before;
  std::vector<Alignment> alignments;

  [[nodiscard]] bool repeats() const {
    return family == KeyFamily::exclusive_or || family == KeyFamily::vigenere;
  }
};

// Which windows there are: for the tags where they are, or for any tag at any name.
enum class WindowsFor : std::uint8_t { as_paired, any_tag };

class KeyPlan {
 public:
  KeyPlan(const Hypotheses& hypotheses, WindowsFor which);

  // The shape of the tags as they are.
  [[nodiscard]] const Alphabet& alphabet() const { return writings_.front().alphabet; }
  [[nodiscard]] const std::vector<WrittenTags>& writings() const { return writings_; }
  [[nodiscard]] const WrittenTags& writing_of(const Reading& reading) const {
    return writings_[reading.writing];
  }
  [[nodiscard]] const std::vector<KeyFamily>& families() const { return families_; }
  // Readings that are the same to a family are there once. None where the names are too long.
  [[nodiscard]] const std::vector<Reading>& readings() const { return readings_; }
  // The group of each pair, by its index in the hypotheses.
  [[nodiscard]] const std::vector<std::size_t>& tag_of() const { return tag_of_; }

  // Fills `window` (but its tag) with the part of a pair's name that a tag of `length` positions
  // is of. Gives back after how many periods nothing changes; 0 where the name has no such window.
  std::size_t window_at(const Reading& reading, const Alignment& alignment, std::size_t period,
                        std::size_t pair, std::size_t length, PlainWindow& window) const;

  // Fills `system` with the windows of all pairs; gives back as window_at() does.
  std::size_t system_at(const Reading& reading, const Alignment& alignment, std::size_t period,
                        KeySystem& system) const;

  // The recipe that applies the key, or null where no recipe selects these windows.
  [[nodiscard]] Json recipe_of(const Reading& reading, const Alignment& alignment,
                               const KeySolution& solution) const;

 private:
  void add_reading(const Hypotheses& hypotheses, KeyFamily family, std::size_t writing,
                   std::string_view normalisation, bool reversed, WindowsFor which);

  std::vector<std::size_t> tag_of_;
  std::vector<WrittenTags> writings_;
  std::vector<KeyFamily> families_;
  std::vector<Reading> readings_;
};

// What a system demands, whatever it is called: two with one mark are one hypothesis. 128 bits,
// so that no two of millions are taken for each other.
struct SystemMark {
  std::uint64_t a = 0xcbf29ce484222325;
  std::uint64_t b = 0x9e3779b97f4a7c15;

  void add(std::uint64_t value) {
    a = (a ^ value) * 0x100000001b3;
    a ^= a >> 29;
    b = (b + value) * 0xff51afd7ed558ccd;
    b ^= b >> 32;
  }
  friend bool operator==(const SystemMark& x, const SystemMark& y) {
    return x.a == y.a && x.b == y.b;
  }
};
struct SystemMarkHash {
  std::size_t operator()(const SystemMark& mark) const { return static_cast<std::size_t>(mark.a); }
};

// `width` as of the tags; `renamed` is scratch.
[[nodiscard]] SystemMark mark_of(const KeySystem& system, std::size_t width,
                                 std::vector<std::uint32_t>& renamed);

// Characters looked at in all, over periods in ascending order; a period that would end beyond it
// is left out rather than half examined.
inline constexpr std::size_t kMaxKeyVisits = 20'000'000;
// What a system costs beside its characters; it bounds how many are remembered.
inline constexpr std::size_t kVisitsPerSystem = 32;
// Keys of the affine family, all tried out.
inline constexpr std::size_t kAffineKeys = std::size(kAffineFactors) * kCipherLetters;

// The logarithm of a chance, as it is compared: rounded, so that equal chances are equal whatever
// the order of their factors.
[[nodiscard]] double comparable(double log_chance);

}  // namespace tagscope
