#include "tokenizer/byte_tokenizer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support/byte_vocabularies.h"
#include "support/files.h"

namespace tagscope {
namespace {

using Ids = std::vector<std::uint32_t>;

class ByteTokenizers : public ::testing::TestWithParam<ByteEncoding> {
 protected:
  void SetUp() override { tokenizer_ = make_byte_tokenizer(testing::require_bytes(GetParam())); }

  Ids encode(std::string_view text, bool special = false) {
    auto encoding = tokenizer_->encode(text, {.special = special});
    EXPECT_TRUE(encoding);
    std::size_t at = 0;
    for (const Token& token : encoding->tokens) {
      EXPECT_EQ(token.begin, at);
      EXPECT_EQ(text.substr(token.begin, token.end - token.begin), tokenizer_->bytes(token.id));
      at = token.end;
    }
    EXPECT_EQ(at, text.size());
    // The way that remembers words, cold and warm.
    Ids ids = encoding->ids();
    for (int run = 0; run < 2; ++run) {
      Ids appended = {7};
      EXPECT_TRUE(tokenizer_->append_ids(text, {.special = special}, appended));
      EXPECT_EQ(appended.front(), 7U);
      EXPECT_EQ(Ids(appended.begin() + 1, appended.end()), ids) << text;
    }
    return ids;
  }

  std::string decode(const Ids& ids) {
    auto text = tokenizer_->decode(ids);
    EXPECT_TRUE(text);
    return *std::move(text);
  }

  std::unique_ptr<Tokenizer> tokenizer_;
};

// The goldens are tiktoken's, encode_ordinary and encode(text, "all").
TEST_P(ByteTokenizers, AgreesWithTiktokenOnEveryGoldenCase) {
  const std::string name(rules_of(GetParam()).name);
  std::size_t run = 0;
  for (const auto& line : testing::read_json_lines("vectors/tiktoken_" + name + ".jsonl")) {
    const std::string text = line["text"];
    const Ids ids = line["ids"];
    EXPECT_EQ(encode(text), ids) << text;
    EXPECT_EQ(decode(ids), text);
    const Ids special = line.contains("ids_special") ? line["ids_special"].get<Ids>() : ids;
    EXPECT_EQ(encode(text, true), special) << text;
    EXPECT_EQ(decode(special), text);
    ++run;
  }
  EXPECT_EQ(run, 202U);
}

TEST_P(ByteTokenizers, SpecialTokensAreTextUnlessAskedFor) {
  for (const SpecialToken& special : tokenizer_->special_tokens()) {
    const std::string literal(special.literal);
    EXPECT_GT(encode(literal).size(), 1U);
    EXPECT_EQ(encode(literal, true), Ids{special.id});
    const Ids around = encode("a <|" + literal + literal.substr(0, 5) + "  " + literal, true);
    EXPECT_EQ(std::count(around.begin(), around.end(), special.id), 2);
    EXPECT_EQ(around.back(), special.id);
    EXPECT_EQ(decode({special.id}), literal);
  }
}

TEST_P(ByteTokenizers, EveryTokenDecodesToItsBytesAndOthersAreRefused) {
  std::size_t unused = 0;
  for (std::uint32_t id = 0; id < tokenizer_->size(); ++id) {
    const auto text = tokenizer_->decode(Ids{id});
    if (tokenizer_->bytes(id).empty()) {
      ++unused;
      ASSERT_FALSE(text);
      EXPECT_EQ(text.error().code, "bad-token-id");
      EXPECT_EQ(text.error().where, "ids[0]");
    } else {
      ASSERT_TRUE(text);
    }
  }
  const ByteEncodingRules& rules = rules_of(GetParam());
  EXPECT_EQ(unused, rules.size - 256 - rules.merges - rules.special_tokens.size());
  EXPECT_EQ(tokenizer_->decode(Ids{1, tokenizer_->size()}).error().where, "ids[1]");
}

TEST_P(ByteTokenizers, TheMergeTreeEndsInTheTokens) {
  for (const std::string word : {"houshou", " marine", "aaaaaaaaaaaaaaa", "\xF0\x9F\x98\x80"}) {
    const auto tree = tokenizer_->merge_tree(word);
    ASSERT_TRUE(tree);
    Ids symbols = tree->symbols;
    EXPECT_EQ(symbols.size(), word.size());
    for (const MergeStep& step : tree->steps) {
      ASSERT_EQ(symbols[step.at], step.left);
      ASSERT_EQ(symbols[step.at + 1], step.right);
      ASSERT_EQ(tokenizer_->merge_rank(step.merged), step.rank);
      symbols[step.at] = step.merged;
      symbols.erase(symbols.begin() + step.at + 1);
    }
    EXPECT_EQ(symbols, encode(word));
  }
}

INSTANTIATE_TEST_SUITE_P(Byte, ByteTokenizers,
                         ::testing::Values(ByteEncoding::gpt2, ByteEncoding::cl100k,
                                           ByteEncoding::o200k),
                         [](const auto& test) { return std::string(rules_of(test.param).name); });

}  // namespace
}  // namespace tagscope
