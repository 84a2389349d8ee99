// A key solved for where plain characters and their tags are known.
//
// A key class is what one value of a repeating key acts on. Pairs with one tag are one draw:
// classes that share its characters are solved together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claim/shape.h"

namespace tagscope {

enum class KeyFamily : std::uint8_t {
  exclusive_or,  // of bytes, any key
  vigenere,      // of letters, any key; counted by letters, all else stays as it is
  affine,        // of letters, a of 12 and b of 26
  substitution,  // any injective map of characters
};

[[nodiscard]] std::string_view name_of(KeyFamily family);

// A window of one name, with the tag that it has to give.
struct PlainWindow {
  std::u32string plain;  // as long as its tag
  // Of each position, the key class that acts on it: below KeySystem::period.
  std::vector<std::uint32_t> classes;
  std::size_t tag = 0;  // index into KeySystem::tags
};

// All windows under one hypothesis. Characters are code points, bytes for exclusive_or.
struct KeySystem {
  KeyFamily family = KeyFamily::exclusive_or;
  std::size_t period = 1;            // key classes there are; 1 for affine and substitution
  std::vector<PlainWindow> windows;  // at least one
  // The distinct tags, written in the solver's alphabet; each is used by a window.
  std::span<const std::u32string> tags;
};

struct KeySolution {
  std::size_t positions = 0;  // N: characters of distinct tags
  std::size_t freedoms = 0;   // d: independent key values that were touched
  // ln ∏ K_ρ: of the number of tags in the alphabet that some key gives; −∞ where none.
  double log_keys = 0;
  bool fits = false;  // some key gives exactly these tags
  // Where it fits, by class: the key's value (byte, or shift 0–25), nothing where untouched.
  // affine: {a, b} where only one pair gives these tags, else empty. substitution: empty.
  std::vector<std::optional<std::uint8_t>> key;

  [[nodiscard]] std::size_t checks() const { return positions - freedoms; }
};

// Solves systems over one alphabet; keeps its scratch between them.
class KeySolver {
 public:
  explicit KeySolver(const Alphabet& alphabet);

  [[nodiscard]] KeySolution solve(const KeySystem& system);

 private:
  struct Mask {
    std::uint64_t words[4];
  };
  struct Link {
    std::uint32_t parent;
    std::uint8_t offset;  // the node's value is its parent's, moved by this
  };

  [[nodiscard]] std::uint8_t moved(std::uint8_t value, std::uint8_t by) const;
  [[nodiscard]] std::uint8_t difference(std::uint8_t of, std::uint8_t from) const;
  Link find(std::uint32_t node);
  [[nodiscard]] bool join(std::uint32_t key, std::uint32_t symbol, std::uint8_t plain);
  KeySolution solve_periodic(const KeySystem& system);
  KeySolution solve_affine(const KeySystem& system) const;
  KeySolution solve_substitution(const KeySystem& system);

  const Alphabet& alphabet_;
  bool bytes_ = false;  // the system at hand is of bytes
  // By offset: the values that, moved by it, lie in the alphabet; letters by case.
  std::vector<Mask> byte_masks_;
  std::vector<Mask> letter_masks_[2];
  std::vector<Link> links_;
};

[[nodiscard]] inline bool is_lower(char32_t c) { return c >= 'a' && c <= 'z'; }
// What Vigenère and affine act on; all else stays as it is.
[[nodiscard]] inline bool is_cipher_letter(char32_t c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] inline std::uint8_t letter_number(char32_t c) {
  return static_cast<std::uint8_t>(c - (is_lower(c) ? U'a' : U'A'));
}
[[nodiscard]] inline char32_t letter_of(bool lower, unsigned number) {
  return (lower ? U'a' : U'A') + number;
}

inline constexpr std::uint8_t kCipherLetters = 26;
// The factors of affine keys: coprime to 26.
inline constexpr std::uint8_t kAffineFactors[] = {1, 3, 5, 7, 9, 11, 15, 17, 19, 21, 23, 25};
// As a tag's chance: nothing can give it.
inline constexpr double kImpossible = -std::numeric_limits<double>::infinity();

}  // namespace tagscope
