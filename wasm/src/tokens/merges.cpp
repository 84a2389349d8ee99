#include <algorithm>

#include "tokens/options.h"
#include "tokens/query.h"

namespace tagscope {
namespace {

Json described(std::uint32_t id, const Tokenizer& tokenizer) {
  return {{"id", id}, {"piece", tokenizer.piece(id)}};
}

}  // namespace

Result<Json> query_merges(std::string_view text, const Json& options_json) {
  auto options = read_token_options(options_json, {"tokenizer", "profile", "special", "at"});
  if (!options) return std::move(options).error();
  auto found = tokenizer_of(*options);
  if (!found) return std::move(found).error();
  const Tokenizer& tokenizer = **found;
  auto encoding = tokenizer.encode(text, {.special = options->special});
  if (!encoding) return std::move(encoding).error();

  const auto& tokens = encoding->tokens;
  const auto token = std::find_if(tokens.begin(), tokens.end(),
                                  [&](const Token& one) { return one.end > options->at; });
  if (token == tokens.end()) {
    return bad_token_argument(
        "at", "is " + std::to_string(options->at) + "; no token lies there or after it");
  }
  const auto index = static_cast<std::size_t>(token - tokens.begin());
  const Span range = tokenizer.word_of(*encoding, index);
  const auto word =
      std::string_view(encoding->cleaned).substr(range.begin, range.end - range.begin);
  const auto specials = tokenizer.special_tokens();
  const bool is_special =
      std::any_of(specials.begin(), specials.end(), [&](const SpecialToken& special) {
        return special.id == token->id && special.literal == word;
      });
  MergeTree tree{.symbols = {token->id}, .steps = {}};
  if (!is_special) {
    auto merged = tokenizer.merge_tree(word);
    if (!merged) return std::move(merged).error();
    tree = *std::move(merged);
  }

  Json symbols = Json::array();
  for (const std::uint32_t id : tree.symbols) symbols.push_back(described(id, tokenizer));
  Json steps = Json::array();
  for (const MergeStep& step : tree.steps) {
    steps.push_back({{"at", step.at},
                     {"left", step.left},
                     {"right", step.right},
                     {"id", step.merged},
                     {"piece", tokenizer.piece(step.merged)},
                     {"rank", step.rank}});
  }
  return Json{{"word", word},
              {"start", range.begin},
              {"end", range.end},
              {"symbols", std::move(symbols)},
              {"steps", std::move(steps)}};
}

}  // namespace tagscope
