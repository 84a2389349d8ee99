#include "tokenizer/tokenizer.h"

#include <algorithm>

namespace tagscope {

std::vector<std::uint32_t> Encoding::ids() const {
  std::vector<std::uint32_t> ids;
  ids.reserve(tokens.size());
  for (const Token& token : tokens) ids.push_back(token.id);
  return ids;
}

Status Tokenizer::append_ids(std::string_view text, const EncodeOptions& options,
                             std::vector<std::uint32_t>& ids) {
  auto encoding = encode(text, options);
  if (!encoding) return std::move(encoding).error();
  for (const Token& token : encoding->tokens) ids.push_back(token.id);
  return ok_status();
}

Span Tokenizer::word_of(const Encoding& encoding, std::size_t index) const {
  return {encoding.tokens[index].begin, encoding.tokens[index].end};
}

Result<MergeTree> Tokenizer::merge_tree(std::string_view /*word*/) const {
  return Error{.code = "unsupported",
               .where = "tokenizer",
               .what = "does not merge pairs, so a word has no merge tree"};
}

Result<std::vector<std::uint32_t>> framed(std::span<const std::uint32_t> body,
                                          const ContextRule& rule, std::size_t length,
                                          bool truncate, std::uint32_t pad) {
  const std::size_t frame = (rule.start ? 1 : 0) + (rule.end ? 1 : 0);
  if (length < std::max<std::size_t>(frame, 1) || length > kMaxContextLength) {
    return Error{.code = "bad-context-length",
                 .where = "context",
                 .what = "is " + std::to_string(length) + "; must be " +
                         std::to_string(std::max<std::size_t>(frame, 1)) + " to " +
                         std::to_string(kMaxContextLength)};
  }
  const std::size_t room = length - frame;
  if (body.size() > room && !truncate && !rule.truncates) {
    return Error{.code = "context-too-long",
                 .where = "context",
                 .what = "the text is " + std::to_string(body.size() + frame) +
                         " tokens with start and end; the limit is " + std::to_string(length)};
  }
  const auto kept = body.first(std::min(body.size(), room));
  std::vector<std::uint32_t> context;
  context.reserve(length);
  if (rule.start) context.push_back(*rule.start);
  context.insert(context.end(), kept.begin(), kept.end());
  if (rule.end) context.push_back(*rule.end);
  context.resize(length, pad);
  return context;
}

Error text_too_long(std::string_view which, std::size_t size) {
  return {.code = "text-too-long",
          .where = "text",
          .what = std::string(which) + " is " + std::to_string(size) + " bytes; the limit is " +
                  std::to_string(kMaxTokenizedBytes)};
}

Error word_too_long(std::size_t size) {
  return {.code = "text-too-long",
          .where = "word",
          .what = "is " + std::to_string(size) + " bytes; merges are shown of words up to " +
                  std::to_string(kMaxMergedWordBytes)};
}

Error bad_token_id(std::size_t index, std::uint32_t id, std::uint32_t size) {
  return {.code = "bad-token-id",
          .where = "ids[" + std::to_string(index) + "]",
          .what = "is " + std::to_string(id) + "; the tokenizer's ids end at " +
                  std::to_string(size - 1)};
}

}  // namespace tagscope
