#include "tokenizer/bpe.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "reference/slow_bpe.h"
#include "support/vocabulary.h"

namespace tagscope {
namespace {

const ClipVocabulary& clip() { return testing::require_vocabulary(); }

const reference::Ranks& ranks() {
  static const reference::Ranks read = reference::read_ranks(clip().merge_list());
  return read;
}

reference::Pieces slow(const std::string& word) {
  reference::Pieces symbols;
  for (std::size_t i = 0; i < word.size(); ++i) {
    symbols.push_back(clip().piece(
        ClipVocabulary::byte_symbol(static_cast<unsigned char>(word[i]), i + 1 == word.size())));
  }
  return reference::slow_bpe(symbols, ranks());
}

void expect_as_reference(const std::string& word) {
  std::vector<ClipVocabulary::Id> ids;
  append_bpe(ids, clip(), word);
  reference::Pieces pieces;
  for (const auto id : ids) pieces.push_back(clip().piece(id));
  ASSERT_EQ(pieces, slow(word)) << '"' << word << '"';
  ASSERT_EQ(count_bpe(clip(), word), ids.size());
}

TEST(Bpe, AnEmptyWordHasNoTokens) {
  std::vector<ClipVocabulary::Id> ids;
  append_bpe(ids, clip(), "");
  EXPECT_TRUE(ids.empty());
  EXPECT_EQ(count_bpe(clip(), ""), 0U);
}

TEST(Bpe, EveryByteAloneIsItsSymbol) {
  for (unsigned byte = 0; byte < 256; ++byte)
    expect_as_reference(std::string(1, static_cast<char>(byte)));
}

TEST(Bpe, RepeatsMergeFromTheLeft) {
  for (const std::string unit : {"a", "!", "ha", "aaab", "\xF0\x9F\x98\x80"}) {
    std::string word;
    for (std::size_t n = 1; n <= 110; ++n) expect_as_reference(word += unit);
  }
}

TEST(Bpe, RandomWordsOfEveryLength) {
  std::mt19937 random(42);
  const std::string alphabets[] = {"abcdefghijklmnopqrstuvwxyz", "aein rst", "ab", ".,!?-_=<>/w"};
  for (const std::string& alphabet : alphabets) {
    for (int round = 0; round < 400; ++round) {
      std::string word(1 + random() % (round % 4 == 0 ? 150 : 24), ' ');
      for (char& c : word) c = alphabet[random() % alphabet.size()];
      expect_as_reference(word);
    }
  }
}

TEST(Bpe, RandomBytes) {
  std::mt19937 random(43);
  for (int round = 0; round < 400; ++round) {
    std::string word(1 + random() % 120, ' ');
    for (char& c : word) c = static_cast<char>(random());
    expect_as_reference(word);
  }
}

// The lengths around which the algorithm changes.
TEST(Bpe, AroundTheLimitOfShortWords) {
  std::mt19937 random(44);
  for (std::size_t length = kShortWordBytes - 2; length <= kShortWordBytes + 2; ++length) {
    for (int round = 0; round < 100; ++round) {
      std::string word(length, ' ');
      for (char& c : word) c = static_cast<char>('a' + random() % 26);
      expect_as_reference(word);
    }
  }
}

// Tokens put together out of the vocabulary itself: every one a word of its own.
TEST(Bpe, EveryTokensOwnBytes) {
  for (ClipVocabulary::Id id = 0; id < ClipVocabulary::kStart; id += 7) {
    expect_as_reference(std::string(clip().bytes(id)));
  }
}

// Quadratic time would need minutes here.
TEST(Bpe, AMillionLetters) {
  std::mt19937 random(45);
  std::string word(1'000'000, ' ');
  for (char& c : word) c = static_cast<char>('a' + random() % 26);
  std::vector<ClipVocabulary::Id> ids;
  append_bpe(ids, clip(), word);
  std::string bytes;
  for (const auto id : ids) bytes += clip().bytes(id);
  EXPECT_EQ(bytes, word);
  EXPECT_TRUE(clip().ends_word(ids.back()));
}

}  // namespace
}  // namespace tagscope
