#include "tensors/textual_inversion.h"

#include <algorithm>

#include "tensors/float32.h"

namespace tagscope {
namespace {

constexpr std::size_t kMostShown = 4;

bool is_named_so(const Tensor& tensor, std::size_t tensors) {
  const std::string_view name = tensor.name;
  const bool word = name.size() > 2 && name.front() == '<' && name.back() == '>';
  return word || tensors == 1 || name == "emb_params" || name == "clip_l" || name == "clip_g";
}

bool has_vectors(const Tensor& tensor, std::uint64_t width) {
  const auto& shape = tensor.shape;
  return (shape.size() == 1 || shape.size() == 2) && shape.back() == width && shape[0] > 0;
}

// "clip_l" [2, 768] F16
std::string described(const Tensor& tensor) {
  std::string text = "\"" + std::string(tensor.name.substr(0, 64)) + "\" [";
  for (const std::uint64_t dimension : tensor.shape) {
    if (text.back() != '[') text += ", ";
    text += std::to_string(dimension);
  }
  return text + "] " + std::string(name_of(tensor.dtype));
}

}  // namespace

Result<Tensor> find_textual_inversion(const Safetensors& file, std::uint64_t width) {
  std::string others;
  for (std::size_t i = 0; i < file.size(); ++i) {
    const Tensor tensor = file.tensor(i);
    if (is_named_so(tensor, file.size()) && has_vectors(tensor, width) &&
        is_readable(tensor.dtype)) {
      return tensor;
    }
    if (i < kMostShown) others += (i == 0 ? "" : ", ") + described(tensor);
  }
  if (file.size() > kMostShown) {
    others += " and " + std::to_string(file.size() - kMostShown) + " more";
  }
  return Error{.code = "no-inversion",
               .where = "",
               .what = "holds no vectors of a textual inversion for width " +
                       std::to_string(width) + "; it has " +
                       (others.empty() ? "no tensors" : others)};
}

}  // namespace tagscope
