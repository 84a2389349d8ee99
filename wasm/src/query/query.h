// What faces ask beside claims, answered as the JSON documents of
// web/src/protocol/results.ts: a recipe read or run, a text tokenized, ids
// decoded, digests of a stream.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/digest.h"
#include "core/result.h"
#include "core/value.h"
#include "json/json.h"

namespace tagscope {

// RecipeInfo: the canonical form and every step with its kinds and place.
[[nodiscard]] Result<Json> query_recipe(std::string_view source);

// RunResult: the canonical recipe and its output. Errors: the recipe's, with
// where = "recipe, step 2".
[[nodiscard]] Result<Json> query_run(std::string_view source, Value input);

// Tokenized, for well-formed UTF-8. `options` is an object with any of tokenizer
// ("clip"), profile ("openai"), context (ids in all), truncate, pad (an id).
// Errors: `bad-argument`, `asset-missing`, `context-too-long`.
[[nodiscard]] Result<Json> query_tokenize(std::string_view text, const Json& options);

// {text} of an array of ids. Errors: `bad-argument` with where = "ids[3]".
[[nodiscard]] Result<Json> query_decode(std::string_view tokenizer, const Json& json);

// Several digests over one pass of one input.
class DigestStream {
 public:
  // `ids`: an array of digest methods, each with its default arguments.
  [[nodiscard]] static Result<DigestStream> start(const Json& ids);
  void update(std::span<const std::uint8_t> bytes);
  // {id: {hex, base64}}; call once.
  [[nodiscard]] Result<Json> finish();

 private:
  std::vector<std::pair<std::string, std::unique_ptr<Digest>>> digests_;
};

}  // namespace tagscope
