#include "claim/match.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace tagscope {
namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();
constexpr std::size_t kExactSubsequenceCells = std::size_t{1} << 20;

// How many characters of the alphabet count as equal to `character`.
double weight(const MatchRule& rule, char32_t character, const Alphabet& alphabet) {
  if (!rule.ignore_case) return alphabet.holds(character) ? 1 : 0;
  return static_cast<double>(std::count_if(alphabet.characters.begin(), alphabet.characters.end(),
                                           [&](char32_t c) { return folded(c) == character; }));
}

double log_weight(const MatchRule& rule, std::u32string_view code, const Alphabet& alphabet) {
  double sum = 0;
  for (const char32_t character : code) sum += std::log(weight(rule, character, alphabet));
  return sum;
}

// ln of the summed weights of the distinct windows.
double log_windows(const MatchRule& rule, const std::u32string& output, std::size_t length,
                   const Alphabet& alphabet) {
  std::set<std::u32string_view> distinct;
  for (std::size_t at = 0; at + length <= output.size(); ++at) {
    distinct.insert(std::u32string_view(output).substr(at, length));
  }
  double sum = 0;
  const double largest = static_cast<double>(length) * std::log(alphabet.size());
  for (const auto window : distinct) {
    sum += std::exp(log_weight(rule, window, alphabet) - largest);
  }
  return sum == 0 ? kNone : std::log(sum) + largest;
}

// ln of the weighted number of distinct subsequences of `length` characters: the
// textbook recurrence f(i, l) = f(i−1, l) + w·(f(i−1, l−1) − f(last−1, l−1)), where
// `last` is the previous place of the same character. Scaled by |A| per character
// so that no value exceeds 1.
double log_subsequences(const MatchRule& rule, const std::u32string& output, std::size_t length,
                        const Alphabet& alphabet) {
  if (output.size() < length) return kNone;
  const double log_largest = static_cast<double>(length) * std::log(alphabet.size());
  if (output.size() * length > kExactSubsequenceCells) return log_largest;
  std::vector<std::vector<double>> rows;  // f(i, ·) for every prefix: `last` reaches back
  rows.emplace_back(length + 1, 0.0);
  rows[0][0] = 1;
  std::map<char32_t, std::size_t> last;
  for (std::size_t i = 1; i <= output.size(); ++i) {
    const char32_t character = output[i - 1];
    const double scaled = weight(rule, character, alphabet) / alphabet.size();
    std::vector<double> row = rows[i - 1];
    const auto previous = last.find(character);
    for (std::size_t l = 1; l <= length; ++l) {
      double fresh = rows[i - 1][l - 1];
      if (previous != last.end()) fresh -= rows[previous->second - 1][l - 1];
      row[l] += scaled * std::max(fresh, 0.0);
    }
    rows.push_back(std::move(row));
    last[character] = i;
  }
  const double share = rows.back()[length];
  return share <= 0 ? kNone : std::min(std::log(share) + log_largest, log_largest);
}

}  // namespace

std::u32string compared_part(const MatchRule& rule, const std::u32string& output,
                             std::size_t length) {
  const std::size_t taken = std::min(length, output.size());
  switch (rule.match) {
    case Match::prefix: return output.substr(0, taken);
    case Match::suffix: return output.substr(output.size() - taken);
    case Match::exact:
    case Match::window:
    case Match::subsequence: break;
  }
  return output;
}

bool fits(const MatchRule& rule, const std::u32string& output, const std::u32string& tag) {
  const std::u32string left = rule.ignore_case ? folded(output) : output;
  const std::u32string right = rule.ignore_case ? folded(tag) : tag;
  switch (rule.match) {
    case Match::exact: return left == right;
    case Match::prefix: return left.starts_with(right);
    case Match::suffix: return left.ends_with(right);
    case Match::window: return left.find(right) != std::u32string::npos;
    case Match::subsequence: {
      std::size_t matched = 0;
      for (const char32_t character : left) {
        if (matched < right.size() && right[matched] == character) ++matched;
      }
      return matched == right.size();
    }
  }
  return false;
}

double log_accepted_codes(const MatchRule& rule, const std::u32string& output, std::size_t length,
                          const Alphabet& alphabet) {
  const std::u32string compared = rule.ignore_case ? folded(output) : output;
  if (rule.match == Match::window) return log_windows(rule, compared, length, alphabet);
  if (rule.match == Match::subsequence) return log_subsequences(rule, compared, length, alphabet);
  const std::u32string part = compared_part(rule, compared, length);
  if (part.size() != length) return kNone;
  return log_weight(rule, part, alphabet);
}

}  // namespace tagscope
