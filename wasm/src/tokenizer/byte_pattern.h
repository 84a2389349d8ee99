// The regular expressions by which byte-level tokenizers cut a text into words, written as code.
// Source: tiktoken, tiktoken_ext/openai_public.py, pat_str of gpt2, cl100k_base and o200k_base.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tagscope {

enum class BytePattern : std::uint8_t { gpt2, cl100k, o200k };

// The end of the word that begins at byte `at`; every byte belongs to one word. What stands
// before `at` does not matter. Linear in the text over all its words.
// Precondition: well-formed UTF-8; at < text.size(), where a character begins.
[[nodiscard]] std::size_t word_end(BytePattern pattern, std::string_view text, std::size_t at);

// The same for one pattern each, for loops.
template <BytePattern kPattern>
[[nodiscard]] std::size_t word_end(std::string_view text, std::size_t at);

}  // namespace tagscope
