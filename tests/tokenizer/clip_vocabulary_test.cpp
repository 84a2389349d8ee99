#include "tokenizer/clip_vocabulary.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "support/methods.h"
#include "support/vocabulary.h"

namespace tagscope {
namespace {

using testing::packed_clip_vocabulary;

const ClipVocabulary& clip() { return testing::require_vocabulary(); }

constexpr std::size_t kHeaderBytes = 16;

// The four planes of the packed format hold one byte of each merge.
void set_merge(std::string& packed, std::size_t rank, unsigned left, unsigned right) {
  const unsigned bytes[] = {left >> 8, right >> 8, left & 255, right & 255};
  for (std::size_t plane = 0; plane < 4; ++plane) {
    packed[kHeaderBytes + plane * ClipVocabulary::kMerges + rank] = static_cast<char>(bytes[plane]);
  }
}

void expect_refused(const std::string& packed, const std::string& where) {
  const auto parsed = ClipVocabulary::parse(packed);
  ASSERT_FALSE(parsed) << "expected an error at " << where;
  EXPECT_EQ(parsed.error().code, "bad-vocabulary");
  EXPECT_EQ(parsed.error().where, where);
  EXPECT_FALSE(parsed.error().what.empty());
}

TEST(ClipVocabulary, HoldsTheFirstAndTheLastMergeOfOpenAi) {
  const std::string list = clip().merge_list();
  EXPECT_TRUE(list.starts_with("i n\nt h\na n\nr e\n"));
  EXPECT_TRUE(list.ends_with("\njeky ll</w>\n"));
  EXPECT_EQ(list.size(), 524605U);
}

// The list is pinned by the SHA-256 that `sha256` has to give as well.
TEST(ClipVocabulary, MergeListIsThePinnedOne) {
  if (find_method("sha256") == nullptr) GTEST_SKIP() << "needs the sha256 method";
  const auto digest = testing::run("sha256", "", Value::bytes(clip().merge_list()));
  ASSERT_TRUE(digest);
  const auto hex = testing::run("hex", "", *digest);
  ASSERT_TRUE(hex);
  EXPECT_EQ(hex->data, "d308b7377a8ceaa9707a21614fe8c831b9196e197b7aeb69833359362907af02");
}

TEST(ClipVocabulary, PiecesAreDistinctAndNumberedAsOpenAi) {
  std::set<std::string> pieces;
  for (ClipVocabulary::Id id = 0; id < ClipVocabulary::kSize; ++id) pieces.insert(clip().piece(id));
  EXPECT_EQ(pieces.size(), 49408U);
  EXPECT_EQ(clip().piece(0), "!");
  EXPECT_EQ(clip().piece(255), "Ń");  // the byte 0xAD
  EXPECT_EQ(clip().piece(256), "!</w>");
  EXPECT_EQ(clip().piece(512), "in");
  EXPECT_EQ(clip().piece(49405), "jekyll</w>");
  EXPECT_EQ(clip().piece(49406), "<|startoftext|>");
  EXPECT_EQ(clip().piece(49407), "<|endoftext|>");
}

TEST(ClipVocabulary, MergeRankCountsFromTheFirstMerge) {
  EXPECT_EQ(ClipVocabulary::merge_rank(511), std::nullopt);
  EXPECT_EQ(ClipVocabulary::merge_rank(512), 0U);
  EXPECT_EQ(ClipVocabulary::merge_rank(45906), 45394U);
  EXPECT_EQ(ClipVocabulary::merge_rank(49405), 48893U);
  EXPECT_EQ(ClipVocabulary::merge_rank(49406), std::nullopt);
  EXPECT_EQ(ClipVocabulary::merge_rank(49407), std::nullopt);
}

TEST(ClipVocabulary, RefusesEveryChangeOfTheHeader) {
  for (std::size_t at = 0; at < kHeaderBytes; ++at) {
    std::string packed = packed_clip_vocabulary();
    packed[at] = static_cast<char>(packed[at] ^ 1);
    expect_refused(packed, at < 8 ? "byte 0" : at < 12 ? "byte 8" : "byte 12");
  }
}

TEST(ClipVocabulary, RefusesEverySizeButItsOwn) {
  const std::string& packed = packed_clip_vocabulary();
  for (std::size_t size = 0; size < 64; ++size) {
    expect_refused(packed.substr(0, size), size < 8 ? "byte 0" : "size");
  }
  expect_refused(packed.substr(0, packed.size() - 1), "size");
  expect_refused(packed + '\0', "size");
}

TEST(ClipVocabulary, RefusesMergesThatCannotBe) {
  std::string packed = packed_clip_vocabulary();
  set_merge(packed, 0, 512, 0);  // itself
  expect_refused(packed, "merge 0");

  packed = packed_clip_vocabulary();
  set_merge(packed, 7, 0, 0xFFFF);
  expect_refused(packed, "merge 7");

  packed = packed_clip_vocabulary();
  set_merge(packed, 3, 256, 0);  // "!</w>" goes on
  expect_refused(packed, "merge 3");

  packed = packed_clip_vocabulary();
  set_merge(packed, 5, 72, 77);  // "i n" again
  expect_refused(packed, "merge 5");

  // "aaa" of a, aa and of aa, a: other pairs, the same token.
  packed = packed_clip_vocabulary();
  set_merge(packed, 0, 64, 64);
  set_merge(packed, 1, 64, 512);
  set_merge(packed, 2, 512, 64);
  expect_refused(packed, "merge 2");

  // Doubling: 2, 4, … 64 bytes are allowed, 128 are not.
  packed = packed_clip_vocabulary();
  set_merge(packed, 0, 0, 0);
  for (unsigned rank = 1; rank < 7; ++rank) set_merge(packed, rank, 511 + rank, 511 + rank);
  expect_refused(packed, "merge 6");
}

TEST(ClipVocabulary, SurvivesRandomBytes) {
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    std::string packed = packed_clip_vocabulary();
    if (round % 2 == 0) {
      for (std::size_t i = kHeaderBytes; i < packed.size(); ++i)
        packed[i] = static_cast<char>(random());
    } else {
      for (int change = 0; change <= round; ++change) {
        packed[kHeaderBytes + random() % (packed.size() - kHeaderBytes)] =
            static_cast<char>(random());
      }
    }
    const auto parsed = ClipVocabulary::parse(packed);
    if (parsed) {
      EXPECT_EQ(parsed->piece(49407), "<|endoftext|>");
    } else {
      EXPECT_EQ(parsed.error().code, "bad-vocabulary");
    }
  }
}

TEST(ClipVocabulary, AFailedLoadKeepsTheOneBefore) {
  const ClipVocabulary* before = &clip();
  const Status loaded = load_clip_vocabulary("nonsense");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, "bad-vocabulary");
  EXPECT_EQ(clip_vocabulary(), before);
}

}  // namespace
}  // namespace tagscope
