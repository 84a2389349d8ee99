// What faces ask about tokens, answered as the JSON documents of web/src/protocol/results.ts.
// Where a tokenizer is named, its vocabulary has to be loaded (tokens/tokenizers.h).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "json/json.h"

namespace tagscope {

// Tokenized, for well-formed UTF-8. `options` is an object with any of tokenizer ("clip"),
// profile (the tokenizer's first), special, context (ids in all), truncate, pad (an id; the
// profile's own). Errors: `bad-argument`, `unknown-tokenizer`, `unknown-profile`,
// `asset-missing`, `context-too-long`, `text-too-long`.
[[nodiscard]] Result<Json> query_tokenize(std::string_view text, const Json& options);

// PromptRead: a prompt as an image program reads it. `options`: syntax ("a1111" or "comfy"),
// tokenizer, profile, pad (an id; the program's own), comma_backtrack (20). Errors:
// query_tokenize's, those of prompt/a1111.h and prompt/comfy.h, `too-large` past 20,000 chunks
// over the prompt and its parts, `unsupported` for a tokenizer without start and end.
[[nodiscard]] Result<Json> query_prompt(std::string_view text, const Json& options);

// {text} of an array of ids. `options`: tokenizer, profile. Errors: `bad-argument` with where =
// "ids[3]", and those of the tokenizer's name.
[[nodiscard]] Result<Json> query_decode(const Json& ids, const Json& options);

// The pieces of ids, as the vocabulary writes them: an array of strings. `options` and errors as
// query_decode.
[[nodiscard]] Result<Json> query_pieces(const Json& ids, const Json& options);

// Merges: how the word at byte `at` of the cleaned text is merged, step by step. `options`:
// tokenizer, profile, special, at (0). Errors: query_tokenize's, `bad-argument` where no token
// lies at or after `at`, `unsupported` for a tokenizer that does not merge.
[[nodiscard]] Result<Json> query_merges(std::string_view text, const Json& options);

// Atlas: all strings of `letters` lower-case letters by how many tokens they are.
struct Atlas {
  // Tokens of each string, in the order of the alphabet: "aa" is 0, "ab" 1.
  std::vector<std::uint8_t> counts;
  // {length, strings, by_tokens, list?}; the list is [{text, ids}] of those of `list` tokens.
  Json json;
};

inline constexpr std::uint32_t kMaxAtlasLetters = 4;

// `options`: tokenizer, profile, list. Errors: `bad-argument` where letters or list lie outside
// 1 … kMaxAtlasLetters, and those of the tokenizer's name.
[[nodiscard]] Result<Atlas> query_atlas(std::uint32_t letters, const Json& options);

// The ids of many texts in flat arrays.
struct ManyTokenized {
  std::vector<std::uint32_t> ids;
  // One more than there are texts: the ids of text i lie in [offsets[i], offsets[i + 1]).
  std::vector<std::uint32_t> offsets;
  // Where asked for: begin and end of each id, byte offsets in its own cleaned text.
  std::vector<std::uint32_t> spans;
};

inline constexpr std::size_t kMaxManyBytes = std::size_t{256} << 20;

// Texts lie one after another in `texts`, the first at 0; ends[i] says where text i ends.
// `options`: tokenizer, profile, special, and spans (true: fill them). Precondition: every text is
// well-formed UTF-8. Errors: query_tokenize's, with where = "texts[3]" for one text's own;
// `bad-argument` where ends are out of order or beyond the texts.
[[nodiscard]] Result<ManyTokenized> query_tokenize_many(std::string_view texts,
                                                        std::span<const std::uint32_t> ends,
                                                        const Json& options);

}  // namespace tagscope
