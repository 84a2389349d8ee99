// {"type": "Unigram"}. Source: Hugging Face tokenizers, src/models/unigram; T. Kudo, "Subword
// Regularization" (ACL 2018), section 3.2.
#include <algorithm>
#include <limits>

#include "text/utf8.h"
#include "tokenizer_json/model.h"
#include "tokenizer_json/token_trie.h"

namespace tagscope {
namespace {

// A character without a token of its own costs this much more than the least likely token.
constexpr double kUnknownPenalty = 10;

class Unigram final : public Model {
 public:
  Unigram(std::size_t bytes, std::optional<std::uint32_t> unknown, bool byte_fallback)
      : unknown_(unknown), trie_(bytes) {
    byte_fallback_ = byte_fallback;
  }

  void add(std::string_view token, double score) {
    const std::uint32_t id = vocabulary_.size();
    vocabulary_.add(token, id);
    if (!token.empty()) trie_.add(token, id);
    scores_.push_back(score);
    least_ = std::min(least_, score);
  }

  // Of all ways to cut the word into tokens, the likeliest (Viterbi); the first found of equals.
  [[nodiscard]] Status append(std::string_view word,
                              std::vector<PlacedSymbol>& tokens) const override {
    struct Best {
      double score = 0;
      std::uint32_t begin = kNowhere;  // of the last token
      std::uint32_t id = 0;
    };
    std::vector<Best> best(word.size() + 1);
    const auto propose = [&](std::size_t begin, std::size_t end, double score, std::uint32_t id) {
      const double total = score + best[begin].score;
      if (best[end].begin != kNowhere && !(total > best[end].score)) return;
      best[end] = {total, static_cast<std::uint32_t>(begin), id};
    };
    for (std::size_t at = 0; at < word.size();) {
      const std::size_t character = decode_one(word, at).length;
      bool has_character = false;
      trie_.for_each_start(word.substr(at), [&](std::size_t length, std::uint32_t id) {
        propose(at, at + length, scores_[id], id);
        has_character = has_character || length == character;
      });
      if (!has_character) {
        if (!unknown_) {
          return Error{.code = "unknown-character",
                       .where = "text",
                       .what =
                           "holds a character that the tokenizer does not know, and it has no "
                           "unknown token"};
        }
        propose(at, at + character, least_ - kUnknownPenalty, *unknown_);
      }
      at += character;
    }
    append_path(word, best, tokens);
    return ok_status();
  }

 private:
  static constexpr std::uint32_t kNowhere = std::numeric_limits<std::uint32_t>::max();

  // Unknown neighbours are one token.
  template <typename Best>
  void append_path(std::string_view word, const std::vector<Best>& best,
                   std::vector<PlacedSymbol>& tokens) const {
    std::vector<PlacedSymbol> path;
    for (auto end = static_cast<std::uint32_t>(word.size()); end > 0;) {
      const auto& [score, begin, id] = best[end];
      if (unknown_ && id == *unknown_ && !path.empty() && path.back().id == *unknown_) {
        path.back().begin = begin;
      } else {
        path.push_back({id, begin, end});
      }
      end = begin;
    }
    for (auto token = path.rbegin(); token != path.rend(); ++token) {
      const std::string_view text = word.substr(token->begin, token->end - token->begin);
      if (const auto id = vocabulary_.id(text)) {
        tokens.push_back({*id, token->begin, token->end});
      } else if (!byte_fallback_ || !append_bytes(text, token->begin, tokens)) {
        tokens.push_back(*token);
      }
    }
  }

  bool append_bytes(std::string_view text, std::uint32_t begin,
                    std::vector<PlacedSymbol>& tokens) const {
    const std::size_t before = tokens.size();
    for (const char c : text) {
      const auto id = vocabulary_.id(byte_token(static_cast<unsigned char>(c)));
      if (!id) {
        tokens.resize(before);
        return false;
      }
      tokens.push_back({*id, begin, begin + 1});
      ++begin;
    }
    return true;
  }

  std::optional<std::uint32_t> unknown_;
  TokenTrie trie_;
  std::vector<double> scores_;
  double least_ = std::numeric_limits<double>::infinity();
};

}  // namespace

Result<std::unique_ptr<const Model>> read_unigram_model(const Part& part) {
  TAGSCOPE_TAKE(vocab, part.require("vocab"));
  if (!vocab.json().is_array()) return vocab.bad("is not an array");
  const Json::Array& items = vocab.json().items();
  if (items.size() > kMaxModelId) return vocab.unsupported("has too many tokens");
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto flaw = [&](std::string what) {
      return vocab.bad("entry " + std::to_string(i) + " " + what);
    };
    if (!items[i].is_array() || items[i].items().size() != 2 || !items[i].items()[0].is_string() ||
        !items[i].items()[1].is_number()) {
      return flaw("is not [token, score]");
    }
    const std::size_t size = items[i].items()[0].string().size();
    if (size > TokenTrie::kMaxTokenBytes) {
      return flaw("has " + std::to_string(size) + " bytes; the limit is " +
                  std::to_string(TokenTrie::kMaxTokenBytes));
    }
    bytes += size;
  }
  if (bytes > kMaxModelId) {
    return vocab.unsupported("has " + std::to_string(bytes) + " bytes of tokens; the limit is " +
                             std::to_string(kMaxModelId));
  }
  std::optional<std::uint32_t> unknown;
  if (const auto id = part.find("unk_id")) {
    TAGSCOPE_TAKE(number, id->number(kMaxModelId));
    if (number >= items.size()) return id->bad("is not in the vocabulary");
    unknown = number;
  }
  TAGSCOPE_TAKE(fallback, part.boolean_or("byte_fallback", false));
  auto model = std::make_unique<Unigram>(bytes, unknown, fallback);
  for (const Json& item : items) model->add(item.items()[0].string(), item.items()[1].number());
  return std::unique_ptr<const Model>(std::move(model));
}

}  // namespace tagscope
