#include "tokenizer_json/added_tokens.h"

#include <algorithm>
#include <unordered_map>

#include "text/unicode.h"
#include "text/utf8.h"
#include "tokenizer_json/expression.h"

namespace tagscope {
namespace {

constexpr std::size_t kMaxAddedTokens = 1'000'000;

// Where the character before `at` begins. Precondition: at > 0.
std::size_t before(std::string_view text, std::size_t at) {
  do {
    --at;
  } while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at;
}

bool is_space_at(std::string_view text, std::size_t at) {
  return is_white_space(decode_one(text, at).code_point);
}

bool is_word_at(std::string_view text, std::size_t at) {
  return is_word_character(decode_one(text, at).code_point);
}

}  // namespace

Result<AddedTokens> AddedTokens::read(const std::optional<Part>& part,
                                      const ModelVocabulary& vocabulary,
                                      const Normalizer* normalizer) {
  AddedTokens added;
  std::vector<Part> items;
  if (part) {
    TAGSCOPE_TAKE(read, part->items());
    items = std::move(read);
  }
  if (items.size() > kMaxAddedTokens) return part->unsupported("are too many");
  std::size_t bytes = 0;
  std::unordered_map<std::string, std::uint32_t> ids;
  std::uint32_t next = vocabulary.count();
  for (const Part& item : items) {
    TAGSCOPE_TAKE(content_part, item.require("content"));
    TAGSCOPE_TAKE(content, content_part.text());
    TAGSCOPE_TAKE(id_part, item.require("id"));
    if (auto id = id_part.number(kMaxModelId); !id) return std::move(id).error();
    TAGSCOPE_TAKE(special, item.boolean_or("special", false));
    TAGSCOPE_TAKE(normalized, item.boolean_or("normalized", !special));
    TAGSCOPE_TAKE(single_word, item.boolean_or("single_word", false));
    TAGSCOPE_TAKE(strips_left, item.boolean_or("lstrip", false));
    TAGSCOPE_TAKE(strips_right, item.boolean_or("rstrip", false));
    if (content.empty()) continue;
    // As the library: a token that the model lacks gets the next free id, whatever the file says.
    auto own = vocabulary.id(content);
    if (const auto known = ids.find(content); !own && known != ids.end()) own = known->second;
    if (!own) own = next;
    if (*own > kMaxModelId) return id_part.unsupported("there are too many tokens");
    ids.emplace(content, *own);
    next = std::max(next, *own + 1);
    std::string literal = content;
    if (normalized && normalizer != nullptr) {
      TAGSCOPE_TAKE(changed, normalizer->apply(literal));
      literal = std::move(changed);
    }
    if (literal.size() > TokenTrie::kMaxTokenBytes) {
      return content_part.unsupported("has " + std::to_string(literal.size()) +
                                      " bytes; the limit is " +
                                      std::to_string(TokenTrie::kMaxTokenBytes));
    }
    bytes += literal.size();
    added.tokens_.push_back({.content = std::move(content),
                             .literal = std::move(literal),
                             .id = *own,
                             .special = special,
                             .normalized = normalized,
                             .single_word = single_word,
                             .strips_left = strips_left,
                             .strips_right = strips_right});
  }
  if (bytes > kMaxModelId) return part->unsupported("have too many bytes together");
  for (const bool after : {false, true}) {
    TokenTrie trie(bytes);
    // Of equal literals the first counts.
    for (std::size_t i = added.tokens_.size(); i-- > 0;) {
      const AddedToken& token = added.tokens_[i];
      if (token.normalized == after && !token.literal.empty()) {
        trie.add(token.literal, static_cast<std::uint32_t>(i));
      }
    }
    added.tries_.push_back(std::move(trie));
  }
  return added;
}

std::vector<AddedTokens::Found> AddedTokens::find(std::string_view text,
                                                  bool after_normalizing) const {
  std::vector<Found> found;
  std::size_t done = 0;
  std::size_t spaces = 0;  // where the white space before `at` begins
  for (std::size_t at = 0; at < text.size();) {
    const AddedToken* token = nullptr;
    std::size_t end = at;
    tries_[after_normalizing ? 1 : 0].for_each_start(text.substr(at),
                                                     [&](std::size_t length, std::uint32_t index) {
                                                       token = &tokens_[index];
                                                       end = at + length;
                                                     });
    const std::size_t next = at + decode_one(text, at).length;
    if (token == nullptr) {
      if (!is_space_at(text, at)) spaces = next;
      at = next;
      continue;
    }
    const bool is_apart = (at == 0 || !is_word_at(text, before(text, at))) &&
                          (end == text.size() || !is_word_at(text, end));
    if (token->single_word && !is_apart) {
      spaces = at = end;
      continue;
    }
    const std::size_t begin = token->strips_left ? std::max(spaces, done) : at;
    if (token->strips_right) {
      while (end < text.size() && is_space_at(text, end)) end += decode_one(text, end).length;
    }
    found.push_back({begin, end, token->id});
    done = spaces = at = end;
  }
  return found;
}

}  // namespace tagscope
