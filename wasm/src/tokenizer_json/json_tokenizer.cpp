#include "tokenizer_json/json_tokenizer.h"

#include <algorithm>
#include <unordered_map>

#include "text/utf8.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer_json/added_tokens.h"
#include "tokenizer_json/decoder.h"
#include "tokenizer_json/model.h"
#include "tokenizer_json/normalizer.h"
#include "tokenizer_json/part.h"
#include "tokenizer_json/pre_tokenizer.h"

namespace tagscope {
namespace {

using Kind = CutText::Kind;

class JsonTokenizer final : public Tokenizer {
 public:
  [[nodiscard]] Status read(const Part& file);

  [[nodiscard]] std::uint32_t size() const override { return size_; }
  [[nodiscard]] Result<Encoding> encode(std::string_view text,
                                        const EncodeOptions& options) const override;
  [[nodiscard]] Result<std::string> decode(std::span<const std::uint32_t> ids) const override;
  [[nodiscard]] std::string piece(std::uint32_t id) const override;
  [[nodiscard]] std::string bytes(std::uint32_t id) const override;
  [[nodiscard]] std::optional<std::uint32_t> merge_rank(std::uint32_t id) const override {
    return model_->merge_rank(id);
  }
  [[nodiscard]] std::span<const SpecialToken> special_tokens() const override { return special_; }
  [[nodiscard]] std::optional<ContextRule> context_rule() const override { return context_; }
  [[nodiscard]] Result<MergeTree> merge_tree(std::string_view word) const override;

 private:
  [[nodiscard]] Status read_post_processor(const Part& part);
  [[nodiscard]] Status read_template(const Part& part);
  [[nodiscard]] Result<CutText> cut(std::string_view text) const;
  [[nodiscard]] Status append_part(std::string_view part, bool is_first, CutText& out) const;

  std::unique_ptr<const Normalizer> normalizer_;
  std::unique_ptr<const PreTokenizer> pre_tokenizer_;
  std::unique_ptr<const Model> model_;
  std::unique_ptr<const TokenDecoder> decoder_;
  AddedTokens added_;
  std::unordered_map<std::uint32_t, const AddedToken*> added_by_id_;
  std::vector<SpecialToken> special_;
  std::optional<ContextRule> context_ = ContextRule{};
  std::uint32_t size_ = 0;
  bool normalizes_to_bytes_ = false;
  bool in_byte_alphabet_ = false;
};

// Every step goes over the whole text, so there may not be any number of them.
constexpr std::size_t kMaxPipelineValues = 1024;

std::size_t count_values(const Json& json) {
  std::size_t count = 1;
  if (json.is_array()) {
    for (const Json& item : json.items()) count += count_values(item);
  } else if (json.is_object()) {
    for (const auto& member : json.members()) count += count_values(member.value);
  }
  return count;
}

Status JsonTokenizer::read(const Part& file) {
  for (const std::string_view name : {"normalizer", "pre_tokenizer", "decoder", "post_processor"}) {
    const auto part = file.find(name);
    if (!part) continue;
    const std::size_t values = count_values(part->json());
    if (values > kMaxPipelineValues) {
      return part->unsupported("holds " + std::to_string(values) + " values; the limit is " +
                               std::to_string(kMaxPipelineValues));
    }
  }
  TAGSCOPE_TAKE(model_part, file.require("model"));
  TAGSCOPE_TAKE(model, read_model(model_part));
  model_ = std::move(model);
  if (const auto part = file.find("normalizer")) {
    TAGSCOPE_TAKE(normalizer, read_normalizer(*part));
    normalizer_ = std::move(normalizer);
    normalizes_to_bytes_ = normalizer_->makes_byte_alphabet();
  }
  if (const auto part = file.find("pre_tokenizer")) {
    TAGSCOPE_TAKE(pre_tokenizer, read_pre_tokenizer(*part));
    pre_tokenizer_ = std::move(pre_tokenizer);
  }
  if (const auto part = file.find("decoder")) {
    TAGSCOPE_TAKE(decoder, read_decoder(*part));
    decoder_ = std::move(decoder);
  }
  TAGSCOPE_TAKE(
      added, AddedTokens::read(file.find("added_tokens"), model_->vocabulary(), normalizer_.get()));
  added_ = std::move(added);
  size_ = model_->vocabulary().size();
  for (const AddedToken& token : added_.all()) {
    size_ = std::max(size_, token.id + 1);
    added_by_id_[token.id] = &token;
    if (token.special) special_.push_back({token.content, token.id});
  }
  if (const auto part = file.find("post_processor")) {
    if (auto read = read_post_processor(*part); !read) return read;
  }
  if (const auto padding = file.find("padding"); padding && context_) {
    TAGSCOPE_TAKE(pad, padding->number_or("pad_id", kMaxModelId, 0));
    context_->pad = pad;
  }
  // Whether words reach the model in the byte alphabet, told by a text.
  TAGSCOPE_TAKE(sample, cut("a"));
  in_byte_alphabet_ = sample.in_byte_alphabet;
  return ok_status();
}

Status JsonTokenizer::read_post_processor(const Part& part) {
  TAGSCOPE_TAKE(type, part.type());
  if (type == "ByteLevel") return ok_status();
  if (type == "TemplateProcessing") return read_template(part);
  if (type == "BertProcessing" || type == "RobertaProcessing") {
    const auto id_of = [&](std::string_view name) -> Result<std::uint32_t> {
      TAGSCOPE_TAKE(pair, part.require(name));
      TAGSCOPE_TAKE(items, pair.items());
      if (items.size() != 2) return pair.bad("is not [token, id]");
      return items[1].number(kMaxModelId);
    };
    TAGSCOPE_TAKE(start, id_of("cls"));
    TAGSCOPE_TAKE(end, id_of("sep"));
    context_ = ContextRule{.start = start, .end = end, .pad = 0, .truncates = false};
    return ok_status();
  }
  if (type == "Sequence") {
    TAGSCOPE_TAKE(list, part.require("processors"));
    TAGSCOPE_TAKE(items, list.items());
    for (const Part& item : items) {
      if (auto read = read_post_processor(item); !read) return read;
    }
    return ok_status();
  }
  return part.unsupported("the post-processor " + type.substr(0, 64) + " is not supported");
}

// [special] $A [special]; a template of another form gives no context rule.
Status JsonTokenizer::read_template(const Part& part) {
  TAGSCOPE_TAKE(single, part.require("single"));
  TAGSCOPE_TAKE(items, single.items());
  context_ = ContextRule{};
  bool is_after = false;
  for (const Part& item : items) {
    if (item.json().find("Sequence") != nullptr) {
      is_after = true;
      continue;
    }
    TAGSCOPE_TAKE(special, item.require("SpecialToken"));
    TAGSCOPE_TAKE(name_part, special.require("id"));
    TAGSCOPE_TAKE(name, name_part.text());
    TAGSCOPE_TAKE(tokens, part.require("special_tokens"));
    TAGSCOPE_TAKE(token, tokens.require(name));
    TAGSCOPE_TAKE(ids_part, token.require("ids"));
    TAGSCOPE_TAKE(ids, ids_part.items());
    if (!context_) continue;
    std::optional<std::uint32_t>& place = is_after ? context_->end : context_->start;
    if (place || ids.size() != 1) {
      context_.reset();
      continue;
    }
    TAGSCOPE_TAKE(id, ids[0].number(kMaxModelId));
    place = id;
  }
  return ok_status();
}

// A part of the text between two tokens found in it: normalised, and searched once more.
Status JsonTokenizer::append_part(std::string_view part, bool is_first, CutText& out) const {
  std::string changed;
  if (normalizer_ != nullptr) {
    TAGSCOPE_TAKE(applied, normalizer_->apply(std::string(part)));
    changed = std::move(applied);
    part = changed;
  }
  const std::size_t base = out.text.size();
  if (base + part.size() > kMaxTokenizedBytes) {
    return text_too_long("the cleaned text", base + part.size());
  }
  out.text += part;
  std::size_t at = 0;
  const auto add = [&](std::size_t end, Kind kind, std::uint32_t id) {
    if (at == end) return;
    out.segments.push_back({static_cast<std::uint32_t>(base + at),
                            static_cast<std::uint32_t>(base + end), kind, id, is_first && at == 0});
    at = end;
  };
  for (const auto& [begin, end, id] : added_.find(part, true)) {
    add(begin, Kind::word, 0);
    add(end, Kind::token, id);
  }
  add(part.size(), Kind::word, 0);
  return ok_status();
}

Result<CutText> JsonTokenizer::cut(std::string_view text) const {
  CutText cut;
  cut.in_byte_alphabet = normalizes_to_bytes_;
  std::size_t at = 0;
  const auto add_part = [&](std::size_t end) {
    return at == end ? ok_status() : append_part(text.substr(at, end - at), at == 0, cut);
  };
  for (const auto& [begin, end, id] : added_.find(text, false)) {
    if (auto added = add_part(begin); !added) return added.error();
    const auto place = static_cast<std::uint32_t>(cut.text.size());
    cut.text += text.substr(begin, end - begin);
    cut.segments.push_back(
        {place, static_cast<std::uint32_t>(cut.text.size()), Kind::token, id, begin == 0});
    at = end;
  }
  if (auto added = add_part(text.size()); !added) return added.error();
  if (pre_tokenizer_ != nullptr) {
    if (auto applied = pre_tokenizer_->apply(cut); !applied) return applied.error();
  }
  return cut;
}

Result<Encoding> JsonTokenizer::encode(std::string_view text,
                                       const EncodeOptions& /*options*/) const {
  if (text.size() > kMaxTokenizedBytes) return text_too_long("the text", text.size());
  TAGSCOPE_TAKE(cut_text, cut(text));
  Encoding encoding;
  std::vector<PlacedSymbol> tokens;
  for (const CutText::Segment& segment : cut_text.segments) {
    const auto word =
        std::string_view(cut_text.text).substr(segment.begin, segment.end - segment.begin);
    const auto base = static_cast<std::uint32_t>(encoding.cleaned.size());
    if (segment.kind == Kind::token) {
      encoding.cleaned += word;
      const auto end = static_cast<std::uint32_t>(encoding.cleaned.size());
      encoding.tokens.push_back({segment.id, base, end});
      continue;
    }
    // What is shown is the text, not its bytes' names.
    const auto raw = cut_text.in_byte_alphabet ? bytes_written(word) : std::nullopt;
    if (segment.kind == Kind::word) {
      tokens.clear();
      if (auto appended = model_->append(word, tokens); !appended) return appended.error();
      std::uint32_t at = 0;
      std::uint32_t in_raw = 0;
      // Of the word so written to that of its bytes: each character is a byte.
      const auto place_of = [&](std::uint32_t place) {
        if (!raw) return base + place;
        if (place < at) at = in_raw = 0;
        for (; at < place; ++at) in_raw += (static_cast<unsigned char>(word[at]) & 0xC0) != 0x80;
        return base + in_raw;
      };
      for (const PlacedSymbol& token : tokens) {
        const std::uint32_t begin = place_of(token.begin);
        encoding.tokens.push_back({token.id, begin, place_of(token.end)});
      }
    }
    encoding.cleaned += raw ? std::string_view(*raw) : word;
  }
  if (encoding.cleaned.size() > kMaxTokenizedBytes) {
    return text_too_long("the cleaned text", encoding.cleaned.size());
  }
  return encoding;
}

Result<std::string> JsonTokenizer::decode(std::span<const std::uint32_t> ids) const {
  std::vector<std::string> tokens;
  tokens.reserve(ids.size());
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] >= size_) return bad_token_id(i, ids[i], size_);
    const auto added = added_by_id_.find(ids[i]);
    tokens.emplace_back(added != added_by_id_.end() ? std::string_view(added->second->literal)
                                                    : model_->vocabulary().token(ids[i]));
    bytes += tokens.back().size();
    if (tokens.back().empty()) {
      return Error{.code = "bad-token-id",
                   .where = "ids[" + std::to_string(i) + "]",
                   .what = "is " + std::to_string(ids[i]) + ", which no token has"};
    }
    if (bytes > kMaxDecodedBytes) {
      return Error{.code = "text-too-long",
                   .where = "ids",
                   .what = "stand for more than " + std::to_string(kMaxDecodedBytes) + " bytes"};
    }
  }
  std::string_view between = " ";
  if (decoder_ != nullptr) {
    if (auto applied = decoder_->apply(tokens); !applied) return applied.error();
    between = "";
  }
  std::string text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0) text += between;
    text += tokens[i];
  }
  return text;
}

std::string JsonTokenizer::piece(std::uint32_t id) const {
  const auto added = added_by_id_.find(id);
  if (added != added_by_id_.end()) return added->second->content;
  return std::string(model_->vocabulary().token(id));
}

std::string JsonTokenizer::bytes(std::uint32_t id) const {
  std::string token = piece(id);
  if (in_byte_alphabet_ && added_by_id_.find(id) == added_by_id_.end()) {
    if (auto raw = bytes_written(token)) return *std::move(raw);
  }
  return token;
}

Result<MergeTree> JsonTokenizer::merge_tree(std::string_view word) const {
  if (word.size() > kMaxMergedWordBytes) return word_too_long(word.size());
  return model_->merge_tree(in_byte_alphabet_ ? written_bytes(word) : std::string(word));
}

}  // namespace

Result<std::unique_ptr<Tokenizer>> read_json_tokenizer(std::string_view file) {
  TAGSCOPE_TAKE(json, read_json(file, {.max_bytes = kMaxTokenizerJsonBytes, .max_depth = 64}));
  const Part root(json, "");
  if (!json.is_object()) {
    return Error{.code = "bad-tokenizer", .where = "", .what = "is not an object"};
  }
  auto tokenizer = std::make_unique<JsonTokenizer>();
  if (auto read = tokenizer->read(root); !read) return read.error();
  return std::unique_ptr<Tokenizer>(std::move(tokenizer));
}

}  // namespace tagscope
