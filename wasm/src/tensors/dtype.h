// The data types of .safetensors files and how wide they are (huggingface/safetensors,
// safetensors/src/tensor.rs, enum Dtype).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tagscope {

enum class DType : std::uint8_t {
  kF4,
  kF6E2M3,
  kF6E3M2,
  kBool,
  kU8,
  kI8,
  kF8E5M2,
  kF8E4M3,
  kF8E8M0,
  kF8E4M3FNUZ,
  kF8E5M2FNUZ,
  kI16,
  kU16,
  kF16,
  kBF16,
  kI32,
  kU32,
  kF32,
  kC64,
  kF64,
  kI64,
  kU64,
};

// As the format writes it: "BF16".
[[nodiscard]] std::string_view name_of(DType dtype);
// Bits of one element.
[[nodiscard]] unsigned bits_of(DType dtype);
// Names are case-sensitive. Nothing where there is none of that name.
[[nodiscard]] std::optional<DType> find_dtype(std::string_view name);

}  // namespace tagscope
