#include "tensors/textual_inversion.h"

#include <gtest/gtest.h>

#include "support/safetensors.h"

namespace tagscope {
namespace {

using testing::read_whole;
using testing::safetensors_file;

std::string found(const std::string& header, std::size_t bytes, std::uint64_t width) {
  const auto file = read_whole(safetensors_file(header, bytes));
  EXPECT_TRUE(file.ok());
  const auto tensor = find_textual_inversion(*file, width);
  return tensor ? std::string(tensor->name) : tensor.error().code + ": " + tensor.error().what;
}

TEST(TextualInversion, IsFoundByNameAndWidth) {
  EXPECT_EQ(found(R"({"emb_params":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}})", 24, 3),
            "emb_params");
  EXPECT_EQ(found(R"({"<cat-toy>":{"dtype":"F16","shape":[3],"data_offsets":[0,6]}})", 6, 3),
            "<cat-toy>");
  EXPECT_EQ(found(R"({"sks":{"dtype":"F16","shape":[1,3],"data_offsets":[0,6]}})", 6, 3), "sks");
  const std::string sdxl = R"({"clip_g":{"dtype":"F16","shape":[2,5],"data_offsets":[6,26]},)"
                           R"("clip_l":{"dtype":"F16","shape":[1,3],"data_offsets":[0,6]}})";
  EXPECT_EQ(found(sdxl, 26, 3), "clip_l");
  EXPECT_EQ(found(sdxl, 26, 5), "clip_g");
}

TEST(TextualInversion, WhatIsNoneSaysWhatItIs) {
  EXPECT_EQ(found("{}", 0, 3),
            "no-inversion: holds no vectors of a textual inversion for width 3; it has no tensors");
  EXPECT_EQ(found(R"({"emb_params":{"dtype":"I8","shape":[2,3],"data_offsets":[0,6]}})", 6, 3),
            "no-inversion: holds no vectors of a textual inversion for width 3; it has "
            "\"emb_params\" [2, 3] I8");
  for (const char* shape : {"[0,3]", "[]", "[3,1]", "[1,1,3]"}) {
    const std::size_t bytes = std::string(shape) == "[0,3]" ? 0
                              : std::string(shape) == "[]"  ? 1
                                                            : 3;
    EXPECT_EQ(found(R"({"emb_params":{"dtype":"F8_E4M3","shape":)" + std::string(shape) +
                        R"(,"data_offsets":[0,)" + std::to_string(bytes) + "]}}",
                    bytes, 3)
                  .substr(0, 12),
              "no-inversion")
        << shape;
  }
  std::string several = "{";
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    if (several.size() > 1) several += ",";
    several += "\"" + std::string(name) + R"(":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]})";
  }
  EXPECT_TRUE(found(several + "}", 0, 3).ends_with("\"d\" [0, 3] F32 and 1 more"));
}

}  // namespace
}  // namespace tagscope
