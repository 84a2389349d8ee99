#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/files.h"
#include "support/vocabulary.h"
#include "tokens/query.h"
#include "tokens/tokenizers.h"

namespace tagscope {
namespace {

using Ids = std::vector<std::uint32_t>;

void load_clip() {
  static const bool loaded = load_vocabulary("clip", testing::packed_clip_vocabulary()).ok();
  ASSERT_TRUE(loaded);
}

Json options(std::string_view text) {
  auto json = read_json(text);
  EXPECT_TRUE(json);
  return *std::move(json);
}

std::string code_of(const Result<Json>& result) {
  return result.ok() ? "" : result.error().code + " " + result.error().where;
}

TEST(TokenQueries, Tokenize) {
  load_clip();
  const auto json = query_tokenize(" AUA é", options(R"({"tokenizer":"clip"})"));
  ASSERT_TRUE(json);
  EXPECT_EQ(write_canonical(*json),
            R"({"characters":6,"cleaned":"aua é","count":2,"decoded":"aua é ",)"
            R"("decoded_characters":6,"ids":[45906,4166],"tokens":[)"
            R"({"end":3,"id":45906,"piece":"aua</w>","start":0,"text":"aua"},)"
            R"({"end":6,"id":4166,"piece":"Ã©</w>","start":4,"text":"é"}]})");
}

TEST(TokenQueries, ContextsOfTheProfiles) {
  load_clip();
  const auto context = [](std::string_view given) {
    const auto json = query_tokenize("aua aua", options(given));
    return json ? write_canonical((*json)["context"]) : json.error().code;
  };
  EXPECT_EQ(context(R"({"context":6})"), "[49406,45906,45906,49407,0,0]");
  EXPECT_EQ(context(R"({"context":6,"profile":"hf-fast"})"),
            "[49406,45906,45906,49407,49407,49407]");
  EXPECT_EQ(context(R"({"context":6,"pad":7})"), "[49406,45906,45906,49407,7,7]");
  EXPECT_EQ(context(R"({"context":3})"), "context-too-long");
  EXPECT_EQ(context(R"({"context":3,"truncate":true})"), "[49406,45906,49407]");
  EXPECT_EQ(context(R"({"context":3,"profile":"open_clip"})"), "[49406,45906,49407]");
}

TEST(TokenQueries, RefuseWhatTheyCannotDo) {
  load_clip();
  const auto tokenize = [](std::string_view given) {
    return code_of(query_tokenize("a", options(given)));
  };
  EXPECT_EQ(tokenize("[]"), "bad-argument options");
  EXPECT_EQ(tokenize(R"({"tokenizer":"none"})"), "unknown-tokenizer tokenizer");
  EXPECT_EQ(tokenize(R"({"profile":"none"})"), "unknown-profile profile");
  EXPECT_EQ(tokenize(R"({"tokenizer":1})"), "bad-argument tokenizer");
  EXPECT_EQ(tokenize(R"({"context":0})"), "bad-argument context");
  EXPECT_EQ(tokenize(R"({"context":1})"), "bad-context-length context");
  EXPECT_EQ(tokenize(R"({"context":9,"pad":49408})"), "bad-argument pad");
  EXPECT_EQ(tokenize(R"({"pad":0})"), "bad-argument pad");
  EXPECT_EQ(tokenize(R"({"truncate":true})"), "bad-argument truncate");
  EXPECT_EQ(tokenize(R"({"nothing":1})"), "bad-argument nothing");
  const auto decode = [](std::string_view ids) {
    return code_of(query_decode(options(ids), options("{}")));
  };
  EXPECT_EQ(decode("[1,49408]"), "bad-argument ids[1]");
  EXPECT_EQ(decode("[-1]"), "bad-argument ids[0]");
  EXPECT_EQ(decode("{}"), "bad-argument ids");
  EXPECT_EQ(load_vocabulary("none", "").error().code, "unknown-tokenizer");
  EXPECT_EQ(load_vocabulary("clip", "").error().code, "bad-vocabulary");
  EXPECT_EQ(tokenize("{}"), "");  // the vocabulary loaded before is still there
}

TEST(TokenQueries, DecodeWithTheProfilesLiterals) {
  load_clip();
  const auto decode = [](std::string_view given) {
    const auto json = query_decode(options("[49406,45906,49407]"), options(given));
    return json ? (*json)["text"].string() : json.error().code;
  };
  EXPECT_EQ(decode("{}"), "<|startoftext|>aua <|endoftext|>");
  EXPECT_EQ(decode(R"({"profile":"open_clip"})"), "<start_of_text>aua <end_of_text>");
}

// The batch gives what single calls give, for every profile and all goldens.
TEST(TokenQueries, ManyTextsAsOneByOne) {
  load_clip();
  std::string texts;
  std::vector<std::uint32_t> ends;
  std::vector<std::string> each;
  for (int round = 0; round < 2; ++round) {  // the second one finds words remembered
    for (const auto& line : testing::read_json_lines("vectors/clip_tokenizer.jsonl")) {
      each.push_back(line["text"]);
      texts += each.back();
      ends.push_back(static_cast<std::uint32_t>(texts.size()));
    }
  }
  for (const std::string profile : {"openai", "open_clip", "hf-fast"}) {
    const Json named = {{"profile", profile}};
    const auto many = query_tokenize_many(texts, ends, named);
    ASSERT_TRUE(many);
    ASSERT_EQ(many->offsets.size(), each.size() + 1);
    const auto spanned =
        query_tokenize_many(texts, ends, Json{{"profile", profile}, {"spans", true}});
    ASSERT_TRUE(spanned);
    EXPECT_EQ(spanned->ids, many->ids);
    EXPECT_EQ(spanned->offsets, many->offsets);
    ASSERT_EQ(spanned->spans.size(), 2 * many->ids.size());
    EXPECT_TRUE(many->spans.empty());
    const auto chosen = tokenizer("clip", profile);
    ASSERT_TRUE(chosen);
    for (std::size_t i = 0; i < each.size(); ++i) {
      const auto encoding = (*chosen)->encode(each[i], {});
      ASSERT_TRUE(encoding);
      const Ids ids(many->ids.begin() + many->offsets[i], many->ids.begin() + many->offsets[i + 1]);
      ASSERT_EQ(ids, encoding->ids()) << profile << ": " << each[i];
    }
  }
}

TEST(TokenQueries, ManyTextsHaveTheirLimits) {
  load_clip();
  const auto code = [](std::string_view texts, std::vector<std::uint32_t> ends) {
    const auto many = query_tokenize_many(texts, ends, options("{}"));
    return many ? "" : many.error().code + " " + many.error().where;
  };
  EXPECT_EQ(code("", {}), "");
  EXPECT_EQ(code("ab", {0, 2, 2}), "");
  EXPECT_EQ(code("ab", {1, 0}), "bad-argument texts[1]");
  EXPECT_EQ(code("ab", {3}), "bad-argument texts[0]");
  const std::string long_text(kMaxTokenizedBytes + 1, 'a');
  EXPECT_EQ(code(long_text, {static_cast<std::uint32_t>(long_text.size())}),
            "text-too-long texts[0], text");
}

}  // namespace
}  // namespace tagscope
