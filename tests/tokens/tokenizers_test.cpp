#include "tokens/tokenizers.h"

#include <gtest/gtest.h>

#include <string>

#include "support/byte_vocabularies.h"
#include "tokens/query.h"

namespace tagscope {
namespace {

Json options(std::string_view text) {
  auto json = read_json(text);
  EXPECT_TRUE(json);
  return *std::move(json);
}

TEST(Tokenizers, ByteEncodingsAreFoundByName) {
  for (const auto encoding : {ByteEncoding::gpt2, ByteEncoding::cl100k, ByteEncoding::o200k}) {
    const std::string name(rules_of(encoding).name);
    ASSERT_TRUE(load_vocabulary(name, testing::packed_byte_vocabulary(encoding)));
    const Json asked = options(R"({"tokenizer":")" + name + R"("})");
    const auto tokenized = query_tokenize("naïve houshou", asked);
    ASSERT_TRUE(tokenized);
    EXPECT_EQ((*tokenized)["cleaned"].string(), "naïve houshou");
    const auto decoded = query_decode((*tokenized)["ids"], asked);
    ASSERT_TRUE(decoded);
    EXPECT_EQ((*decoded)["text"].string(), "naïve houshou");
    const auto merges =
        query_merges("<|endoftext|> naïve houshou",
                     options(R"({"special":true,"at":20,"tokenizer":")" + name + R"("})"));
    ASSERT_TRUE(merges) << merges.error().what;
    EXPECT_EQ((*merges)["word"].string(), " houshou");
    EXPECT_EQ(load_vocabulary(name, "TAGSBYT").error().code, "bad-vocabulary");
  }
}

TEST(Tokenizers, ATokenizerJsonTakesThePlaceOfTheOneBefore) {
  const Json asked = options(R"({"tokenizer":"json"})");
  const auto with = [](std::string_view token) {
    return R"({"model": {"type": "BPE", "vocab": {")" + std::string(token) +
           R"(": 0}, "merges": []}})";
  };
  ASSERT_TRUE(load_vocabulary("json", with("a")));
  EXPECT_EQ(query_tokenize("ab", asked).value()["count"].number(), 1);
  ASSERT_TRUE(load_vocabulary("json", with("é")));
  EXPECT_EQ(query_tokenize("ab", asked).value()["count"].number(), 0);
  EXPECT_EQ(query_tokenize("é", asked).value()["count"].number(), 1);
  EXPECT_EQ(load_vocabulary("json", "{}").error().code, "bad-tokenizer");
  // The one before stays.
  EXPECT_EQ(query_tokenize("é", asked).value()["count"].number(), 1);
}

TEST(Tokenizers, OthersAreUnknown) {
  EXPECT_EQ(tokenizer("none", "").error().code, "unknown-tokenizer");
  EXPECT_EQ(tokenizer("gpt2", "openai").error().code, "unknown-profile");
}

}  // namespace
}  // namespace tagscope
