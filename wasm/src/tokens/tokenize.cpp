#include "text/utf8.h"
#include "tokens/options.h"
#include "tokens/query.h"

namespace tagscope {
namespace {

Json described(const Encoding& encoding, const Tokenizer& tokenizer) {
  Json tokens = Json::array();
  for (const Token& token : encoding.tokens) {
    const auto bytes =
        std::string_view(encoding.cleaned).substr(token.begin, token.end - token.begin);
    tokens.push_back({{"id", token.id},
                      {"piece", tokenizer.piece(token.id)},
                      {"text", replace_invalid_utf8(bytes)},
                      {"start", token.begin},
                      {"end", token.end}});
  }
  return tokens;
}

Result<std::vector<std::uint32_t>> context_of(const std::vector<std::uint32_t>& ids,
                                              const TokenOptions& options,
                                              const Tokenizer& tokenizer) {
  const ContextRule rule = tokenizer.context_rule().value_or(ContextRule{});
  const std::uint32_t pad = options.pad.value_or(rule.pad);
  if (pad >= tokenizer.size()) {
    return bad_token_argument("pad", "is " + std::to_string(pad) + "; the tokenizer's ids end at " +
                                         std::to_string(tokenizer.size() - 1));
  }
  return framed(ids, rule, *options.context, options.truncate, pad);
}

struct GivenIds {
  Tokenizer* tokenizer;
  std::vector<std::uint32_t> ids;
};

Result<GivenIds> read_ids(const Json& ids_json, const Json& options_json) {
  auto options = read_token_options(options_json, {"tokenizer", "profile"});
  if (!options) return std::move(options).error();
  auto tokenizer = tokenizer_of(*options);
  if (!tokenizer) return std::move(tokenizer).error();
  if (!ids_json.is_array()) return bad_token_argument("ids", "is not an array of integers");
  GivenIds given{*tokenizer, {}};
  for (std::size_t i = 0; i < ids_json.items().size(); ++i) {
    auto id = read_count("ids[" + std::to_string(i) + "]", ids_json.items()[i], 0,
                         (*tokenizer)->size() - 1);
    if (!id) return std::move(id).error();
    given.ids.push_back(*id);
  }
  return given;
}

}  // namespace

Result<Json> query_tokenize(std::string_view text, const Json& options_json) {
  auto options = read_token_options(
      options_json, {"tokenizer", "profile", "special", "context", "truncate", "pad"});
  if (!options) return std::move(options).error();
  auto tokenizer = tokenizer_of(*options);
  if (!tokenizer) return std::move(tokenizer).error();

  auto encoding = (*tokenizer)->encode(text, {.special = options->special});
  if (!encoding) return std::move(encoding).error();
  const std::vector<std::uint32_t> ids = encoding->ids();
  auto decoded = (*tokenizer)->decode(ids);
  if (!decoded) return std::move(decoded).error();
  Json json = {{"ids", Json::array(ids)},
               {"tokens", described(*encoding, **tokenizer)},
               {"count", ids.size()},
               {"characters", count_code_points(text)},
               {"cleaned", encoding->cleaned},
               {"decoded", *decoded},
               {"decoded_characters", count_code_points(*decoded)}};
  if (options->context) {
    auto context = context_of(ids, *options, **tokenizer);
    if (!context) return std::move(context).error();
    json["context"] = Json::array(*context);
  } else if (options->pad || options->truncate) {
    return bad_token_argument(options->pad ? "pad" : "truncate", "means nothing without context");
  }
  return json;
}

Result<Json> query_decode(const Json& ids_json, const Json& options) {
  auto given = read_ids(ids_json, options);
  if (!given) return std::move(given).error();
  auto text = given->tokenizer->decode(given->ids);
  if (!text) return std::move(text).error();
  return Json{{"text", *text}};
}

Result<Json> query_pieces(const Json& ids_json, const Json& options) {
  auto given = read_ids(ids_json, options);
  if (!given) return std::move(given).error();
  Json pieces = Json::array();
  for (const std::uint32_t id : given->ids) pieces.push_back(given->tokenizer->piece(id));
  return pieces;
}

Result<ManyTokenized> query_tokenize_many(std::string_view texts,
                                          std::span<const std::uint32_t> ends,
                                          const Json& options_json) {
  auto options = read_token_options(options_json, {"tokenizer", "profile", "special", "spans"});
  if (!options) return std::move(options).error();
  auto tokenizer = tokenizer_of(*options);
  if (!tokenizer) return std::move(tokenizer).error();

  const EncodeOptions encode_options{.special = options->special};
  ManyTokenized many;
  many.offsets.reserve(ends.size() + 1);
  many.offsets.push_back(0);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto where = [&] { return "texts[" + std::to_string(i) + "]"; };
    if (ends[i] < begin || ends[i] > texts.size()) {
      return bad_token_argument(where(), "ends at byte " + std::to_string(ends[i]) +
                                             "; it begins at " + std::to_string(begin) +
                                             " and all texts are " + std::to_string(texts.size()));
    }
    const std::string_view text = texts.substr(begin, ends[i] - begin);
    begin = ends[i];
    if (options->spans) {
      auto encoding = (*tokenizer)->encode(text, encode_options);
      if (!encoding) return within(where(), std::move(encoding).error());
      for (const Token& token : encoding->tokens) {
        many.ids.push_back(token.id);
        many.spans.push_back(token.begin);
        many.spans.push_back(token.end);
      }
    } else {
      auto appended = (*tokenizer)->append_ids(text, encode_options, many.ids);
      if (!appended) return within(where(), std::move(appended).error());
    }
    many.offsets.push_back(static_cast<std::uint32_t>(many.ids.size()));
  }
  return many;
}

}  // namespace tagscope
