#include "text/fix_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "text/mojibake.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

struct Case {
  std::string_view text;
  std::string_view fixed;
};

// The examples of ftfy 6.3.1's documentation and docstrings.
TEST(FixText, ExamplesOfItsDocumentation) {
  constexpr Case kCases[] = {
      {"âœ” No problems", "✔ No problems"},
      {"&macr;\\_(ã\xC2\x83\xC2\x84)_/&macr;", "¯\\_(ツ)_/¯"},
      {"Broken text&hellip; it&#x2019;s ﬂubberiﬁc!", "Broken text… it's flubberific!"},
      {"ＬＯＵＤ　ＮＯＩＳＥＳ", "LOUD NOISES"},
      {"Ｕﾀｰﾝ", "Uターン"},
      {"sÃ³", "só"},
      {"voilÃ le travail", "voilà le travail"},
      {"schÃ¶n", "schön"},
      {"P&eacute;rez", "Pérez"},
      {"P&EACUTE;REZ", "PÉREZ"},
      {"BUNDESSTRA&SZLIG;E", "BUNDESSTRASSE"},
      {"&ntilde; &Ntilde; &NTILDE; &nTILDE;", "ñ Ñ Ñ &nTILDE;"},
      {"&ATILDE;&SUP3;", "ó"},
      {"&lt;tag&gt;", "<tag>"},
      {"<em>HTML entities &lt;3</em>", "<em>HTML entities &lt;3</em>"},
      {"\x1B[36;44mI'm blue, da ba dee da ba doo...\x1B[0m", "I'm blue, da ba dee da ba doo..."},
      {"“here’s a test”", "\"here's a test\""},
      {"ﬂuﬃeﬆ", "fluffiest"},
      {"This string is made of two things:\u20291. Unicode\u20282. Spite",
       "This string is made of two things:\n1. Unicode\n2. Spite"},
      {"Content-type: text/plain\r\n\r\nHi.", "Content-type: text/plain\n\nHi."},
      {"\uFEFFWhere do you want to go today?", "Where do you want to go today?"},
      {"â€œ like this â€\uFFFD", "\" like this \uFFFD"},
      {"This text is fine already :þ", "This text is fine already :þ"},
      {"not such a fan of Charlotte Brontë…”", "not such a fan of Charlotte Brontë…\""},
      {"AHÅ™, the new sofa from IKEA®", "AHÅ™, the new sofa from IKEA®"},
      {"This text was never UTF-8 at all\xC2\x85", "This text was never UTF-8 at all…"},
  };
  for (const auto& [text, fixed] : kCases) EXPECT_EQ(fix_text(text), fixed) << text;
}

TEST(FixText, EntitiesOfWholeReferencesOnly) {
  EXPECT_EQ(fix_text("this&not that &amp &notit;"), "this&not that &amp &notit;");
  EXPECT_EQ(fix_text("&#39;&#x27;&#128;"), "''€");
  EXPECT_EQ(fix_text("&#59;&#xZZ;&#;&;&#12z;"), "&#59;&#xZZ;&#;&;&#12z;");
  EXPECT_EQ(fix_text("&GTDOT; &AMP;"), "&GTDOT; &");
  // After a line with "<", entities are left alone, in that line and in all that follow.
  EXPECT_EQ(fix_text("&eacute;\n<b>&eacute;\n&eacute;"), "é\n<b>&eacute;\n&eacute;");
  // A reference that a reference makes.
  EXPECT_EQ(fix_text("&amp;amp;lt;"), "<");
}

TEST(FixText, CharactersThatAreReplacedOrRemoved) {
  EXPECT_EQ(fix_text("a\x01\x08\x0B\x0E\x1F\x7F"
                     "b"),
            "ab");
  EXPECT_EQ(fix_text("a\t\f\nb\rc"), "a\t\f\nb\nc");
  EXPECT_EQ(fix_text("\u206A\u206F\uFFF9\uFFFC"), "");
  EXPECT_EQ(fix_text("\u200D\u2069\U0001D173\U000E0020"), "\u200D\u2069\U0001D173\U000E0020");
  EXPECT_EQ(fix_text("‘’‚‛“”„‟ʼ"), "''''\"\"\"\"'");
  EXPECT_EQ(fix_text("ŉ ĳ Ǆ ﬅ"), "'n ij DŽ ſt");
  EXPECT_EQ(fix_text("e\u0301"), "é");
  EXPECT_EQ(fix_text("\x1B[1;2m\x1B[\x1B[3"), "[[3");
}

TEST(FixText, RandomTextsStayText) {
  std::mt19937 random(7);
  const std::string_view parts[] = {"Ã",  "©", "â", "€", "™", "\u00A0", " ",     "&amp;", "a",
                                    "Â",  "°", "ð", "Ÿ", "˜", "\u0081", "�",     "в",     "Ђ",
                                    "\n", "ﬁ", "œ", "é", "ü", "š",      "\x1B[", "m",     "\u0301",
                                    "’",  "�", "ò", "Р", "ў", "├",      "®",     "?"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t n = random() % 24; n > 0; --n) text += parts[random() % std::size(parts)];
    const std::string once = fix_text(text);
    ASSERT_FALSE(first_invalid_utf8(once)) << text;
    ASSERT_EQ(once.find("ﬁ"), std::string::npos) << text;
  }
}

// Every character of a set, written as UTF-8 and read as that set, comes back.
TEST(Mojibake, ManyLayersComeBack) {
  std::u32string text = U"naïve café — “日本語”";
  const std::u32string plain = text;
  for (int layer = 0; layer < 3; ++layer) {
    std::string bytes;
    for (const char32_t c : text) append_utf8(bytes, c);
    text.clear();
    for (const char c : bytes) text.push_back(static_cast<unsigned char>(c));
  }
  EXPECT_EQ(repair_misread(text), plain);
  EXPECT_FALSE(looks_misread(plain));
}

TEST(FixText, HostileTextsEnd) {
  const auto repeated = [](std::string_view part, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += part;
    return text;
  };
  // Nested references, for each of which the reference reads the text again.
  EXPECT_NE(fix_text("&" + repeated("amp;", 50000)).find("amp;"), std::string::npos);
  EXPECT_EQ(fix_text("&" + repeated("amp;", 20)), "&");
  for (const std::string_view part :
       {"Ã", "ÃÂ", "Ã ", "â€", "â€œ", "ð", "\x1B[", "\x1B[0", "&#", "ГўВЂВ", "\u0345", "ﾞ", "�"}) {
    EXPECT_FALSE(first_invalid_utf8(fix_text(repeated(part, 20000)))) << part;
  }
}

}  // namespace
}  // namespace tagscope
