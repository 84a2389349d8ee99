#include "tokens/options.h"

#include <algorithm>
#include <cmath>

#include "prompt/prompt.h"
#include "tokens/query.h"
#include "tokens/tokenizers.h"

namespace tagscope {
namespace {

Status read_field(TokenOptions& options, const std::string& field, const Json& value) {
  if (field == "tokenizer" || field == "profile" || field == "syntax") {
    if (!value.is_string()) return bad_token_argument(field, "is not a string");
    std::string& text = field == "tokenizer" ? options.tokenizer
                        : field == "profile" ? options.profile
                                             : options.syntax;
    text = value.string();
  } else if (field == "comma_backtrack") {
    auto tokens = read_count(field, value, 0, kPromptChunkTokens);
    if (!tokens) return std::move(tokens).error();
    options.comma_backtrack = *tokens;
  } else if (field == "context") {
    auto count = read_count(field, value, 1, kMaxContextLength);
    if (!count) return std::move(count).error();
    options.context = *count;
  } else if (field == "pad") {
    auto id = read_count(field, value, 0, 0xFFFFFFFF);
    if (!id) return std::move(id).error();
    options.pad = *id;
  } else if (field == "at") {
    auto at = read_count(field, value, 0, kMaxTokenizedBytes);
    if (!at) return std::move(at).error();
    options.at = *at;
  } else if (field == "list") {
    auto tokens = read_count(field, value, 1, kMaxAtlasLetters);
    if (!tokens) return std::move(tokens).error();
    options.list = *tokens;
  } else {
    if (!value.is_boolean()) return bad_token_argument(field, "is not true or false");
    bool& flag = field == "special"    ? options.special
                 : field == "truncate" ? options.truncate
                                       : options.spans;
    flag = value.boolean();
  }
  return ok_status();
}

}  // namespace

Error bad_token_argument(std::string where, std::string what) {
  return {.code = "bad-argument", .where = std::move(where), .what = std::move(what)};
}

Result<std::uint32_t> read_count(const std::string& field, const Json& json, std::uint32_t least,
                                 std::uint32_t most) {
  const double count = json.is_number() ? json.number() : -1;
  if (count >= least && count <= most && count == std::trunc(count)) {
    return static_cast<std::uint32_t>(count);
  }
  return bad_token_argument(field, "is " + write_canonical(json).substr(0, 64) + "; it lies in " +
                                       std::to_string(least) + " … " + std::to_string(most));
}

Result<TokenOptions> read_token_options(const Json& json,
                                        std::initializer_list<std::string_view> known) {
  TokenOptions options;
  if (!json.is_object()) return bad_token_argument("options", "is not an object");
  for (const auto& [field, value] : json.members()) {
    if (std::find(known.begin(), known.end(), field) == known.end()) {
      std::string list;
      for (const std::string_view name : known) {
        list += (list.empty() ? "" : ", ") + std::string(name);
      }
      return bad_token_argument(field.substr(0, 64), "is not an option; known are " + list);
    }
    if (auto read = read_field(options, field, value); !read) return std::move(read).error();
  }
  return options;
}

Result<Tokenizer*> tokenizer_of(const TokenOptions& options) {
  return tokenizer(options.tokenizer, options.profile);
}

}  // namespace tagscope
