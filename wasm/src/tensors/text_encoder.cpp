#include "tensors/text_encoder.h"

#include <algorithm>
#include <array>
#include <set>

#include "tensors/float32.h"

namespace tagscope {
namespace {

constexpr std::uint64_t kMaxLayers = 256;
constexpr std::size_t kNamedMissing = 8;

// How the tensors of an encoder are called after its prefix.
struct Naming {
  std::string_view token_embedding;
  std::string_view position_embedding;
  std::string_view blocks;  // then "3." and the names below, each with .weight and .bias
  std::string_view ln_1;
  std::string_view ln_2;
  bool packed;
  std::string_view attention_out;
  std::string_view mlp_in;
  std::string_view mlp_out;
  std::string_view ln_final;
};

constexpr Naming kTransformers = {.token_embedding = "embeddings.token_embedding.weight",
                                  .position_embedding = "embeddings.position_embedding.weight",
                                  .blocks = "encoder.layers.",
                                  .ln_1 = "layer_norm1.",
                                  .ln_2 = "layer_norm2.",
                                  .packed = false,
                                  .attention_out = "self_attn.out_proj.",
                                  .mlp_in = "mlp.fc1.",
                                  .mlp_out = "mlp.fc2.",
                                  .ln_final = "final_layer_norm."};

constexpr Naming kOpenClip = {.token_embedding = "token_embedding.weight",
                              .position_embedding = "positional_embedding",
                              .blocks = "transformer.resblocks.",
                              .ln_1 = "ln_1.",
                              .ln_2 = "ln_2.",
                              .packed = true,
                              .attention_out = "attn.out_proj.",
                              .mlp_in = "mlp.c_fc.",
                              .mlp_out = "mlp.c_proj.",
                              .ln_final = "ln_final."};

// What a layout says of an encoder under its prefix; empty where the width decides.
struct Place {
  std::string_view layout;
  std::string_view prefix;
  const Naming* naming;
  std::string_view kind;
  std::string_view conditioning;
};

// Key names agree with diffusers' single_file_utils.py and the original configurations:
// CompVis/stable-diffusion, Stability-AI/stablediffusion, Stability-AI/generative-models (SDXL and
// refiner), Stability-AI/sd3.5.
constexpr std::array<Place, 11> kPlaces = {{
    {"sd1", "cond_stage_model.transformer.text_model.", &kTransformers, "clip-l", "last"},
    {"sd1", "cond_stage_model.transformer.", &kTransformers, "clip-l", "last"},
    {"sd2", "cond_stage_model.model.", &kOpenClip, "openclip-h", "penultimate_ln"},
    {"sdxl", "conditioner.embedders.0.transformer.text_model.", &kTransformers, "clip-l",
     "penultimate"},
    {"sdxl", "conditioner.embedders.1.model.", &kOpenClip, "openclip-bigg", "penultimate"},
    {"refiner", "conditioner.embedders.0.model.", &kOpenClip, "openclip-bigg", "penultimate"},
    {"sd3", "text_encoders.clip_l.transformer.text_model.", &kTransformers, "clip-l",
     "penultimate"},
    {"sd3", "text_encoders.clip_g.transformer.text_model.", &kTransformers, "openclip-bigg",
     "penultimate"},
    {"transformers", "text_model.", &kTransformers, "", ""},
    {"transformers", "", &kTransformers, "", ""},
    {"openclip", "", &kOpenClip, "", ""},
}};

constexpr std::string_view kSd2InRefinersPlace = "openclip-h";

std::string_view kind_by_width(std::uint64_t width) {
  if (width == 768) return "clip-l";
  if (width == 1024) return "openclip-h";
  if (width == 1280) return "openclip-bigg";
  return "clip";
}

std::optional<Activation> activation_of(std::string_view kind) {
  if (kind == "clip-l") return Activation::kQuickGelu;
  if (kind == "openclip-h" || kind == "openclip-bigg") return Activation::kGelu;
  return std::nullopt;
}

bool found_at(const Safetensors& file, const Place& place) {
  const std::string prefix(place.prefix);
  const Naming& naming = *place.naming;
  const bool blocks = !file.with_prefix(prefix + std::string(naming.blocks)).empty();
  const bool embedding = file.find(prefix + std::string(naming.token_embedding)).has_value();
  // Other models call their blocks so too.
  if (prefix.empty()) return blocks && embedding;
  // SigLIP's text model, which has CLIP's names and no causal mask.
  if (prefix == "text_model." && file.find("text_model.head.weight")) return false;
  return blocks || embedding;
}

std::string written(std::span<const std::uint64_t> shape) {
  std::string text = "[";
  for (const std::uint64_t dimension : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(dimension);
  }
  return text + "]";
}

// Gathers the tensors of one encoder, and what is wrong with them.
class Gatherer {
 public:
  Gatherer(const Safetensors& file, const Place& place) : file_(file), place_(place) {}

  Result<TextEncoder> gather() {
    const Naming& naming = *place_.naming;
    TextEncoder encoder;
    encoder.layout = place_.layout;
    encoder.prefix = place_.prefix;
    const std::uint64_t layers = count_layers();
    if (layers > kMaxLayers) {
      return Error{.code = "encoder-shape",
                   .where = subject(),
                   .what = "has a layer " + std::to_string(layers - 1) + "; the limit is " +
                           std::to_string(kMaxLayers - 1)};
    }
    encoder.token_embedding = required(naming.token_embedding);
    encoder.position_embedding = required(naming.position_embedding);
    for (std::uint64_t i = 0; i < layers; ++i) {
      encoder.blocks.push_back(gather_block(std::string(naming.blocks) + std::to_string(i) + "."));
    }
    encoder.ln_final = affine(naming.ln_final);
    find_projection(encoder);
    if (!missing_.empty()) return missing();
    check_shapes(encoder);
    if (!error_.code.empty()) return error_;
    name_kind(encoder);
    encoder.unreadable = why_unreadable();
    return encoder;
  }

 private:
  std::string subject() const {
    return place_.prefix.empty() ? "the text encoder" : std::string(place_.prefix) + "*";
  }

  // One more than the highest number of a block, at least one.
  std::uint64_t count_layers() const {
    const std::string prefix = std::string(place_.prefix) + std::string(place_.naming->blocks);
    std::uint64_t layers = 1;
    for (const std::uint32_t i : file_.with_prefix(prefix)) {
      const std::string_view rest = file_.tensor(i).name.substr(prefix.size());
      std::uint64_t number = 0;
      std::size_t digits = 0;
      while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') {
        // Past the limit only that it is past it matters.
        if (number <= kMaxLayers) {
          number = number * 10 + static_cast<std::uint64_t>(rest[digits] - '0');
        }
        ++digits;
      }
      if (digits > 0) layers = std::max(layers, number + 1);
    }
    return layers;
  }

  Tensor required(std::string_view name) {
    std::string whole = std::string(place_.prefix) + std::string(name);
    const auto tensor = file_.find(whole);
    if (!tensor) {
      missing_.push_back(std::move(whole));
      return {};
    }
    used_.push_back(*tensor);
    return *tensor;
  }

  AffineTensors affine(std::string_view name) {
    const std::string stem(name);
    Tensor weight = required(stem + "weight");
    return {.weight = weight, .bias = required(stem + "bias")};
  }

  EncoderBlock gather_block(const std::string& stem) {
    const Naming& naming = *place_.naming;
    const auto at = [&](std::string_view name) { return affine(stem + std::string(name)); };
    EncoderBlock block;
    block.ln_1 = at(naming.ln_1);
    if (naming.packed) {
      Tensor weight = required(stem + "attn.in_proj_weight");
      block.attention = {{.weight = weight, .bias = required(stem + "attn.in_proj_bias")}};
    } else {
      for (const char* name : {"self_attn.q_proj.", "self_attn.k_proj.", "self_attn.v_proj."}) {
        block.attention.push_back(at(name));
      }
    }
    block.attention_out = at(naming.attention_out);
    block.ln_2 = at(naming.ln_2);
    block.mlp_in = at(naming.mlp_in);
    block.mlp_out = at(naming.mlp_out);
    return block;
  }

  void find_projection(TextEncoder& encoder) {
    constexpr std::string_view kInner = "text_model.";
    std::string root(place_.prefix);
    encoder.projection_transposed = !place_.naming->packed;
    if (encoder.projection_transposed && root.ends_with(kInner)) {
      root.resize(root.size() - kInner.size());
    }
    encoder.text_projection =
        file_.find(root + (place_.naming->packed ? "text_projection" : "text_projection.weight"));
    if (encoder.text_projection) used_.push_back(*encoder.text_projection);
  }

  Error missing() const {
    std::string names;
    for (std::size_t i = 0; i < std::min(missing_.size(), kNamedMissing); ++i) {
      names += (i == 0 ? "" : ", ") + missing_[i];
    }
    if (missing_.size() > kNamedMissing) {
      names += " and " + std::to_string(missing_.size() - kNamedMissing) + " more";
    }
    return {.code = "encoder-incomplete",
            .where = subject(),
            .what = "lacks " + std::to_string(missing_.size()) +
                    (missing_.size() == 1 ? " tensor: " : " tensors: ") + names};
  }

  // Keeps the first error only.
  void check(const Tensor& tensor, std::initializer_list<std::uint64_t> expected) {
    if (!error_.code.empty()) return;
    if (std::equal(tensor.shape.begin(), tensor.shape.end(), expected.begin(), expected.end())) {
      return;
    }
    wrong_shape(tensor, written({expected.begin(), expected.size()}));
  }

  void check(const AffineTensors& layer_norm, std::uint64_t width) {
    check(layer_norm.weight, {width});
    check(layer_norm.bias, {width});
  }

  void check(const AffineTensors& linear, std::uint64_t out, std::uint64_t in) {
    check(linear.weight, {out, in});
    check(linear.bias, {out});
  }

  bool is_matrix(const Tensor& tensor, const std::string& expected) {
    if (!error_.code.empty()) return false;
    if (tensor.shape.size() == 2 && tensor.shape[0] > 0 && tensor.shape[1] > 0) return true;
    wrong_shape(tensor, expected);
    return false;
  }

  void wrong_shape(const Tensor& tensor, const std::string& expected) {
    error_ = {.code = "encoder-shape",
              .where = "tensor \"" + std::string(tensor.name) + "\"",
              .what = "has the shape " + written(tensor.shape) + "; its encoder needs " + expected};
  }

  void check_shapes(const TextEncoder& encoder) {
    if (!is_matrix(encoder.token_embedding, "[vocabulary, width]") ||
        !is_matrix(encoder.position_embedding, "[positions, width]")) {
      return;
    }
    const std::uint64_t width = encoder.width();
    check(encoder.position_embedding, {encoder.position_embedding.shape[0], width});
    for (const EncoderBlock& block : encoder.blocks) {
      check(block.ln_1, width);
      for (const AffineTensors& part : block.attention) {
        check(part, place_.naming->packed ? 3 * width : width, width);
      }
      check(block.attention_out, width, width);
      check(block.ln_2, width);
      // Every block is as wide as the first.
      const Tensor& first = encoder.blocks.front().mlp_in.weight;
      if (!is_matrix(first, "[inner width, width]")) return;
      check(block.mlp_in, first.shape[0], width);
      check(block.mlp_out, width, first.shape[0]);
    }
    check(encoder.ln_final, width);
    if (!encoder.text_projection) return;
    const Tensor& projection = *encoder.text_projection;
    if (!is_matrix(projection, "[width, width of the projection]")) return;
    if (encoder.projection_transposed) {
      check(projection, {projection.shape[0], width});
    } else {
      check(projection, {width, projection.shape[1]});
    }
  }

  void name_kind(TextEncoder& encoder) const {
    encoder.kind = place_.kind.empty() ? kind_by_width(encoder.width()) : place_.kind;
    encoder.conditioning = place_.conditioning;
    if (place_.layout == "refiner" && kind_by_width(encoder.width()) == kSd2InRefinersPlace) {
      encoder.layout = "sd2";
      encoder.kind = kSd2InRefinersPlace;
      encoder.conditioning = "penultimate_ln";
    }
    encoder.activation = activation_of(encoder.kind);
  }

  std::string why_unreadable() const {
    for (const Tensor& tensor : used_) {
      if (!is_readable(tensor.dtype)) {
        return "\"" + std::string(tensor.name) + "\" is " + std::string(name_of(tensor.dtype)) +
               ", which is not read as float32";
      }
      // ComfyUI's and others' scaled float8: what is stored times what stands beside it.
      constexpr std::string_view kWeight = "weight";
      if (!tensor.name.ends_with(kWeight)) continue;
      std::string stem(tensor.name.substr(0, tensor.name.size() - kWeight.size()));
      for (const char* scale : {"scale_weight", "weight_scale"}) {
        if (file_.find(stem + scale)) {
          return "\"" + stem + scale + "\" scales the weights beside it, which is not read";
        }
      }
    }
    return "";
  }

  const Safetensors& file_;
  const Place& place_;
  std::vector<Tensor> used_;
  std::vector<std::string> missing_;
  Error error_{};
};

Json to_json(const AffineTensors& affine) {
  return {{"weight", to_json(affine.weight)}, {"bias", to_json(affine.bias)}};
}

Json to_json(const EncoderBlock& block) {
  const auto& parts = block.attention;
  Json attention = parts.size() == 1 ? Json{{"packed", to_json(parts[0])}}
                                     : Json{{"query", to_json(parts[0])},
                                            {"key", to_json(parts[1])},
                                            {"value", to_json(parts[2])}};
  return {{"ln_1", to_json(block.ln_1)},
          {"attention", std::move(attention)},
          {"attention_out", to_json(block.attention_out)},
          {"ln_2", to_json(block.ln_2)},
          {"mlp_in", to_json(block.mlp_in)},
          {"mlp_out", to_json(block.mlp_out)}};
}

std::string_view dtype_of(const TextEncoder& encoder) {
  std::set<DType> dtypes;
  const auto add = [&](const AffineTensors& affine) {
    dtypes.insert(affine.weight.dtype);
    dtypes.insert(affine.bias.dtype);
  };
  dtypes.insert(encoder.token_embedding.dtype);
  dtypes.insert(encoder.position_embedding.dtype);
  for (const EncoderBlock& block : encoder.blocks) {
    for (const AffineTensors& part : block.attention) add(part);
    for (const auto& affine :
         {block.ln_1, block.attention_out, block.ln_2, block.mlp_in, block.mlp_out}) {
      add(affine);
    }
  }
  add(encoder.ln_final);
  if (encoder.text_projection) dtypes.insert(encoder.text_projection->dtype);
  return dtypes.size() == 1 ? name_of(*dtypes.begin()) : "mixed";
}

Json or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

}  // namespace

TextEncoders find_text_encoders(const Safetensors& file) {
  TextEncoders found;
  for (const Place& place : kPlaces) {
    if (!found_at(file, place)) continue;
    auto encoder = Gatherer(file, place).gather();
    if (encoder) {
      found.whole.push_back(*std::move(encoder));
    } else {
      found.unfit.push_back({.layout = place.layout,
                             .prefix = place.prefix,
                             .error = std::move(encoder).error()});
    }
  }
  return found;
}

Json to_json(const Tensor& tensor) {
  return {{"name", tensor.name},
          {"dtype", name_of(tensor.dtype)},
          {"shape", Json::array(tensor.shape)},
          {"begin", tensor.begin},
          {"end", tensor.end}};
}

Json to_json(const TextEncoder& encoder) {
  Json blocks = Json::array();
  for (const EncoderBlock& block : encoder.blocks) blocks.push_back(to_json(block));
  Json projection;
  Json projected;
  if (encoder.text_projection) {
    const Tensor& tensor = *encoder.text_projection;
    projection = {{"tensor", to_json(tensor)}, {"transposed", encoder.projection_transposed}};
    projected = tensor.shape[encoder.projection_transposed ? 0 : 1];
  }
  Json weights = {{"token_embedding", to_json(encoder.token_embedding)},
                  {"position_embedding", to_json(encoder.position_embedding)},
                  {"blocks", std::move(blocks)},
                  {"ln_final", to_json(encoder.ln_final)},
                  {"text_projection", std::move(projection)}};
  Json activation;
  if (encoder.activation) {
    activation = *encoder.activation == Activation::kGelu ? "gelu" : "quick_gelu";
  }
  return {{"kind", encoder.kind},
          {"layout", encoder.layout},
          {"prefix", encoder.prefix},
          {"layers", encoder.blocks.size()},
          {"width", encoder.width()},
          {"heads", encoder.heads() == 0 ? Json() : Json(encoder.heads())},
          {"inner", encoder.blocks.front().mlp_in.weight.shape[0]},
          {"vocab", encoder.vocab()},
          {"context", encoder.position_embedding.shape[0]},
          {"dtype", dtype_of(encoder)},
          {"activation", std::move(activation)},
          {"projection", std::move(projected)},
          {"conditioning", or_null(encoder.conditioning)},
          {"unreadable", or_null(encoder.unreadable)},
          {"weights", std::move(weights)}};
}

Json to_json(const UnfitEncoder& encoder) {
  return {{"layout", encoder.layout},
          {"prefix", encoder.prefix},
          {"error", to_json(encoder.error)}};
}

}  // namespace tagscope
