#include <nlohmann/json.hpp>
#include <optional>

#include "query/query.h"
#include "text/utf8.h"
#include "tokenizer/clip_tokenizer.h"
#include "tokenizer/clip_vocabulary.h"

namespace tagscope {
namespace {

Error bad_argument(std::string where, std::string what) {
  return {.code = "bad-argument", .where = std::move(where), .what = std::move(what)};
}

struct TokenizeOptions {
  std::optional<std::uint32_t> context;
  bool truncate = false;
  std::uint32_t pad = 0;
};

Status require_known(const std::string& field, std::string_view value, std::string_view only) {
  if (value == only) return ok_status();
  return bad_argument(field, "is \"" + std::string(value.substr(0, 64)) + "\"; this version has " +
                                 std::string(only));
}

Result<std::uint32_t> read_count(const std::string& field, const Json& json, std::uint64_t least,
                                 std::uint64_t most) {
  if (json.is_number_unsigned() && json.get<std::uint64_t>() >= least &&
      json.get<std::uint64_t>() <= most) {
    return json.get<std::uint32_t>();
  }
  return bad_argument(field, "is " + write_canonical(json).substr(0, 64) + "; it lies in " +
                                 std::to_string(least) + " … " + std::to_string(most));
}

Result<TokenizeOptions> read_options(const Json& json) {
  TokenizeOptions options;
  if (!json.is_object()) return bad_argument("options", "is not an object");
  for (auto it = json.begin(); it != json.end(); ++it) {
    const std::string& field = it.key();
    const Json& value = it.value();
    if (field == "tokenizer" || field == "profile") {
      if (!value.is_string()) return bad_argument(field, "is not a string");
      auto known = require_known(field, value.get_ref<const std::string&>(),
                                 field == "tokenizer" ? "clip" : "openai");
      if (!known) return std::move(known).error();
    } else if (field == "context") {
      auto count = read_count(field, value, 2, 1'000'000);
      if (!count) return std::move(count).error();
      options.context = *count;
    } else if (field == "pad") {
      auto id = read_count(field, value, 0, ClipVocabulary::kSize - 1);
      if (!id) return std::move(id).error();
      options.pad = *id;
    } else if (field == "truncate") {
      if (!value.is_boolean()) return bad_argument(field, "is not true or false");
      options.truncate = value.get<bool>();
    } else {
      return bad_argument(field.substr(0, 64),
                          "is not an option; known are tokenizer, profile, context, truncate, pad");
    }
  }
  return options;
}

}  // namespace

Result<Json> query_tokenize(std::string_view text, const Json& options_json) {
  auto options = read_options(options_json);
  if (!options) return std::move(options).error();
  auto vocabulary = require_clip_vocabulary();
  if (!vocabulary) return std::move(vocabulary).error();

  auto encoding = clip_encode(**vocabulary, text, ClipProfile::openai);
  if (!encoding) return std::move(encoding).error();
  const std::string& cleaned = encoding->cleaned;
  const std::vector<std::uint32_t> ids = encoding->ids();
  Json tokens = Json::array();
  for (const ClipToken& token : encoding->tokens) {
    const auto bytes = std::string_view(cleaned).substr(token.begin, token.end - token.begin);
    tokens.push_back({{"id", token.id},
                      {"piece", (*vocabulary)->piece(token.id)},
                      {"text", replace_invalid_utf8(bytes)},
                      {"start", token.begin},
                      {"end", token.end}});
  }
  auto decoded = clip_decode(**vocabulary, ids);
  if (!decoded) return std::move(decoded).error();
  Json json = {{"ids", ids},
               {"tokens", std::move(tokens)},
               {"count", ids.size()},
               {"characters", count_code_points(text)},
               {"cleaned", cleaned},
               {"decoded", *decoded},
               {"decoded_characters", count_code_points(*decoded)}};
  if (options->context) {
    auto context = clip_context(ids, *options->context, options->truncate, options->pad);
    if (!context) return std::move(context).error();
    json["context"] = *context;
  }
  return json;
}

Result<Json> query_decode(std::string_view tokenizer, const Json& json) {
  if (auto known = require_known("tokenizer", tokenizer, "clip"); !known) return known.error();
  auto vocabulary = require_clip_vocabulary();
  if (!vocabulary) return std::move(vocabulary).error();
  if (!json.is_array()) return bad_argument("ids", "is not an array of integers");
  std::vector<std::uint32_t> ids;
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto id = read_count("ids[" + std::to_string(i) + "]", json[i], 0, ClipVocabulary::kSize - 1);
    if (!id) return std::move(id).error();
    ids.push_back(*id);
  }
  auto text = clip_decode(**vocabulary, ids);
  if (!text) return std::move(text).error();
  return Json{{"text", *text}};
}

}  // namespace tagscope
