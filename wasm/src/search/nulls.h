// The null models under which a hit is an accident, and the chances that they give.
//
//   U(A)  tags uniform over |A|^L, for every named alphabet A that holds all tags
//   T     tags uniform over the a–z codes of the tag's length and number of CLIP tokens
//
// Different tags are draws without replacement; p is always the largest over the nulls. Where a
// claim ignores case, its tags and the alphabets are folded first.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claim/shape.h"
#include "tokenizer/clip_vocabulary.h"

namespace tagscope {

// Codes of a–z of at most so many letters are counted one by one.
inline constexpr std::size_t kMaxCountedLetters = 4;

// A null model over the claim's groups (its distinct tags). Groups whose tags are drawn from the
// same codes form a class.
struct NullModel {
  std::string name;  // the alphabet's, or "tokens"
  bool by_tokens = false;
  std::vector<std::uint32_t> class_of;      // of each group
  std::vector<double> class_size;           // codes, of each class
  std::vector<std::uint32_t> class_groups;  // groups, of each class
  std::vector<std::uint64_t> stride;        // of each class, see Signature

  // `recipes` divided by the number of ways to draw all groups' tags.
  [[nodiscard]] double per_draws(double recipes) const;
  // A recipe's signature: how many groups of each class its outputs are codes of, Σ count·stride.
  [[nodiscard]] std::vector<std::uint32_t> counts_of(std::uint64_t signature) const;
};

// How many tokens each a–z code of `letters` letters has, in the order of the codes. Empty where
// letters is 0 or above kMaxCountedLetters.
[[nodiscard]] std::vector<std::uint8_t> token_counts(const ClipVocabulary& vocabulary,
                                                     std::size_t letters);

// The chance that at least k of independent trials succeed: `counts[c]` trials with chance
// `chances[c]`. The upper tail of the Poisson-binomial distribution, summed without cancellation.
[[nodiscard]] double upper_tail(std::span<const std::uint32_t> counts,
                                std::span<const double> chances, std::uint32_t k);

// max over k ≥ 1 of the tails that are at most `limit`; 0 where none is positive.
[[nodiscard]] double largest_tail_within(std::span<const std::uint32_t> counts,
                                         std::span<const double> chances, double limit);

// The named alphabets that hold the tags, ascending in size; with `fold` upper case is folded into
// lower and of equal ones the first stays.
[[nodiscard]] std::vector<Alphabet> null_alphabets(const std::vector<std::u32string>& tags,
                                                   bool fold);

// The null models of the groups' tags (folded where case is ignored): one for each alphabet, and T
// last where it is defined. `tokens_of_length[L]` are the token counts of all codes of L letters.
[[nodiscard]] std::vector<NullModel> null_models(
    const std::vector<std::u32string>& tags, const std::vector<Alphabet>& alphabets,
    const std::map<std::size_t, std::vector<std::uint8_t>>& tokens_of_length);

// The index of an a–z code among the codes of its length, a first.
[[nodiscard]] std::size_t letters_code(std::u32string_view code);

}  // namespace tagscope
