// Evidence: what was found, as data only. Sentences about it belong to the faces,
// so that better words never break an old link.
//
// The fields of each kind are those of web/src/protocol/results.ts. Their set is
// frozen as v=1: what comes later stays out of the digest of v=1 or makes v=2.
// Probabilities and bits are rounded to six significant digits here, so that
// judging and replaying see what the link carries.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claim/claim.h"
#include "claim/match.h"
#include "claim/price.h"
#include "json/json.h"
#include "recipe/recipe.h"
#include "tokenizer/clip_vocabulary.h"

namespace tagscope {

// What there is to examine: the claim read into the forms that the kinds share.
struct Hypotheses {
  Claim claim;
  std::optional<Recipe> stated;
  std::vector<Pair> pairs;  // distinct
  MatchRule rule;
};

// Reads the stated recipe and drops repeated pairs. Errors: the recipe's.
[[nodiscard]] Result<Hypotheses> propose(Claim claim);

// The distinct tags (case folded where the claim ignores it), each with the
// indices of its pairs: J of the verdict rules is their number.
struct TagGroup {
  std::u32string tag;  // as first written
  std::vector<std::size_t> pairs;
};
[[nodiscard]] std::vector<TagGroup> group_by_tag(const Hypotheses& hypotheses);

struct RecipeEvidence {
  bool all_fit = false;
  std::optional<double> p;  // only where all fit
  Json json;
};

struct StructureEvidence {
  bool function_conflict = false;
  Json json;
};

// The stated recipe's output for every pair, step by step; its price and chance.
// Errors: `too-large` where a step gives more than 64 KiB.
[[nodiscard]] Result<RecipeEvidence> examine_recipe(const Hypotheses& hypotheses);

// Proofs that need no search: function, isomorph, length, alphabet.
[[nodiscard]] StructureEvidence examine_structure(const Hypotheses& hypotheses);

// How names and tags digest into tokens.
[[nodiscard]] Json examine_tokens(const Hypotheses& hypotheses, const ClipVocabulary& vocabulary);

// The names' digests as hex and Base64, and the subwords into which BPE breaks them.
[[nodiscard]] Result<Json> examine_digest_tokens(const Hypotheses& hypotheses,
                                                 const ClipVocabulary& vocabulary);

// How many codes of the tags' shape exist: bits, birthday, pigeonhole.
[[nodiscard]] Json examine_capacity(const Hypotheses& hypotheses, const ClipVocabulary& vocabulary);

struct Evidence {
  std::optional<RecipeEvidence> recipe;  // only where a recipe is stated
  StructureEvidence structure;
  Json json;  // array of all kinds in their order
};

// All kinds. Errors: those of the kinds above.
[[nodiscard]] Result<Evidence> examine(const Hypotheses& hypotheses,
                                       const ClipVocabulary& vocabulary);

// An output as JSON: {kind, text | hex | ids}.
[[nodiscard]] Json to_json(const Value& value);

}  // namespace tagscope
