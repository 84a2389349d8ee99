#include <algorithm>
#include <cmath>
#include <map>

#include "catalog/catalog.h"
#include "claim/evidence.h"
#include "tokenizer/clip_tokenizer.h"

namespace tagscope {
namespace {

struct Tokens {
  std::vector<std::uint32_t> ids;
  std::vector<std::string> pieces;
  std::vector<std::size_t> lengths;  // in characters of the cleaned text
};

// Names, tags and digests are far below the size at which clip_encode refuses.
Tokens tokens_of(std::string_view text, const ClipVocabulary& vocabulary, ClipProfile profile) {
  const Encoding encoding = *clip_encode(vocabulary, text, profile);
  const std::string& cleaned = encoding.cleaned;
  Tokens tokens;
  for (const Token& token : encoding.tokens) {
    tokens.ids.push_back(token.id);
    tokens.pieces.emplace_back(vocabulary.piece(token.id));
    tokens.lengths.push_back(
        code_points(std::string_view(cleaned).substr(token.begin, token.end - token.begin)).size());
  }
  return tokens;
}

Json to_json(const std::string& text, const Tokens& tokens) {
  return {{"text", text}, {"ids", Json::array(tokens.ids)}, {"pieces", Json::array(tokens.pieces)}};
}

// The default digests, in the order in which a checksum dialog shows them. Part of v=1.
constexpr std::string_view kDigests[] = {"crc32", "crc64", "sha1", "sha256", "blake2sp"};

// Distinct characters of a digest as the tokenizer sees it: it lower-cases, so
// Base64's 64 letters, digits, + and / become 38 (the padding = not counted).
constexpr double kHexCharacters = 16;
constexpr double kBase64Characters = 38;

Json subwords(const std::string& text, double characters, const ClipVocabulary& vocabulary,
              ClipProfile profile) {
  const Tokens tokens = tokens_of(text, vocabulary, profile);
  std::map<std::size_t, std::size_t> by_length;
  std::size_t total = 0;
  for (const std::size_t length : tokens.lengths) {
    ++by_length[length];
    total += length;
  }
  Json lengths = Json::array();
  for (const auto& [length, count] : by_length) {
    lengths.push_back(
        {{"length", length},
         {"tokens", count},
         {"strings", round_significant(std::pow(characters, static_cast<double>(length)), 15)}});
  }
  const double mean = static_cast<double>(total) / static_cast<double>(tokens.ids.size());
  return {{"text", text},
          {"pieces", Json::array(tokens.pieces)},
          {"count", tokens.ids.size()},
          {"mean_length", round_significant(mean)},
          {"lengths", std::move(lengths)}};
}

}  // namespace

Json examine_tokens(const Hypotheses& hypotheses, const ClipVocabulary& vocabulary) {
  const ClipProfile profile = hypotheses.profile;
  Json pairs = Json::array();
  for (const Pair& pair : hypotheses.pairs) {
    const Tokens tag = tokens_of(pair.tag, vocabulary, profile);
    Json described = to_json(pair.tag, tag);
    described["one_token"] = tag.ids.size() == 1;
    const auto rank = tag.ids.size() == 1 ? ClipVocabulary::merge_rank(tag.ids[0]) : std::nullopt;
    described["merge_rank"] = rank ? Json(*rank) : Json();
    pairs.push_back({{"name", to_json(pair.name, tokens_of(pair.name, vocabulary, profile))},
                     {"tag", std::move(described)}});
  }
  return {{"kind", "tokens"},
          {"tokenizer", hypotheses.claim.tokenizer},
          {"profile", hypotheses.claim.profile},
          {"pairs", std::move(pairs)}};
}

Result<Json> examine_digest_tokens(const Hypotheses& hypotheses, const ClipVocabulary& vocabulary) {
  std::vector<std::string> names;
  for (const Pair& pair : hypotheses.pairs) {
    if (std::find(names.begin(), names.end(), pair.name) == names.end()) names.push_back(pair.name);
  }
  const ClipProfile profile = hypotheses.profile;
  Json all = Json::array();
  for (const std::string& name : names) {
    Json digests = Json::array();
    for (const std::string_view id : kDigests) {
      auto hex = read_recipe(std::string(id) + " | hex");
      if (!hex) return std::move(hex).error();
      auto base64 = read_recipe(std::string(id) + " | base64");
      if (!base64) return std::move(base64).error();
      auto in_hex = run(*hex, Value::text(name));
      if (!in_hex) return std::move(in_hex).error();
      auto in_base64 = run(*base64, Value::text(name));
      if (!in_base64) return std::move(in_base64).error();
      digests.push_back(
          {{"id", id},
           {"hex", subwords(in_hex->data, kHexCharacters, vocabulary, profile)},
           {"base64", subwords(in_base64->data, kBase64Characters, vocabulary, profile)}});
    }
    all.push_back({{"name", name}, {"digests", std::move(digests)}});
  }
  return Json{{"kind", "digest-tokens"}, {"names", std::move(all)}};
}

}  // namespace tagscope
