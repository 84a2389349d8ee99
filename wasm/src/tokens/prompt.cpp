#include <optional>

#include "prompt/a1111.h"
#include "prompt/comfy.h"
#include "tokens/options.h"
#include "tokens/query.h"

namespace tagscope {
namespace {

using IdLists = std::vector<std::vector<std::uint32_t>>;

struct PromptReader {
  const Tokenizer& tokenizer;
  PromptIds special;
  std::size_t comma_backtrack;

  template <typename Part>
  [[nodiscard]] Result<IdLists> ids_of(const std::vector<Part>& parts) const {
    IdLists lists;
    for (const Part& part : parts) {
      auto encoding = tokenizer.encode(part.text, {});
      if (!encoding) return std::move(encoding).error();
      lists.push_back(encoding->ids());
    }
    return lists;
  }
};

Json as_json(const std::vector<PromptSegment>& segments) {
  Json json = Json::array();
  for (const auto& [text, weight] : segments) {
    json.push_back({{"text", text}, {"weight", weight}});
  }
  return json;
}

Json as_json(const std::vector<PromptChunk>& chunks) {
  Json json = Json::array();
  for (const auto& [ids, weights] : chunks) {
    json.push_back({{"ids", Json::array(ids)}, {"weights", Json::array(weights)}});
  }
  return json;
}

// A chunk is 154 numbers of the answer: a megabyte of "AND " would make gigabytes of it.
constexpr std::size_t kMaxChunks = 20'000;

Error too_many_chunks() {
  return {
      .code = "too-large",
      .where = "prompt",
      .what = "falls into more than " + std::to_string(kMaxChunks) + " chunks, which is the limit"};
}

// segments, chunks and the count that the program shows; `chunks` counts on over subprompts.
Result<Json> read_a1111(const PromptReader& reader, std::string_view text, std::size_t& chunks) {
  auto segments = a1111_segments(text);
  if (!segments) return std::move(segments).error();
  auto ids = reader.ids_of(*segments);
  if (!ids) return std::move(ids).error();
  const A1111Chunks read = a1111_chunks(*segments, *ids, reader.special, reader.comma_backtrack);
  chunks += read.chunks.size();
  if (chunks > kMaxChunks) return too_many_chunks();
  return Json{{"segments", as_json(*segments)},
              {"chunks", as_json(read.chunks)},
              {"token_count", read.token_count},
              {"target", read.target}};
}

Result<Json> prompt_of_a1111(const PromptReader& reader, std::string_view text) {
  std::size_t chunks = 0;
  auto json = read_a1111(reader, text, chunks);
  if (!json) return std::move(json).error();
  auto subprompts = a1111_subprompts(text);
  if (!subprompts) return std::move(subprompts).error();
  Json list = Json::array();
  for (const auto& [part, weight] : *subprompts) {
    auto read = read_a1111(reader, part, chunks);
    if (!read) return std::move(read).error();
    (*read)["text"] = part;
    (*read)["weight"] = weight;
    list.push_back(*std::move(read));
  }
  (*json)["subprompts"] = std::move(list);
  return json;
}

Result<Json> prompt_of_comfy(const PromptReader& reader, std::string_view text) {
  auto segments = comfy_segments(text);
  if (!segments) return std::move(segments).error();
  const std::vector<ComfyGroup> groups = comfy_groups(*segments);
  auto ids = reader.ids_of(groups);
  if (!ids) return std::move(ids).error();
  std::size_t token_count = 0;
  Json embeddings = Json::array();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    token_count += (*ids)[i].size();
    if (groups[i].embedding) embeddings.push_back(*groups[i].embedding);
  }
  const auto chunks = comfy_chunks(groups, *ids, reader.special);
  if (chunks.size() > kMaxChunks) return too_many_chunks();
  return Json{{"segments", as_json(*segments)},
              {"chunks", as_json(chunks)},
              {"embeddings", std::move(embeddings)},
              {"token_count", token_count}};
}

// The comma that ends a word is what the tokenizer makes of one.
std::optional<std::uint32_t> comma_of(const Tokenizer& tokenizer) {
  auto comma = tokenizer.encode(",", {});
  if (!comma || comma->tokens.size() != 1) return std::nullopt;
  return comma->tokens[0].id;
}

}  // namespace

Result<Json> query_prompt(std::string_view text, const Json& options_json) {
  auto options = read_token_options(options_json,
                                    {"tokenizer", "profile", "pad", "syntax", "comma_backtrack"});
  if (!options) return std::move(options).error();
  if (options->syntax != "a1111" && options->syntax != "comfy") {
    return bad_token_argument(
        "syntax", "is \"" + options->syntax.substr(0, 64) + "\"; there are a1111 and comfy");
  }
  auto tokenizer = tokenizer_of(*options);
  if (!tokenizer) return std::move(tokenizer).error();
  const auto rule = (*tokenizer)->context_rule();
  const auto comma = comma_of(**tokenizer);
  if (!rule || !rule->start || !rule->end || !comma) {
    return Error{.code = "unsupported",
                 .where = "syntax",
                 .what = "needs a tokenizer with start and end tokens, as clip has; " +
                         options->tokenizer + " has none"};
  }
  // Image models do not pad as their encoders' own tokenizers do: SD 1 and SDXL's first encoder
  // get end tokens, OpenCLIP's 0.
  const std::uint32_t usual_pad = options->profile == "open_clip" ? 0 : *rule->end;
  const std::uint32_t pad = options->pad.value_or(usual_pad);
  if (pad >= (*tokenizer)->size()) {
    return bad_token_argument("pad", "is " + std::to_string(pad) + "; the tokenizer's ids end at " +
                                         std::to_string((*tokenizer)->size() - 1));
  }
  const PromptReader reader{**tokenizer,
                            {.start = *rule->start, .end = *rule->end, .pad = pad, .comma = *comma},
                            options->comma_backtrack.value_or(kA1111CommaBacktrack)};
  return options->syntax == "a1111" ? prompt_of_a1111(reader, text) : prompt_of_comfy(reader, text);
}

}  // namespace tagscope
