// Stored numbers as float32, exactly: every value of the narrower types is one of float32's.
#pragma once

#include <cstdint>
#include <span>

#include "tensors/dtype.h"

namespace tagscope {

// F32, F16, BF16, F8_E4M3 and F8_E5M2.
[[nodiscard]] bool is_readable(DType dtype);

// Reads out.size() little-endian elements, which need not be aligned. Infinities and NaN stay
// what they are; of a NaN the sign and the leading bits of the payload are kept, except in
// F8_E4M3, which has one NaN of each sign and no infinities. F16 is IEEE 754 binary16, BF16 the
// upper half of binary32; F8_E4M3 and F8_E5M2 are those of the OCP 8-bit Floating Point
// Specification (OFP8) 1.0, section 5, PyTorch's float8_e4m3fn and float8_e5m2.
// Precondition: is_readable(dtype), and bytes.size() == out.size() × its size.
void to_float32(DType dtype, std::span<const std::uint8_t> bytes, std::span<float> out);

}  // namespace tagscope
