// Spaces: named, versioned, finite, ordered sets of recipes.
//
//   recipe = normalisation | cipher | digest | encoding | selection       (each may be nothing)
//
// A space is a list of blocks, each the product of its stages. What a version holds is frozen in
// search/spaces/<name>_<version>.def, because links name it; a new method waits in
// search/spaces/next.def for the next version. docs/SPACES.md is generated from here.
//
// Selections depend on the tags: `take n=3` is there for tags of three characters. So do keys in
// `deep`, which are drawn from the words of the claim. A plan is a space under both.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "json/json.h"
#include "recipe/recipe.h"
#include "search/equivalence.h"

namespace tagscope {

// One choice of a stage: steps in a row, perhaps none.
struct Fragment {
  std::string text;  // canonical; empty for none
  std::vector<Step> steps;
};

struct SpaceBlock {
  std::vector<Fragment> normalisations;
  std::vector<Fragment> ciphers;
  std::vector<Fragment> digests;
  std::vector<Fragment> encodings;
  bool windows = false;  // every window, beside the first and the last n
  bool every = false;    // every 2nd, 3rd and 4th position
};

// Windows in values whose length depends on the name begin at most here.
inline constexpr std::uint32_t kLastWindow = 255;
// At most so many words of a claim become keys.
inline constexpr std::size_t kMaxWords = 64;
inline constexpr std::uint32_t kMostEvery = 4;

// A line of a .def file: `rot n=1..25` and `xor key=0x01..0xff` stand for every value,
// `key=WORDS` for every word of the claim.
struct SpaceLine {
  enum class Part : std::uint8_t { open, block, normalisation, cipher, digest, encoding };
  Part part;
  // Of `open`: a domain that the space does not search; of a block: its selections.
  std::string_view text;
};

struct Space {
  std::string_view id;       // "standard@1"
  std::string_view summary;  // for people
  std::span<const SpaceLine> lines;
};

// The domains that the space leaves open: "xor key".
[[nodiscard]] std::vector<std::string_view> open_domains(const Space& space);

// Quickest first. Live as long as the program.
[[nodiscard]] std::span<const Space* const> spaces();

// The space of that id, or `unknown-space`. A bare name means its latest version.
[[nodiscard]] Result<const Space*> require_space(std::string_view id);

// What a selection takes of an encoded value.
struct Selection {
  enum class Kind : std::uint8_t { whole, take, last, window, every };
  Kind kind = Kind::whole;
  std::uint32_t n = 0;     // positions taken; not of `whole`
  std::uint32_t at = 0;    // window: begins; every: first
  std::uint32_t step = 1;  // every

  // "", "take n=3", "every step=2 from=1 | take n=3"
  [[nodiscard]] std::string text() const;
};

// The positions of a value, characters or bytes, that a selection takes.
template <typename Text>
Text selected(const Text& text, const Selection& selection) {
  const std::size_t size = text.size();
  switch (selection.kind) {
    case Selection::Kind::whole: return text;
    case Selection::Kind::take: return text.substr(0, selection.n);
    case Selection::Kind::last: return text.substr(size - std::min<std::size_t>(size, selection.n));
    case Selection::Kind::window:
      return text.substr(std::min<std::size_t>(size, selection.at), selection.n);
    case Selection::Kind::every: {
      Text picked;
      for (std::size_t at = selection.at; at < size && picked.size() < selection.n;
           at += selection.step) {
        picked.push_back(text[at]);
      }
      return picked;
    }
  }
  return text;
}

// The selections of one encoded value in the order of the space: the whole; for each n the first,
// the last, windows at 1, 2, …, every 2nd, 3rd, 4th. Left out is what provably equals another one
// (a value of at most n is taken whole; of a value of fixed length D the window at D − n is the
// last n) and, of fixed lengths, what gives fewer than n.
class SelectionList {
 public:
  SelectionList(const SpaceBlock& block, KnownLength length,
                std::span<const std::uint32_t> lengths);

  struct Group {
    std::uint32_t n;
    std::uint32_t first;        // index of `take n`; `last n` follows, then the windows
    std::uint32_t windows;      // at = 1 … windows
    std::uint32_t first_every;  // index of the first of `every`
    std::vector<Selection> every;
  };
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  // Precondition: index < size().
  [[nodiscard]] Selection at(std::uint32_t index) const;

 private:
  std::vector<Group> groups_;
  std::uint32_t size_ = 1;
};

// A recipe of a plan. In the order of the space one comes before another where its prefix is
// smaller, or the prefix is the same and the selection smaller.
struct RecipeId {
  std::uint64_t prefix = 0;     // normalisation, cipher, digest and encoding
  std::uint32_t selection = 0;  // into the prefix's SelectionList

  friend bool operator==(const RecipeId& a, const RecipeId& b) = default;
  friend bool operator<(const RecipeId& a, const RecipeId& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : a.selection < b.selection;
  }
};

// A piece of work: the prefixes of one block, digest and normalisation under some ciphers. Units
// follow each other in the order of the space: no recipe of a later one comes before an earlier.
struct Unit {
  std::uint32_t block = 0;
  std::uint32_t digest = 0;
  std::uint32_t normalisation = 0;
  std::uint32_t cipher_begin = 0;
  std::uint32_t cipher_end = 0;
};

class SearchPlan {
 public:
  // `lengths`: the distinct lengths of the tags in characters, ascending, at least one, none 0.
  // `names`: how many names are searched together; it decides how units are cut, nothing else.
  SearchPlan(const Space& space, std::vector<std::uint32_t> lengths, std::vector<std::string> words,
             std::size_t names);

  [[nodiscard]] const Space& space() const { return *space_; }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  [[nodiscard]] const std::vector<SpaceBlock>& blocks() const { return blocks_; }
  [[nodiscard]] std::span<const Unit> units() const { return units_; }
  [[nodiscard]] std::uint64_t recipes() const { return recipes_; }
  [[nodiscard]] std::uint64_t recipes_of(const Unit& unit) const;
  [[nodiscard]] std::uint64_t prefix_of(const Unit& unit, std::uint32_t cipher,
                                        std::uint32_t encoding) const;
  [[nodiscard]] const SelectionList& selections(std::uint32_t block, std::uint32_t digest,
                                                std::uint32_t encoding) const;
  // Does the plan have it?
  [[nodiscard]] bool has(const RecipeId& id) const;
  // Precondition: the plan has it.
  [[nodiscard]] Selection selection_of(const RecipeId& id) const;
  // The recipe in canonical form; the one that does nothing, for which the language has no empty
  // form, is `rot n=0`. Precondition: the plan has it.
  [[nodiscard]] std::string text(const RecipeId& id) const;

 private:
  // The stages of a prefix, as indices.
  struct Place {
    std::uint32_t block, digest, normalisation, cipher, encoding;
  };
  [[nodiscard]] Place place_of(std::uint64_t prefix) const;

  const Space* space_;
  std::vector<std::uint32_t> lengths_;
  std::vector<std::string> words_;
  std::vector<SpaceBlock> blocks_;
  std::vector<std::uint64_t> first_prefix_;  // of each block
  std::uint64_t prefixes_ = 0;
  std::vector<std::vector<SelectionList>> selections_;  // by block, then digest and encoding
  std::vector<Unit> units_;
  std::uint64_t recipes_ = 0;
};

// Runs of ASCII letters, 2 to 32 of them, in the order in which they occur, each once, at most
// kMaxWords.
[[nodiscard]] std::vector<std::string> words_of(std::span<const std::string> texts);

// {space, recipe, contains, as, length}: whether the space holds the recipe, modulo the rules of
// search/equivalence.h. `as` is the member that equals it; where that selects, it is there for
// tags of `length` characters, else for all (null). Keys are looked for among `words`. Errors:
// the recipe's, `unknown-space`.
[[nodiscard]] Result<Json> describe_membership(std::string_view space, std::string_view recipe,
                                               std::vector<std::string> words);

// Every space with its stages and the number of its recipes for tags of 1 to `most` characters.
[[nodiscard]] Json describe_spaces(std::uint32_t most);

}  // namespace tagscope
