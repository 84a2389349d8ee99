// Text to CLIP's token ids and back, as the implementations that share its vocabulary do it.
// Sources: openai/CLIP at commit d05afc43, clip/simple_tokenizer.py (SimpleTokenizer.encode,
// decode) and clip/clip.py (tokenize); mlfoundations/open_clip at commit 89fb801f, tokenizer.py;
// Hugging Face tokenizers 0.23 with the pipeline of transformers' CLIPConverter.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "tokenizer/clip_vocabulary.h"
#include "tokenizer/tokenizer.h"

namespace tagscope {

// The implementations differ in how they clean a text and in which literals and pattern they
// look for; one row each in clip_tokenizer.cpp. The last one has no name: openai as it was here
// before ftfy, with NFC in its place, which the first links of claims were made with.
enum class ClipProfile : std::uint8_t { openai, open_clip, hf_fast, openai_with_nfc };

// Their names in recipes, claims and on the command line, in the enum's order.
inline constexpr std::string_view kClipProfileNames[] = {"openai", "open_clip", "hf-fast"};

// The profile of that name, or an Error `unknown-profile`.
[[nodiscard]] Result<ClipProfile> clip_profile(std::string_view name);

// The text that is cut into tokens. Precondition: well-formed UTF-8; so is the result.
//   openai, open_clip: ftfy.fix_text (openai_with_nfc: NFC), html.unescape twice, strip, white
//   space to single spaces,
//     strip, lower case;
//   hf-fast: end tokens cut out, then NFC, white space to single spaces, the lower case of each
//     character by itself; nothing is stripped.
[[nodiscard]] std::string clip_clean(std::string_view text, ClipProfile profile);

// The tokens of a cleaned text, without start and end. Special literals in the text
// become the special tokens. Every byte outside white space belongs to exactly one
// token, in order. Ill-formed UTF-8 counts as symbols, byte sequence by byte sequence.
// (openai, open_clip: U+0345 belongs to none, as in the references.)
// Precondition: cleaned.size() <= kMaxTokenizedBytes.
[[nodiscard]] std::vector<Token> clip_tokenize(const ClipVocabulary& vocabulary,
                                               std::string_view cleaned, ClipProfile profile);

// The text cleaned and cut. hf-fast looks for end tokens in the raw text, so that what becomes
// their literal by cleaning is none. Error: `text-too-long`.
[[nodiscard]] Result<Encoding> clip_encode(const ClipVocabulary& vocabulary, std::string_view text,
                                           ClipProfile profile);

// The tokens' bytes as text: U+FFFD where they are not UTF-8, a space for the end of
// each word, special tokens as the profile's literals. Error `bad-token-id` where an id
// is not below ClipVocabulary::kSize; its `where` is "ids[i]".
[[nodiscard]] Result<std::string> clip_decode(const ClipVocabulary& vocabulary,
                                              std::span<const std::uint32_t> ids,
                                              ClipProfile profile = ClipProfile::openai);

inline constexpr std::size_t kClipContextLength = 77;

// Start, body, end; openai and open_clip fill up with 0, hf-fast with the end token; open_clip
// cuts what is too long.
[[nodiscard]] ContextRule clip_context_rule(ClipProfile profile);

// The tokenizer over `vocabulary`, which must outlive it.
[[nodiscard]] std::unique_ptr<Tokenizer> make_clip_tokenizer(const ClipVocabulary& vocabulary,
                                                             ClipProfile profile);

// Over all 26^letters lower-case strings of that many letters: how many are 1, 2, …
// tokens (index = tokens; [0] is 0). Precondition: 1 <= letters <= 4.
[[nodiscard]] std::vector<std::uint32_t> token_count_census(const ClipVocabulary& vocabulary,
                                                            unsigned letters);

}  // namespace tagscope
