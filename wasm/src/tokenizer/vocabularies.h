// The vocabularies of the methods that cut text, by name, as whoever fetches their files knows
// them.
#pragma once

#include <string_view>

#include "core/result.h"

namespace tagscope {

// `packed`: what scripts/pack-*-vocabulary.mjs packs. Errors: those of load_clip_vocabulary() and
// load_byte_vocabulary(); `bad-argument` for a name that is none of clip, gpt2, cl100k, o200k.
[[nodiscard]] Status load_method_vocabulary(std::string_view name, std::string_view packed);

}  // namespace tagscope
