// What every tokenizer offers, whatever its vocabulary: text to token ids and back, and how a
// word is merged. One object stands for one tokenizer under one profile.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tagscope {

// One token; begin and end are byte offsets in the cleaned text.
struct Token {
  std::uint32_t id;
  std::uint32_t begin;
  std::uint32_t end;

  friend bool operator==(const Token& a, const Token& b) = default;
};

// A text as it was cut: every token covers a part of `cleaned`, in order and without overlap.
struct Encoding {
  std::string cleaned;
  std::vector<Token> tokens;

  [[nodiscard]] std::vector<std::uint32_t> ids() const;
};

// A token that is found by its literal, not by merging.
struct SpecialToken {
  std::string_view literal;
  std::uint32_t id;
};

struct EncodeOptions {
  // Special tokens written in the text are read as themselves. Where false, a tokenizer whose
  // reference lets callers choose (gpt2, cl100k, o200k) reads them as ordinary text; CLIP's
  // profiles read theirs as their references do, whatever this says.
  bool special = false;
};

// How a model wants its input framed: start, ids, end, padding.
struct ContextRule {
  std::optional<std::uint32_t> start;
  std::optional<std::uint32_t> end;
  std::uint32_t pad = 0;
  // The reference cuts what is too long without a word; else that is an error unless asked for.
  bool truncates = false;
};

// One merge: the symbols `at` and `at + 1` of those that are left become one.
struct MergeStep {
  std::uint32_t at;
  std::uint32_t left;    // id
  std::uint32_t right;   // id
  std::uint32_t merged;  // id
  std::uint32_t rank;    // 0-based place in the merge list, or the tokenizer's own rank
};

// How one word becomes tokens: symbols, then merges in the order in which they happen. What is
// left after all steps are the word's tokens.
struct MergeTree {
  std::vector<std::uint32_t> symbols;  // ids
  std::vector<MergeStep> steps;
};

// Memory for tokens is bounded by the text's; past this, a call is refused.
inline constexpr std::size_t kMaxTokenizedBytes = std::size_t{16} << 20;
// A merge tree is for looking at.
inline constexpr std::size_t kMaxMergedWordBytes = 1024;

class Tokenizer {
 public:
  Tokenizer() = default;
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;
  virtual ~Tokenizer() = default;

  // Ids are below this; not all need be in use.
  [[nodiscard]] virtual std::uint32_t size() const = 0;

  // Cleans a text and cuts it. Precondition: well-formed UTF-8. Error `text-too-long`: the text
  // or what cleaning makes of it exceeds kMaxTokenizedBytes.
  [[nodiscard]] virtual Result<Encoding> encode(std::string_view text,
                                                const EncodeOptions& options) const = 0;

  // Appends encode(text, options)'s ids; where this fails, `ids` holds what it held. Made for
  // many texts: it may remember words from call to call.
  [[nodiscard]] virtual Status append_ids(std::string_view text, const EncodeOptions& options,
                                          std::vector<std::uint32_t>& ids);

  // The text that ids stand for, U+FFFD where their bytes are not UTF-8. Error `bad-token-id`
  // where an id does not exist; its `where` is "ids[i]".
  [[nodiscard]] virtual Result<std::string> decode(std::span<const std::uint32_t> ids) const = 0;

  // Below: precondition id < size().

  // The token as the vocabulary's own file writes it; empty for an id not in use.
  [[nodiscard]] virtual std::string piece(std::uint32_t id) const = 0;
  // The bytes of the text that the token stands for.
  [[nodiscard]] virtual std::string bytes(std::uint32_t id) const = 0;
  // The 0-based place in the merge list; none for what no merge makes.
  [[nodiscard]] virtual std::optional<std::uint32_t> merge_rank(std::uint32_t id) const = 0;

  [[nodiscard]] virtual std::span<const SpecialToken> special_tokens() const = 0;
  // None: the tokenizer knows of no context.
  [[nodiscard]] virtual std::optional<ContextRule> context_rule() const { return std::nullopt; }

  // The word, as the tokenizer's pattern cuts it, that token `index` of `encoding` is a part of:
  // a range of `encoding.cleaned`. Precondition: `encoding` is this tokenizer's own, index <
  // tokens.size().
  [[nodiscard]] virtual Span word_of(const Encoding& encoding, std::size_t index) const;
  // The merges of `word`, such a word that is no special token. Errors: `unsupported` where the
  // tokenizer does not merge, `text-too-long` past kMaxMergedWordBytes.
  [[nodiscard]] virtual Result<MergeTree> merge_tree(std::string_view word) const;
};

inline constexpr std::size_t kMaxContextLength = std::size_t{1} << 20;

// `body` framed by `rule` and padded with `pad` to exactly `length` ids. What does not fit is an
// Error `context-too-long`, or with `truncate` cut, the end token kept. Error
// `bad-context-length` where the length is below the frame's own or above kMaxContextLength.
[[nodiscard]] Result<std::vector<std::uint32_t>> framed(std::span<const std::uint32_t> body,
                                                        const ContextRule& rule, std::size_t length,
                                                        bool truncate, std::uint32_t pad);

// The error of encode() for a text, or what cleaning made of it, of `size` bytes.
[[nodiscard]] Error text_too_long(std::string_view which, std::size_t size);
// The error of merge_tree() for a word of `size` bytes.
[[nodiscard]] Error word_too_long(std::size_t size);
// The error of decode() for an id that does not exist.
[[nodiscard]] Error bad_token_id(std::size_t index, std::uint32_t id, std::uint32_t size);

}  // namespace tagscope
