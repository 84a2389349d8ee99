// A claim: these names became these tags, perhaps by this recipe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "json/json.h"

namespace tagscope {

// How a tag has to lie in a recipe's output; fixed before anything is searched.
enum class Match : std::uint8_t { exact, prefix, suffix, window, subsequence };

[[nodiscard]] std::string_view name_of(Match match);

struct Pair {
  std::string name;  // well-formed UTF-8, not empty
  std::string tag;   // likewise

  friend bool operator==(const Pair& a, const Pair& b) = default;
};

struct Claim {
  std::optional<std::string> title;
  std::vector<Pair> pairs;            // at least one
  std::optional<std::string> recipe;  // canonical
  Match match = Match::exact;
  bool ignore_case = false;
  std::string tokenizer = "clip";
  std::string profile = "openai";           // a name of kClipProfileNames
  std::optional<std::uint64_t> population;  // names in all, of which the pairs are a sample
  std::optional<std::string> space;         // "standard@1": what is to be searched
  double level = 0.001;
  std::optional<std::string> encoder;  // SHA-256 of its file, 64 lower-case hex digits

  // The pairs without exact repetitions, in the order given.
  [[nodiscard]] std::vector<Pair> distinct_pairs() const;
};

inline constexpr std::size_t kMaxClaimBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxClaimPairs = 1000;
inline constexpr std::size_t kMaxNameBytes = 1024;
inline constexpr std::size_t kMaxTagBytes = 1024;

// Reads a claim of version 1; fields left out take their defaults and unknown
// fields are refused. Whether there is a space of that name is the search's to say.
// Errors: `bad-claim`, `unsupported` (another version), `unknown-profile` and those of the
// recipe; where names the field: "pairs[3].tag", "recipe, step 2".
[[nodiscard]] Result<Claim> read_claim(const Json& json);

// The claim with every field written out; read_claim gives the same claim back.
[[nodiscard]] Json to_json(const Claim& claim);

}  // namespace tagscope
