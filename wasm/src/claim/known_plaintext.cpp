#include "claim/known_plaintext.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_set>

#include "claim/chance.h"
#include "claim/key_plan.h"
#include "claim/normalisation.h"

namespace tagscope {
namespace {

using Text = std::u32string;

constexpr std::size_t kMaxHits = 16;

std::string hex_of(std::uint8_t byte) {
  static constexpr char kDigits[] = "0123456789abcdef";
  return {kDigits[byte >> 4], kDigits[byte & 15]};
}

struct Hit {
  double log_chance = 0;  // compared, so rounded
  std::size_t period = 1;
  const Reading* reading = nullptr;
  Alignment alignment;
  KeySolution solution;
};

Json key_json(const Hit& hit) {
  Json key = Json::array();
  for (const auto& value : hit.solution.key) {
    if (!value) {
      key.push_back(nullptr);
    } else if (hit.reading->family == KeyFamily::exclusive_or) {
      key.push_back(hex_of(*value));
    } else if (hit.reading->family == KeyFamily::vigenere) {
      key.push_back(std::string(1, static_cast<char>('a' + *value)));
    } else {
      key.push_back(int{*value});
    }
  }
  return key;
}

// What was found of one family under one period.
struct Row {
  KeyFamily family;
  bool hex;
  std::size_t period;
  std::size_t tried = 0;
  std::size_t always = 0;  // without a check
  std::size_t fits = 0;    // with checks
  std::size_t least_checks = 0;
  std::size_t most_checks = 0;
  double p = 0;
};

// ln of the number of ways to draw all tags uniformly from the alphabet, without replacement.
double log_draws_of(const std::vector<Text>& tags, const Alphabet& alphabet) {
  std::map<std::size_t, std::size_t> by_length;
  for (const Text& tag : tags) ++by_length[tag.size()];
  double log_draws = 0;
  for (const auto& [length, count] : by_length) {
    log_draws += log_falling_factorial(log_codes(alphabet.size(), length), count);
  }
  return log_draws;
}

double capped(double p) { return round_significant(std::min(1.0, p)); }

// What all systems with checks leave to chance, and from it the chance of a fit.
class SystemChances {
 public:
  SystemChances(const Alphabet& shape, const std::vector<Text>& tags,
                std::span<const KeyNull> nulls)
      : bounded_(nulls.begin(), nulls.end()) {
    for (const Text& tag : tags) characters_ += static_cast<double>(tag.size());
    log_codes_ = characters_ * std::log(shape.size());
    double log_fewest = log_draws_of(tags, shape);
    const auto exact = [&](const KeyNull& null) { return null.characters == shape.size(); };
    for (const KeyNull& null : bounded_) {
      if (exact(null)) log_fewest = std::min(log_fewest, null.log_draws);
    }
    bounded_.erase(std::remove_if(bounded_.begin(), bounded_.end(), exact), bounded_.end());
    excess_ = std::max(0.0, log_codes_ - log_fewest);
  }

  // ln P of tags drawn independently.
  [[nodiscard]] double log_chance(double log_keys) const {
    return comparable(log_keys - log_codes_);
  }

  // Counts a system; `checks` in characters.
  void add(double log_chance, std::size_t checks) {
    log_chances_.push_back(log_chance);
    ++systems_of_[checks];
  }
  [[nodiscard]] std::size_t size() const { return log_chances_.size(); }
  void remove_from(std::size_t size, const std::map<std::size_t, std::size_t>& systems_of) {
    log_chances_.resize(size);
    systems_of_ = systems_of;
  }
  [[nodiscard]] const std::map<std::size_t, std::size_t>& systems_of() const { return systems_of_; }
  void sort() { std::sort(log_chances_.begin(), log_chances_.end()); }

  // Under the worst null: the sum over all systems that leave no more to chance. Call sort() first.
  [[nodiscard]] double p(double log_chance, std::size_t checks) const {
    double worst = 0;
    for (const double each : log_chances_) {
      if (each > log_chance) break;
      worst += std::exp(each + excess_);
    }
    for (const KeyNull& null : bounded_) {
      const double bits = std::log(null.characters);
      double sum = 0;
      for (auto at = systems_of_.lower_bound(checks); at != systems_of_.end(); ++at) {
        sum += static_cast<double>(at->second) *
               std::exp((characters_ - static_cast<double>(at->first)) * bits - null.log_draws);
      }
      worst = std::max(worst, sum);
    }
    return worst;
  }

 private:
  std::vector<KeyNull> bounded_;
  double characters_ = 0;
  double log_codes_ = 0;
  double excess_ = 0;  // what drawing without replacement, or from a part, adds to every chance
  std::vector<double> log_chances_;
  std::map<std::size_t, std::size_t> systems_of_;  // by checks
};

}  // namespace

KnownPlaintext examine_known_plaintext(const Hypotheses& hypotheses,
                                       std::span<const KeyNull> nulls) {
  const KeyPlan plan(hypotheses, WindowsFor::as_paired);
  const WrittenTags& tags = plan.writings().front();
  SystemChances chances(plan.alphabet(), tags.texts, nulls);

  std::vector<KeySolver> solvers;
  solvers.reserve(plan.writings().size());
  for (const WrittenTags& writing : plan.writings()) solvers.emplace_back(writing.alphabet);
  std::vector<Row> rows;
  std::vector<Hit> hits;
  std::unordered_set<SystemMark, SystemMarkHash> seen;
  std::vector<std::uint32_t> renamed;
  std::size_t visits = 0;
  bool complete = !plan.readings().empty();
  bool more = true;
  KeySystem system;
  for (std::size_t period = 1; more && complete; ++period) {
    more = false;
    const std::size_t size_before = chances.size();
    const auto systems_before = chances.systems_of();
    const std::vector<Hit> hits_before = hits;
    std::vector<Row> here;
    for (const Reading& reading : plan.readings()) {
      const WrittenTags& writing = plan.writing_of(reading);
      const std::size_t positions = writing.positions();
      if (here.empty() || here.back().family != reading.family || here.back().hex != writing.hex) {
        here.push_back({reading.family, writing.hex, period});
      }
      Row& row = here.back();
      for (const Alignment& alignment : reading.alignments) {
        visits += positions + kVisitsPerSystem;
        if (visits > kMaxKeyVisits) {
          complete = false;
          break;
        }
        const std::size_t periods = plan.system_at(reading, alignment, period, system);
        if (period > periods) continue;
        if (period < periods) more = true;
        if (!seen.insert(mark_of(system, writing.width(), renamed)).second) continue;
        visits += reading.family == KeyFamily::affine ? kAffineKeys * positions : positions;
        KeySolution solution = solvers[reading.writing].solve(system);
        ++row.tried;
        if (solution.log_keys == kImpossible) continue;
        const std::size_t checks = solution.checks();
        if (checks == 0) {
          ++row.always;
          continue;
        }
        row.least_checks = row.least_checks == 0 ? checks : std::min(row.least_checks, checks);
        row.most_checks = std::max(row.most_checks, checks);
        const double log_chance = chances.log_chance(solution.log_keys);
        chances.add(log_chance, checks * writing.width());
        row.p += std::exp(log_chance);
        if (!solution.fits) continue;
        ++row.fits;
        hits.push_back({log_chance, period, &reading, alignment, std::move(solution)});
        std::stable_sort(hits.begin(), hits.end(),
                         [](const Hit& a, const Hit& b) { return a.log_chance < b.log_chance; });
        if (hits.size() > kMaxHits) hits.pop_back();
      }
      if (!complete) break;
    }
    if (!complete) {
      chances.remove_from(size_before, systems_before);
      hits = hits_before;
      break;
    }
    for (Row& row : here) {
      if (row.tried > 0) rows.push_back(row);
    }
  }
  chances.sort();
  const auto p_of = [&](const Hit& hit) {
    const std::size_t width = plan.writing_of(*hit.reading).width();
    return chances.p(hit.log_chance, hit.solution.checks() * width);
  };

  KnownPlaintext result;
  result.over_determined = !hits.empty();
  if (result.over_determined) result.p = std::min(1.0, p_of(hits.front()));

  Json families = Json::array();
  for (const KeyFamily family : plan.families()) families.push_back(name_of(family));
  Json periods = Json::array();
  std::size_t tried = 0;
  std::size_t always = 0;
  for (const Row& row : rows) {
    tried += row.tried;
    always += row.always;
    periods.push_back({{"family", name_of(row.family)},
                       {"encoding", row.hex ? Json("hex") : Json()},
                       {"period", row.period},
                       {"tried", row.tried},
                       {"always", row.always},
                       {"fits", row.fits},
                       {"checks", Json::array({row.least_checks, row.most_checks})},
                       {"p", capped(row.p)}});
  }
  Json found = Json::array();
  for (const Hit& hit : hits) {
    found.push_back({{"family", name_of(hit.reading->family)},
                     {"encoding", plan.writing_of(*hit.reading).hex ? Json("hex") : Json()},
                     {"recipe", plan.recipe_of(*hit.reading, hit.alignment, hit.solution)},
                     {"normalisation", hit.reading->normalisation},
                     {"reversed", hit.reading->reversed},
                     {"from", hit.alignment.from_end ? "end" : "start"},
                     {"offset", hit.alignment.offset},
                     {"counted_from", hit.alignment.counted_from_name ? "name" : "window"},
                     {"period", hit.reading->repeats() ? Json(hit.period) : Json()},
                     {"positions", hit.solution.positions},
                     {"residues", hit.solution.freedoms},
                     {"checks", hit.solution.checks()},
                     {"free_bits", round_significant(hit.solution.log_keys / std::log(2.0))},
                     {"chance", capped(std::exp(hit.log_chance))},
                     {"key", key_json(hit)},
                     {"p", capped(p_of(hit))}});
  }
  constexpr double kAll = std::numeric_limits<double>::infinity();
  result.json = {{"families", std::move(families)},
                 {"normalisations", Json::array(kNormalisations)},
                 {"reversal", true},
                 {"alphabet", plan.alphabet().name},
                 {"positions", tags.positions()},
                 {"check_bits", round_significant(std::log2(plan.alphabet().size()))},
                 {"complete", complete},
                 {"tried", tried},
                 {"always", always},
                 {"periods", std::move(periods)},
                 {"sum", capped(chances.p(kAll, 0))},
                 {"hits", std::move(found)},
                 {"p", result.over_determined ? Json(capped(result.p)) : Json()}};
  return result;
}

}  // namespace tagscope
