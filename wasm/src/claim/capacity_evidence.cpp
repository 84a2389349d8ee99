#include <algorithm>
#include <cmath>

#include "claim/chance.h"
#include "claim/evidence.h"
#include "tokenizer/clip_tokenizer.h"

namespace tagscope {
namespace {

constexpr double kMaxExactInteger = 9007199254740992.0;  // 2^53
constexpr std::size_t kMaxClassLength = 4;  // the census counts all strings: 26^4 = 456,976

// Whole numbers stay whole as far as a double can; then six digits, and null past its range.
Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return value <= kMaxExactInteger ? value : round_significant(value);
}

Json population_of(double names, double codes) {
  return {{"names", names},
          {"one_to_one_possible", names <= codes},
          {"per_code", round_significant(names / codes)},
          {"collision_p", round_significant(collision_chance(names, codes))},
          {"expected_pairs", round_significant(expected_colliding_pairs(names, codes))},
          {"sharing_share", round_significant(sharing_chance(names, codes))},
          {"codes_used", round_significant(expected_codes_used(names, codes))},
          {"bits_missing", round_significant(std::max(0.0, std::log2(names / codes)))}};
}

Json token_classes(const Hypotheses& hypotheses, unsigned letters,
                   const ClipVocabulary& vocabulary) {
  Json classes = Json::array();
  const auto census = token_count_census(vocabulary, letters);
  for (std::size_t tokens = 1; tokens < census.size(); ++tokens) {
    if (census[tokens] == 0) continue;
    const auto codes = static_cast<double>(census[tokens]);
    Json names_per_code;
    if (hypotheses.claim.population) {
      names_per_code = round_significant(static_cast<double>(*hypotheses.claim.population) / codes);
    }
    classes.push_back({{"tokens", tokens},
                       {"codes", census[tokens]},
                       {"bits", round_significant(std::log2(codes))},
                       {"names_for_half", names_for_half(codes)},
                       {"names_per_code", std::move(names_per_code)}});
  }
  return classes;
}

}  // namespace

Json examine_capacity(const Hypotheses& hypotheses, const ClipVocabulary& vocabulary) {
  std::vector<std::u32string> tags;
  std::vector<std::size_t> lengths;
  for (const TagGroup& group : group_by_tag(hypotheses)) {
    tags.push_back(group.tag);
    lengths.push_back(group.tag.size());
  }
  std::sort(lengths.begin(), lengths.end());
  lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  const Alphabet alphabet = smallest_alphabet(tags);

  double codes = 0;
  double log2_codes = 0;  // of the sum, without forming it: tags may be long
  const double log2_size = std::log2(alphabet.size());
  const double longest = static_cast<double>(lengths.back()) * log2_size;
  for (const std::size_t length : lengths) {
    codes += std::pow(alphabet.size(), static_cast<double>(length));
    log2_codes += std::exp2(static_cast<double>(length) * log2_size - longest);
  }
  log2_codes = longest + std::log2(log2_codes);

  Json json = {
      {"kind", "capacity"},
      {"shape",
       {{"alphabet", alphabet.name},
        {"size", alphabet.characters.size()},
        {"lengths", Json::array(lengths)}}},
      {"codes", number(codes)},
      {"bits", round_significant(log2_codes)},
      {"birthday",
       {{"names_for_half", std::isfinite(codes) ? number(names_for_half(codes)) : Json()}}},
      {"population", nullptr},
      {"token_classes", nullptr}};
  if (hypotheses.claim.population && std::isfinite(codes)) {
    json["population"] = population_of(static_cast<double>(*hypotheses.claim.population), codes);
  }
  // Also where the letters happen to be hex digits: the classes are of a–z strings.
  const bool letters = std::all_of(tags.begin(), tags.end(), [](const std::u32string& tag) {
    return tag.find_first_not_of(U"abcdefghijklmnopqrstuvwxyz") == std::u32string::npos;
  });
  if (letters && lengths.size() == 1 && lengths[0] <= kMaxClassLength) {
    json["token_classes"] =
        token_classes(hypotheses, static_cast<unsigned>(lengths[0]), vocabulary);
  }
  return json;
}

}  // namespace tagscope
