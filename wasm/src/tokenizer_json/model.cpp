#include "tokenizer_json/model.h"

namespace tagscope {

Result<ModelVocabulary> ModelVocabulary::read(const Part& part) {
  if (auto checked = part.require_object(); !checked) return checked.error();
  ModelVocabulary vocabulary;
  vocabulary.ids_.reserve(part.json().members().size());
  for (const auto& [token, value] : part.json().members()) {
    TAGSCOPE_TAKE(id, Part(value, part.path() + "." + token.substr(0, 64)).number(kMaxModelId));
    vocabulary.add(token, id);
  }
  return vocabulary;
}

void ModelVocabulary::add(std::string_view token, std::uint32_t id) {
  if (tokens_.size() <= id) tokens_.resize(id + 1);
  tokens_[id] = token;
  ids_.insert_or_assign(std::string(token), id);
}

std::optional<std::uint32_t> ModelVocabulary::id(std::string_view token) const {
  const auto found = ids_.find(token);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

Result<MergeTree> Model::merge_tree(std::string_view /*word*/) const {
  return Error{.code = "unsupported",
               .where = "tokenizer",
               .what = "does not merge pairs, so a word has no merge tree"};
}

std::optional<std::uint32_t> Model::merge_rank(std::uint32_t /*id*/) const { return std::nullopt; }

Result<std::unique_ptr<const Model>> read_model(const Part& part) {
  if (auto checked = part.require_object(); !checked) return checked.error();
  // Older files leave the type out; what they have tells it.
  TAGSCOPE_TAKE(type, part.text_or("type", ""));
  if (type == "BPE" || (type.empty() && part.find("merges"))) return read_bpe_model(part);
  if (type == "WordPiece" || (type.empty() && part.find("continuing_subword_prefix"))) {
    return read_word_piece_model(part);
  }
  if (type == "Unigram" || (type.empty() && part.find("unk_id"))) return read_unigram_model(part);
  if (type == "WordLevel") return read_word_level_model(part);
  return part.unsupported(type.empty() ? "a model without a type is not supported"
                                       : "the model " + type.substr(0, 64) + " is not supported");
}

std::string byte_token(unsigned char byte) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  return std::string("<0x") + kDigits[byte >> 4] + kDigits[byte & 15] + ">";
}

}  // namespace tagscope
