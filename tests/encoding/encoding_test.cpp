// Encodings: published vectors, slow references, round trips, and what the decoders refuse.
#include <algorithm>
#include <random>

#include "support/files.h"
#include "support/methods.h"

namespace tagscope::testing {
namespace {

constexpr const char* kReversible[] = {"hex",    "base64",  "base64url", "base32",
                                       "base58", "ascii85", "binary",    "decimal"};

std::string encoded(std::string_view id, std::string bytes) {
  auto result = run(id, "", Value::bytes(std::move(bytes)));
  EXPECT_TRUE(result.ok()) << id;
  if (!result) return "";
  EXPECT_EQ(result->kind, Kind::text) << id;
  return result->data;
}

std::string decoded(std::string_view id, std::string text) {
  auto result = run(id, "", Value::text(text), true);
  EXPECT_TRUE(result.ok()) << id << " of " << text;
  if (!result) return "";
  EXPECT_EQ(result->kind, Kind::bytes) << id;
  return result->data;
}

void expect_refused(std::string_view id, std::string text, std::string_view where,
                    std::string_view what) {
  const auto result = run(id, "", Value::text(text), true);
  ASSERT_FALSE(result.ok()) << id << " of " << text;
  EXPECT_EQ(result.error().code, "malformed-input");
  EXPECT_EQ(result.error().where, where) << id << " of " << text;
  EXPECT_NE(result.error().what.find(what), std::string::npos) << result.error().what;
}

std::string random_bytes(std::mt19937& random, std::size_t length) {
  std::string bytes(length, '\0');
  for (char& c : bytes) c = static_cast<char>(random() % 4 == 0 ? 0 : random());
  return bytes;
}

TEST(Encodings, TheirVectorsHoldBothWays) {
  std::size_t vectors = 0;
  for (const Method* method : catalog()) {
    if (method->room != Room::encoding) continue;
    for (const Vector& vector : method->vectors) {
      const std::string bytes = value_of(vector.input).data;
      const std::string text = value_of(vector.output).data;
      EXPECT_EQ(encoded(method->id, bytes), text) << method->id;
      if (method->reversible) {
        EXPECT_EQ(decoded(method->id, text), bytes) << method->id;
      }
      ++vectors;
    }
  }
  EXPECT_GE(vectors, 20U);
}

TEST(Encodings, RoundTripAndStayInTheirAlphabets) {
  std::mt19937 random(23);
  for (const char* id : kReversible) {
    const std::string_view alphabet = find_method(id)->alphabet;
    for (std::size_t length = 0; length < 300; ++length) {
      const std::string bytes = random_bytes(random, length);
      const std::string text = encoded(id, bytes);
      ASSERT_EQ(decoded(id, text), bytes) << id << " " << length;
      ASSERT_EQ(text.find_first_not_of(alphabet), std::string::npos) << id;
    }
  }
}

// RFC 4648, section 10, all of it.
TEST(Rfc4648, TestVectors) {
  const char* const plain[] = {"", "f", "fo", "foo", "foob", "fooba", "foobar"};
  const char* const base64[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  const char* const base32[] = {
      "", "MY======", "MZXQ====", "MZXW6===", "MZXW6YQ=", "MZXW6YTB", "MZXW6YTBOI======"};
  const char* const base16[] = {"",         "66",         "666f",        "666f6f",
                                "666f6f62", "666f6f6261", "666f6f626172"};
  const auto bare = [](std::string text) { return text.substr(0, text.find('=')); };
  for (std::size_t i = 0; i < std::size(plain); ++i) {
    EXPECT_EQ(encoded("base64", plain[i]), base64[i]);
    EXPECT_EQ(encoded("base64url", plain[i]), bare(base64[i]));
    EXPECT_EQ(encoded("base32", plain[i]), base32[i]);
    EXPECT_EQ(encoded("hex", plain[i]), base16[i]);
    EXPECT_EQ(decoded("base64", bare(base64[i])), plain[i]);
    EXPECT_EQ(decoded("base32", bare(base32[i])), plain[i]);
  }
}

// A text decodes where, and only where, its bits fill bytes and zeros: every text of up to five
// characters over a few of the alphabet, against arithmetic on a string of bits.
TEST(Rfc4648, DecodingEqualsAStringOfBits) {
  const std::string characters = "AQgw/";
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::size_t accepted = 0;
  for (std::size_t length = 0; length <= 5; ++length) {
    std::size_t count = 1;
    for (std::size_t i = 0; i < length; ++i) count *= characters.size();
    for (std::size_t number = 0; number < count; ++number) {
      std::string text;
      std::string bits;
      for (std::size_t i = 0, rest = number; i < length; ++i, rest /= characters.size()) {
        text.push_back(characters[rest % characters.size()]);
        const std::size_t value = alphabet.find(text.back());
        for (int bit = 5; bit >= 0; --bit) bits.push_back((value >> bit & 1) != 0 ? '1' : '0');
      }
      const std::string spare = bits.substr(bits.size() / 8 * 8);
      const bool is_valid = spare.size() < 6 && spare.find('1') == std::string::npos;
      const auto result = run("base64", "", Value::text(text), true);
      ASSERT_EQ(result.ok(), is_valid) << text;
      if (!is_valid) continue;
      ++accepted;
      ASSERT_EQ(result->data.size(), bits.size() / 8);
      for (std::size_t i = 0; i < result->data.size(); ++i) {
        ASSERT_EQ(static_cast<unsigned char>(result->data[i]),
                  std::stoul(bits.substr(8 * i, 8), nullptr, 2));
      }
    }
  }
  EXPECT_GT(accepted, 100U);
}

TEST(Base64, SkipsWhiteSpaceAndTakesPaddingOrNone) {
  EXPECT_EQ(decoded("base64", " Zm9v\r\n\tYg = =\n"), "foob");
  EXPECT_EQ(decoded("base64", "Zm9vYg"), "foob");
  expect_refused("base64", "Zm9-", "input, byte 3", "'-' does not belong to Base64");
  expect_refused("base64", "Zmé", "input, byte 2", "U+00E9 does not belong");
  expect_refused("base64", "😀", "input, byte 0", "U+01F600 does not belong");
  expect_refused("base64", "Zm9vYg=", "input, byte 6", "1 padding characters; 2 complete");
  expect_refused("base64", "Zm9v=", "input, byte 4", "1 padding characters; 0 complete");
  expect_refused("base64", "====", "input, byte 3", "4 padding characters; 0 complete");
  expect_refused("base64", "Zg==Zg==", "input, byte 4", "padding ends the text");
  expect_refused("base64", "Zh==", "input, byte 3", "the 4 spare bits");
  expect_refused("base64", "Zm9vY", "input, byte 4", "5 characters do not end with a byte");
}

TEST(Base64url, IsStrict) {
  EXPECT_EQ(decoded("base64url", "-_8"), "\xFB\xFF");
  expect_refused("base64url", "Zg==", "input, byte 2", "'=' does not belong to base64url");
  expect_refused("base64url", "+/8", "input, byte 0", "'+' does not belong");
  expect_refused("base64url", "Zg ", "input, byte 2", "U+0020 does not belong");
  expect_refused("base64url", "Zh", "input, byte 1", "spare bits");
}

TEST(Base32, IsStrict) {
  expect_refused("base32", "my======", "input, byte 0", "'m' does not belong to Base32");
  expect_refused("base32", "M1", "input, byte 1", "'1' does not belong");
  expect_refused("base32", "MZ", "input, byte 1", "spare bits");
  for (const char* text : {"M", "MZX", "MZXW6Y", "MY=====", "MY======="}) {
    EXPECT_FALSE(run("base32", "", Value::text(text), true).ok()) << text;
  }
}

TEST(Hex, ReadsWhatPeoplePaste) {
  for (const char* text : {"deadbeef", "DEADBEEF", "0xDEADbeef", "0XDEADBEEF", "de ad be ef",
                           "DE:AD:BE:EF", "0xde, 0xad, 0xbe, 0xef", "dead\nbeef\n", " de,adbeef"}) {
    EXPECT_EQ(decoded("hex", text), "\xDE\xAD\xBE\xEF") << text;
  }
  expect_refused("hex", "dea", "input, byte 3", "only one");
  expect_refused("hex", "d ea", "input, byte 1", "only one");
  expect_refused("hex", "deag", "input, byte 3", "'g' does not belong to hexadecimal");
  expect_refused("hex", "de0xad", "input, byte 3", "'x' does not belong");
  expect_refused("hex", "de-ad", "input, byte 2", "'-' does not belong");
}

TEST(Base58, EqualsLongDivision) {
  // Numbers below 2^64 by ordinary division.
  const std::string_view alphabet = find_method("base58")->alphabet;
  std::mt19937_64 random(29);
  for (int repeat = 0; repeat < 500; ++repeat) {
    const std::uint64_t number = random() >> (random() % 64);
    std::string bytes;
    std::string text;
    for (int shift = 56; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<char>(number >> shift));
    for (std::uint64_t rest = number; rest != 0; rest /= 58) text += alphabet[rest % 58];
    const std::size_t zeros = std::min(bytes.find_first_not_of('\0'), bytes.size());
    text.append(zeros, '1');
    std::reverse(text.begin(), text.end());
    EXPECT_EQ(encoded("base58", bytes), text);
    EXPECT_EQ(decoded("base58", text), bytes);
  }
  for (const char* text : {"0", "O", "I", "l", "1 1"}) {
    EXPECT_FALSE(run("base58", "", Value::text(text), true).ok()) << text;
  }
}

TEST(Base58, LimitsItsQuadraticWork) {
  const std::string longest(4096, '\xFF');
  const std::string text = encoded("base58", longest);
  EXPECT_EQ(text.size(), 5594U);
  EXPECT_EQ(decoded("base58", text), longest);
  const auto long_bytes = run("base58", "", Value::bytes(longest + "x"));
  ASSERT_FALSE(long_bytes.ok());
  EXPECT_EQ(long_bytes.error().code, "too-large");
  EXPECT_EQ(long_bytes.error().what, "is 4097 bytes; the limit is 4096");
  const auto long_text = run("base58", "", Value::text(text + "1"), true);
  ASSERT_FALSE(long_text.ok());
  EXPECT_EQ(long_text.error().what, "is 5595 bytes; the limit is 5594");
}

TEST(Ascii85, KeepsToItsRules) {
  EXPECT_EQ(encoded("ascii85", std::string("\0\0\0\0a\0\0\0\0", 9)), "z@/p9-!!");
  EXPECT_EQ(decoded("ascii85", "9jqo^ BlbD-\nBleB1DJ+*+F(f,q"), "Man is distinguished");
  EXPECT_EQ(decoded("ascii85", "s8W-!"), "\xFF\xFF\xFF\xFF");
  expect_refused("ascii85", "s8W-\"", "input, byte 4", "the limit is 4294967295");
  EXPECT_EQ(decoded("ascii85", "ab"), "\xC9");
  expect_refused("ascii85", "s8W", "input, byte 2", "more than its bytes can hold");
  expect_refused("ascii85", "!!z!!", "input, byte 2", "inside a group");
  expect_refused("ascii85", "9jqo^9", "input, byte 5", "only one character");
  expect_refused("ascii85", "9jv", "input, byte 2", "'v' does not belong to Ascii85");
}

TEST(BinaryAndDecimal, ReadTheirNumbers) {
  EXPECT_EQ(decoded("binary", "0100000101000010\n01000011"), "ABC");
  expect_refused("binary", "0100000 1", "input, byte 7", "here only 7");
  expect_refused("binary", "0100000", "input, byte 7", "here only 7");
  expect_refused("binary", "01000002", "input, byte 7", "'2' does not belong");
  EXPECT_EQ(decoded("decimal", "65, 066,67\n"), "ABC");
  expect_refused("decimal", "65 256", "input, byte 3", "256");
  expect_refused("decimal", "6 99999999999999999999", "input, byte 2",
                 "the limit of a byte is 255");
  expect_refused("decimal", "-1", "input, byte 0", "'-' does not belong");
}

TEST(Letters, AreTheBytesModulo26) {
  std::string all(256, '\0');
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
  const std::string text = encoded("letters", all);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(text[i], 'a' + static_cast<int>(i % 26));
}

TEST(Cp437, DrawsTheWorkedCaseAndEveryByte) {
  EXPECT_EQ(encoded("cp437", decoded("hex", "314507060e004b2f0c1f011c1759")), "1E♠♫K/♀▼☺∟↨Y");
  EXPECT_EQ(encoded("cp437", std::string("\0\a", 2)), "");
  std::string controls;
  for (char c = 1; c < ' '; ++c) controls.push_back(c);
  EXPECT_EQ(encoded("cp437", controls + "\x7F"), "☺☻♥♦♣♠◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼⌂");
  std::string printable;
  for (char c = ' '; c < '\x7F'; ++c) printable.push_back(c);
  EXPECT_EQ(encoded("cp437", printable), printable);
  // Python 3.11: bytes(range(128, 256)).decode("cp437").
  std::string high;
  for (int c = 128; c < 256; ++c) high.push_back(static_cast<char>(c));
  EXPECT_EQ(encoded("cp437", high),
            "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ"
            "áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
            "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
            "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0");
}

TEST(Encodings, OutputsBeyondTheLimitAreRefusedBeforeTheyAreMade) {
  const std::string large(kMaxValueBytes / 2 + 1, 'x');
  for (const char* id : {"hex", "binary", "decimal"}) {
    const auto result = run(id, "", Value::bytes(large));
    ASSERT_FALSE(result.ok()) << id;
    EXPECT_EQ(result.error().code, "too-large");
    EXPECT_NE(result.error().what.find("the limit is 268435456"), std::string::npos);
  }
  EXPECT_EQ(run("hex", "", Value::bytes(large)).error().what,
            "would be 268435458 bytes; the limit is 268435456");
  // 4 · 2^26 + 4 zero bytes from 2^26 + 1 characters.
  const auto zeros =
      run("ascii85", "", Value::text(std::string(kMaxValueBytes / 4 + 1, 'z')), true);
  ASSERT_FALSE(zeros.ok());
  EXPECT_EQ(zeros.error().code, "too-large");
}

}  // namespace
}  // namespace tagscope::testing
