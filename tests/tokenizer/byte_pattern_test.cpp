#include "tokenizer/byte_pattern.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/files.h"

namespace tagscope {
namespace {

std::vector<std::size_t> lengths(BytePattern pattern, const std::string& text) {
  std::vector<std::size_t> lengths;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = word_end(pattern, text, at);
    EXPECT_LT(at, end) << '"' << text << '"';
    if (end <= at) break;
    lengths.push_back(end - at);
    at = end;
  }
  return lengths;
}

// tests/tokenizer/generate_pattern_vectors.py says where they come from.
TEST(BytePattern, CutsRandomTextsAsTheRegularExpressionsDo) {
  std::size_t run = 0;
  for (const auto& line : testing::read_json_lines("vectors/byte_patterns.jsonl")) {
    const std::string text = line["text"];
    using Lengths = std::vector<std::size_t>;
    EXPECT_EQ(lengths(BytePattern::gpt2, text), line["gpt2"].get<Lengths>()) << line;
    EXPECT_EQ(lengths(BytePattern::cl100k, text), line["cl100k"].get<Lengths>()) << line;
    EXPECT_EQ(lengths(BytePattern::o200k, text), line["o200k"].get<Lengths>()) << line;
    ++run;
  }
  EXPECT_EQ(run, 2400U);
}

// What looks far ahead must not do so from every place again.
TEST(BytePattern, LongRunsAreReadAFewTimesOnly) {
  constexpr std::size_t kLength = 4 << 20;
  for (const std::string unit : {"a", "A", " ", "\n ", "'", "\u00AA", "\u0301A", "A\u00AA", "1"}) {
    std::string text;
    while (text.size() < kLength) text += unit;
    for (const auto pattern : {BytePattern::gpt2, BytePattern::cl100k, BytePattern::o200k}) {
      EXPECT_FALSE(lengths(pattern, text).empty());
      EXPECT_FALSE(lengths(pattern, text + "x").empty());
    }
  }
}

}  // namespace
}  // namespace tagscope
