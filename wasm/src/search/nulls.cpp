#include "search/nulls.h"

#include <algorithm>
#include <cmath>

#include "tokenizer/bpe.h"

namespace tagscope {
namespace {

// Signatures beyond this are those of one class, which bounds every other.
constexpr std::uint64_t kMaxSignatures = std::uint64_t{1} << 60;

std::size_t power(std::size_t base, std::size_t exponent) {
  std::size_t product = 1;
  for (std::size_t i = 0; i < exponent; ++i) product *= base;
  return product;
}

// Sets strides; classes too many for a signature become one with the fewest codes.
void finish(NullModel& model) {
  std::uint64_t stride = 1;
  bool fits = true;
  for (const std::uint32_t groups : model.class_groups) {
    model.stride.push_back(stride);
    if (stride > kMaxSignatures / (groups + 1)) {
      fits = false;
      break;
    }
    stride *= groups + 1;
  }
  if (fits) return;
  const double least = *std::min_element(model.class_size.begin(), model.class_size.end());
  const auto groups = static_cast<std::uint32_t>(model.class_of.size());
  model.class_of.assign(groups, 0);
  model.class_size = {least};
  model.class_groups = {groups};
  model.stride = {1};
}

}  // namespace

double NullModel::per_draws(double recipes) const {
  for (std::size_t c = 0; c < class_size.size(); ++c) {
    for (std::uint32_t drawn = 0; drawn < class_groups[c]; ++drawn) {
      recipes /= class_size[c] - drawn;
    }
  }
  return recipes;
}

std::vector<std::uint32_t> NullModel::counts_of(std::uint64_t signature) const {
  std::vector<std::uint32_t> counts;
  for (const std::uint32_t groups : class_groups) {
    counts.push_back(static_cast<std::uint32_t>(signature % (groups + 1)));
    signature /= groups + 1;
  }
  return counts;
}

std::vector<std::uint8_t> token_counts(const ClipVocabulary& vocabulary, std::size_t letters) {
  if (letters == 0 || letters > kMaxCountedLetters) return {};
  std::vector<std::uint8_t> counts(power(26, letters));
  std::string word(letters, 'a');
  for (std::uint8_t& count : counts) {
    count = static_cast<std::uint8_t>(count_bpe(vocabulary, word));
    for (std::size_t at = letters; at-- > 0;) {
      if (word[at] != 'z') {
        ++word[at];
        break;
      }
      word[at] = 'a';
    }
  }
  return counts;
}

double upper_tail(std::span<const std::uint32_t> counts, std::span<const double> chances,
                  std::uint32_t k) {
  if (k == 0) return 1;
  // The chance of 0, 1, …, k − 1 successes so far, and of k or more, which is never left again.
  std::vector<double> state(k + 1, 0.0);
  state[0] = 1;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const double chance = std::min(chances[c], 1.0);
    for (std::uint32_t trial = 0; trial < counts[c]; ++trial) {
      state[k] += state[k - 1] * chance;
      for (std::uint32_t i = k - 1; i > 0; --i) {
        state[i] = state[i] * (1 - chance) + state[i - 1] * chance;
      }
      state[0] *= 1 - chance;
    }
  }
  return state[k];
}

double largest_tail_within(std::span<const std::uint32_t> counts, std::span<const double> chances,
                           double limit) {
  std::uint32_t trials = 0;
  for (const std::uint32_t count : counts) trials += count;
  for (std::uint32_t k = 1; k <= trials; ++k) {
    const double tail = upper_tail(counts, chances, k);
    if (tail <= limit) return tail;
  }
  return 0;
}

std::vector<Alphabet> null_alphabets(const std::vector<std::u32string>& tags, bool fold) {
  std::vector<Alphabet> alphabets = alphabets_holding(tags);
  if (!fold) return alphabets;
  std::vector<Alphabet> distinct;
  for (Alphabet& alphabet : alphabets) {
    std::u32string characters = folded(std::move(alphabet.characters));
    std::sort(characters.begin(), characters.end());
    characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
    const bool known = std::any_of(distinct.begin(), distinct.end(), [&](const Alphabet& other) {
      return other.characters == characters;
    });
    if (!known) distinct.push_back({alphabet.name, std::move(characters)});
  }
  std::stable_sort(distinct.begin(), distinct.end(),
                   [](const Alphabet& a, const Alphabet& b) { return a.size() < b.size(); });
  return distinct;
}

std::size_t letters_code(std::u32string_view code) {
  std::size_t index = 0;
  for (const char32_t character : code) index = index * 26 + (character - U'a');
  return index;
}

std::vector<NullModel> null_models(
    const std::vector<std::u32string>& tags, const std::vector<Alphabet>& alphabets,
    const std::map<std::size_t, std::vector<std::uint8_t>>& tokens_of_length) {
  std::vector<NullModel> models;
  // Draws of groups with the same `kind` are draws from the same `size` codes.
  const auto model_of = [&](std::string name, bool by_tokens, auto kind_of, auto size_of) {
    NullModel model;
    model.name = std::move(name);
    model.by_tokens = by_tokens;
    std::vector<std::size_t> kinds;
    for (const std::u32string& tag : tags) {
      const std::size_t kind = kind_of(tag);
      const auto known = std::find(kinds.begin(), kinds.end(), kind);
      model.class_of.push_back(static_cast<std::uint32_t>(known - kinds.begin()));
      if (known == kinds.end()) {
        kinds.push_back(kind);
        model.class_size.push_back(size_of(tag));
        model.class_groups.push_back(0);
      }
      ++model.class_groups[model.class_of.back()];
    }
    finish(model);
    models.push_back(std::move(model));
  };
  for (const Alphabet& alphabet : alphabets) {
    model_of(
        std::string(alphabet.name), false, [](const std::u32string& tag) { return tag.size(); },
        [&](const std::u32string& tag) {
          return std::pow(alphabet.size(), static_cast<double>(tag.size()));
        });
  }
  const bool counted = std::all_of(tags.begin(), tags.end(), [&](const std::u32string& tag) {
    return tokens_of_length.contains(tag.size()) &&
           tag.find_first_not_of(U"abcdefghijklmnopqrstuvwxyz") == std::u32string::npos;
  });
  if (counted) {
    const auto tokens = [&](const std::u32string& tag) {
      return tokens_of_length.at(tag.size())[letters_code(tag)];
    };
    model_of(
        "tokens", true, [&](const std::u32string& tag) { return tag.size() * 256 + tokens(tag); },
        [&](const std::u32string& tag) {
          const auto& all = tokens_of_length.at(tag.size());
          return static_cast<double>(std::count(all.begin(), all.end(), tokens(tag)));
        });
  }
  return models;
}

}  // namespace tagscope
