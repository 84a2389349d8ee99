#include "tensors/text_encoder.h"

#include <gtest/gtest.h>

#include <map>

#include "support/files.h"
#include "support/safetensors.h"
#include "tensors/inspect.h"

namespace tagscope {
namespace {

using Shape = std::vector<std::uint64_t>;
// Shapes by name; what a file is made of.
using Shapes = std::map<std::string, Shape>;

struct Size {
  std::uint64_t layers = 2;
  std::uint64_t width = 64;
  std::uint64_t vocab = 10;
  std::uint64_t context = 7;
};

// Names as modeling_clip.py (transformers) has them.
void add_transformers(Shapes& shapes, const std::string& prefix, Size size = {}) {
  const auto w = size.width;
  const auto affine = [&](const std::string& name, const Shape& weight) {
    shapes[prefix + name + ".weight"] = weight;
    shapes[prefix + name + ".bias"] = {weight[0]};
  };
  shapes[prefix + "embeddings.token_embedding.weight"] = {size.vocab, w};
  shapes[prefix + "embeddings.position_embedding.weight"] = {size.context, w};
  for (std::uint64_t i = 0; i < size.layers; ++i) {
    const std::string layer = "encoder.layers." + std::to_string(i) + ".";
    for (const char* name : {"q_proj", "k_proj", "v_proj", "out_proj"}) {
      affine(layer + "self_attn." + name, {w, w});
    }
    affine(layer + "layer_norm1", {w});
    affine(layer + "layer_norm2", {w});
    affine(layer + "mlp.fc1", {4 * w, w});
    affine(layer + "mlp.fc2", {w, 4 * w});
  }
  affine("final_layer_norm", {w});
}

// Names as clip/model.py (openai/CLIP) and transformer.py (open_clip) have them.
void add_open_clip(Shapes& shapes, const std::string& prefix, Size size = {}) {
  const auto w = size.width;
  const auto affine = [&](const std::string& name, const Shape& weight) {
    shapes[prefix + name + ".weight"] = weight;
    shapes[prefix + name + ".bias"] = {weight[0]};
  };
  shapes[prefix + "token_embedding.weight"] = {size.vocab, w};
  shapes[prefix + "positional_embedding"] = {size.context, w};
  for (std::uint64_t i = 0; i < size.layers; ++i) {
    const std::string block = "transformer.resblocks." + std::to_string(i) + ".";
    shapes[prefix + block + "attn.in_proj_weight"] = {3 * w, w};
    shapes[prefix + block + "attn.in_proj_bias"] = {3 * w};
    affine(block + "attn.out_proj", {w, w});
    affine(block + "ln_1", {w});
    affine(block + "ln_2", {w});
    affine(block + "mlp.c_fc", {4 * w, w});
    affine(block + "mlp.c_proj", {w, 4 * w});
  }
  affine("ln_final", {w});
  shapes[prefix + "text_projection"] = {w, 48};
  shapes[prefix + "logit_scale"] = {};
}

// A header whose tensors lie in the order of their names; there are no data.
Result<Safetensors> file_of(const Shapes& shapes,
                            const std::map<std::string, std::string>& dtypes = {}) {
  nlohmann::json header = nlohmann::json::object();
  std::uint64_t at = 0;
  for (const auto& [name, shape] : shapes) {
    const auto dtype = dtypes.contains(name) ? dtypes.at(name) : "F16";
    std::uint64_t bytes = bits_of(*find_dtype(dtype)) / 8;
    for (const auto dimension : shape) bytes *= dimension;
    header[name] = {{"dtype", dtype}, {"shape", shape}, {"data_offsets", {at, at + bytes}}};
    at += bytes;
  }
  std::string text = header.dump();
  const std::uint64_t file_bytes = kHeaderLengthBytes + text.size() + at;
  return read_safetensors(std::move(text), file_bytes);
}

std::string summary(const TextEncoder& encoder) {
  std::string text = std::string(encoder.layout) + " " + std::string(encoder.kind) + " ";
  text += encoder.activation ? *encoder.activation == Activation::kGelu ? "gelu" : "quick_gelu"
                             : "unknown";
  text += " " + std::string(encoder.conditioning.empty() ? "-" : encoder.conditioning);
  return text + " " + std::string(encoder.prefix);
}

std::vector<std::string> summaries(const Shapes& shapes) {
  const auto file = file_of(shapes);
  EXPECT_TRUE(file.ok());
  const auto [whole, unfit] = find_text_encoders(*file);
  for (const UnfitEncoder& encoder : unfit) {
    ADD_FAILURE() << encoder.error.where << ": " << encoder.error.what;
  }
  std::vector<std::string> found;
  for (const TextEncoder& encoder : whole) found.push_back(summary(encoder));
  return found;
}

using Strings = std::vector<std::string>;

TEST(TextEncoders, EveryLayoutIsFoundByItsNames) {
  const auto transformers = [](const std::string& prefix, std::uint64_t width = 64) {
    Shapes shapes = {{"model.diffusion_model.out.2.weight", {4, 3}}};
    add_transformers(shapes, prefix, {.width = width});
    return summaries(shapes);
  };
  const auto open_clip = [](const std::string& prefix, std::uint64_t width = 64) {
    Shapes shapes = {{"visual.proj", {4, 3}}};
    add_open_clip(shapes, prefix, {.width = width});
    return summaries(shapes);
  };
  EXPECT_EQ(transformers("cond_stage_model.transformer.text_model."),
            Strings{"sd1 clip-l quick_gelu last cond_stage_model.transformer.text_model."});
  EXPECT_EQ(transformers("cond_stage_model.transformer."),
            Strings{"sd1 clip-l quick_gelu last cond_stage_model.transformer."});
  EXPECT_EQ(open_clip("cond_stage_model.model."),
            Strings{"sd2 openclip-h gelu penultimate_ln cond_stage_model.model."});
  EXPECT_EQ(open_clip("conditioner.embedders.0.model."),
            Strings{"refiner openclip-bigg gelu penultimate conditioner.embedders.0.model."});
  EXPECT_EQ(open_clip("conditioner.embedders.0.model.", 1280),
            Strings{"refiner openclip-bigg gelu penultimate conditioner.embedders.0.model."});
  EXPECT_EQ(open_clip("conditioner.embedders.0.model.", 1024),
            Strings{"sd2 openclip-h gelu penultimate_ln conditioner.embedders.0.model."});
  EXPECT_EQ(transformers("text_model.", 768),
            Strings{"transformers clip-l quick_gelu - text_model."});
  EXPECT_EQ(transformers("text_model.", 1280),
            Strings{"transformers openclip-bigg gelu - text_model."});
  EXPECT_EQ(transformers("text_model."), Strings{"transformers clip unknown - text_model."});
  EXPECT_EQ(transformers("", 768), Strings{"transformers clip-l quick_gelu - "});
  EXPECT_EQ(open_clip("", 768), Strings{"openclip clip-l quick_gelu - "});
  EXPECT_EQ(open_clip("", 1024), Strings{"openclip openclip-h gelu - "});
  EXPECT_EQ(open_clip(""), Strings{"openclip clip unknown - "});
}

TEST(TextEncoders, BothOfSdxlAndOfSd3InTheirOrder) {
  Shapes sdxl;
  add_open_clip(sdxl, "conditioner.embedders.1.model.", {.width = 80});
  add_transformers(sdxl, "conditioner.embedders.0.transformer.text_model.");
  EXPECT_EQ(summaries(sdxl),
            (Strings{"sdxl clip-l quick_gelu penultimate "
                     "conditioner.embedders.0.transformer.text_model.",
                     "sdxl openclip-bigg gelu penultimate conditioner.embedders.1.model."}));
  Shapes sd3 = {{"text_encoders.t5xxl.transformer.shared.weight", {4, 3}}};
  add_transformers(sd3, "text_encoders.clip_g.transformer.text_model.");
  add_transformers(sd3, "text_encoders.clip_l.transformer.text_model.");
  EXPECT_EQ(summaries(sd3), (Strings{"sd3 clip-l quick_gelu penultimate "
                                     "text_encoders.clip_l.transformer.text_model.",
                                     "sd3 openclip-bigg gelu penultimate "
                                     "text_encoders.clip_g.transformer.text_model."}));
}

TEST(TextEncoders, FindsTheProjectionBesideTheModel) {
  Shapes shapes;
  add_transformers(shapes, "text_encoders.clip_g.transformer.text_model.");
  shapes["text_encoders.clip_g.transformer.text_projection.weight"] = {48, 64};
  add_open_clip(shapes, "");
  const auto file = file_of(shapes);
  ASSERT_TRUE(file.ok());
  const auto encoders = find_text_encoders(*file).whole;
  ASSERT_EQ(encoders.size(), 2U);
  const TextEncoder& first = encoders.front();
  ASSERT_TRUE(first.text_projection.has_value());
  EXPECT_EQ(first.text_projection->name, "text_encoders.clip_g.transformer.text_projection.weight");
  EXPECT_TRUE(first.projection_transposed);
  const TextEncoder& second = encoders.back();
  ASSERT_TRUE(second.text_projection.has_value());
  EXPECT_FALSE(second.projection_transposed);
  for (const TextEncoder& encoder : encoders) {
    EXPECT_EQ(to_json(encoder)["projection"].number(), 48);
  }
}

// What else is called so: other models' blocks, and SigLIP's text model.
TEST(TextEncoders, OtherModelsAreNone) {
  Shapes blocks;
  add_transformers(blocks, "");
  blocks.erase("embeddings.token_embedding.weight");
  EXPECT_EQ(summaries(blocks), Strings{});
  EXPECT_EQ(summaries({{"token_embedding.weight", {4, 3}}}), Strings{});
  EXPECT_EQ(summaries({{"model.diffusion_model.out.2.weight", {4, 3}}}), Strings{});
  EXPECT_EQ(summaries({}), Strings{});
  Shapes siglip;
  add_transformers(siglip, "text_model.");
  siglip["text_model.head.weight"] = {64, 64};
  EXPECT_EQ(summaries(siglip), Strings{});
}

Error error_of(const Shapes& shapes) {
  const auto file = file_of(shapes);
  EXPECT_TRUE(file.ok());
  const auto [whole, unfit] = find_text_encoders(*file);
  EXPECT_TRUE(whole.empty());
  EXPECT_EQ(unfit.size(), 1U);
  return unfit.empty() ? Error{} : unfit.front().error;
}

TEST(TextEncoders, MissingTensorsAreNamed) {
  const std::string prefix = "cond_stage_model.transformer.text_model.";
  Shapes whole;
  add_transformers(whole, prefix);
  std::size_t required = 0;
  for (const auto& [name, shape] : whole) {
    if (name.find(".layers.1.") == std::string::npos) ++required;
    Shapes shapes = whole;
    shapes.erase(name);
    const Error error = error_of(shapes);
    EXPECT_EQ(error.code, "encoder-incomplete");
    EXPECT_EQ(error.where, prefix + "*");
    EXPECT_EQ(error.what, "lacks 1 tensor: " + name);
  }
  EXPECT_EQ(required, 2U + 16U + 2U);
  // A layer left out is not a shorter model.
  Shapes gap = whole;
  for (const auto& [name, shape] : whole) {
    if (name.find(".layers.0.") != std::string::npos) gap.erase(name);
  }
  const Error error = error_of(gap);
  EXPECT_TRUE(error.what.starts_with("lacks 16 tensors: " + prefix + "encoder.layers.0."));
  EXPECT_TRUE(error.what.ends_with(" and 8 more"));
  // An embedding alone is an encoder that lacks its blocks.
  EXPECT_EQ(error_of({{prefix + "embeddings.token_embedding.weight", {4, 3}}}).code,
            "encoder-incomplete");
}

TEST(TextEncoders, OneThatIsUnfitHidesNoOther) {
  Shapes sdxl;
  add_open_clip(sdxl, "conditioner.embedders.1.model.");
  add_transformers(sdxl, "conditioner.embedders.0.transformer.text_model.");
  sdxl.erase("conditioner.embedders.0.transformer.text_model.final_layer_norm.bias");
  const auto file = file_of(sdxl);
  ASSERT_TRUE(file.ok());
  const auto [whole, unfit] = find_text_encoders(*file);
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(whole[0].prefix, "conditioner.embedders.1.model.");
  ASSERT_EQ(unfit.size(), 1U);
  EXPECT_EQ(unfit[0].layout, "sdxl");
  EXPECT_EQ(unfit[0].prefix, "conditioner.embedders.0.transformer.text_model.");
}

TEST(TextEncoders, ALayerNumberHasALimit) {
  const std::string prefix = "cond_stage_model.transformer.";
  for (const char* number : {"256", "99999999999999999999999"}) {
    Shapes shapes;
    add_transformers(shapes, prefix);
    shapes[prefix + "encoder.layers." + number + ".mlp.fc1.bias"] = {4};
    EXPECT_EQ(error_of(shapes).code, "encoder-shape");
  }
}

TEST(TextEncoders, ShapesMustFitEachOther) {
  Shapes hf;
  Shapes open;
  add_transformers(hf, "text_model.");
  hf["text_projection.weight"] = {48, 64};
  add_open_clip(open, "cond_stage_model.model.");
  open.erase("cond_stage_model.model.logit_scale");
  for (const Shapes& whole : {hf, open}) {
    for (const auto& [name, shape] : whole) {
      Shapes shapes = whole;
      shapes[name] = {5, 5, 5};
      const Error error = error_of(shapes);
      EXPECT_EQ(error.code, "encoder-shape");
      EXPECT_EQ(error.where, "tensor \"" + name + "\"");
      EXPECT_TRUE(error.what.starts_with("has the shape [5, 5, 5]; its encoder needs ["))
          << error.what;
    }
  }
  // The last dimension must be the width.
  for (const char* name :
       {"text_model.embeddings.position_embedding.weight",
        "text_model.encoder.layers.1.mlp.fc2.weight", "text_projection.weight"}) {
    Shapes shapes = hf;
    shapes[name][1] += 1;
    EXPECT_EQ(error_of(shapes).where, "tensor \"" + std::string(name) + "\"");
  }
  Shapes empty = hf;
  empty["text_model.embeddings.token_embedding.weight"] = {0, 64};
  EXPECT_EQ(error_of(empty).code, "encoder-shape");
}

TEST(TextEncoders, SaysWhyWeightsCannotBeRead) {
  Shapes shapes;
  add_transformers(shapes, "text_model.");
  const std::string weight = "text_model.encoder.layers.1.mlp.fc1.weight";
  const auto unreadable = [&](const std::map<std::string, std::string>& dtypes) {
    const auto file = file_of(shapes, dtypes);
    EXPECT_TRUE(file.ok());
    return find_text_encoders(*file).whole.front().unreadable;
  };
  EXPECT_EQ(unreadable({}), "");
  EXPECT_EQ(unreadable({{weight, "F8_E4M3"}}), "");
  EXPECT_EQ(unreadable({{weight, "I8"}}), "\"" + weight + "\" is I8, which is not read as float32");
  shapes["text_model.encoder.layers.1.mlp.fc1.scale_weight"] = {1};
  EXPECT_EQ(unreadable({{weight, "F8_E4M3"}}),
            "\"text_model.encoder.layers.1.mlp.fc1.scale_weight\" scales the weights beside it, "
            "which is not read");
}

TEST(TextEncoders, HeadsAreWidthBy64OrHaveToBeTold) {
  for (const auto& [width, heads] : std::map<std::uint64_t, std::uint64_t>{
           {64, 1}, {80, 0}, {768, 12}, {1024, 16}, {1280, 20}}) {
    Shapes shapes;
    add_transformers(shapes, "text_model.", {.width = width});
    const auto file = file_of(shapes);
    const TextEncoder encoder = find_text_encoders(*file).whole.front();
    EXPECT_EQ(encoder.heads(), heads);
    const Json json = to_json(encoder);
    EXPECT_EQ(json["heads"].is_null(), heads == 0);
  }
}

// openai/CLIP's and open_clip's tiny models in the files of index.json.
TEST(Inspect, RecognisesTheGoldenFilesAsListed) {
  const std::map<std::string, std::string> layouts = {{"hf_l", "transformers"},
                                                      {"hf_g", "transformers"}};
  const auto index = testing::read_json("vectors/encoder/index.json");
  for (const auto& [name, item] : index["files"].items()) {
    SCOPED_TRACE(name);
    const std::string bytes = testing::read_file("vectors/encoder/" + name);
    const auto length = read_header_length(std::string_view(bytes).substr(0, 9), bytes.size());
    ASSERT_TRUE(length.ok());
    const auto inspected = inspect_safetensors(bytes.substr(8, *length), bytes.size(), true);
    ASSERT_TRUE(inspected.ok()) << inspected.error().where << inspected.error().what;
    const auto json = nlohmann::json::parse(*inspected);
    const std::string layout = item["layout"];
    EXPECT_EQ(json["layout"], layouts.contains(layout) ? layouts.at(layout) : layout);
    EXPECT_EQ(json["tensors"], item["tensors"]);
    EXPECT_EQ(json["list"].size(), item["tensors"]);
    EXPECT_EQ(json["data_begin"], 8 + *length);
    ASSERT_EQ(json["encoders"].size(), item["text_models"].size());
    for (std::size_t i = 0; i < item["text_models"].size(); ++i) {
      const auto& encoder = json["encoders"][i];
      const auto& model = index["models"][item["text_models"][i].get<std::string>()];
      EXPECT_EQ(encoder["layers"], model["num_hidden_layers"]);
      EXPECT_EQ(encoder["width"], model["hidden_size"]);
      EXPECT_EQ(encoder["inner"], model["intermediate_size"]);
      EXPECT_EQ(encoder["vocab"], model["vocab_size"]);
      EXPECT_EQ(encoder["context"], model["max_position_embeddings"]);
      EXPECT_EQ(encoder["dtype"], item["dtype"]);
      EXPECT_TRUE(encoder["unreadable"].is_null());
      if (layouts.contains(layout)) {
        EXPECT_TRUE(encoder["activation"].is_null());
      } else {
        EXPECT_EQ(encoder["activation"], model["hidden_act"]);
      }
      if (!encoder["projection"].is_null()) {
        EXPECT_EQ(encoder["projection"], model["projection_dim"]);
      }
      EXPECT_EQ(encoder["weights"]["blocks"].size(), model["num_hidden_layers"]);
    }
  }
}

TEST(Inspect, CountsDataTypesAndKeepsMetadata) {
  const std::string header =
      R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"é":"\n"},)"
      R"("b":{"dtype":"I8","shape":[3],"data_offsets":[8,11]},)"
      R"("c":{"dtype":"I8","shape":[],"data_offsets":[11,12]}})";
  const auto inspected = inspect_safetensors(header, 8 + header.size() + 12, false);
  ASSERT_TRUE(inspected.ok());
  const auto json = nlohmann::json::parse(*inspected);
  EXPECT_EQ(json["dtypes"], nlohmann::json::parse(R"({"F32":{"tensors":1,"bytes":8},
                                                      "I8":{"tensors":2,"bytes":4}})"));
  EXPECT_EQ(json["metadata"], nlohmann::json::parse(R"({"é":"\n"})"));
  EXPECT_TRUE(json["layout"].is_null());
  EXPECT_EQ(json["encoders"].size(), 0U);
  EXPECT_EQ(json["unfit"].size(), 0U);
  EXPECT_FALSE(json.contains("list"));
}

TEST(Inspect, ShowsAFileThatHoldsOnlyAPartOfAnEncoder) {
  const std::string header =
      R"({"text_model.embeddings.token_embedding.weight":)"
      R"({"dtype":"F16","shape":[3,2],"data_offsets":[0,12]}})";
  const auto inspected = inspect_safetensors(header, 8 + header.size() + 12, true);
  ASSERT_TRUE(inspected.ok());
  const auto json = nlohmann::json::parse(*inspected);
  EXPECT_EQ(json["layout"], "transformers");
  EXPECT_EQ(json["encoders"].size(), 0U);
  EXPECT_EQ(json["list"].size(), 1U);
  ASSERT_EQ(json["unfit"].size(), 1U);
  const auto& unfit = json["unfit"][0];
  EXPECT_EQ(unfit["layout"], "transformers");
  EXPECT_EQ(unfit["prefix"], "text_model.");
  EXPECT_EQ(unfit["error"]["code"], "encoder-incomplete");
  EXPECT_EQ(unfit["error"]["where"], "text_model.*");
}

}  // namespace
}  // namespace tagscope
