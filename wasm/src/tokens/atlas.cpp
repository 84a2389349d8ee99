#include <algorithm>

#include "tokens/options.h"
#include "tokens/query.h"

namespace tagscope {

Result<Atlas> query_atlas(std::uint32_t letters, const Json& options_json) {
  if (letters < 1 || letters > kMaxAtlasLetters) {
    return bad_token_argument("letters", "is " + std::to_string(letters) + "; it lies in 1 … " +
                                             std::to_string(kMaxAtlasLetters));
  }
  auto options = read_token_options(options_json, {"tokenizer", "profile", "list"});
  if (!options) return std::move(options).error();
  auto tokenizer = tokenizer_of(*options);
  if (!tokenizer) return std::move(tokenizer).error();

  Atlas atlas;
  Json list = Json::array();
  std::vector<std::uint32_t> by_tokens;
  std::vector<std::uint32_t> ids;
  std::string text(letters, 'a');
  for (;;) {
    ids.clear();
    if (auto appended = (*tokenizer)->append_ids(text, {}, ids); !appended) {
      return std::move(appended).error();
    }
    // A letter is one byte, and a token has at least one.
    atlas.counts.push_back(static_cast<std::uint8_t>(ids.size()));
    if (ids.size() >= by_tokens.size()) by_tokens.resize(ids.size() + 1);
    ++by_tokens[ids.size()];
    if (options->list == ids.size()) {
      list.push_back({{"text", text}, {"ids", Json::array(ids)}});
    }
    std::size_t at = letters;
    while (at > 0 && text[at - 1] == 'z') text[--at] = 'a';
    if (at == 0) break;
    ++text[at - 1];
  }

  Json counted = Json::object();
  for (std::size_t count = 0; count < by_tokens.size(); ++count) {
    if (by_tokens[count] > 0) counted[std::to_string(count)] = by_tokens[count];
  }
  atlas.json = {
      {"length", letters}, {"strings", atlas.counts.size()}, {"by_tokens", std::move(counted)}};
  if (options->list) atlas.json["list"] = std::move(list);
  return atlas;
}

}  // namespace tagscope
