#include "claim/key_arrangements.h"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "claim/key_plan.h"

namespace tagscope {
namespace {

using Text = std::u32string;

// Characters compared in all; past them nothing is known.
constexpr std::size_t kMaxSteps = 100'000'000;
// What solving for a character costs beside comparing one.
constexpr std::size_t kStepsPerSolved = 20;

// The keys that are left when one name after another is given a tag.
class OpenKeys {
 public:
  OpenKeys(const KeyPlan& plan, std::size_t& steps) : plan_(plan), steps_(steps) {}

  void open(const Reading& reading, const Alignment& alignment, std::size_t period) {
    reading_ = &reading;
    alignment_ = alignment;
    period_ = period;
    places_.clear();
    changes_.clear();
    values_.assign(reading.repeats() ? period : 0, kUnknown);
    forward_.clear();
    backward_.clear();
    affine_.assign(1, std::bitset<kAffineKeys>().set());
  }

  // Gives the pair's name a tag; false, and nothing is changed, where no key is left that does.
  bool place(std::size_t pair, std::size_t tag) {
    const Text& text = plan_.writing_of(*reading_).texts[tag];
    steps_ += kStepsPerPlace + text.size();
    if (plan_.window_at(*reading_, alignment_, period_, pair, text.size(), window_) == 0) {
      return false;
    }
    places_.push_back(changes_.size());
    bool fits = true;
    switch (reading_->family) {
      case KeyFamily::exclusive_or:
      case KeyFamily::vigenere: fits = place_periodic(text); break;
      case KeyFamily::substitution: fits = place_mapped(text); break;
      case KeyFamily::affine: fits = place_affine(text); break;
    }
    if (!fits) take_back();
    return fits;
  }

  // Undoes the last place() that gave true.
  void take_back() {
    if (reading_->family == KeyFamily::affine) affine_.pop_back();
    for (; changes_.size() > places_.back(); changes_.pop_back()) {
      const char32_t changed = changes_.back();
      if (reading_->family == KeyFamily::substitution) {
        const auto found = forward_.find(changed);
        backward_.erase(found->second);
        forward_.erase(found);
      } else {
        values_[changed] = kUnknown;
      }
    }
    places_.pop_back();
  }

 private:
  static constexpr std::int16_t kUnknown = -1;
  static constexpr std::size_t kStepsPerPlace = 8;

  bool place_periodic(const Text& text) {
    const bool bytes = reading_->family == KeyFamily::exclusive_or;
    for (std::size_t t = 0; t < text.size(); ++t) {
      const char32_t plain = window_.plain[t];
      const char32_t coded = text[t];
      std::int16_t value = 0;
      if (bytes) {
        if (coded > 0xFF) return false;
        value = static_cast<std::int16_t>(plain ^ coded);
      } else if (!is_cipher_letter(plain)) {
        if (plain != coded) return false;
        continue;
      } else {
        if (!is_cipher_letter(coded) || is_lower(plain) != is_lower(coded)) return false;
        value = static_cast<std::int16_t>(
            (letter_number(coded) + kCipherLetters - letter_number(plain)) % kCipherLetters);
      }
      std::int16_t& known = values_[window_.classes[t]];
      if (known == kUnknown) {
        known = value;
        changes_.push_back(window_.classes[t]);
      }
      if (known != value) return false;
    }
    return true;
  }

  bool place_mapped(const Text& text) {
    for (std::size_t t = 0; t < text.size(); ++t) {
      const auto [forward, fresh] = forward_.emplace(window_.plain[t], text[t]);
      if (!fresh) {
        if (forward->second != text[t]) return false;
        continue;
      }
      if (!backward_.emplace(text[t], window_.plain[t]).second) {
        forward_.erase(forward);
        return false;
      }
      changes_.push_back(window_.plain[t]);
    }
    return true;
  }

  bool place_affine(const Text& text) {
    steps_ += kAffineKeys * text.size() / 8;
    std::bitset<kAffineKeys> left = affine_.back();
    for (std::size_t key = 0; key < kAffineKeys; ++key) {
      if (!left.test(key)) continue;
      const unsigned a = kAffineFactors[key / kCipherLetters];
      const unsigned b = key % kCipherLetters;
      for (std::size_t t = 0; t < text.size() && left.test(key); ++t) {
        const char32_t plain = window_.plain[t];
        const char32_t coded =
            is_cipher_letter(plain)
                ? letter_of(is_lower(plain), (a * letter_number(plain) + b) % kCipherLetters)
                : plain;
        left.set(key, coded == text[t]);
      }
    }
    affine_.push_back(left);
    return left.any();
  }

  const KeyPlan& plan_;
  std::size_t& steps_;
  const Reading* reading_ = nullptr;
  Alignment alignment_;
  std::size_t period_ = 1;
  PlainWindow window_;
  std::vector<std::size_t> places_;  // where the changes of each place() begin
  std::vector<char32_t> changes_;    // classes, or plain characters
  std::vector<std::int16_t> values_;
  std::unordered_map<char32_t, char32_t> forward_;
  std::unordered_map<char32_t, char32_t> backward_;
  std::vector<std::bitset<kAffineKeys>> affine_;
};

struct System {
  const Reading* reading;
  Alignment alignment;
  std::size_t period;
  double log_chance;  // of the claim's own arrangement; below that of any, where lengths differ
};

class Comparison {
 public:
  Comparison(const Hypotheses& hypotheses, const Arrangements& arrangements)
      : arrangements_(arrangements),
        plan_(hypotheses, WindowsFor::any_tag),
        keys_(plan_, steps_),
        explained_(arrangements.looked_at(), false),
        left_(arrangements.sizes()) {
    for (const WrittenTags& writing : plan_.writings()) solvers_.emplace_back(writing.alphabet);
    const auto& texts = plan_.writings().front().texts;
    one_length_ = std::all_of(texts.begin(), texts.end(),
                              [&](const Text& text) { return text.size() == texts[0].size(); });
    for (std::size_t tag = 0; tag < texts.size(); ++tag) {
      const bool known = std::any_of(lengths_.begin(), lengths_.end(), [&](std::size_t other) {
        return texts[other].size() == texts[tag].size();
      });
      if (!known) lengths_.push_back(tag);
    }
  }

  std::optional<std::vector<bool>> compare(double slack) {
    if (!list_systems() || !own_) return std::nullopt;
    std::stable_sort(systems_.begin(), systems_.end(),
                     [](const System& a, const System& b) { return a.log_chance < b.log_chance; });
    bound_ = *own_ + slack;
    for (const System& system : systems_) {
      if (system.log_chance > bound_) break;
      if (arrangements_.all() ? search(system) : sample(system)) continue;
      if (system.log_chance <= *own_) return std::nullopt;
      break;
    }
    return std::move(explained_);
  }

 private:
  // All systems, and T(own).
  bool list_systems() {
    std::unordered_set<SystemMark, SystemMarkHash> seen;
    std::vector<std::uint32_t> renamed;
    KeySystem system;
    bool more = true;
    for (std::size_t period = 1; more; ++period) {
      more = false;
      for (const Reading& reading : plan_.readings()) {
        for (const Alignment& alignment : reading.alignments) {
          steps_ += kVisitsPerSystem;
          if (steps_ > kMaxSteps) return false;
          std::size_t periods = 0;
          double log_chance = 0;
          if (one_length_) {
            periods = plan_.system_at(reading, alignment, period, system);
            if (period < periods) more = true;
            if (period > periods) continue;
            const std::size_t width = plan_.writing_of(reading).width();
            if (!seen.insert(mark_of(system, width, renamed)).second) continue;
            log_chance = consider_own(reading, system);
          } else {
            periods = widest(reading, alignment, period, system);
            if (period < periods) more = true;
            if (period > periods) continue;
            log_chance = least_chance(reading, system);
            if (plan_.system_at(reading, alignment, period, system) != 0) {
              consider_own(reading, system);
            }
          }
          if (log_chance == kImpossible || log_chance >= 0) continue;
          systems_.push_back({&reading, alignment, period, log_chance});
        }
      }
    }
    return true;
  }

  // One tag for each name: drawn independently.
  KeySolution solve_apart(const Reading& reading, KeySystem& system,
                          std::span<const std::uint16_t> arrangement) {
    apart_.clear();
    const auto& texts = plan_.writing_of(reading).texts;
    for (std::size_t i = 0; i < arrangement.size(); ++i) {
      apart_.push_back(texts[arrangement[i]]);
      system.windows[i].tag = i;
      steps_ += apart_.back().size() *
                (reading.family == KeyFamily::affine ? kAffineKeys : kStepsPerSolved);
    }
    system.tags = apart_;
    return solvers_[reading.writing].solve(system);
  }

  [[nodiscard]] double log_chance_of(const Reading& reading, const KeySolution& solution) const {
    if (solution.log_keys == kImpossible) return kImpossible;
    if (solution.checks() == 0) return 0;
    const auto characters =
        static_cast<double>(solution.positions * plan_.writing_of(reading).width());
    return comparable(solution.log_keys - characters * std::log(plan_.alphabet().size()));
  }

  double consider_own(const Reading& reading, KeySystem& system) {
    const KeySolution solution = solve_apart(reading, system, arrangements_.own());
    const double log_chance = log_chance_of(reading, solution);
    if (solution.fits && log_chance < 0) own_ = std::min(own_.value_or(0), log_chance);
    return log_chance;
  }

  // A system with the windows of every name for every length of tag.
  std::size_t widest(const Reading& reading, const Alignment& alignment, std::size_t period,
                     KeySystem& system) {
    const auto& texts = plan_.writing_of(reading).texts;
    system.family = reading.family;
    system.period = period;
    system.windows.clear();
    std::size_t periods = 0;
    widest_tags_.clear();
    sure_ = 0;
    std::vector<std::uint32_t> touched(reading.repeats() ? period : 0, 0);
    std::vector<std::uint32_t> here(touched.size(), 0);
    for (std::size_t i = 0; i < arrangements_.names(); ++i) {
      std::fill(here.begin(), here.end(), 0);
      for (std::uint32_t l = 0; l < lengths_.size(); ++l) {
        PlainWindow window;
        const std::size_t own =
            plan_.window_at(reading, alignment, period, i, texts[lengths_[l]].size(), window);
        periods = std::max(periods, own);
        if (own == 0) continue;
        // A class is touched for sure that some name touches with a tag of any length.
        for (const std::uint32_t key : window.classes) {
          if (!here.empty() && here[key] == l) ++here[key];
        }
        steps_ += window.plain.size();
        window.tag = system.windows.size();
        system.windows.push_back(std::move(window));
        widest_tags_.push_back(texts[lengths_[l]]);
      }
      for (std::size_t key = 0; key < here.size(); ++key) {
        if (here[key] == lengths_.size()) touched[key] = 1;
      }
    }
    system.tags = widest_tags_;
    sure_ = static_cast<std::size_t>(std::count(touched.begin(), touched.end(), 1));
    return system.windows.empty() ? 0 : periods;
  }

  // Of a system of widest(): no arrangement leaves less to chance. Fewer letters ask less of a
  // key, and what is not touched for sure gives at most as many keys as there are characters.
  double least_chance(const Reading& reading, KeySystem& system) {
    double log_keys = 0;
    if (reading.repeats()) {
      const KeySolution all = solvers_[reading.writing].solve(system);
      const double most = std::log(plan_.writing_of(reading).alphabet.size());
      if (all.log_keys != kImpossible) {
        log_keys = std::max(0.0, all.log_keys - static_cast<double>(all.freedoms - sure_) * most);
      }
    }
    std::size_t characters = 0;
    for (const std::uint16_t group : arrangements_.own()) {
      characters += plan_.writings().front().texts[group].size();
    }
    // A little lower, so that rounding leaves nothing out.
    return (log_keys - static_cast<double>(characters) * std::log(plan_.alphabet().size())) *
               (1 + 1e-6) -
           1e-6;
  }

  [[nodiscard]] bool as_good(const System& system, Arrangement arrangement) {
    if (one_length_) return true;
    const auto& texts = plan_.writing_of(*system.reading).texts;
    leaf_.family = system.reading->family;
    leaf_.period = system.period;
    leaf_.windows.resize(arrangement.size());
    for (std::size_t i = 0; i < arrangement.size(); ++i) {
      (void)plan_.window_at(*system.reading, system.alignment, system.period, i,
                            texts[arrangement[i]].size(), leaf_.windows[i]);
    }
    const KeySolution solution = solve_apart(*system.reading, leaf_, arrangement);
    const double log_chance = log_chance_of(*system.reading, solution);
    return log_chance < 0 && log_chance <= bound_;
  }

  // Marks all arrangements that fit a system. False: too long.
  bool search(const System& system) {
    keys_.open(*system.reading, system.alignment, system.period);
    placed_.assign(arrangements_.names(), 0);
    return place_from(system, 0);
  }

  bool place_from(const System& system, std::size_t pair) {
    if (steps_ > kMaxSteps) return false;
    if (pair == placed_.size()) {
      steps_ += placed_.size() + left_.size();
      const std::size_t index = arrangements_.index_of(placed_);
      if (!explained_[index]) explained_[index] = as_good(system, placed_);
      return true;
    }
    for (std::size_t tag = 0; tag < left_.size(); ++tag) {
      if (left_[tag] == 0 || !keys_.place(pair, tag)) continue;
      --left_[tag];
      placed_[pair] = static_cast<std::uint16_t>(tag);
      const bool known = place_from(system, pair + 1);
      ++left_[tag];
      keys_.take_back();
      if (!known) return false;
    }
    return true;
  }

  // Marks the sampled arrangements that fit a system. False: too long.
  bool sample(const System& system) {
    // Most contradict each other in the first two names: these are tried out once.
    const std::size_t tags = left_.size();
    const bool tabled = arrangements_.names() >= 2 && tags * tags <= kSampledArrangements;
    std::vector<bool> open_together;
    if (tabled) {
      open_together.assign(tags * tags, false);
      keys_.open(*system.reading, system.alignment, system.period);
      for (std::size_t first = 0; first < tags; ++first) {
        if (!keys_.place(0, first)) continue;
        for (std::size_t second = 0; second < tags; ++second) {
          if (!keys_.place(1, second)) continue;
          open_together[first * tags + second] = true;
          keys_.take_back();
        }
        keys_.take_back();
      }
    }
    bool known = true;
    arrangements_.each([&](std::size_t index, Arrangement arrangement) {
      ++steps_;
      known = known && steps_ <= kMaxSteps;
      if (!known || explained_[index]) return;
      if (tabled && !open_together[arrangement[0] * tags + arrangement[1]]) return;
      keys_.open(*system.reading, system.alignment, system.period);
      bool fits = true;
      for (std::size_t i = 0; i < arrangement.size() && fits; ++i) {
        fits = keys_.place(i, arrangement[i]);
      }
      if (fits) explained_[index] = as_good(system, arrangement);
    });
    return known;
  }

  const Arrangements& arrangements_;
  std::size_t steps_ = 0;
  KeyPlan plan_;
  OpenKeys keys_;
  std::vector<bool> explained_;
  std::vector<std::uint32_t> left_;  // names that each tag can still be given to
  std::vector<KeySolver> solvers_;
  bool one_length_ = true;
  std::vector<std::size_t> lengths_;  // a tag of each length
  std::vector<System> systems_;
  std::optional<double> own_;  // ln T of the claim's own arrangement
  double bound_ = 0;           // what counts, ln

  std::vector<Text> apart_;
  std::vector<Text> widest_tags_;
  std::size_t sure_ = 0;
  KeySystem leaf_;
  std::vector<std::uint16_t> placed_;
};

}  // namespace

std::optional<std::vector<bool>> arranged_as_well(const Hypotheses& hypotheses,
                                                  const Arrangements& arrangements, double slack) {
  return Comparison(hypotheses, arrangements).compare(slack);
}

}  // namespace tagscope
