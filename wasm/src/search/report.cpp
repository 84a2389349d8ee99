// From a tally to the evidence: what the decision table asks, and the numbers for people.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "claim/arrangements.h"
#include "claim/key_arrangements.h"
#include "claim/known_plaintext.h"
#include "search/state.h"

namespace tagscope {
namespace {

constexpr double kMaxExactInteger = 9007199254740992.0;  // 2^53

// Whole numbers stay whole as far as a double can; null past its range.
Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return value <= kMaxExactInteger && value == std::floor(value) ? value : round_significant(value);
}

double rounded_chance(double chance) { return round_significant(std::min(1.0, chance)); }

// The trials that a signature stands for.
struct Trials {
  std::vector<std::uint32_t> counts;
  std::vector<double> chances;
};

Trials trials_of(const NullModel& null, std::uint64_t signature) {
  Trials trials;
  if ((signature >> 63) != 0) {
    const auto steps = static_cast<double>((signature & ~(std::uint64_t{1} << 63)) >> 24);
    trials.counts = {static_cast<std::uint32_t>(signature & 0xFFFFFF)};
    trials.chances = {std::exp2(-steps / 16)};
    return trials;
  }
  trials.counts = null.counts_of(signature);
  for (const double size : null.class_size) trials.chances.push_back(1 / size);
  return trials;
}

double tail_of(const NullModel& null, std::uint64_t signature, std::uint32_t k) {
  const Trials trials = trials_of(null, signature);
  return upper_tail(trials.counts, trials.chances, k);
}

using Items = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

// Σ over all recipes of the largest tail that is at most `limit`.
double corrected(const NullModel& null, const Items& signatures, double limit) {
  double sum = 0;
  for (const auto& [signature, recipes] : signatures) {
    const Trials trials = trials_of(null, signature);
    sum += static_cast<double>(recipes) * largest_tail_within(trials.counts, trials.chances, limit);
  }
  return sum;
}

// Expected number of recipes that explain at least k groups.
double expected(const NullModel& null, const Items& signatures, std::uint32_t k) {
  double sum = 0;
  for (const auto& [signature, recipes] : signatures) {
    sum += static_cast<double>(recipes) * tail_of(null, signature, k);
  }
  return sum;
}

// The tags that each name can have, as engine.cpp writes them.
std::vector<std::vector<std::uint32_t>> read_pattern(const std::string& pattern) {
  std::vector<std::vector<std::uint32_t>> names;
  std::size_t at = 0;
  const auto next = [&]() -> std::uint32_t {
    if (at + 2 > pattern.size()) return 0;
    const auto high = static_cast<unsigned char>(pattern[at]);
    const auto low = static_cast<unsigned char>(pattern[at + 1]);
    at += 2;
    return static_cast<std::uint32_t>(high << 8 | low);
  };
  while (at < pattern.size()) {
    auto& groups = names.emplace_back();
    for (std::uint32_t left = next(); left > 0 && at < pattern.size(); --left) {
      groups.push_back(next());
    }
  }
  return names;
}

struct Permutations {
  double arrangements = 1;
  double explained = 0;
  std::optional<double> p;
  bool veto = false;
};

// Other arrangements of the same tags over the same names: how many does some recipe explain, or,
// where `by_keys` is given, a key as well as the claim's own?
Permutations permute(const Arrangements& arrangements, const Tally& tally,
                     const std::vector<bool>* by_keys, double level) {
  Permutations result;
  result.arrangements = arrangements.count();
  if (result.arrangements == 1) {
    result.explained = 1;
    result.p = 1;
    return result;
  }
  std::vector<std::vector<std::vector<std::uint32_t>>> patterns;
  for (const std::string& pattern : tally.patterns) patterns.push_back(read_pattern(pattern));
  const auto by_recipe = [&](Arrangement arrangement) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const auto& names) {
      for (std::size_t i = 0; i < arrangement.size() && i < names.size(); ++i) {
        if (!std::binary_search(names[i].begin(), names[i].end(), arrangement[i])) return false;
      }
      return names.size() == arrangement.size();
    });
  };
  double p = 1;
  if (tally.patterns_left_out) {
    // Not all that is explained is known: ties count against.
    result.explained = result.arrangements;
  } else {
    arrangements.each([&](std::size_t index, Arrangement arrangement) {
      if ((by_keys != nullptr && (*by_keys)[index]) || by_recipe(arrangement)) ++result.explained;
    });
    p = arrangements.all() ? result.explained / result.arrangements
                           : (result.explained + 1) / (kSampledArrangements + 1.0);
  }
  result.p = round_significant(p);
  result.veto = *result.p > std::max(level, round_significant(1 / result.arrangements));
  return result;
}

// The same where not even this is known of keys.
Permutations unknown_permutations(const Arrangements& arrangements) {
  return {arrangements.count(), arrangements.count(), 1.0, arrangements.count() > 1};
}

// The null models as known plaintext takes them.
std::vector<KeyNull> key_nulls(const std::vector<NullModel>& nulls,
                               const std::vector<Alphabet>& alphabets) {
  std::vector<KeyNull> all;
  for (std::size_t b = 0; b < nulls.size(); ++b) {
    KeyNull null{nulls[b].by_tokens ? 26 : alphabets[b].size(), 0};
    for (std::size_t c = 0; c < nulls[b].class_size.size(); ++c) {
      for (std::uint32_t drawn = 0; drawn < nulls[b].class_groups[c]; ++drawn) {
        null.log_draws += std::log(nulls[b].class_size[c] - drawn);
      }
    }
    all.push_back(null);
  }
  return all;
}

}  // namespace

std::uint64_t Search::State::qualifying(std::size_t null) const {
  std::uint64_t recipes = tally.qualifying[null];
  for (std::size_t set = 0; null < alphabets.size() && set < tally.alphabet_sets.size(); ++set) {
    if ((set >> null & 1) != 0) recipes += tally.alphabet_sets[set];
  }
  return recipes;
}

SearchEvidence Search::State::report() {
  const auto groups = static_cast<std::uint32_t>(pairs_of.size());
  const double level = hypotheses.claim.level;
  const bool single_codes = rule.match != Match::window && rule.match != Match::subsequence;
  const std::uint64_t left = plan.recipes() - tally.tried;
  SearchEvidence evidence;
  evidence.covered = covered;
  evidence.exhausted = left == 0;
  const auto full = tally.hit_counts.find(groups);
  evidence.full_hit = full != tally.hit_counts.end();

  // Full hits: p is the larger over the nulls, and over the planned space.
  std::vector<Items> signatures;
  Json null_rows = Json::array();
  double full_expected = 0;
  double planned_p = 0;
  double pairs_needed = 1;
  bool can_be_needed = tally.tried != 0;
  for (std::size_t b = 0; b < nulls.size(); ++b) {
    const NullModel& null = nulls[b];
    signatures.push_back(tally.signatures[b].items());
    const auto recipes = static_cast<double>(qualifying(b));
    const double several = tally.chances[b].value();
    const double sum = null.per_draws(recipes) + several;
    // Each recipe left could qualify, or, accepting several codes, accept all.
    const double open = single_codes ? null.per_draws(static_cast<double>(left)) : (left != 0);
    full_expected = std::max(full_expected, sum);
    planned_p = std::max(planned_p, sum + open);
    Json sizes = Json::array();
    for (const double size : null.class_size) sizes.push_back(number(size));
    null_rows.push_back({{"null", null.name},
                         {"codes", std::move(sizes)},
                         {"qualifying", number(recipes)},
                         {"p", rounded_chance(sum)}});
    // As many recipes of one code each as would give the same sum.
    double effective = recipes + static_cast<double>(left);
    if (several > 0) effective += several / null.per_draws(1);
    const double size = *std::min_element(null.class_size.begin(), null.class_size.end());
    double chance = effective;
    double needed = 0;
    // Of infinitely many no number of pairs is enough: it would be counted up to the size.
    while (std::isfinite(effective) && needed < size &&
           (needed == 0 || round_significant(chance) > level)) {
      chance /= size - needed;
      ++needed;
    }
    can_be_needed = can_be_needed && std::isfinite(effective) && round_significant(chance) <= level;
    pairs_needed = std::max(pairs_needed, needed);
  }
  evidence.p = rounded_chance(planned_p);

  // Partial hits.
  std::map<std::pair<std::uint64_t, std::uint32_t>, double> corrected_of[16];
  const auto corrected_p = [&](std::size_t b, std::uint64_t signature, std::uint32_t k) {
    const auto [found, fresh] = corrected_of[b].try_emplace({signature, k}, 0);
    if (fresh) {
      found->second = corrected(nulls[b], signatures[b], tail_of(nulls[b], signature, k));
    }
    return found->second;
  };
  Json partial;
  const std::uint32_t most = tally.hit_counts.empty() ? 0 : tally.hit_counts.rbegin()->first;
  if (groups > 1 && most > 0 && !evidence.full_hit) {
    double p = 0;
    for (std::size_t b = 0; b < nulls.size(); ++b) {
      double least = 1;
      for (const auto& [key, recipes] : tally.seen[b]) {
        least = std::min(least, tail_of(nulls[b], key.first, key.second));
      }
      p = std::max(p, corrected(nulls[b], signatures[b], least));
    }
    evidence.partial_p = rounded_chance(p);
    partial =
        Json{{"groups", most}, {"recipes", tally.hit_counts.at(most)}, {"p", *evidence.partial_p}};
  }

  // Hits, each run again as anybody would run it.
  Json hits = Json::array();
  std::map<std::uint32_t, double> expected_of;
  for (const SearchHit& hit : tally.hits) {
    if (hits.items().size() == kReportedHits) break;
    const std::string text = plan.text(hit.id);
    auto recipe = read_recipe(text);
    if (!recipe) continue;  // cannot be: the plan writes recipes
    std::vector<std::optional<std::u32string>> outputs;
    for (const Pair& pair : hypotheses.pairs) {
      auto output = tagscope::run(*recipe, Value::text(pair.name));
      outputs.push_back(output ? std::optional(symbols(output->data)) : std::nullopt);
    }
    const Outcome outcome = judge(outputs, std::nullopt);
    double p = planned_p;
    double accidents = full_expected;
    if (hit.groups < groups) {
      p = 0;
      for (std::size_t b = 0; b < nulls.size(); ++b) {
        if (outcome.signatures[b] == 0) continue;
        p = std::max(p, corrected_p(b, outcome.signatures[b], hit.groups));
      }
      const auto [found, fresh] = expected_of.try_emplace(hit.groups, 0);
      for (std::size_t b = 0; fresh && b < nulls.size(); ++b) {
        found->second = std::max(found->second, expected(nulls[b], signatures[b], hit.groups));
      }
      accidents = found->second;
    }
    hits.push_back({{"recipe", text},
                    {"pairs", outcome.pairs},
                    {"groups", outcome.groups},
                    {"explains", Json::array(outcome.explained)},
                    {"expected", round_significant(accidents)},
                    {"p", rounded_chance(p)},
                    {"equivalents", tally.hit_counts.at(hit.groups)}});
  }
  Json by_groups = Json::array();
  for (const auto& [explained, recipes] : tally.hit_counts) {
    by_groups.push_back({{"groups", explained}, {"recipes", recipes}});
  }

  // Names.
  Json names = Json::array();
  std::set<std::string> named;
  for (std::size_t i = 0; i < hypotheses.pairs.size(); ++i) {
    const std::string& name = hypotheses.pairs[i].name;
    if (!named.insert(name).second) continue;
    const ReachedCodes& reached = tally.reached[i];
    const double codes =
        std::pow(static_cast<double>(shape_size), static_cast<double>(tags[i].size()));
    const double distinct =
        reached.by_bits ? static_cast<double>(reached.bits.count()) : reached.keys.count();
    const double error = reached.by_bits ? 0 : reached.keys.relative_error();
    // What lies scattered in an output is not counted code by code.
    const bool counted = rule.match != Match::subsequence;
    Json row = {{"name", name},
                {"length", tags[i].size()},
                {"distinct", counted ? number(distinct) : Json()},
                {"coverage", counted ? Json(rounded_chance(distinct / codes)) : Json()},
                {"coverage_error", error == 0 ? Json(0) : Json(round_significant(error))},
                {"coverage_tokens", nullptr}};
    if (tokens_null && counted) {
      const auto& tokens = tokens_of_length.at(tags[i].size());
      const std::uint8_t own = tokens[letters_code(tags[i])];
      double in_class = 0;
      double size = 0;
      for (std::size_t code = 0; code < tokens.size(); ++code) {
        if (tokens[code] != own) continue;
        ++size;
        in_class += tally.letters[i].bits.holds(code) ? 1 : 0;
      }
      row["coverage_tokens"] = round_significant(in_class / size);
    }
    names.push_back(std::move(row));
  }

  // Free keys, unless a proof excludes the whole space and nothing is asked any more.
  std::optional<KnownPlaintext> known;
  if (!covered) known = examine_known_plaintext(hypotheses, key_nulls(nulls, alphabets));
  if (known && known->over_determined && !evidence.full_hit) {
    evidence.key_p = rounded_chance(planned_p + known->p);
  }

  // What recipes explain comes before what keys explain.
  const Arrangements arrangements(group_of);
  Permutations permutations;
  permutations.arrangements = arrangements.count();
  const char* counted = nullptr;
  if (evidence.full_hit) {
    permutations = permute(arrangements, tally, nullptr, level);
    counted = "recipes";
  } else if (evidence.key_p && *evidence.key_p <= level) {
    // Where p is larger nothing hangs on them.
    // Where there are too few arrangements for the level, also those that fit nearly as well.
    const bool few = arrangements.count() * level < 1;
    const auto by_keys = arranged_as_well(hypotheses, arrangements, few ? -std::log(level) : 0);
    permutations = by_keys ? permute(arrangements, tally, &*by_keys, level)
                           : unknown_permutations(arrangements);
    counted = "keys";
  }
  evidence.veto = permutations.veto;
  evidence.json = {
      {"kind", "search"},
      {"space", plan.space().id},
      {"recipes", number(static_cast<double>(plan.recipes()))},
      {"tried", number(static_cast<double>(tally.tried))},
      {"exhausted", evidence.exhausted},
      {"covered", covered ? Json("isomorph") : Json()},
      {"shape", {{"alphabet", alphabets.front().name}, {"size", shape_size}}},
      {"groups", groups},
      {"names", std::move(names)},
      {"nulls", std::move(null_rows)},
      {"hits", std::move(hits)},
      {"hits_by_groups", std::move(by_groups)},
      {"full", evidence.full_hit ? Json{{"recipes", full->second},
                                        {"expected", round_significant(full_expected)},
                                        {"p", evidence.p}}
                                 : Json()},
      {"partial", std::move(partial)},
      {"permutations",
       {{"arrangements", number(permutations.arrangements)},
        {"counted", counted == nullptr ? Json() : Json(counted)},
        {"explained", permutations.p ? number(permutations.explained) : Json()},
        {"p", permutations.p ? Json(*permutations.p) : Json()}}},
      {"decoys",
       {{"runs", tally.decoys.size()}, {"best", Json::array(tally.decoys)}, {"observed", most}}},
      {"known_plaintext", known ? std::move(known->json) : Json()},
      {"key", evidence.key_p ? Json{{"p", *evidence.key_p}} : Json()},
      {"pairs_needed", can_be_needed ? Json(pairs_needed) : Json()},
      {"words", Json::array(plan.words())},
      {"not_searched", Json::array(open_domains(plan.space()))}};
  return evidence;
}

}  // namespace tagscope
