// Evidence: what was found, as data only. Sentences about it belong to the faces,
// so that better words never break an old link.
//
// The fields of each kind are those of web/src/protocol/results.ts. Their set is
// frozen as v=1: what comes later stays out of the digest of v=1 or makes v=2.
// Probabilities and bits are rounded to six significant digits here, so that
// judging and replaying see what the link carries.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claim/claim.h"
#include "claim/match.h"
#include "claim/price.h"
#include "json/json.h"
#include "recipe/recipe.h"
#include "tokenizer/clip_tokenizer.h"
#include "tokenizer/clip_vocabulary.h"

namespace tagscope {

// What there is to examine: the claim read into the forms that the kinds share.
struct Hypotheses {
  Claim claim;
  std::optional<Recipe> stated;
  std::vector<Pair> pairs;  // distinct
  MatchRule rule;
  // What names, tags and digests are tokenized with: the claim's, but for replay().
  ClipProfile profile = ClipProfile::openai;
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

// What a search of the claim's space found, in the terms of the decision table. It is made in
// the room search, which stands above this one; here it is only judged.
struct SearchEvidence {
  bool covered = false;    // a proof without a search excludes every recipe of the space
  bool exhausted = false;  // every recipe of the space was tried
  bool full_hit = false;   // a recipe of the space explains every pair
  // Of a full hit: the chance that some recipe of the space explains everything; where the search
  // was cut short, a bound for the planned space. Rounded.
  double p = 1;
  // Without a full hit, of a key with checks that fits every pair: the chance that some recipe or
  // some key as good does. Rounded; none where no such key fits.
  std::optional<double> key_p;
  // Other arrangements of the same tags are explained as well, too often: by recipes where there
  // is a full hit, else by recipes and keys.
  bool veto = false;
  // Of the best partial hit, corrected for all recipes; none where nothing is explained. Rounded.
  std::optional<double> partial_p;
  Json json;
};

struct Evidence {
  std::optional<RecipeEvidence> recipe;  // only where a recipe is stated
  StructureEvidence structure;
  std::optional<SearchEvidence> search;  // only where the claim sets a space
  Json json;                             // array of all kinds in their order
};

// All kinds; `search` comes last where it is given. Errors: those of the kinds above.
[[nodiscard]] Result<Evidence> examine(const Hypotheses& hypotheses,
                                       const ClipVocabulary& vocabulary,
                                       std::optional<SearchEvidence> search = {});

// An output as JSON: {kind, text | hex | ids}.
[[nodiscard]] Json to_json(const Value& value);

}  // namespace tagscope
