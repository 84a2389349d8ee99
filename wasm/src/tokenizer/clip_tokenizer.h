// Text to CLIP's token ids and back. Source: openai/CLIP at commit d05afc43,
// clip/simple_tokenizer.py (SimpleTokenizer.encode, decode) and clip/clip.py (tokenize).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "tokenizer/clip_vocabulary.h"

namespace tagscope {

// One token; begin and end are byte offsets in the cleaned text.
struct ClipToken {
  std::uint32_t id;
  std::uint32_t begin;
  std::uint32_t end;
};

// The implementations that share this vocabulary differ in how they clean a text
// and in which literals and pattern they look for; one row each in clip_tokenizer.cpp.
enum class ClipProfile : std::uint8_t { openai };

// Their names in recipes, claims and on the command line, in the enum's order.
inline constexpr std::string_view kClipProfileNames[] = {"openai"};

// The profile of that name, or an Error `unknown-profile`.
[[nodiscard]] Result<ClipProfile> clip_profile(std::string_view name);

// Memory for tokens is bounded by the text's; past this, a call is refused.
inline constexpr std::size_t kMaxClipTextBytes = std::size_t{16} << 20;

// The text that is cut into tokens. openai: NFC (where the reference runs
// ftfy.fix_text), html.unescape twice, strip, white space to single spaces, strip,
// lower case. Precondition: well-formed UTF-8; so is the result.
[[nodiscard]] std::string clip_clean(std::string_view text, ClipProfile profile);

// The tokens of a cleaned text, without start and end. Special literals in the text
// become the special tokens. Every byte outside white space belongs to exactly one
// token, in order. Ill-formed UTF-8 counts as symbols, byte sequence by byte sequence.
// (openai: U+0345 belongs to none, as in the reference.)
// Precondition: cleaned.size() <= kMaxClipTextBytes.
[[nodiscard]] std::vector<ClipToken> clip_tokenize(const ClipVocabulary& vocabulary,
                                                   std::string_view cleaned, ClipProfile profile);

struct ClipEncoding {
  std::string cleaned;
  std::vector<ClipToken> tokens;

  [[nodiscard]] std::vector<std::uint32_t> ids() const;
};

// clip_clean and clip_tokenize in one. Error: `text-too-long`.
[[nodiscard]] Result<ClipEncoding> clip_encode(const ClipVocabulary& vocabulary,
                                               std::string_view text, ClipProfile profile);

// The tokens' bytes as text: U+FFFD where they are not UTF-8, a space for the end of
// each word, special tokens as their literals. Error `bad-token-id` where an id is
// not below ClipVocabulary::kSize; its `where` is "ids[i]".
[[nodiscard]] Result<std::string> clip_decode(const ClipVocabulary& vocabulary,
                                              std::span<const std::uint32_t> ids);

inline constexpr std::size_t kClipContextLength = 77;
inline constexpr std::size_t kMaxClipContextLength = std::size_t{1} << 20;

// Start, `body`, end, then `pad` up to exactly `length` ids, as clip.tokenize. What
// does not fit is an Error `context-too-long`, or with `truncate` cut so that the last
// id is the end token. Error `bad-context-length` outside 2 … kMaxClipContextLength.
[[nodiscard]] Result<std::vector<std::uint32_t>> clip_context(std::span<const std::uint32_t> body,
                                                              std::size_t length, bool truncate,
                                                              std::uint32_t pad);

// Over all 26^letters lower-case strings of that many letters: how many are 1, 2, …
// tokens (index = tokens; [0] is 0). Precondition: 1 <= letters <= 4.
[[nodiscard]] std::vector<std::uint32_t> token_count_census(const ClipVocabulary& vocabulary,
                                                            unsigned letters);

}  // namespace tagscope
