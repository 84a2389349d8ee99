// GPT-2's, cl100k's and o200k's tokenizers: text to ids and back. Source: tiktoken,
// CoreBPE::encode_ordinary, encode and decode.
#pragma once

#include <memory>

#include "tokenizer/byte_vocabulary.h"
#include "tokenizer/tokenizer.h"

namespace tagscope {

// Text is not cleaned. Special tokens in it are ordinary text, or themselves where asked for; what
// stands between two of them is then cut as a text of its own. Every byte belongs to one token.
// The vocabulary must outlive the tokenizer.
[[nodiscard]] std::unique_ptr<Tokenizer> make_byte_tokenizer(const ByteVocabulary& vocabulary);

}  // namespace tagscope
