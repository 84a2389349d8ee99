// The solver against all keys tried.
#include "claim/key_solver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "reference/slow_known_plaintext.h"

namespace tagscope {
namespace {

const Alphabet& letters() {
  static const Alphabet alphabet = smallest_alphabet({U"az"});
  return alphabet;
}

KeySystem system_of(KeyFamily family, std::size_t period,
                    const std::vector<std::pair<std::u32string, std::size_t>>& windows,
                    const std::vector<std::u32string>& tags) {
  KeySystem system{family, period, {}, tags};
  for (const auto& [plain, tag] : windows) {
    PlainWindow window{plain, {}, tag};
    std::uint32_t index = 0;
    for (std::size_t t = 0; t < plain.size(); ++t) {
      const bool letter = reference::under_key(KeyFamily::vigenere, plain[t], 1) != plain[t];
      window.classes.push_back(index % static_cast<std::uint32_t>(period));
      if (family != KeyFamily::vigenere || letter) ++index;
    }
    system.windows.push_back(std::move(window));
  }
  return system;
}

void expect_as_tried(const KeySystem& system, const Alphabet& alphabet) {
  const auto tried = reference::try_all_keys(system, alphabet);
  const KeySolution solved = KeySolver(alphabet).solve(system);
  const double outputs = std::isinf(solved.log_keys) ? 0 : std::exp(solved.log_keys);
  EXPECT_NEAR(outputs, static_cast<double>(tried.outputs), 1e-6 * (1 + outputs));
  EXPECT_EQ(solved.fits, tried.fits);
  if (!solved.fits) return;
  for (const PlainWindow& window : system.windows) {
    std::u32string output;
    for (std::size_t t = 0; t < window.plain.size(); ++t) {
      output.push_back(reference::under_key(system.family, window.plain[t],
                                            solved.key[window.classes[t]].value_or(0)));
    }
    EXPECT_EQ(output, system.tags[window.tag]);
  }
}

TEST(KeySolver, IsWhatTryingAllKeysGives) {
  std::mt19937 random(5);
  const std::u32string characters = U"abcyzAZ_9";
  const std::vector<Alphabet> alphabets = {
      smallest_alphabet({U"az"}),   smallest_alphabet({U"09af"}), smallest_alphabet({U"az0"}),
      smallest_alphabet({U"azAZ"}), smallest_alphabet({U"a~"}),   smallest_alphabet({U"azAZ09+"})};
  int fitting = 0;
  for (int round = 0; round < 600; ++round) {
    const KeyFamily family = round % 2 == 0 ? KeyFamily::vigenere : KeyFamily::exclusive_or;
    // 65,536 keys take their time.
    const std::size_t period =
        family == KeyFamily::vigenere ? 1 + random() % 2 : 1 + (round % 100 == 1 ? 1 : 0);
    const std::size_t groups = 1 + random() % 3;
    std::vector<std::u32string> tags;
    std::vector<std::pair<std::u32string, std::size_t>> windows;
    const unsigned key = random() % 26;
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t length = 1 + random() % 3;
      std::u32string tag;
      for (std::size_t w = 0; w <= random() % 2; ++w) {
        std::u32string plain;
        for (std::size_t t = 0; t < length; ++t) {
          plain.push_back(characters[random() % characters.size()]);
        }
        if (w > 0 && random() % 2 == 0) plain = windows.back().first;
        windows.emplace_back(plain, g);
        tag.clear();
        for (const char32_t c : plain) tag.push_back(reference::under_key(family, c, key));
      }
      // Tags by a key, or any.
      if (random() % 3 == 0) tag[random() % length] = U'a';
      tags.push_back(tag);
    }
    // Tags are written in the alphabet; one that is larger than it has to be will do.
    Alphabet alphabet = alphabets[random() % alphabets.size()];
    const auto holds = [&](const std::u32string& tag) {
      return std::all_of(tag.begin(), tag.end(), [&](char32_t c) { return alphabet.holds(c); });
    };
    if (!std::all_of(tags.begin(), tags.end(), holds)) alphabet = smallest_alphabet(tags);
    const KeySystem system = system_of(family, period, windows, tags);
    expect_as_tried(system, alphabet);
    fitting += KeySolver(alphabet).solve(system).fits;
  }
  EXPECT_GT(fitting, 50);
}

TEST(KeySolver, JoinsClassesThatShareATag) {
  // One tag of two names: the two classes of each position are one freedom, and what differs
  // within a name has to agree.
  const std::vector<std::u32string> tags = {U"bcd"};
  expect_as_tried(system_of(KeyFamily::vigenere, 2, {{U"abc", 0}, {U"abc", 0}}, tags), letters());
  KeySystem shifted = system_of(KeyFamily::vigenere, 2, {{U"abc", 0}, {U"nop", 0}}, tags);
  expect_as_tried(shifted, letters());
  shifted.windows[1].classes = {1, 0, 1};
  expect_as_tried(shifted, letters());
  EXPECT_EQ(KeySolver(letters()).solve(shifted).freedoms, 1u);
}

TEST(KeySolver, AffineIsWhatAllKeysGive) {
  std::mt19937 random(6);
  int fitting = 0;
  for (int round = 0; round < 200; ++round) {
    std::u32string plain;
    for (std::size_t t = 0; t < 1 + random() % 4; ++t) plain.push_back(U"anz_"[random() % 4]);
    std::set<std::u32string> outputs;
    std::size_t keys = 0;
    std::u32string tag = plain;
    std::vector<std::pair<unsigned, unsigned>> all;
    for (unsigned a = 1; a < 26; a += 2) {
      for (unsigned b = 0; a != 13 && b < 26; ++b) all.emplace_back(a, b);
    }
    const auto under = [&](std::pair<unsigned, unsigned> key) {
      std::u32string out;
      for (const char32_t c : plain) {
        out.push_back(c == '_' ? c : 'a' + ((c - 'a') * key.first + key.second) % 26);
      }
      return out;
    };
    if (round % 3 != 0) tag = under(all[random() % all.size()]);
    for (const auto& key : all) {
      const std::u32string out = under(key);
      keys += out == tag;
      if (out.find(U'_') == std::u32string::npos) outputs.insert(out);
    }
    const std::vector<std::u32string> tags = {tag};
    const KeySolution solved =
        KeySolver(letters()).solve(system_of(KeyFamily::affine, 1, {{plain, 0}}, tags));
    const double counted = std::isinf(solved.log_keys) ? 0 : std::exp(solved.log_keys);
    EXPECT_NEAR(counted, static_cast<double>(outputs.size()), 1e-6);
    if (outputs.empty()) continue;
    EXPECT_EQ(solved.fits, keys > 0);
    EXPECT_EQ(solved.key.size(), keys == 1 ? 2u : 0u);
    fitting += solved.fits;
  }
  EXPECT_GT(fitting, 20);
}

TEST(KeySolver, SubstitutionCountsInjectiveMaps) {
  // abca → four places, three letters: 26·25·24 of 26⁴ tags.
  const std::vector<std::u32string> tags = {U"xyzx"};
  const KeySolution solved =
      KeySolver(letters()).solve(system_of(KeyFamily::substitution, 1, {{U"abca", 0}}, tags));
  EXPECT_TRUE(solved.fits);
  EXPECT_EQ(solved.checks(), 1u);
  EXPECT_NEAR(std::exp(solved.log_keys), 26 * 25 * 24, 1e-6);
  const std::vector<std::u32string> joined = {U"xyyx"};
  EXPECT_FALSE(KeySolver(letters())
                   .solve(system_of(KeyFamily::substitution, 1, {{U"abca", 0}}, joined))
                   .fits);
}

}  // namespace
}  // namespace tagscope
