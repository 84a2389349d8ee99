// Shapes and match rules; the number of accepted codes against counting all codes.
#include "claim/match.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace tagscope {
namespace {

TEST(Shape, IsTheSmallestAlphabetThatHoldsAllTags) {
  const std::pair<std::vector<std::u32string>, const char*> cases[] = {
      {{U"aua"}, "a-z"},           {{U"px", U"zix"}, "a-z"},
      {{U"3f2"}, "hex"},           {{U"3F2"}, "HEX"},
      {{U"123"}, "0-9"},           {{U"ZIX"}, "A-Z"},
      {{U"ZIX2"}, "base32"},       {{U"zix2"}, "a-z0-9"},
      {{U"ZIX9"}, "A-Z0-9"},       {{U"Aua"}, "a-zA-Z"},
      {{U"Au1"}, "a-zA-Z0-9"},     {{U"RM+MYg/"}, "base64"},
      {{U"RM-MYg_"}, "base64url"}, {{U"RMKMYg=="}, "printable-ascii"},
      {{U"é"}, "characters-seen"},
  };
  for (const auto& [tags, name] : cases) EXPECT_EQ(smallest_alphabet(tags).name, name);
  EXPECT_EQ(smallest_alphabet({U"aua"}).size(), 26);
  EXPECT_EQ(smallest_alphabet({U"éàé"}).size(), 2);
}

TEST(Symbols, BytesThatAreNoTextMatchNoTag) {
  EXPECT_EQ(symbols("a\xff\xc3"), std::u32string({U'a', 0xDCFF, 0xDCC3}));
  EXPECT_EQ(symbols("é"), U"é");
}

TEST(Match, Rules) {
  const auto fit = [](Match match, bool ignore_case, const char32_t* output, const char32_t* tag) {
    return fits({match, ignore_case}, output, tag);
  };
  EXPECT_TRUE(fit(Match::exact, false, U"aua", U"aua"));
  EXPECT_FALSE(fit(Match::exact, false, U"Aua", U"aua"));
  EXPECT_TRUE(fit(Match::exact, true, U"Aua", U"aUA"));
  EXPECT_FALSE(fit(Match::exact, false, U"auax", U"aua"));
  EXPECT_TRUE(fit(Match::prefix, false, U"auax", U"aua"));
  EXPECT_FALSE(fit(Match::prefix, false, U"xaua", U"aua"));
  EXPECT_TRUE(fit(Match::suffix, false, U"xaua", U"aua"));
  EXPECT_FALSE(fit(Match::suffix, false, U"ua", U"aua"));
  EXPECT_TRUE(fit(Match::window, false, U"xauax", U"aua"));
  EXPECT_FALSE(fit(Match::window, false, U"axua", U"aua"));
  EXPECT_TRUE(fit(Match::subsequence, false, U"xaxuxax", U"aua"));
  EXPECT_FALSE(fit(Match::subsequence, false, U"aau", U"aua"));
}

// Every code of the shape is tried: the definition of "accepted".
double count_accepted(const MatchRule& rule, const std::u32string& output, std::size_t length,
                      const Alphabet& alphabet) {
  double accepted = 0;
  std::vector<std::size_t> digits(length, 0);
  for (bool more = true; more;) {
    std::u32string code;
    for (const std::size_t digit : digits) code.push_back(alphabet.characters[digit]);
    accepted += fits(rule, output, code);
    more = false;
    for (std::size_t& digit : digits) {
      if (++digit < alphabet.characters.size()) {
        more = true;
        break;
      }
      digit = 0;
    }
  }
  return accepted;
}

TEST(Match, AcceptedCodesAgreeWithCounting) {
  std::mt19937 random(7);
  const Alphabet alphabets[] = {{"two", U"ab"}, {"four", U"ABab"}, {"five", U"ABabc"}};
  const std::u32string drawn = U"aAbBcC_";
  for (int i = 0; i < 3000; ++i) {
    std::u32string output;
    const auto size = random() % 9;
    for (unsigned at = 0; at < size; ++at) output.push_back(drawn[random() % drawn.size()]);
    const Alphabet& alphabet = alphabets[random() % 3];
    const MatchRule rule{static_cast<Match>(random() % 5), random() % 2 == 0};
    const std::size_t length = 1 + random() % 4;
    const double expected = count_accepted(rule, output, length, alphabet);
    const double log_accepted = log_accepted_codes(rule, output, length, alphabet);
    EXPECT_NEAR(std::exp(log_accepted), expected, 1e-9)
        << to_utf8(output) << " " << name_of(rule.match) << " " << rule.ignore_case << " " << length
        << " " << alphabet.name;
  }
}

}  // namespace
}  // namespace tagscope
