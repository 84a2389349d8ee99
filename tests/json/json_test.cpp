#include "json/json.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <random>

#include "core/field.h"
#include "support/equal_json.h"

namespace tagscope {
namespace {

double from_bits(std::uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

double read_number(const std::string& text) {
  const auto json = read_json(text);
  return json.ok() ? json->number() : HUGE_VAL;
}

// RFC 8785, appendix B: IEEE 754 bits and the text that ECMAScript prints.
TEST(WriteNumber, AppendixBOfRfc8785) {
  const std::pair<std::uint64_t, const char*> cases[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (const auto& [bits, text] : cases) EXPECT_EQ(write_number(from_bits(bits)), text);
}

TEST(WriteNumber, ReadsBackExactly) {
  std::mt19937_64 random(8785);
  for (int i = 0; i < 20000; ++i) {
    const double value = from_bits(random());
    if (value != value || value - value != 0) continue;
    const std::string written = write_number(value);
    EXPECT_EQ(std::strtod(written.c_str(), nullptr), value);
    EXPECT_EQ(read_number(written), value);
  }
}

// RFC 8785, section 3.2.3: names are sorted by UTF-16 code units.
TEST(WriteCanonical, SortsByUtf16CodeUnits) {
  auto json = read_json(R"({"\u20ac":"Euro Sign","\r":"Carriage Return",
    "\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face",
    "\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(write_canonical(*json),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
            "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
            "\"😀\":\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

// RFC 8785, section 3.2.2: the worked sample.
TEST(WriteCanonical, SampleOfRfc8785) {
  auto json = read_json(R"({
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]})");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(write_canonical(*json),
            R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
            R"("string":"€$\u000f\nA'B\"\\\\\"/"})");
}

TEST(ReadJson, RefusesWhatIsNotStrictJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[1,]",
                           "{\"a\":1,}",
                           "nul",
                           "01",
                           "1.",
                           "+1",
                           "'a'",
                           "\"\\x\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\xff\"",
                           "\"\x01\"",
                           "{\"a\":1 \"b\":2}",
                           "[1] 2",
                           "1e999",
                           "\xef\xbb",
                           "{1:2}"}) {
    auto json = read_json(text);
    ASSERT_FALSE(json.ok()) << text;
    EXPECT_EQ(json.error().code, "bad-json") << text;
    EXPECT_FALSE(json.error().what.empty()) << text;
  }
}

// What a document may hold at most and what hostile ones try, beside another library. Each line is
// a document; a repeated name and depth, where the other is lax, have tests of their own.
TEST(ReadJson, AgreesWithAnotherLibrary) {
  const std::string documents[] = {
      "null", "true", "false", "0", "-0", "-0.0", "\"\"", "[]", "{}", " [ ] ", "\t{\n}\r", "[[]]",
      "[null,true,false,0,\"\",[],{}]", "{\"\":0}", "{\"a\":{\"a\":{\"a\":[]}}}", "\xEF\xBB\xBF[1]",
      // Numbers.
      "1", "-1", "10", "1.5", "1e5", "1E5", "1e+5", "1e-5", "0e0", "0e999", "0.1e1",
      "123456789012345678901", "9007199254740993", "1e308", "1e-400", "-1e-400", "-", "-a", "+1",
      ".5", "-.5", "5.", "1e", "1e+", "1e-", "1.e1", "00", "-01", "0x1", "1_0", "1 2", "Infinity",
      "NaN", "-Infinity", "1e400", "-1e400", "1.7976931348623158e308", "1.7976931348623159e308",
      "1.0e00000000000000000001", "\xC2\xB2",
      // Words.
      "nul", "nulll", "True", "TRUE", "nil", "undefined", "n", "t", "f", "truefalse",
      // Strings.
      "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0041\\u00e9\\u20AC\"", "\"\\ud83d\\ude00\"",
      "\"\\uD83D\\uDE00\"", "\"\\u0000\"", "\"\x7F\"", "\"\xF0\x9F\x98\x80\"", "\"", "\"a",
      "\"\\\"", "\"\\", "\"\\a\"", "\"\\U0041\"", "\"\\u\"", "\"\\u004\"", "\"\\u004g\"",
      "\"\\u 041\"", "\"\\ud83d\"", "\"\\ud83d\\n\"", "\"\\ud83dx\"", "\"\\ud83d\\u0041\"",
      "\"\\ud83d\\ud83d\"", "\"\\ude00\\ud83d\"", "\"\\ude00\"", "\"\t\"", "\"\n\"", "\"\x1F\"",
      "'a'", "a", "\"a\"b", "\"\\x41\"", "\"\\0\"",
      // Not UTF-8: alone, overlong, surrogates, beyond U+10FFFF, cut short.
      "\"\x80\"", "\"\xC0\x80\"", "\"\xC1\xBF\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"",
      "\"\xF0\x9F\x98\"", "\"\xE2\x82\"", "\"\xFE\"", "\xFF", "\xEF\xBB", "\xEF\xBB\xBF",
      "\xEF\xBB\xBF\xEF\xBB\xBF[]", "\xFF\xFE[\0]\0",
      // Structure.
      "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1,,2]", "[1}",
      "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{a:1}", "{1:1}",
      "{\"a\" 1}", "{\"a\":1]", "{\"a\":1 \"b\":2}", "{null:1}", "{\"a\"::1}", "{\"a\":1}}", "[]]",
      "[] []", "[]x", "[1]//", "/**/1", "#", "[\xC2\xA0]", "[\x0C]", "[\x0B]", "[\xE2\x80\xA8]",
      "\xE2\x81\xA0[]", ":", ",", "[1:2]", "\\u0061", std::string("\0[1]", 4),
      std::string("[\0]", 3), std::string("\"\0\"", 3), std::string("nu\0l", 4),
      std::string(1, '\0')};
  for (const std::string& document : documents) {
    const auto ours = read_json(document);
    const auto theirs = nlohmann::json::parse(document, nullptr, false);
    ASSERT_EQ(ours.ok(), !theirs.is_discarded()) << document;
    if (!ours.ok()) {
      EXPECT_EQ(ours.error().code, "bad-json") << document;
      EXPECT_NE(ours.error().where.find("line "), std::string::npos) << document;
      continue;
    }
    EXPECT_TRUE(testing::equal(*ours, theirs)) << document;
  }
}

// Documents grown at random, then one byte of each changed, dropped or doubled.
TEST(ReadJson, AgreesWithAnotherLibraryOnRandomDocuments) {
  std::mt19937 random(8259);
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  static constexpr const char* kLeaves[] = {"null",
                                            "true",
                                            "false",
                                            "0",
                                            "-17",
                                            "2.5e-3",
                                            "1e22",
                                            "0.1",
                                            "\"\"",
                                            "\"a\\u00e9\\n\"",
                                            "\"\\ud83d\\ude00\"",
                                            "\"é😀\"",
                                            "12345678901234567890",
                                            "4.9e-324",
                                            "1.7976931348623157e308"};
  int name = 0;  // no name twice: the other library keeps the last
  const auto grow = [&](const auto& self, int depth) -> std::string {
    if (depth == 0 || below(3) == 0) return kLeaves[below(std::size(kLeaves))];
    const bool object = below(2) == 0;
    std::string text(1, object ? '{' : '[');
    for (unsigned count = below(4); count > 0; --count) {
      if (object) text += "\"n" + std::to_string(name++) + "\" :";
      text += self(self, depth - 1) + (count == 1 ? "" : ", ");
    }
    return text + (object ? '}' : ']');
  };
  static constexpr std::string_view kBytes = "{}[]\",:\\ue-+.0159ntfrl \n\x01\x80\xC3\xED\xF4";
  int read = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = grow(grow, 5);
    if (i % 4 != 0) {
      const std::size_t at = below(static_cast<unsigned>(text.size()));
      if (i % 4 == 1) text[at] = kBytes[below(kBytes.size())];
      if (i % 4 == 2) text.erase(at, 1);
      if (i % 4 == 3) text.insert(at, 1, text[at]);
    }
    const auto ours = read_json(text);
    const auto theirs = nlohmann::json::parse(text, nullptr, false);
    if (!ours.ok() && ours.error().what == "this name stands twice in one object") continue;
    ASSERT_EQ(ours.ok(), !theirs.is_discarded()) << text;
    if (!ours.ok()) continue;
    ASSERT_TRUE(testing::equal(*ours, theirs)) << text;
    const std::string canonical = write_canonical(*ours);
    ASSERT_EQ(write_canonical(*read_json(canonical)), canonical) << text;
    ++read;
  }
  EXPECT_GT(read, 5000);
}

// The C library's strtod rounds correctly.
TEST(ReadJson, ReadsTheNearestDouble) {
  std::mt19937_64 random(754);
  const auto digits = [&](std::uint64_t count) {
    std::string text(1, static_cast<char>('1' + random() % 9));
    while (text.size() < count) text.push_back(static_cast<char>('0' + random() % 10));
    return text;
  };
  for (int i = 0; i < 20000; ++i) {
    std::string text = digits(1 + random() % 25);
    if (i % 2 == 0) text += "." + digits(1 + random() % 10);
    text += "e" + std::to_string(static_cast<int>(random() % 680) - 350);
    const double expected = std::strtod(text.c_str(), nullptr);
    EXPECT_EQ(read_number(text), expected) << text;
  }
}

// Odd numbers of 54 bits over a power of two lie half way between doubles: n / 2^k = 5^k n / 10^k.
TEST(ReadJson, ReadsHalvesToEven) {
  std::mt19937_64 random(54);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t odd = (std::uint64_t{1} << 53) | (random() >> 11) | 1;
    Integer scaled = static_cast<Integer>(odd);
    const int k = static_cast<int>(random() % 30);
    for (int j = 0; j < k; ++j) scaled *= 5;
    const std::string exponent = "e-" + std::to_string(k);
    const std::string half = to_decimal(scaled);
    for (const std::string& text :
         {half + exponent, half + ".0000001" + exponent,
          half + "." + std::string(900, '0') + "1" + exponent,
          to_decimal(scaled - 1) + "." + std::string(900, '9') + exponent}) {
      EXPECT_EQ(read_number(text), std::strtod(text.c_str(), nullptr)) << text;
    }
  }
}

// The other library takes a NUL for the end.
TEST(ReadJson, RefusesANulAfterTheDocument) {
  EXPECT_FALSE(read_json(std::string_view("[1]\0", 4)).ok());
  EXPECT_FALSE(read_json(std::string_view("1\0", 2)).ok());
}

TEST(ReadJson, NamesLineAndColumn) {
  auto json = read_json("{\n  \"a\": 1,\n  \"b\": x\n}");
  ASSERT_FALSE(json.ok());
  EXPECT_EQ(json.error().where, "line 3, column 8");
}

TEST(ReadJson, RefusesANameThatStandsTwice) {
  EXPECT_FALSE(read_json(R"({"a":1,"\u0061":1})").ok());
  auto json = read_json(R"({"a":{"b":1,"c":2,"b":1}})");
  ASSERT_FALSE(json.ok());
  EXPECT_EQ(json.error().where, "\"b\"");
}

TEST(ReadJson, BoundsDepthAndSize) {
  EXPECT_TRUE(read_json(std::string(64, '[') + std::string(64, ']')).ok());
  EXPECT_FALSE(read_json(std::string(65, '[') + std::string(65, ']')).ok());
  EXPECT_FALSE(read_json(std::string(1 << 19, '[')).ok());
  auto large = read_json(std::string(100, ' ') + "1", {.max_bytes = 100});
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().what, "is 101 bytes; the limit is 100");
}

// The C library's "%.5e" rounds the exact value, a half to even.
TEST(RoundSignificant, RoundsTheExactValue) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 20000; ++i) {
    double value = from_bits(random());
    if (i % 2 == 0) value = static_cast<double>(random() % 100000000) / 64;  // halves are frequent
    if (value != value || value - value != 0) continue;
    for (const int digits : {1, 6, 15}) {
      char written[40];
      std::snprintf(written, sizeof written, "%.*e", digits - 1, value);
      EXPECT_EQ(round_significant(value, digits), std::strtod(written, nullptr)) << written;
    }
  }
}

TEST(RoundSignificant, KeepsSixDigits) {
  EXPECT_EQ(write_number(round_significant(14.101318)), "14.1013");
  EXPECT_EQ(write_number(round_significant(3.50128e-4)), "0.000350128");
  EXPECT_EQ(write_number(round_significant(123456789)), "123457000");
  EXPECT_EQ(write_number(round_significant(0)), "0");
}

}  // namespace
}  // namespace tagscope
