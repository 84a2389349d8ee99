// What a search counts. Tallies of different units add up to the tally of all of them, whatever
// the order: counts are integers, sums of chances exact, and lists keep the first in their order.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "search/distinct.h"
#include "search/exact_sum.h"
#include "search/space.h"

namespace tagscope {

// A recipe that explains some groups in full. The one that explains most comes first, then the
// first in space order.
struct SearchHit {
  std::uint32_t groups = 0;
  std::uint32_t pairs = 0;
  RecipeId id;

  friend bool operator<(const SearchHit& a, const SearchHit& b) {
    if (a.groups != b.groups) return a.groups > b.groups;
    if (a.pairs != b.pairs) return a.pairs > b.pairs;
    return a.id < b.id;
  }
};

// Counts by a key, quick for small keys.
class KeyCounts {
 public:
  void add(std::uint64_t key, std::uint64_t count = 1) {
    if (key < kDense) {
      if (key >= dense_.size()) dense_.resize(key + 1);
      dense_[key] += count;
    } else {
      sparse_[key] += count;
    }
  }
  // All counts that are not 0, ascending by key.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::uint64_t>> items() const;

 private:
  static constexpr std::uint64_t kDense = 4096;
  std::vector<std::uint64_t> dense_;
  std::map<std::uint64_t, std::uint64_t> sparse_;
};

// The codes that a name reaches: a bit each, or keys where there are too many.
struct ReachedCodes {
  CodeSet bits{0};
  KeySketch keys{0};
  bool by_bits = false;

  // Codes up to which bits are kept for all names together, and keys for all together.
  static constexpr std::size_t kMostBits = std::size_t{1} << 28;
  static constexpr std::size_t kMostKeys = std::size_t{1} << 20;
};

struct Tally {
  std::vector<std::uint8_t> done;  // by unit
  std::uint64_t tried = 0;         // recipes of these units; not saved, the plan knows it
  // By null model: recipes that qualify, and sums of chances of those that accept several codes.
  std::vector<std::uint64_t> qualifying;
  std::vector<ExactSum> chances;
  // By null model: recipes by signature (nulls.h), and hits by signature and groups explained.
  std::vector<KeyCounts> signatures;
  std::vector<std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint64_t>> seen;
  // With a single pair: recipes by the set of alphabets that their output is of.
  std::vector<std::uint64_t> alphabet_sets;
  std::vector<SearchHit> hits;                        // the best, ascending
  std::map<std::uint32_t, std::uint64_t> hit_counts;  // recipes by groups explained
  // Which tags every name's output is, for recipes under which every name has one; see
  // pattern_of() in engine.cpp. Where there are too many, the least in byte order stay.
  std::set<std::string> patterns;
  bool patterns_left_out = false;
  std::vector<std::uint32_t> decoys;  // by run: the most groups that a recipe explains
  std::vector<ReachedCodes> reached;  // by pair: codes of the shape
  std::vector<ReachedCodes> letters;  // by pair: codes of a–z, where tokens are a null model

  void add_hit(const SearchHit& hit);
  void add_pattern(std::string pattern);
  // Adds another tally of the same search. Precondition: no unit is done in both.
  void add(const Tally& other);

  [[nodiscard]] std::string save(std::uint64_t fingerprint) const;
  // Reads what save() wrote into a tally that is empty but of the right measures: every list has
  // its length, every set of codes its kind and size. Error `bad-part`.
  [[nodiscard]] static Result<Tally> load(std::string_view saved, std::uint64_t fingerprint,
                                          Tally empty);
};

// Hits that are kept one by one.
inline constexpr std::size_t kKeptHits = 20;
inline constexpr std::size_t kMostPatterns = 1024;
inline constexpr std::size_t kMostPatternBytes = std::size_t{8} << 20;

}  // namespace tagscope
