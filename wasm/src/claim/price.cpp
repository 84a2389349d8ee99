#include "claim/price.h"

#include <algorithm>
#include <cmath>

namespace tagscope {
namespace {

constexpr Integer kListedDomain = Integer{1} << 16;
// Past this many trial runs the remaining key bytes count as touching: the price
// is then an upper bound, and the work of examining a hostile claim is bounded.
constexpr std::size_t kMaxTrialRuns = 20000;
constexpr std::size_t kMaxTrialOutputBytes = std::size_t{64} << 10;
// Changes that are tried on a key byte: all bits, and single ones that case folding keeps.
constexpr unsigned char kTrialMasks[] = {0xFF, 0x01, 0x02};

double integer_bits(const IntegerDomain& domain, Integer value) {
  if (domain.modulus != 0) return std::log2(static_cast<double>(domain.modulus));
  if (domain.max - domain.min < kListedDomain) {
    return std::log2(static_cast<double>(domain.max - domain.min + 1));
  }
  const Integer magnitude = (value < 0 ? -value : value) + 1;
  int digits = 0;
  for (Integer rest = magnitude; rest > 1; rest >>= 1) ++digits;
  return 2 * digits + 1 + (domain.min < 0 ? 1 : 0);
}

// What the rule compares, for every pair; an error counts as an output of its own.
std::vector<std::u32string> compared_outputs(const Recipe& recipe, const std::vector<Pair>& pairs,
                                             const MatchRule& rule) {
  std::vector<std::u32string> outputs;
  for (const Pair& pair : pairs) {
    auto output = run(recipe, Value::text(pair.name));
    if (!output || output->data.size() > kMaxTrialOutputBytes) {
      outputs.emplace_back(1, 0xDFFF);
      continue;
    }
    outputs.push_back(compared_part(rule, symbols(output->data), code_points(pair.tag).size()));
  }
  return outputs;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    hex.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
  return hex;
}

class KeyTrials {
 public:
  KeyTrials(const Recipe& recipe, const std::vector<Pair>& pairs, const MatchRule& rule)
      : recipe_(recipe),
        pairs_(pairs),
        rule_(rule),
        stated_(compared_outputs(recipe, pairs, rule)) {}

  // Bytes of the key argument `argument` of step `step` that touch a compared output.
  std::size_t touching_bytes(std::size_t step, std::size_t argument, const std::string& key) {
    std::size_t touching = 0;
    for (std::size_t at = 0; at < key.size(); ++at) {
      if (touches(step, argument, key, at)) ++touching;
    }
    return touching;
  }

 private:
  bool touches(std::size_t step, std::size_t argument, const std::string& key, std::size_t at) {
    for (const unsigned char mask : kTrialMasks) {
      if (runs_ + pairs_.size() > kMaxTrialRuns) return true;
      runs_ += pairs_.size();
      std::string changed = key;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ mask);
      Recipe trial = recipe_;
      auto arguments = trial.steps[step].arguments;
      arguments[argument].argument = {Argument::Form::hex, to_hex(changed)};
      auto rebuilt = rebuild(trial.steps[step], std::move(arguments));
      if (!rebuilt) return true;  // the method refuses the changed key: it depends on this byte
      trial.steps[step] = *std::move(rebuilt);
      if (compared_outputs(trial, pairs_, rule_) != stated_) return true;
    }
    return false;
  }

  const Recipe& recipe_;
  const std::vector<Pair>& pairs_;
  MatchRule rule_;
  std::vector<std::u32string> stated_;
  std::size_t runs_ = 0;
};

}  // namespace

Price price_of(const Recipe& recipe, const std::vector<Pair>& pairs, const MatchRule& rule) {
  Price price;
  KeyTrials trials(recipe, pairs, rule);
  for (std::size_t s = 0; s < recipe.steps.size(); ++s) {
    const Step& step = recipe.steps[s];
    double bits = std::log2(2 * kCodeBookMethods);
    for (const Field& field : step.method->fields) {
      const auto stated =
          std::find_if(step.arguments.begin(), step.arguments.end(),
                       [&](const NamedArgument& a) { return a.name == field.name; });
      const bool given = stated != step.arguments.end();
      switch (field.type) {
        case FieldType::choice: bits += std::log2(static_cast<double>(field.choice_count)); break;
        case FieldType::integer: {
          // A default costs what the same number written out would cost.
          const Argument argument =
              given ? stated->argument
                    : Argument{Argument::Form::integer, step.method->write_default(field)};
          auto value = field_detail::read_integer(field, argument);
          bits += integer_bits(field.domain, value ? *value : Integer{0});
          break;
        }
        case FieldType::key: {
          if (!given) break;
          auto key = field_detail::read_key(field, stated->argument);
          const auto index = static_cast<std::size_t>(stated - step.arguments.begin());
          if (key) bits += 8 * static_cast<double>(trials.touching_bytes(s, index, key->bytes));
          break;
        }
        case FieldType::text:
          if (given) bits += 8 * static_cast<double>(stated->argument.text.size());
          break;
      }
    }
    price.step_bits.push_back(bits);
    price.bits += bits;
  }
  return price;
}

}  // namespace tagscope
