#include "text/unicode.h"

#include "support/files.h"
#include "text/text_support.h"

namespace tagscope::testing {
namespace {

TEST(Unicode, ClassesOfEveryCodePointAsPython) {
  const auto vectors = read_json("vectors/text_classes.json");
  const auto is_later = [&](char32_t code_point) {
    for (const auto& range : vectors["later"]) {
      if (code_point >= range[0] && code_point <= range[1]) return true;
    }
    return false;
  };
  expect_checksums(vectors["crc32"], [&](char32_t code_point) -> std::string {
    if (code_point >= 0x100 && is_later(code_point)) return "?";
    const std::string kind = is_letter(code_point)          ? "L"
                             : is_decimal_digit(code_point) ? "Nd"
                             : is_number(code_point)        ? "N"
                                                            : "-";
    return kind + (is_python_space(code_point) ? "s" : "");
  });
}

TEST(Unicode, CategoriesOfEveryCodePointAsPython) {
  constexpr std::string_view kNames =
      "CnLuLlLtLmLoMnMcMeNdNlNoPcPdPsPePiPfPoSmScSkSoZsZlZpCcCfCsCo";
  const auto vectors = read_json("vectors/text_classes.json");
  expect_checksums(vectors["category_crc32"], [&](char32_t code_point) -> std::string {
    for (const auto& range : vectors["later"]) {
      if (code_point >= range[0] && code_point <= range[1]) return "?";
    }
    const Category category = general_category(code_point);
    const std::string name(kNames.substr(2 * static_cast<std::size_t>(category), 2));
    EXPECT_EQ(is_mark(category), name[0] == 'M');
    EXPECT_EQ(is_punctuation(category), name[0] == 'P');
    return name;
  });
}

TEST(Unicode, NumbersHoldTheDecimalDigits) {
  for (char32_t code_point = 0; code_point < kCodePoints; ++code_point) {
    ASSERT_TRUE(is_number(code_point) || !is_decimal_digit(code_point));
    ASSERT_FALSE(is_letter(code_point) && is_number(code_point));
  }
}

// PropList.txt 15.0.0, White_Space.
TEST(Unicode, WhiteSpaceIsTheProperty) {
  constexpr char32_t kWhiteSpace[] = {0x9,    0xA,    0xB,    0xC,    0xD,    0x20,   0x85,
                                      0xA0,   0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004,
                                      0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028,
                                      0x2029, 0x202F, 0x205F, 0x3000};
  std::u32string found;
  for (char32_t code_point = 0; code_point < kCodePoints; ++code_point) {
    if (is_white_space(code_point)) found.push_back(code_point);
  }
  EXPECT_EQ(found, std::u32string(std::begin(kWhiteSpace), std::end(kWhiteSpace)));
}

// Code points of Unicode 15.0 that an older table lacks, from UnicodeData.txt.
TEST(Unicode, KnowsUnicode15) {
  EXPECT_TRUE(is_letter(0x11F04));         // KAWI LETTER A
  EXPECT_TRUE(is_decimal_digit(0x1E4F0));  // NAG MUNDARI DIGIT ZERO
  EXPECT_TRUE(is_number(0x1D2C0));         // KAKTOVIK NUMERAL ZERO
  EXPECT_FALSE(is_decimal_digit(0x1D2C0));
  EXPECT_TRUE(is_letter(0x323AF));  // the last of CJK extension H
  EXPECT_FALSE(is_letter(0x323B0));
}

TEST(Unicode, BeyondTheLastCodePointNothingHolds) {
  for (const char32_t beyond : {char32_t{0x110000}, char32_t{0xFFFFFFFF}}) {
    EXPECT_FALSE(is_letter(beyond));
    EXPECT_FALSE(is_number(beyond));
    EXPECT_FALSE(is_python_space(beyond));
  }
}

}  // namespace
}  // namespace tagscope::testing
