// The vectors that a textual inversion taught: they stand in place of rows of a token embedding.
#pragma once

#include <cstdint>

#include "core/result.h"
#include "tensors/safetensors.h"

namespace tagscope {

// The tensor of a textual inversion for an encoder of that width: [width] or [n, width]. Its name
// is emb_params (AUTOMATIC1111), clip_l or clip_g (SDXL), or a word (the sd-concepts library
// and diffusers: "<cat-toy>"), which any name may be where it is the file's only tensor. Error:
// `no-inversion`, which says what the file has instead.
[[nodiscard]] Result<Tensor> find_textual_inversion(const Safetensors& file, std::uint64_t width);

}  // namespace tagscope
