#include "json/json.h"

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <random>

namespace tagscope {
namespace {

double from_bits(std::uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
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
    EXPECT_EQ(std::strtod(write_number(value).c_str(), nullptr), value);
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

TEST(ReadJson, NamesLineAndColumn) {
  auto json = read_json("{\n  \"a\": 1,\n  \"b\": x\n}");
  ASSERT_FALSE(json.ok());
  EXPECT_EQ(json.error().where, "line 3, column 8");
}

TEST(ReadJson, RefusesANameThatStandsTwice) {
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

TEST(RoundSignificant, KeepsSixDigits) {
  EXPECT_EQ(write_number(round_significant(14.101318)), "14.1013");
  EXPECT_EQ(write_number(round_significant(3.50128e-4)), "0.000350128");
  EXPECT_EQ(write_number(round_significant(123456789)), "123457000");
  EXPECT_EQ(write_number(round_significant(0)), "0");
}

}  // namespace
}  // namespace tagscope
