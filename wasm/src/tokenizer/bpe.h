// Byte-pair encoding of one word. The definition and the argument: README.md.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tokenizer/clip_vocabulary.h"
#include "tokenizer/tokenizer.h"

namespace tagscope {

// Appends the tokens of `word`, a run of bytes whose last one ends a word: of all
// neighbours that the vocabulary merges, the pair of lowest rank, the leftmost
// first, is merged until none is left (openai/CLIP, SimpleTokenizer.bpe). O(n log n)
// for n bytes; an empty word has no tokens.
void append_bpe(std::vector<ClipVocabulary::Id>& ids, const ClipVocabulary& vocabulary,
                std::string_view word);

// How many tokens `word` has. Never allocates for words of up to kShortWordBytes.
[[nodiscard]] std::size_t count_bpe(const ClipVocabulary& vocabulary, std::string_view word);

inline constexpr std::size_t kShortWordBytes = 48;

// How `word` is merged, step by step; what is left are append_bpe's tokens. O(n²): for looking at.
[[nodiscard]] MergeTree bpe_merge_tree(const ClipVocabulary& vocabulary, std::string_view word);

}  // namespace tagscope
