#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/files.h"
#include "support/vocabulary.h"
#include "tokens/query.h"
#include "tokens/tokenizers.h"

namespace tagscope {
namespace {

void load_clip() {
  static const bool loaded = load_vocabulary("clip", testing::packed_clip_vocabulary()).ok();
  ASSERT_TRUE(loaded);
}

Json options(std::string_view text) { return *read_json(text); }

// What is left of the symbols after all steps.
std::vector<std::uint32_t> played(const MergeTree& tree) {
  std::vector<std::uint32_t> ids = tree.symbols;
  for (const MergeStep& step : tree.steps) {
    EXPECT_EQ(ids.at(step.at), step.left);
    EXPECT_EQ(ids.at(step.at + 1), step.right);
    ids[step.at] = step.merged;
    ids.erase(ids.begin() + step.at + 1);
  }
  return ids;
}

TEST(Merges, LeadToTheTokensOfEveryGoldenWord) {
  load_clip();
  Tokenizer& clip = **tokenizer("clip", "");
  std::size_t words = 0;
  for (const auto& line : testing::read_json_lines("vectors/clip_tokenizer.jsonl")) {
    const Encoding encoding = *clip.encode(line["text"].get<std::string>(), {});
    for (std::size_t i = 0; i < encoding.tokens.size();) {
      const Span word = clip.word_of(encoding, i);
      ASSERT_EQ(word.begin, encoding.tokens[i].begin);
      std::vector<std::uint32_t> ids;
      for (; i < encoding.tokens.size() && encoding.tokens[i].end <= word.end; ++i) {
        EXPECT_EQ(clip.word_of(encoding, i).begin, word.begin);
        ids.push_back(encoding.tokens[i].id);
      }
      const auto text = encoding.cleaned.substr(word.begin, word.end - word.begin);
      const bool is_special = ids[0] >= ClipVocabulary::kStart;
      if (is_special || text.size() > kMaxMergedWordBytes) continue;
      const auto tree = clip.merge_tree(text);
      ASSERT_TRUE(tree);
      ASSERT_EQ(played(*tree), ids) << text;
      for (std::size_t step = 0; step < tree->steps.size(); ++step) {
        EXPECT_EQ(clip.merge_rank(tree->steps[step].merged), tree->steps[step].rank);
      }
      ++words;
    }
  }
  EXPECT_GT(words, 5000U);
}

TEST(Merges, OfOneWord) {
  load_clip();
  const auto json = query_merges("a HOUSHOU b", options(R"({"at":4})"));
  ASSERT_TRUE(json);
  EXPECT_EQ((*json)["word"].string(), "houshou");
  EXPECT_EQ((*json)["start"].number(), 2);
  EXPECT_EQ((*json)["end"].number(), 9);
  EXPECT_EQ(write_canonical((*json)["steps"]),
            R"([{"at":1,"id":520,"left":78,"piece":"ou","rank":8,"right":84},)"
            R"({"at":2,"id":552,"left":82,"piece":"sh","rank":40,"right":71},)"
            R"({"at":2,"id":719,"left":552,"piece":"sho","rank":207,"right":78},)"
            R"({"at":0,"id":1011,"left":71,"piece":"hou","rank":499,"right":520}])");
}

TEST(Merges, OfWhatDoesNotMerge) {
  load_clip();
  const auto special = query_merges("<|endoftext|>", options("{}"));
  ASSERT_TRUE(special);
  EXPECT_EQ(write_canonical((*special)["symbols"]), R"([{"id":49407,"piece":"<|endoftext|>"}])");
  EXPECT_EQ(write_canonical((*special)["steps"]), "[]");
  const auto code = [](std::string_view text, std::string_view given) {
    const auto json = query_merges(text, options(given));
    return json ? "" : json.error().code + " " + json.error().where;
  };
  EXPECT_EQ(code("", "{}"), "bad-argument at");
  EXPECT_EQ(code("a", R"({"at":1})"), "bad-argument at");
  EXPECT_EQ(code("a", R"({"at":-1})"), "bad-argument at");
  EXPECT_EQ(code(std::string(kMaxMergedWordBytes + 1, 'a'), "{}"), "text-too-long word");
}

TEST(Atlas, AgreesWithTheCensusAndTheGolden) {
  load_clip();
  const auto atlas = query_atlas(3, options(R"({"list":1})"));
  ASSERT_TRUE(atlas);
  EXPECT_EQ(write_canonical(atlas->json["by_tokens"]), R"({"1":3531,"2":13601,"3":444})");
  EXPECT_EQ(atlas->json["list"].items().size(), 3531U);
  EXPECT_EQ(atlas->counts.size(), 17576U);
  EXPECT_EQ(atlas->counts[20 * 26], 1);  // "aua"
  EXPECT_EQ(query_atlas(0, options("{}")).error().code, "bad-argument");
  EXPECT_EQ(query_atlas(5, options("{}")).error().code, "bad-argument");
  EXPECT_EQ(query_atlas(2, options(R"({"list":5})")).error().where, "list");
}

}  // namespace
}  // namespace tagscope
