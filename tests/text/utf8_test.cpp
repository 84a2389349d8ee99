#include "text/utf8.h"

#include "support/files.h"
#include "support/methods.h"
#include "text/text_support.h"

namespace tagscope::testing {
namespace {

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

TEST(Utf8, ReplacesAndLocatesIllFormedBytesAsPython) {
  const auto samples = read_json("vectors/text_utf8.json")["samples"];
  for (const auto& sample : samples) {
    const std::string bytes = from_hex(sample[0]);
    EXPECT_EQ(to_hex(replace_invalid_utf8(bytes)), sample[1]) << sample[0];
    const auto invalid = first_invalid_utf8(bytes);
    EXPECT_EQ(invalid.has_value(), !sample[2].is_null()) << sample[0];
    if (invalid && !sample[2].is_null()) {
      EXPECT_EQ(*invalid, sample[2]) << sample[0];
    }
  }
}

TEST(Utf8, EveryCodePointSurvivesARoundTrip) {
  for (char32_t code_point = 0; code_point < kCodePoints; ++code_point) {
    const std::string text = utf8_of(code_point);
    const Decoded decoded = decode_one(text, 0);
    ASSERT_TRUE(decoded.valid);
    ASSERT_EQ(decoded.code_point, is_surrogate(code_point) ? kReplacementCharacter : code_point);
    ASSERT_EQ(decoded.length, text.size());
    ASSERT_EQ(count_code_points(text), 1U);
  }
  EXPECT_EQ(utf8_of(0x110000), "\uFFFD");
}

// Well-formed means: the encoding of some code point. All sequences of up to three bytes.
TEST(Utf8, AcceptsExactlyTheEncodingsOfCodePoints) {
  std::vector<bool> is_encoding(std::size_t{1} << 24);
  for (char32_t code_point = 0; code_point < 0x10000; ++code_point) {
    if (is_surrogate(code_point)) continue;
    std::size_t packed = 0;
    for (const char c : utf8_of(code_point)) packed = packed << 8 | static_cast<unsigned char>(c);
    is_encoding[packed] = true;
  }
  for (std::size_t packed = 0; packed < is_encoding.size(); ++packed) {
    std::string bytes;
    for (const unsigned shift : {16U, 8U, 0U}) {
      if (packed >> shift != 0 || shift == 0) bytes.push_back(static_cast<char>(packed >> shift));
    }
    const Decoded decoded = decode_one(bytes, 0);
    const bool is_one = decoded.valid && decoded.length == bytes.size();
    ASSERT_EQ(is_one, is_encoding[packed]) << to_hex(bytes);
  }
}

TEST(Utf8, MethodNamesTheOffsetAndTheBytes) {
  const auto text = run("utf8", "", Value::bytes("caf\xC3\xA9"));
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text, Value::text("café"));
  const auto back = run("utf8", "", *text, true);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, Value::bytes("caf\xC3\xA9"));

  const auto failed = run("utf8", "", Value::bytes("caf\xE2\x82!"));
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, "invalid-utf8");
  EXPECT_EQ(failed.error().where, "byte 3");
  EXPECT_EQ(failed.error().what, "the bytes are not UTF-8 at offset 3 of 6: e2 82");
}

}  // namespace
}  // namespace tagscope::testing
