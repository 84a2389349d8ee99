#include "tokenizer_json/expression.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/files.h"

namespace tagscope {
namespace {

using Spans = std::vector<std::pair<std::size_t, std::size_t>>;

Spans matches(std::string_view source, std::string_view text) {
  auto expression = Expression::compile(source);
  EXPECT_TRUE(expression) << source << ": " << expression.error().what;
  if (!expression) return {};
  auto found = expression->find_all(text);
  EXPECT_TRUE(found) << source;
  Spans spans;
  if (found) {
    for (const Match& match : *found) spans.emplace_back(match.begin, match.end);
  }
  return spans;
}

// Expected: what ECMAScript's regular expressions find (flags g, u, s), empty matches left out.
TEST(Expression, FindsWhatABacktrackingMatcherFinds) {
  struct Case {
    std::string_view source;
    std::string_view text;
    Spans expected;
  };
  const Case cases[] = {
      {"a|ab", "abab", {{0, 1}, {2, 3}}},
      {"ab|a", "abaab", {{0, 2}, {2, 3}, {3, 5}}},
      {"(a|ab)(c|bcd)", "abcd", {{0, 4}}},
      {"a*", "baac", {{1, 3}}},
      {"a+?", "aaa", {{0, 1}, {1, 2}, {2, 3}}},
      {"a{2,3}", "aaaaaaa", {{0, 3}, {3, 6}}},
      {"a{2,3}?", "aaaaa", {{0, 2}, {2, 4}}},
      {"a{2}", "aaaaa", {{0, 2}, {2, 4}}},
      {"a{2,}b", "aaab ab", {{0, 4}}},
      {"(?:a|b)*c", "abacabc", {{0, 4}, {4, 7}}},
      {"(?:)*a", "a", {{0, 1}}},
      {"(?:a*)*b", "aab", {{0, 3}}},
      {"[^a-c]+", "abcxyz-", {{3, 7}}},
      {"[]a]+", "]a", {{0, 2}}},
      {"[a\\-z]+", "a-zb", {{0, 3}}},
      {"[a-]+", "a-b", {{0, 2}}},
      {"\\s+(?!\\S)|\\s+", "a   b  ", {{1, 3}, {3, 4}, {5, 7}}},
      {"x(?=y)", "xyx", {{0, 1}}},
      {"^a|b$", "abab", {{0, 1}, {3, 4}}},
      {"\\p{Lu}\\P{Lu}*", "AbCé", {{0, 2}, {2, 5}}},
      {"[\\p{L}\\d]+", "é1 ½", {{0, 3}}},
      {"(?i:k|s)",
       "K\xE2\x84\xAA"
       "S\xC5\xBF"
       "k",
       {{0, 1}, {1, 4}, {4, 5}, {5, 7}, {7, 8}}},
      {"(?i:é)", "É", {{0, 2}}},
      {".", "a\n\xE2\x98\x83", {{0, 1}, {2, 5}}},
      {"\\x41\\u00e9\\x{1F600}", "A\xC3\xA9\xF0\x9F\x98\x80", {{0, 7}}},
      {"\\.\\*", ".*", {{0, 2}}},
      {"\\w+", "a_1\xCC\x81 b", {{0, 5}, {6, 7}}},
      {"a|", "ba", {{1, 2}}},
      {"", "a", {}},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(matches(one.source, one.text), one.expected) << one.source << " in " << one.text;
  }
}

// The three expressions that byte_pattern.cpp writes out as code.
TEST(Expression, CutsRandomTextsAsPythonsRegexDoes) {
  const std::pair<const char*, std::string_view> patterns[] = {
      {"gpt2", R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"},
      {"cl100k",
       R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
       R"(|\s*[\r\n]+|\s+(?!\S)|\s+)"},
      {"o200k", R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
                R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
                R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
                R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
                R"(|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"}};
  const auto lines = testing::read_json_lines("vectors/byte_patterns.jsonl");
  for (const auto& [name, source] : patterns) {
    for (const auto& line : lines) {
      Spans expected;
      std::size_t at = 0;
      for (const std::size_t length : line[name]) {
        expected.emplace_back(at, at + length);
        at += length;
      }
      ASSERT_EQ(matches(source, line["text"].get<std::string>()), expected) << name << line;
    }
  }
}

TEST(Expression, SaysWhatItDoesNotUnderstand) {
  for (const std::string_view source :
       {"(a",    "a)",      "[a",      "a**b",   "*a",  "a{2",   "a{3,2}",   "a{1001}",
        "a++",   "(?<n>a)", "(?<=a)b", "(?=ab)", "\\1", "\\b",   "\\p{Han}", "\\p{Xx}",
        "\\p{L", "[b-a]",   "[a&&b]",  "[[a]]",  "\\",  "\\xZZ", "\\x{}",    "(?m:a)"}) {
    auto expression = Expression::compile(source);
    ASSERT_FALSE(expression) << source;
    EXPECT_EQ(expression.error().code, "unsupported-pattern") << source;
    EXPECT_TRUE(expression.error().where.starts_with("byte ")) << source;
  }
}

TEST(Expression, SizesAreLimited) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "a" + std::string(depth, ')');
  };
  EXPECT_TRUE(Expression::compile(nested(32)));
  EXPECT_FALSE(Expression::compile(nested(33)));
  EXPECT_FALSE(Expression::compile(nested(2000)));
  EXPECT_FALSE(Expression::compile(std::string(5000, 'a')));
  EXPECT_FALSE(Expression::compile("(?:(?:(?:a{1000}){1000}){1000}){1000}"));
  EXPECT_FALSE(Expression::compile("((a{100}){100}|b)"));
  EXPECT_TRUE(Expression::compile("a{1000}"));
}

// What makes a backtracking matcher take exponential time, and what looks ahead to the end of the
// text from everywhere.
TEST(Expression, HostileExpressionsEnd) {
  const std::string as(30'000, 'a');
  EXPECT_TRUE(matches("(?:a*)*b", as.substr(0, 2000)).empty());
  EXPECT_TRUE(matches("(?:a|a)*b", as.substr(0, 2000)).empty());
  EXPECT_TRUE(matches("(?:a?){200}b", as.substr(0, 2000)).empty());
  const auto expression = Expression::compile("a{1000}a{1000}b|a");
  ASSERT_TRUE(expression);
  const auto found = expression->find_all(as);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "pattern-too-slow");
}

}  // namespace
}  // namespace tagscope
