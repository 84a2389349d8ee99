#include "tensors/inspect.h"

#include <array>

#include "json/json.h"
#include "tensors/safetensors.h"
#include "tensors/text_encoder.h"
#include "tensors/textual_inversion.h"

namespace tagscope {
namespace {

Json dtypes_of(const Safetensors& file) {
  struct Sum {
    std::uint64_t tensors = 0;
    std::uint64_t bytes = 0;
  };
  std::array<Sum, static_cast<std::size_t>(DType::kU64) + 1> sums{};
  for (std::size_t i = 0; i < file.size(); ++i) {
    const Tensor tensor = file.tensor(i);
    Sum& sum = sums[static_cast<std::size_t>(tensor.dtype)];
    ++sum.tensors;
    sum.bytes += tensor.end - tensor.begin;
  }
  Json dtypes = Json::object();
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i].tensors == 0) continue;
    dtypes[name_of(static_cast<DType>(i))] = {{"tensors", sums[i].tensors},
                                              {"bytes", sums[i].bytes}};
  }
  return dtypes;
}

std::string list_of(const Safetensors& file) {
  std::string list = "[";
  for (std::size_t i = 0; i < file.size(); ++i) {
    if (i > 0) list += ',';
    list += write_canonical(to_json(file.tensor(i)));
  }
  return list + "]";
}

Json to_json(const Safetensors::Metadata& metadata) {
  Json::Object members;
  members.reserve(metadata.size());
  for (const auto& [name, value] : metadata) members.push_back({name, value});
  return Json(std::move(members));
}

template <typename Encoder>
Json array_of(const std::vector<Encoder>& encoders) {
  Json array = Json::array();
  for (const Encoder& encoder : encoders) array.push_back(to_json(encoder));
  return array;
}

Json layout_of(const std::vector<TextEncoder>& whole, const std::vector<UnfitEncoder>& unfit) {
  if (!whole.empty()) return whole.front().layout;
  return unfit.empty() ? Json() : Json(unfit.front().layout);
}

// The members of an object, with one more whose value is JSON text already.
std::string with_member(std::string object, std::string_view name, std::string_view value) {
  object.pop_back();
  object += ',' + write_string(name) + ':';
  object += value;
  return object + "}";
}

}  // namespace

Result<std::string> inspect_safetensors(std::string header, std::uint64_t file_bytes, bool list) {
  const auto file = read_safetensors(std::move(header), file_bytes);
  if (!file) return file.error();
  const auto [whole, unfit] = find_text_encoders(*file);
  std::string described =
      write_canonical({{"layout", layout_of(whole, unfit)},
                       {"encoders", array_of(whole)},
                       {"unfit", array_of(unfit)},
                       {"tensors", file->size()},
                       {"dtypes", dtypes_of(*file)},
                       {"metadata", to_json(file->metadata())},
                       {"data_begin", file->data_begin()}});
  return list ? with_member(std::move(described), "list", list_of(*file)) : described;
}

Result<std::string> inspect_metadata(std::string header) {
  const auto metadata = read_metadata(std::move(header));
  if (!metadata) return metadata.error();
  return write_canonical(to_json(*metadata));
}

Result<std::string> inspect_inversion(std::string header, std::uint64_t file_bytes,
                                      std::uint64_t width) {
  const auto file = read_safetensors(std::move(header), file_bytes);
  if (!file) return file.error();
  const auto tensor = find_textual_inversion(*file, width);
  if (!tensor) return tensor.error();
  return write_canonical(to_json(*tensor));
}

}  // namespace tagscope
