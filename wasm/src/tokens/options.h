// The options that the calls about tokens share, read from JSON.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "json/json.h"
#include "tokenizer/tokenizer.h"

namespace tagscope {

struct TokenOptions {
  std::string tokenizer = "clip";
  std::string profile;  // empty: the tokenizer's first
  bool special = false;
  bool spans = false;
  std::optional<std::uint32_t> context;
  bool truncate = false;
  std::optional<std::uint32_t> pad;
  std::uint32_t at = 0;
  std::optional<std::uint32_t> list;
  std::string syntax;
  std::optional<std::uint32_t> comma_backtrack;
};

// Reads an object that may hold the fields `known` of the above. Errors: `bad-argument`.
[[nodiscard]] Result<TokenOptions> read_token_options(
    const Json& json, std::initializer_list<std::string_view> known);

// An integer within least … most, or an Error `bad-argument` at `field`.
[[nodiscard]] Result<std::uint32_t> read_count(const std::string& field, const Json& json,
                                               std::uint32_t least, std::uint32_t most);

// The tokenizer that the options name; errors of tokenizer().
[[nodiscard]] Result<Tokenizer*> tokenizer_of(const TokenOptions& options);

[[nodiscard]] Error bad_token_argument(std::string where, std::string what);

}  // namespace tagscope
