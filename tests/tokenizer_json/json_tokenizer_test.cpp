#include "tokenizer_json/json_tokenizer.h"

#include <gtest/gtest.h>

#include <string>

#include "support/files.h"

namespace tagscope {
namespace {

using Ids = std::vector<std::uint32_t>;

std::unique_ptr<Tokenizer> read(const std::string& file) {
  auto tokenizer = read_json_tokenizer(file);
  EXPECT_TRUE(tokenizer) << tokenizer.error().where << ": " << tokenizer.error().what;
  return *std::move(tokenizer);
}

Error error_of(const std::string& file) {
  auto tokenizer = read_json_tokenizer(file);
  EXPECT_FALSE(tokenizer) << file;
  return tokenizer ? Error{} : tokenizer.error();
}

// tests/tokenizer_json/generate_vectors.mjs says where they come from.
TEST(JsonTokenizer, AgreesWithTheLibraryOnEveryFileAndText) {
  std::size_t files = 0;
  for (const auto& line : testing::read_json_lines("vectors/tokenizer_json.jsonl")) {
    const std::string name = line["name"];
    const auto tokenizer = read(line["tokenizer"]);
    for (const auto& one : line["cases"]) {
      const std::string text = one["text"];
      const Ids ids = one["ids"];
      const auto encoding = tokenizer->encode(text, {});
      ASSERT_TRUE(encoding) << name;
      EXPECT_EQ(encoding->ids(), ids) << name << ": " << one["text"];
      std::uint32_t at = 0;
      for (const Token& token : encoding->tokens) {
        EXPECT_LE(at, token.begin) << name << ": " << one["text"];
        EXPECT_LE(token.begin, token.end);
        EXPECT_LE(token.end, encoding->cleaned.size());
        at = token.end;
      }
      const auto decoded = tokenizer->decode(ids);
      ASSERT_TRUE(decoded) << name;
      EXPECT_EQ(*decoded, one["decoded"].get<std::string>()) << name << ": " << one["text"];
    }
    ++files;
  }
  EXPECT_EQ(files, 39U);
}

constexpr std::string_view kModel =
    R"("model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]})";

std::string file_with(std::string_view more) {
  return "{" + std::string(more) + (more.empty() ? "" : ", ") + std::string(kModel) + "}";
}

TEST(JsonTokenizer, SaysWhichPartIsNotSupported) {
  struct Case {
    std::string_view more;
    std::string_view where;
  };
  constexpr Case kCases[] = {
      {R"("normalizer": {"type": "Nmt"})", "normalizer"},
      {R"("normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "X"}]})",
       "normalizer.normalizers[1]"},
      {R"("pre_tokenizer": {"type": "UnicodeScripts"})", "pre_tokenizer"},
      {R"("pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a)\\1"}})",
       "pre_tokenizer.pattern.Regex"},
      {R"("pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\p{Han}"}})",
       "pre_tokenizer.pattern.Regex"},
      {R"("decoder": {"type": "CTC"})", "decoder"},
      {R"("post_processor": {"type": "Sequence", "processors": [{"type": "Y"}]})",
       "post_processor.processors[0]"},
  };
  for (const Case& one : kCases) {
    const Error error = error_of(file_with(one.more));
    EXPECT_EQ(error.code, "unsupported-tokenizer") << one.more;
    EXPECT_EQ(error.where, one.where) << one.more << ": " << error.what;
  }
  EXPECT_EQ(error_of(R"({"model": {"type": "Magic"}})").where, "model");
  EXPECT_EQ(
      error_of(R"({"model": {"type": "BPE", "dropout": 0.1, "vocab": {}, "merges": []}})").where,
      "model.dropout");
}

TEST(JsonTokenizer, RefusesWhatIsNotAsTheFormatWantsIt) {
  EXPECT_EQ(error_of("").code, "bad-json");
  EXPECT_EQ(error_of("[]").code, "bad-tokenizer");
  EXPECT_EQ(error_of("{}").what, "has no \"model\"");
  EXPECT_EQ(error_of(R"({"model": 7})").where, "model");
  for (const std::string_view model : {
           R"({"type": "BPE", "vocab": {"a": -1}, "merges": []})",
           R"({"type": "BPE", "vocab": {"a": 1e9}, "merges": []})",
           R"({"type": "BPE", "vocab": {"a": 0.5}, "merges": []})",
           R"({"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]})",
           R"({"type": "BPE", "vocab": {"a": 0}, "merges": ["a b c"]})",
           R"({"type": "BPE", "vocab": {"a": 0}, "merges": [["a"]]})",
           R"({"type": "BPE", "vocab": {"a": 0}, "merges": ["a a"]})",
           R"({"type": "BPE", "vocab": {"a": 0}, "merges": {}})",
           R"({"type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "u"})",
           R"({"type": "WordPiece", "vocab": []})",
           R"({"type": "Unigram", "vocab": [["a"]]})",
           R"({"type": "Unigram", "vocab": [["a", 0]], "unk_id": 1})",
       }) {
    EXPECT_EQ(error_of("{\"model\": " + std::string(model) + "}").code, "bad-tokenizer") << model;
  }
  EXPECT_EQ(error_of(file_with(R"("added_tokens": [{"id": 1}])")).where, "added_tokens[0]");
  std::string deep = R"("x")";
  for (int i = 0; i < 100; ++i) {
    deep = R"({"type": "Sequence", "normalizers": [)" + deep + "]}";
  }
  EXPECT_EQ(error_of(file_with("\"normalizer\": " + deep)).code, "bad-json");
}

TEST(JsonTokenizer, WhatGrowsOrRepeatsIsBounded) {
  std::string many = R"({"type": "NFC"})";
  for (int i = 0; i < 600; ++i) many += R"(, {"type": "NFC"})";
  EXPECT_EQ(
      error_of(file_with(R"("normalizer": {"type": "Sequence", "normalizers": [)" + many + "]}"))
          .where,
      "normalizer");
  std::string doubling = R"({"type": "ByteLevel"})";
  for (int i = 0; i < 40; ++i) doubling += R"(, {"type": "ByteLevel"})";
  const auto tokenizer = read_json_tokenizer(
      file_with(R"("normalizer": {"type": "Sequence", "normalizers": [)" + doubling + "]}"));
  // Read or refused: the text that tells whether words are written in bytes is "a".
  if (tokenizer) {
    EXPECT_EQ((*tokenizer)->encode("\xC3\xA9", {}).error().code, "text-too-long");
  }
}

// Each ends soon, in tokens that decode or in the error stated.
TEST(JsonTokenizer, HostileFilesEndInTokensOrInAnError) {
  std::size_t run = 0;
  for (const auto& line : testing::read_json_lines("attacks/tokenizer_json.jsonl")) {
    const std::string expected = line["error"].is_null() ? "" : line["error"].get<std::string>();
    const auto outcome = [&]() -> std::string {
      const auto tokenizer = read_json_tokenizer(line["tokenizer"].get<std::string>());
      if (!tokenizer) return tokenizer.error().code;
      const auto encoding = (*tokenizer)->encode(line["text"].get<std::string>(), {});
      if (!encoding) return encoding.error().code;
      const auto decoded = (*tokenizer)->decode(encoding->ids());
      return decoded ? "" : decoded.error().code;
    };
    EXPECT_EQ(outcome(), expected) << line["about"];
    ++run;
  }
  EXPECT_EQ(run, 28U);
}

TEST(JsonTokenizer, UnknownIdsAreRefused) {
  const auto tokenizer =
      read(file_with(R"("added_tokens": [{"id": 9, "content": "<x>", "special": true}])"));
  EXPECT_EQ(tokenizer->size(), 4U);
  EXPECT_EQ(tokenizer->decode(Ids{4}).error().where, "ids[0]");
  EXPECT_EQ(*tokenizer->decode(Ids{2, 3}), "ab <x>");
  const auto sparse =
      read(R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 5}, "merges": []}})");
  EXPECT_EQ(sparse->decode(Ids{0, 3}).error().where, "ids[1]");
  ASSERT_EQ(tokenizer->special_tokens().size(), 1U);
  EXPECT_EQ(tokenizer->special_tokens()[0].literal, "<x>");
}

TEST(JsonTokenizer, TheContextRuleComesFromThePostProcessor) {
  std::size_t seen = 0;
  for (const auto& line : testing::read_json_lines("vectors/tokenizer_json.jsonl")) {
    const auto tokenizer = read(line["tokenizer"]);
    const auto rule = tokenizer->context_rule();
    ASSERT_TRUE(rule);
    if (line["name"] == "unigram") {
      EXPECT_EQ(rule->start, 1U);
      EXPECT_EQ(rule->end, 2U);
    } else if (line["name"] == "bert") {
      EXPECT_EQ(rule->start, 2U);
      EXPECT_EQ(rule->end, 3U);
    } else if (line["name"] == "gpt2") {
      EXPECT_FALSE(rule->start);
      EXPECT_FALSE(rule->end);
    } else {
      continue;
    }
    ++seen;
  }
  EXPECT_EQ(seen, 3U);
}

TEST(JsonTokenizer, TheMergeTreeEndsInTheTokens) {
  for (const auto& line : testing::read_json_lines("vectors/tokenizer_json.jsonl")) {
    if (line["name"] != "gpt2") continue;
    const auto tokenizer = read(line["tokenizer"]);
    const auto tree = tokenizer->merge_tree(" houshou");
    ASSERT_TRUE(tree);
    Ids symbols = tree->symbols;
    for (const MergeStep& step : tree->steps) {
      symbols[step.at] = step.merged;
      symbols.erase(symbols.begin() + step.at + 1);
    }
    EXPECT_EQ(symbols, tokenizer->encode(" houshou", {})->ids());
    EXPECT_FALSE(tree->steps.empty());
  }
}

}  // namespace
}  // namespace tagscope
