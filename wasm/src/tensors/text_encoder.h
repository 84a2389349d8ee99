// The CLIP text encoders in a file, found by the names of its tensors: the layouts of Stable
// Diffusion 1, 2, XL and its refiner, and 3; of transformers; of OpenAI's and OpenCLIP's own
// files. Names agree with openai/CLIP (clip/model.py), mlfoundations/open_clip
// (src/open_clip/transformer.py) and transformers (models/clip/modeling_clip.py).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "json/json.h"
#include "tensors/safetensors.h"

namespace tagscope {

enum class Activation : std::uint8_t { kQuickGelu, kGelu };

// A linear map [out, in] or a LayerNorm [width].
struct AffineTensors {
  Tensor weight;
  Tensor bias;
};

struct EncoderBlock {
  AffineTensors ln_1;
  // One that holds query, key and value in this order, [3 width, width]; or three of them,
  // [width, width].
  std::vector<AffineTensors> attention;
  AffineTensors attention_out;
  AffineTensors ln_2;
  AffineTensors mlp_in;   // [inner, width]
  AffineTensors mlp_out;  // [width, inner]
};

// Tensors are those of the file's header and live as long as it does.
struct TextEncoder {
  std::string_view kind;          // clip-l, openclip-h, openclip-bigg; clip where nothing tells
  std::string_view layout;        // sd1, sd2, sdxl, refiner, sd3, transformers, openclip
  std::string_view prefix;        // of all its names
  std::string_view conditioning;  // last, penultimate, penultimate_ln; empty where not named
  // Not in any file: the layout's; else the width's (768: quick_gelu, 1024 and 1280: gelu).
  std::optional<Activation> activation;

  Tensor token_embedding;     // [vocab, width]
  Tensor position_embedding;  // [context, width]
  std::vector<EncoderBlock> blocks;
  AffineTensors ln_final;
  std::optional<Tensor> text_projection;
  // transformers stores [out, width] and uses x · Pᵀ, OpenCLIP [width, out] and x · P.
  bool projection_transposed = false;

  // Why the weights cannot be read as float32; empty where they can.
  std::string unreadable;

  [[nodiscard]] std::uint64_t vocab() const { return token_embedding.shape[0]; }
  [[nodiscard]] std::uint64_t width() const { return token_embedding.shape[1]; }
  // Not in any file either: width / 64, as in the real models; 0 where that is no whole number.
  [[nodiscard]] std::uint64_t heads() const { return width() % 64 == 0 ? width() / 64 : 0; }
};

// What is there of an encoder that cannot be used, and why; error.where is the prefix or
// `tensor "NAME"`. `encoder-incomplete` names what is missing, `encoder-shape` a tensor whose
// shape does not fit the others.
struct UnfitEncoder {
  std::string_view layout;
  std::string_view prefix;
  Error error;
};

// Each in the order in which the layout numbers them.
struct TextEncoders {
  std::vector<TextEncoder> whole;
  std::vector<UnfitEncoder> unfit;
};

// Both are empty where there is none.
[[nodiscard]] TextEncoders find_text_encoders(const Safetensors& file);

// StoredTensor, CheckpointEncoder and UnfitEncoder of web/src/protocol/checkpoint.ts.
[[nodiscard]] Json to_json(const Tensor& tensor);
[[nodiscard]] Json to_json(const TextEncoder& encoder);
[[nodiscard]] Json to_json(const UnfitEncoder& encoder);

}  // namespace tagscope
