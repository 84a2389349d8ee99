// A tokenizer as a Hugging Face tokenizer.json describes it: text to ids and back.
//
// What the file says of the model, its normalizer, pre-tokenizer, added tokens and decoder is
// followed; README.md lists what is understood, and anything else is an error that names its
// place in the file. Ids are those of the text alone: the tokens that "post_processor" would put
// around it are the context rule's. "truncation" and "padding" change no ids.
#pragma once

#include <memory>
#include <string_view>

#include "core/result.h"
#include "tokenizer/tokenizer.h"

namespace tagscope {

// What ids may stand for.
inline constexpr std::size_t kMaxDecodedBytes = std::size_t{64} << 20;

// Larger files are refused.
inline constexpr std::size_t kMaxTokenizerJsonBytes = std::size_t{64} << 20;

// Reads the file's text. Errors: `bad-json`, `too-large`; `bad-tokenizer` where the file is not as
// the format wants it, `unsupported-tokenizer` where it asks for what is not supported; their
// `where` is the place in the file ("pre_tokenizer.pretokenizers[0].pattern.Regex").
[[nodiscard]] Result<std::unique_ptr<Tokenizer>> read_json_tokenizer(std::string_view file);

}  // namespace tagscope
