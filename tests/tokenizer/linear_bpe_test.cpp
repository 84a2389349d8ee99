#include "tokenizer/linear_bpe.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "reference/slow_bpe.h"
#include "support/byte_vocabularies.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/merge_symbols.h"

namespace tagscope {
namespace {

using Id = ByteVocabulary::Id;

// One vocabulary, with the two algorithms and the definition over it.
class Merging {
 public:
  explicit Merging(ByteEncoding encoding)
      : vocabulary_(testing::require_bytes(encoding)),
        linear_(vocabulary_),
        ranks_(reference::read_ranks(vocabulary_.merge_list())) {}

  std::vector<Id> linear(std::string_view word) const {
    std::vector<Id> ids = {3};
    EXPECT_TRUE(linear_.append(ids, word));
    EXPECT_EQ(ids.front(), 3U);
    return {ids.begin() + 1, ids.end()};
  }

  std::vector<Id> queued(std::string_view word) const {
    std::vector<Id> ids;
    for (const char byte : word) {
      ids.push_back(kByteAlphabet.symbol_of_byte[static_cast<unsigned char>(byte)]);
    }
    ids.resize(merge_symbols(vocabulary_, std::span(ids)));
    return ids;
  }

  void expect_as_defined(std::string_view word) const {
    reference::Pieces symbols;
    for (const char byte : word) symbols.push_back(written_bytes({&byte, 1}));
    const reference::Pieces expected = reference::slow_bpe(symbols, ranks_);
    for (const auto& ids : {linear(word), queued(word)}) {
      reference::Pieces pieces;
      for (const Id id : ids) pieces.push_back(written_bytes(vocabulary_.bytes(id)));
      ASSERT_EQ(pieces, expected) << '"' << word << '"';
    }
  }

  const ByteVocabulary& vocabulary() const { return vocabulary_; }

 private:
  const ByteVocabulary& vocabulary_;
  LinearBpe linear_;
  reference::Ranks ranks_;
};

const Merging& merging(ByteEncoding encoding) {
  static const Merging all[] = {Merging(ByteEncoding::gpt2), Merging(ByteEncoding::cl100k),
                                Merging(ByteEncoding::o200k)};
  return all[static_cast<std::size_t>(encoding)];
}

constexpr ByteEncoding kAll[] = {ByteEncoding::gpt2, ByteEncoding::cl100k, ByteEncoding::o200k};

TEST(LinearBpe, RandomWordsAsTheDefinition) {
  std::mt19937 random(4);
  const std::string alphabets[] = {
      "abcdefghijklmnopqrstuvwxyz", "aein rst", "ab", " ", ".,!?-_=<>/w\n", "0123456789"};
  for (const ByteEncoding encoding : kAll) {
    for (int i = 0; i < 150; ++i) {
      const std::string& alphabet = alphabets[random() % std::size(alphabets)];
      std::string word(1 + random() % 70, '\0');
      for (char& c : word) c = alphabet[random() % alphabet.size()];
      merging(encoding).expect_as_defined(word);
      for (char& c : word) c = static_cast<char>(random());
      merging(encoding).expect_as_defined(word.substr(0, 30));
    }
  }
}

TEST(LinearBpe, RepeatsMergeFromTheLeft) {
  for (const ByteEncoding encoding : kAll) {
    for (const std::string unit : {"a", "!", "ha", "aaab", " ", "\xF0\x9F\x98\x80"}) {
      std::string word;
      while (word.size() < 140) merging(encoding).expect_as_defined(word += unit);
    }
  }
}

// Every token is what its own bytes merge into, which the algorithm rests on, and random
// neighbours are merged as they should be.
TEST(LinearBpe, TokensAndTheirNeighboursAsMerging) {
  std::mt19937 random(5);
  for (const ByteEncoding encoding : kAll) {
    const Merging& one = merging(encoding);
    const Id tokens = one.vocabulary().tokens();
    for (Id id = 0; id < tokens; ++id) {
      ASSERT_EQ(one.queued(one.vocabulary().bytes(id)), std::vector<Id>{id});
      std::string word(one.vocabulary().bytes(id));
      for (int i = 0; i < 3; ++i) word += one.vocabulary().bytes(random() % tokens);
      ASSERT_EQ(one.linear(word), one.queued(word)) << '"' << word << '"';
    }
  }
}

TEST(LinearBpe, LongWordsAsMerging) {
  std::mt19937 random(6);
  for (const ByteEncoding encoding : kAll) {
    const Merging& one = merging(encoding);
    for (const std::size_t letters : {1U, 2U, 4U, 26U}) {
      std::string word(100'000, '\0');
      for (char& c : word) c = static_cast<char>('a' + random() % letters);
      ASSERT_EQ(one.linear(word), one.queued(word)) << letters;
    }
  }
}

}  // namespace
}  // namespace tagscope
