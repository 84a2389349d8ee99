// How well free keys explain one arrangement of tags, by looking at every system there is.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "claim/key_solver.h"
#include "json/json.h"

namespace tagscope::reference {

inline std::u32string normalised_slowly(int way, const std::u32string& name) {
  std::u32string out;
  for (const char32_t c : name) {
    if (way == 1) out.push_back(c >= 'A' && c <= 'Z' ? c + 32 : c);
    if (way == 2 && c != '_') out.push_back(c);
    if (way == 3) out.push_back(c == '_' ? U' ' : c);
    if (way == 4 && is_cipher_letter(c)) out.push_back(c);
    if (way == 0) out.push_back(c);
  }
  return out;
}

// ASCII names, tags[i] given to names[i], each tag a draw of its own. The least ln of the chance
// of a system that has checks and fits, rounded as chances are compared; nothing where none does.
inline std::optional<double> least_log_chance(const std::vector<std::u32string>& names,
                                              const std::vector<std::u32string>& tags) {
  const Alphabet alphabet = smallest_alphabet(tags);
  std::vector<std::u32string> as_hex;
  Alphabet bytes{"bytes", {}};
  const std::u32string digits = U"0123456789abcdef";
  for (const auto& tag : tags) {
    if (tag.size() % 2 != 0 || tag.find_first_not_of(digits) != tag.npos) break;
    std::u32string read;
    for (std::size_t i = 0; i < tag.size(); i += 2) {
      read.push_back(static_cast<char32_t>(digits.find(tag[i]) * 16 + digits.find(tag[i + 1])));
    }
    as_hex.push_back(read);
  }
  for (char32_t byte = 0; byte < 256; ++byte) {
    if (alphabet.holds(digits[byte / 16]) && alphabet.holds(digits[byte % 16])) {
      bytes.characters.push_back(byte);
    }
  }
  double characters = 0;
  for (const auto& tag : tags) characters += static_cast<double>(tag.size());

  std::optional<double> least;
  for (const bool hex : {false, true}) {
    if (hex && as_hex.size() != tags.size()) continue;
    const auto& written = hex ? as_hex : tags;
    KeySolver solver(hex ? bytes : alphabet);
    for (const KeyFamily family : {KeyFamily::exclusive_or, KeyFamily::vigenere, KeyFamily::affine,
                                   KeyFamily::substitution}) {
      if (hex && family != KeyFamily::exclusive_or) continue;
      for (int way = 0; way < 10; ++way) {
        std::vector<std::u32string> plain;
        std::size_t longest = 0;
        for (const auto& name : names) {
          plain.push_back(normalised_slowly(way % 5, name));
          if (way >= 5) std::reverse(plain.back().begin(), plain.back().end());
          longest = std::max(longest, plain.back().size());
        }
        const bool repeats = family == KeyFamily::exclusive_or || family == KeyFamily::vigenere;
        for (std::size_t offset = 0; offset < longest; ++offset) {
          for (int alignment = 0; alignment < 4; ++alignment) {
            const bool from_end = alignment % 2 != 0;
            for (std::size_t period = 1; period <= (repeats ? longest : 1); ++period) {
              KeySystem system{family, period, {}, written};
              for (std::size_t i = 0; i < names.size(); ++i) {
                const std::size_t length = written[i].size();
                if (plain[i].size() < length + offset) break;
                const std::size_t begin = from_end ? plain[i].size() - length - offset : offset;
                PlainWindow window{plain[i].substr(begin, length), {}, i};
                for (std::size_t t = 0; t < length; ++t) {
                  std::size_t counted = 0;
                  for (std::size_t at = alignment < 2 ? begin : 0; at < begin + t; ++at) {
                    const bool skipped =
                        family == KeyFamily::vigenere && !is_cipher_letter(plain[i][at]);
                    counted += skipped ? 0 : 1;
                  }
                  window.classes.push_back(static_cast<std::uint32_t>(counted % period));
                }
                system.windows.push_back(std::move(window));
              }
              if (system.windows.size() != names.size()) continue;
              const KeySolution solution = solver.solve(system);
              if (!solution.fits || solution.checks() == 0) continue;
              const double chance =
                  round_significant(solution.log_keys - characters * std::log(alphabet.size()), 9);
              least = std::min(least.value_or(0), chance);
            }
          }
        }
      }
    }
  }
  return least;
}

}  // namespace tagscope::reference
