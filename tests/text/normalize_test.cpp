#include "text/normalize.h"

#include "support/files.h"
#include "text/text_support.h"

namespace tagscope::testing {
namespace {

TEST(Normalize, EveryCodePoint) {
  const auto vectors = read_json("vectors/text_normalization.json");
  expect_checksums(vectors["nfc_crc32"], [](char32_t c) { return nfc(utf8_of(c)); });
  expect_checksums(vectors["nfkc_crc32"], [](char32_t c) { return nfkc(utf8_of(c)); });
}

// The conformance test's invariants for its columns c1 … c5.
TEST(Normalize, ConformanceTest) {
  const auto lines = read_json("vectors/text_normalization.json")["lines"];
  for (const auto& line : lines) {
    const std::vector<std::string> c = line;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(nfc(c[i]), c[1]) << line;
    for (int i = 3; i < 5; ++i) EXPECT_EQ(nfc(c[i]), c[3]) << line;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(nfkc(c[i]), c[3]) << line;
  }
}

TEST(Normalize, SampleTextsAsPython) {
  const auto samples = read_json("vectors/text_normalization.json")["samples"];
  for (const auto& sample : samples) {
    const std::string text = sample[0];
    EXPECT_EQ(nfc(text), sample[1]) << sample;
    EXPECT_EQ(nfkc(text), sample[2]) << sample;
  }
}

// Stretches that change must not disturb what stands around them.
TEST(Normalize, LinesInOneTextAsLinesAlone) {
  std::string source;
  std::string composed;
  std::string compatible;
  const auto lines = read_json("vectors/text_normalization.json")["lines"];
  for (const auto& line : lines) {
    source += "x" + line[2].get<std::string>() + "\n漢 ";
    composed += "x" + nfc(line[2].get<std::string>()) + "\n漢 ";
    compatible += nfkc("x" + line[2].get<std::string>() + "\n漢 ");
  }
  // A line may begin with a mark that combines with the x.
  EXPECT_EQ(nfc(source), nfc(composed));
  EXPECT_EQ(nfkc(source), compatible);
  EXPECT_EQ(nfc(nfc(source)), nfc(source));
}

TEST(Normalize, HangulByArithmetic) {
  for (char32_t syllable = 0xAC00; syllable < 0xAC00 + 11172; ++syllable) {
    const char32_t index = syllable - 0xAC00;
    std::string jamo = utf8_of(0x1100 + index / 588) + utf8_of(0x1161 + index / 28 % 21);
    if (index % 28 != 0) jamo += utf8_of(0x11A7 + index % 28);
    ASSERT_EQ(nfc(jamo), utf8_of(syllable));
  }
  EXPECT_EQ(nfc("\uAC01\u11A8"), "\uAC01\u11A8");
  EXPECT_EQ(nfc("\uAC00\u11A7"), "\uAC00\u11A7");
}

TEST(Normalize, ALongRunOfMarksKeepsEqualClassesInTheirOrder) {
  std::string marks;
  std::string below;
  std::string above;
  for (int i = 0; i < 50000; ++i) {
    above += i % 2 == 0 ? "\u0300" : "\u0301";
    below += "\u0316";
    marks += i % 2 == 0 ? "\u0300\u0316" : "\u0301\u0316";
  }
  EXPECT_EQ(nfc("-" + marks), "-" + below + above);
}

}  // namespace
}  // namespace tagscope::testing
