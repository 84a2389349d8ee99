#include "tokenizer/short_word_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace tagscope {
namespace {

using Ids = std::vector<std::uint32_t>;

Ids remembered(ShortWordCache& cache, std::string_view word) {
  Ids ids;
  const ShortWordCache::Entry& entry = cache.find(word, 0, word.size());
  if (entry.count() > 0) entry.append_to(ids);
  return ids;
}

TEST(ShortWordCache, RemembersUpToSixTokens) {
  ShortWordCache cache;
  EXPECT_EQ(remembered(cache, "word"), Ids{});
  const std::uint32_t most = ShortWordCache::kIdLimit - 1;
  for (std::size_t count = 1; count <= ShortWordCache::kMaxTokens; ++count) {
    const Ids ids(count, most - static_cast<std::uint32_t>(count));
    cache.find("word", 0, 4).remember(ids);
    EXPECT_EQ(remembered(cache, "word"), ids);
  }
}

TEST(ShortWordCache, DoesNotRememberMore) {
  ShortWordCache cache;
  cache.find("word", 0, 4).remember(Ids(ShortWordCache::kMaxTokens + 1, 5));
  EXPECT_EQ(remembered(cache, "word"), Ids{});
}

TEST(ShortWordCache, TellsWordsApartThatDifferInZerosOnly) {
  using namespace std::string_view_literals;
  ShortWordCache cache;
  cache.find("a\0"sv, 0, 2).remember(Ids{1});
  EXPECT_EQ(remembered(cache, "a"), Ids{});
  EXPECT_EQ(remembered(cache, "a\0\0"sv), Ids{});
  EXPECT_EQ(remembered(cache, "a\0"sv), Ids{1});
}

TEST(ShortWordCache, SeesNothingBeyondTheWord) {
  ShortWordCache cache;
  const std::string text = "seven..fifteen_letters_and_more";
  for (std::size_t length = 1; length <= ShortWordCache::kMaxWordBytes; ++length) {
    cache.find(text, 0, length).remember(Ids{static_cast<std::uint32_t>(length)});
  }
  for (std::size_t length = 1; length <= ShortWordCache::kMaxWordBytes; ++length) {
    EXPECT_EQ(remembered(cache, text.substr(0, length)), Ids{static_cast<std::uint32_t>(length)});
  }
}

// More words than there are places: some are forgotten, none gets another's tokens.
TEST(ShortWordCache, GivesAWordItsOwnTokensOrNone) {
  ShortWordCache cache;
  constexpr std::uint32_t kWords = 300'000;
  const auto word_of = [](std::uint32_t i) { return std::to_string(std::uint64_t{i} * 7'919); };
  const auto ids_of = [](std::uint32_t i) { return Ids(1 + i % ShortWordCache::kMaxTokens, i); };
  for (std::uint32_t i = 0; i < kWords; ++i) {
    const std::string word = word_of(i);
    cache.find(word, 0, word.size()).remember(ids_of(i));
  }
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < kWords; ++i) {
    const Ids found = remembered(cache, word_of(i));
    if (found.empty()) continue;
    ASSERT_EQ(found, ids_of(i)) << word_of(i);
    ++kept;
  }
  EXPECT_GT(kept, kWords / 4);
  EXPECT_LT(kept, kWords);
}

}  // namespace
}  // namespace tagscope
