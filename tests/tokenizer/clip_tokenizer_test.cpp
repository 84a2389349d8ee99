#include "tokenizer/clip_tokenizer.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "support/files.h"
#include "support/methods.h"
#include "support/vocabulary.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

using testing::read_json_lines;
using Ids = std::vector<std::uint32_t>;

const ClipVocabulary& clip() { return testing::require_vocabulary(); }

Encoding encode(std::string_view text) {
  auto encoding = clip_encode(clip(), text, ClipProfile::openai);
  EXPECT_TRUE(encoding);
  return *std::move(encoding);
}

std::string decode(const Ids& ids) {
  auto text = clip_decode(clip(), ids);
  EXPECT_TRUE(text);
  return *std::move(text);
}

std::vector<std::string> words_of(std::string_view cleaned) {
  std::vector<std::string> words;
  std::string word;
  for (const Token& token : clip_tokenize(clip(), cleaned, ClipProfile::openai)) {
    word += cleaned.substr(token.begin, token.end - token.begin);
    if (token.id < ClipVocabulary::kStart && !clip().ends_word(token.id)) continue;
    words.push_back(std::move(word));
    word.clear();
  }
  return words;
}

// Every token's range holds its bytes; the ranges cover all but white space, in order.
void expect_sound_offsets(const Encoding& encoding) {
  std::size_t at = 0;
  const auto expect_only_space = [&](std::size_t end) {
    while (at < end) {
      const Decoded decoded = decode_one(encoding.cleaned, at);
      ASSERT_TRUE(is_white_space(decoded.code_point) || decoded.code_point == 0x345)
          << "byte " << at << " of \"" << encoding.cleaned << '"';
      at += decoded.length;
    }
  };
  for (const Token& token : encoding.tokens) {
    ASSERT_LE(at, token.begin);
    ASSERT_LT(token.begin, token.end);
    ASSERT_LE(token.end, encoding.cleaned.size());
    expect_only_space(token.begin);
    ASSERT_EQ(encoding.cleaned.substr(token.begin, token.end - token.begin),
              clip().bytes(token.id));
    at = token.end;
  }
  expect_only_space(encoding.cleaned.size());
}

TEST(ClipTokenizer, AgreesWithOpenAiOnEveryGoldenCase) {
  const auto lines = read_json_lines("vectors/clip_tokenizer.jsonl");
  EXPECT_EQ(lines.size(), 1403U);
  for (const auto& line : lines) {
    const std::string text = line["text"];
    const Encoding encoding = encode(text);
    EXPECT_EQ(encoding.ids(), line["ids"].get<Ids>())
        << "case " << line["n"] << ", needs " << line["need"] << ": " << text;
    std::vector<std::string> pieces;
    for (const Token& token : encoding.tokens) pieces.push_back(clip().piece(token.id));
    EXPECT_EQ(pieces, line["pieces"].get<std::vector<std::string>>()) << "case " << line["n"];
    expect_sound_offsets(encoding);
  }
}

// What stands nowhere among the variants is the same for all.
TEST(ClipTokenizer, ProfilesAgreeWithTheirReferencesOnEveryGoldenCase) {
  std::map<std::size_t, nlohmann::json> variants;
  for (auto& line : read_json_lines("vectors/clip_tokenizer_variants.jsonl")) {
    variants[line["n"]] = line;
  }
  EXPECT_EQ(variants.size(), 389U);
  std::size_t different = 0;
  for (const auto& line : read_json_lines("vectors/clip_tokenizer.jsonl")) {
    const std::string text = line["text"];
    const auto variant = variants.find(line["n"]);
    for (const auto& [profile, key] :
         {std::pair{ClipProfile::open_clip, "open_clip"}, {ClipProfile::hf_fast, "hf_fast"}}) {
      Ids expected = line["ids"];
      if (variant != variants.end() && variant->second.contains(key)) {
        expected = variant->second[key].get<Ids>();
        ++different;
      }
      const auto encoding = clip_encode(clip(), text, profile);
      ASSERT_TRUE(encoding);
      EXPECT_EQ(encoding->ids(), expected) << key << ", case " << line["n"] << ": " << text;
      for (const Token& token : encoding->tokens) {
        ASSERT_LT(token.begin, token.end);
        ASSERT_LE(token.end, encoding->cleaned.size());
      }
    }
  }
  EXPECT_EQ(different, 7U + 307U);
}

TEST(ClipTokenizer, DecodesEveryGoldenCase) {
  const auto lines = read_json_lines("vectors/clip_decode.jsonl");
  EXPECT_EQ(lines.size(), 81U);
  for (const auto& line : lines) {
    EXPECT_EQ(decode(line["ids"].get<Ids>()), line["decoded"].get<std::string>()) << line["ids"];
  }
}

TEST(ClipTokenizer, TheObservationsOwnFigures) {
  const std::string prompt =
      "score_9, score_8_up, score_7_up, score_6_up, score_5_up, score_4_up, just describe what you "
      "want, tag1, tag2";
  const Ids ids = encode(prompt).ids();
  EXPECT_EQ(ids.size(), 45U);
  EXPECT_EQ(count_code_points(prompt), 108U);
  EXPECT_EQ(count_code_points(decode(ids)), 141U);
  EXPECT_EQ(encode("aua").ids(), Ids{45906});
  EXPECT_EQ(encode("px").tokens.size(), 1U);
  EXPECT_EQ(encode("smp").tokens.size(), 1U);
  EXPECT_EQ(encode("iwv").tokens.size(), 2U);
  EXPECT_EQ(encode("zix").tokens.size(), 2U);
  EXPECT_EQ(encode("houshou_marine").ids(), (Ids{1011, 719, 340, 318, 5746}));
  EXPECT_EQ(encode("sakimichan").tokens.size(), 4U);
}

Result<Ids> context(const Ids& body, std::size_t length, bool truncate, std::uint32_t pad) {
  return framed(body, clip_context_rule(ClipProfile::openai), length, truncate, pad);
}

TEST(ClipTokenizer, ContextAgreesWithOpenAi) {
  const auto lines = read_json_lines("vectors/clip_context77.jsonl");
  EXPECT_EQ(lines.size(), 24U);
  for (const auto& line : lines) {
    const Ids body = encode(line["text"].get<std::string>()).ids();
    EXPECT_EQ(body.size(), line["body_tokens"].get<std::size_t>());
    const auto open_clip =
        clip_encode(clip(), line["text"].get<std::string>(), ClipProfile::open_clip);
    ASSERT_TRUE(open_clip);
    const auto silently = framed(open_clip->ids(), clip_context_rule(ClipProfile::open_clip),
                                 kClipContextLength, false, 0);
    ASSERT_TRUE(silently);
    EXPECT_EQ(*silently, line["open_clip"] == "same" ? line["openai_truncated"].get<Ids>()
                                                     : line["open_clip"].get<Ids>());
    const auto cut = context(body, kClipContextLength, true, 0);
    ASSERT_TRUE(cut);
    EXPECT_EQ(*cut, line["openai_truncated"].get<Ids>());
    const auto padded = context(body, kClipContextLength, true, ClipVocabulary::kEnd);
    ASSERT_TRUE(padded);
    EXPECT_EQ(*padded, line["sd1_pad_eos"].get<Ids>());
    const auto strict = context(body, kClipContextLength, false, 0);
    EXPECT_EQ(strict.ok(), line["openai_error"].is_null());
    if (strict) {
      EXPECT_EQ(*strict, *cut);
    } else {
      EXPECT_EQ(strict.error().code, "context-too-long");
      EXPECT_NE(strict.error().what.find(std::to_string(body.size() + 2)), std::string::npos);
    }
  }
}

TEST(ClipTokenizer, ContextHasItsLimits) {
  const Ids body{1, 2, 3};
  EXPECT_EQ(*context(body, 5, false, 0), (Ids{49406, 1, 2, 3, 49407}));
  EXPECT_EQ(*context(body, 2, true, 0), (Ids{49406, 49407}));
  EXPECT_EQ(*context(Ids{}, 4, false, 9), (Ids{49406, 49407, 9, 9}));
  EXPECT_EQ(context(body, 4, false, 0).error().code, "context-too-long");
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, kMaxContextLength + 1}) {
    EXPECT_EQ(context(body, length, true, 0).error().code, "bad-context-length");
  }
}

TEST(ClipTokenizer, CensusOfThreeLetters) {
  const auto golden = testing::read_json("vectors/clip_three_letter.json");
  EXPECT_EQ(token_count_census(clip(), 3),
            (Ids{0, golden["one_token"], golden["two_tokens"], golden["three_tokens"]}));
  for (const auto& single : golden["single"]) {
    EXPECT_EQ(encode(single[0].get<std::string>()).ids(), Ids{single[1]});
  }
  // The same, one string at a time through the whole tokenizer.
  Ids counts(4, 0);
  for (int i = 0; i < 26 * 26 * 26; ++i) {
    const std::string word{static_cast<char>('a' + i / 676), static_cast<char>('a' + i / 26 % 26),
                           static_cast<char>('a' + i % 26)};
    ++counts[encode(word).tokens.size()];
  }
  EXPECT_EQ(token_count_census(clip(), 3), counts);
}

TEST(ClipTokenizer, CensusCountsEveryString) {
  EXPECT_EQ(token_count_census(clip(), 1), (Ids{0, 26}));
  std::uint32_t expected = 1;
  for (unsigned letters = 1; letters <= 4; ++letters) {
    expected *= 26;
    std::uint32_t total = 0;
    for (const std::uint32_t count : token_count_census(clip(), letters)) total += count;
    EXPECT_EQ(total, expected);
  }
}

TEST(ClipTokenizer, CleaningFollowsTheReference) {
  const auto clean = [](std::string_view text) { return clip_clean(text, ClipProfile::openai); };
  EXPECT_EQ(clean(" \t A\r\n\n B \xC2\xA0 "), "a b");
  EXPECT_EQ(clean("&amp;lt;3"), "<3");
  // ftfy leaves entities alone beside "<"; html.unescape then has two rounds, not three.
  EXPECT_EQ(clean("<&amp;amp;lt;3"), "<&lt;3");
  EXPECT_EQ(clean("a&nbsp;&nbsp;b"), "a b");
  EXPECT_EQ(clean("ＡΣ"), "aς");
  EXPECT_EQ(clean("e\xCC\x81"), "é");
  EXPECT_EQ(clean("\x1C"
                  "a\x1C"
                  "b\x1C"),
            "ab");  // ftfy removes it
  EXPECT_EQ(clean(" \x1F "), "");
  EXPECT_EQ(clean(""), "");
}

// Python's `regex` 2022.10.31 and 2026.5.9, findall with the pattern under IGNORECASE.
TEST(ClipTokenizer, PatternUnderIgnoreCase) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(words_of("it's they'll 'twas"), (Words{"it", "'s", "they", "'ll", "'t", "was"}));
  EXPECT_EQ(words_of("it'ſo"), (Words{"it", "'ſ", "o"}));
  EXPECT_EQ(words_of("!'s"), (Words{"!'", "s"}));
  EXPECT_EQ(words_of("a12½b"), (Words{"a", "1", "2", "½", "b"}));
  EXPECT_EQ(words_of("a<|endoftext|>b"), (Words{"a", "<|endoftext|>", "b"}));
  EXPECT_EQ(words_of("!<|endoftext|>"), (Words{"!<|", "endoftext", "|>"}));
  EXPECT_EQ(words_of("<|ſtartoftext|>"), (Words{"<|ſtartoftext|>"}));
  // The mark's capital is a letter, so neither [\p{L}] nor [^\s\p{L}\p{N}] takes it.
  EXPECT_EQ(words_of("a\xCD\x85"
                     "a!\xCD\x85\xCD\x85!"),
            (Words{"a", "a", "!", "!"}));
}

TEST(ClipTokenizer, OnlyTheExactLiteralIsSpecial) {
  EXPECT_EQ(encode("<|startoftext|><|EndOfText|>").ids(), (Ids{49406, 49407}));
  const Ids long_s = encode("<|ſtartoftext|>").ids();
  EXPECT_GT(long_s.size(), 1U);
  EXPECT_EQ(decode(long_s), "<|ſtartoftext|> ");
  EXPECT_EQ(decode({49406, 45906, 49407}), "<|startoftext|>aua <|endoftext|>");
}

TEST(ClipTokenizer, DecodingKnowsBadIdsAndBrokenBytes) {
  const auto bad = clip_decode(clip(), Ids{1, 49408});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, "bad-token-id");
  EXPECT_EQ(bad.error().where, "ids[1]");
  EXPECT_EQ(decode({}), "");
  EXPECT_EQ(
      decode({ClipVocabulary::byte_symbol(0xE3, false), ClipVocabulary::byte_symbol(0x81, true)}),
      "\xEF\xBF\xBD ");
  // The bytes "</w>" spell the mark: the reference cannot tell them apart.
  Ids spelled;
  for (const char c : std::string_view("</w>")) {
    spelled.push_back(ClipVocabulary::byte_symbol(static_cast<unsigned char>(c), false));
  }
  EXPECT_EQ(decode(spelled), " ");
}

TEST(ClipTokenizer, OffsetsOfRandomText) {
  std::mt19937 random(46);
  const std::string_view parts[] = {
      "a",    "Z",    "7", " ", "\t", "'", "s",     "ll", "<|", "|>",       "endoftext",
      "é",    "日本", "😀", "½", "ſ",  "İ", "&amp;", ";",  "_",  "\xCD\x85", "\xE2\x80\x83",
      "\x1C", "क्"};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t n = random() % 40; n > 0; --n) text += parts[random() % std::size(parts)];
    const Encoding encoding = encode(text);
    expect_sound_offsets(encoding);
  }
}

// Text that is no UTF-8 cannot reach the tokenizer through a recipe; it must hold anyway.
TEST(ClipTokenizer, RandomBytesKeepTheirOffsets) {
  std::mt19937 random(47);
  for (int round = 0; round < 500; ++round) {
    std::string text(random() % 80, ' ');
    for (char& c : text) c = static_cast<char>(random());
    expect_sound_offsets({text, clip_tokenize(clip(), text, ClipProfile::openai)});
  }
}

TEST(ClipTokenizer, RefusesTooLongAText) {
  EXPECT_EQ(clip_encode(clip(), std::string(kMaxTokenizedBytes + 1, ' '), ClipProfile::openai)
                .error()
                .code,
            "text-too-long");
}

TEST(ClipTokenizer, ProfilesHaveNames) {
  const auto openai = clip_profile("openai");
  ASSERT_TRUE(openai);
  EXPECT_EQ(*openai, ClipProfile::openai);
  EXPECT_EQ(clip_profile("OpenAI").error().code, "unknown-profile");
}

TEST(ClipMethod, RunsBothWays) {
  clip();
  const auto ids = testing::run("clip", "profile=openai", Value::text("Houshou_Marine"));
  ASSERT_TRUE(ids);
  EXPECT_EQ(*ids, Value::of_ids({1011, 719, 340, 318, 5746}));
  const auto text = testing::run("clip", "", *ids, true);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, Value::text("houshou _ marine "));
  EXPECT_EQ(testing::run("clip", "", Value::of_ids({49408}), true).error().code, "bad-token-id");
}

}  // namespace
}  // namespace tagscope
