// Ciphers: published vectors, slow references, inverses.
#include <random>

#include "support/files.h"
#include "support/methods.h"

namespace tagscope::testing {
namespace {

std::string text_of(std::string_view id, std::string_view arguments, std::string text,
                    bool inverse = false) {
  auto result = run(id, arguments, Value::text(std::move(text)), inverse);
  EXPECT_TRUE(result.ok()) << id << " " << arguments;
  return result.ok() ? result->data : "";
}

std::string random_text(std::mt19937& random) {
  static const std::string kPieces[] = {"a", "Z", "m", "N", "0",  "9",    " ", "_", "~",
                                        "!", "é", "€", "😀", "\t", "\x7F", "k", "Q", "x"};
  std::string text;
  for (std::size_t n = random() % 40; n > 0; --n) text += kPieces[random() % std::size(kPieces)];
  return text;
}

TEST(Ciphers, TheirVectorsHold) {
  std::size_t vectors = 0;
  for (const Method* method : catalog()) {
    if (method->room != Room::cipher) continue;
    for (const Vector& vector : method->vectors) {
      const auto result = run(method->id, vector.arguments, value_of(vector.input));
      ASSERT_TRUE(result.ok()) << method->id;
      EXPECT_EQ(result->data, value_of(vector.output).data) << method->id;
      ++vectors;
    }
  }
  EXPECT_GE(vectors, 9U);
}

TEST(Ciphers, InversesUndoThemAndLengthsStay) {
  std::mt19937 random(3);
  for (int repeat = 0; repeat < 500; ++repeat) {
    const std::string text = random_text(random);
    const std::string n = "n=" + std::to_string(static_cast<int>(random() % 2000) - 1000);
    const std::string a = std::to_string(1 + 2 * static_cast<int>(random() % 6));  // 1 to 11
    const std::string b = std::to_string(static_cast<int>(random() % 100) - 50);
    const std::string affine = "a=" + a + " b=" + b;
    const std::pair<const char*, std::string> steps[] = {
        {"rot", n},           {"rot47", n},    {"rot5", ""},       {"rot18", ""},
        {"atbash", ""},       {"reverse", ""}, {"affine", affine}, {"vigenere", "key=Le-mOn7"},
        {"xor", "key=0x00ff"}};
    for (const auto& [id, arguments] : steps) {
      const std::string enciphered = text_of(id, arguments, text);
      EXPECT_EQ(enciphered.size(), text.size()) << id;
      EXPECT_EQ(text_of(id, arguments, enciphered, true), text) << id << " " << arguments;
    }
  }
}

TEST(Rot, WrapsAtTheEndsOfTheIntegers) {
  // 2^64 − 1 and −2^63 modulo 26 and 94, worked out with Python's big integers.
  EXPECT_EQ(text_of("rot", "n=18446744073709551615", "a"), "p");
  EXPECT_EQ(text_of("rot", "n=-9223372036854775808", "a"), "s");
  EXPECT_EQ(text_of("rot47", "n=18446744073709551615", "!"), "h");
  EXPECT_EQ(text_of("rot47", "n=-9223372036854775808", "!"), "[");
  EXPECT_EQ(text_of("rot47", "n=0", "~ \x7F é"), "~ \x7F é");
  EXPECT_EQ(text_of("rot47", "n=1", "~ \x7F é"), "! \x7F é");
}

TEST(Affine, EveryValidPairIsAPermutationOfTheLetters) {
  const std::string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::size_t valid = 0;
  for (int a = -26; a < 26; ++a) {
    for (int b = -26; b < 26; ++b) {
      const std::string arguments = "a=" + std::to_string(a) + " b=" + std::to_string(b);
      const auto result = run("affine", arguments, Value::text(letters));
      if (a % 2 == 0 || a % 13 == 0) {
        ASSERT_FALSE(result.ok()) << arguments;
        EXPECT_EQ(result.error().code, "bad-argument");
        EXPECT_EQ(result.error().where, "a");
        continue;
      }
      ++valid;
      ASSERT_TRUE(result.ok()) << arguments;
      for (int x = 0; x < 26; ++x) {
        const int y = ((a * x + b) % 26 + 26) % 26;
        ASSERT_EQ(result->data[static_cast<std::size_t>(x)], 'a' + y) << arguments;
        ASSERT_EQ(result->data[static_cast<std::size_t>(26 + x)], 'A' + y) << arguments;
      }
      ASSERT_EQ(text_of("affine", arguments, result->data, true), letters) << arguments;
    }
  }
  EXPECT_EQ(valid, 24U * 52U);
}

TEST(Vigenere, TheKeyAdvancesOnLettersOnly) {
  EXPECT_EQ(text_of("vigenere", "key=lemon", "Attack, at 2 DAWN!"), "Lxfopv, ef 2 RNHR!");
  EXPECT_EQ(text_of("vigenere", "key=L3E-m0oN", "attackatdawn"), "lxfopvefrnhr");
  const auto result = run("vigenere", "key=_7_", Value::text("a"));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "bad-argument");
  EXPECT_EQ(result.error().where, "key");
  EXPECT_FALSE(run("vigenere", "", Value::text("a")).ok());
}

TEST(Xor, NeedsAKeyAndRepeatsIt) {
  EXPECT_EQ(run("xor", "", Value::bytes("a")).error().code, "missing-argument");
  EXPECT_FALSE(run("xor", "key=0x", Value::bytes("a")).ok());
  EXPECT_FALSE(run("xor", "key=" + std::string(16385, 'k'), Value::bytes("a")).ok());
  std::mt19937 random(5);
  for (int repeat = 0; repeat < 100; ++repeat) {
    std::string key(1 + random() % 20, '\0');
    for (char& c : key) c = static_cast<char>(random());
    std::string bytes(random() % 100, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const auto result = run("xor", "key=0x" + to_hex(key), Value::bytes(bytes));
    ASSERT_TRUE(result.ok());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      ASSERT_EQ(result->data[i], static_cast<char>(bytes[i] ^ key[i % key.size()]));
    }
  }
}

TEST(Reverse, BytesByBytesAndTextByCodePoints) {
  EXPECT_EQ(run("reverse", "", Value::bytes("\xC3\xA9x"))->data, "x\xA9\xC3");
  EXPECT_EQ(run("reverse", "", Value::bytes("ab"))->kind, Kind::bytes);
  EXPECT_EQ(run("reverse", "", Value::text("e\u0301x"))->data, "x\u0301e");
  EXPECT_EQ(run("reverse", "", Value::text(""))->kind, Kind::text);
}

}  // namespace
}  // namespace tagscope::testing
