#include <algorithm>
#include <cmath>
#include <map>

#include "claim/chance.h"
#include "claim/evidence.h"

namespace tagscope {
namespace {

// A claim's outputs are shown and stored; nothing a person claims needs more.
constexpr std::size_t kMaxOutputBytes = std::size_t{64} << 10;
// Of all steps of all pairs: as text of the answer they take several times as much.
constexpr std::size_t kMaxEvidenceBytes = std::size_t{64} << 20;

// log2 of the chance that random distinct tags of the claim's shape fit the
// outputs: a product over groups, drawn without replacement among those of one length.
double log2_chance(const Hypotheses& hypotheses, const std::vector<std::u32string>& outputs) {
  const auto groups = group_by_tag(hypotheses);
  std::vector<std::u32string> tags;
  for (const TagGroup& group : groups) tags.push_back(group.tag);
  const Alphabet alphabet = smallest_alphabet(tags);
  std::map<std::size_t, std::size_t> drawn;  // by length
  double log_chance = 0;
  for (const TagGroup& group : groups) {
    const std::size_t length = group.tag.size();
    double accepted = log_codes(alphabet.size(), length);
    for (const std::size_t pair : group.pairs) {
      accepted =
          std::min(accepted, log_accepted_codes(hypotheses.rule, outputs[pair], length, alphabet));
    }
    const double log_size = log_codes(alphabet.size(), length);
    const auto before = static_cast<double>(drawn[length]++);
    const double left = log_size + std::log1p(-before * std::exp(-log_size));
    log_chance += std::min(accepted - left, 0.0);
  }
  return log_chance / std::log(2.0);
}

}  // namespace

Result<RecipeEvidence> examine_recipe(const Hypotheses& hypotheses) {
  const Recipe& recipe = *hypotheses.stated;
  RecipeEvidence evidence;
  std::vector<std::u32string> outputs;
  Json pairs = Json::array();
  std::size_t fitting = 0;
  std::size_t total = 0;
  for (std::size_t i = 0; i < hypotheses.pairs.size(); ++i) {
    const Pair& pair = hypotheses.pairs[i];
    Json steps = Json::array();
    std::size_t largest = 0;
    const auto output =
        run(recipe, Value::text(pair.name), [&](std::size_t step, const Value& value) {
          largest = std::max(largest, value.data.size());
          total += value.data.size() + value.ids.size() * sizeof(std::uint32_t);
          if (largest > kMaxOutputBytes || total > kMaxEvidenceBytes) return;
          steps.push_back({{"step", recipe.steps[step].canonical()}, {"output", to_json(value)}});
        });
    if (largest > kMaxOutputBytes) {
      return Error{.code = "too-large",
                   .where = "recipe",
                   .what = "makes " + std::to_string(largest) + " bytes of pairs[" +
                           std::to_string(i) + "]; the limit in a claim is " +
                           std::to_string(kMaxOutputBytes)};
    }
    if (total > kMaxEvidenceBytes) {
      return Error{.code = "too-large",
                   .where = "recipe",
                   .what = "makes more than " + std::to_string(kMaxEvidenceBytes) +
                           " bytes in all its steps of the first " + std::to_string(i + 1) +
                           " pairs; that is the limit in a claim"};
    }
    // That a vocabulary is not at hand says nothing of the claim.
    if (!output && output.error().code == "asset-missing") return output.error();
    bool matches = false;
    if (output) {
      outputs.push_back(symbols(output->data));
      matches = fits(hypotheses.rule, outputs.back(), code_points(pair.tag));
    } else {
      outputs.emplace_back();
      steps.push_back({{"step", recipe.steps[steps.items().size()].canonical()},
                       {"error", {{"code", output.error().code}}}});
    }
    if (matches) ++fitting;
    pairs.push_back({{"name", pair.name},
                     {"tag", pair.tag},
                     {"steps", std::move(steps)},
                     {"matches", matches}});
  }
  evidence.all_fit = fitting == hypotheses.pairs.size();

  const Price price = price_of(recipe, hypotheses.pairs, hypotheses.rule);
  Json priced = Json::array();
  for (std::size_t s = 0; s < recipe.steps.size(); ++s) {
    priced.push_back(
        {{"step", recipe.steps[s].canonical()}, {"bits", round_significant(price.step_bits[s])}});
  }
  evidence.json = {
      {"kind", "recipe"},
      {"recipe", recipe.canonical()},
      {"pairs", std::move(pairs)},
      {"fits", fitting},
      {"price", {{"bits", round_significant(price.bits)}, {"steps", std::move(priced)}}},
      {"chance_log2", nullptr},
      {"p", nullptr}};
  if (evidence.all_fit) {
    const double chance = log2_chance(hypotheses, outputs);
    evidence.p = round_significant(std::min(1.0, std::exp2(price.bits + chance)));
    evidence.json["chance_log2"] = round_significant(chance);
    evidence.json["p"] = *evidence.p;
  }
  return evidence;
}

}  // namespace tagscope
