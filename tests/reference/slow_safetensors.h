// What a .safetensors header says, by nlohmann/json and arithmetic in 128 bits: the obvious way,
// lenient where a name stands twice.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace tagscope::testing {

struct SlowTensor {
  std::string name;
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// The tensors in the order of the data; nothing where the file is not valid. Only the header and
// the length of `file` count, so `file_bytes` may be more than file.size().
inline std::optional<std::vector<SlowTensor>> slow_safetensors(std::string_view file,
                                                               std::uint64_t file_bytes) {
  static const std::map<std::string, unsigned> kBits = {
      {"F4", 4},          {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"BOOL", 8},    {"U8", 8},
      {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
      {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
      {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
      {"I64", 64},        {"U64", 64}};
  using Wide = unsigned __int128;
  constexpr Wide kEnd = Wide{1} << 64;
  if (file.size() < 8) return std::nullopt;
  Wide length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | static_cast<unsigned char>(file[i]);
  if (length > 100'000'000 || 8 + length > file.size()) return std::nullopt;
  const std::string_view header = file.substr(8, static_cast<std::size_t>(length));
  if (!header.starts_with('{')) return std::nullopt;
  const auto json = nlohmann::json::parse(header, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  std::vector<SlowTensor> tensors;
  for (const auto& [name, entry] : json.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) return std::nullopt;
      for (const auto& value : entry) {
        if (!value.is_string()) return std::nullopt;
      }
      continue;
    }
    if (!entry.is_object()) return std::nullopt;
    const auto natural = [](const nlohmann::json& value) { return value.is_number_unsigned(); };
    for (const char* field : {"dtype", "shape", "data_offsets"}) {
      if (!entry.contains(field)) return std::nullopt;
    }
    const auto& offsets = entry["data_offsets"];
    const auto& shape = entry["shape"];
    if (!entry["dtype"].is_string() || !kBits.contains(entry["dtype"])) return std::nullopt;
    if (!shape.is_array() || !std::all_of(shape.begin(), shape.end(), natural)) return std::nullopt;
    if (!offsets.is_array() || offsets.size() != 2 || !natural(offsets[0]) ||
        !natural(offsets[1])) {
      return std::nullopt;
    }
    SlowTensor tensor{name, entry["dtype"], shape, offsets[0], offsets[1]};
    Wide bits = 1;
    for (const std::uint64_t dimension : tensor.shape) {
      bits *= dimension;
      if (bits >= kEnd) return std::nullopt;
    }
    bits *= kBits.at(tensor.dtype);
    if (bits >= kEnd || bits % 8 != 0 || Wide{tensor.begin} + bits / 8 != tensor.end) {
      return std::nullopt;
    }
    tensors.push_back(std::move(tensor));
  }
  std::sort(tensors.begin(), tensors.end(), [](const SlowTensor& a, const SlowTensor& b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });
  std::uint64_t at = 0;
  for (const SlowTensor& tensor : tensors) {
    if (tensor.begin != at) return std::nullopt;
    at = tensor.end;
  }
  if (8 + length + at != file_bytes) return std::nullopt;
  for (SlowTensor& tensor : tensors) {
    tensor.begin += 8 + static_cast<std::uint64_t>(length);
    tensor.end += 8 + static_cast<std::uint64_t>(length);
  }
  return tensors;
}

}  // namespace tagscope::testing
