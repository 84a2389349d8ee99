#include "tensors/float32.h"

#include <cstring>

namespace tagscope {
namespace {

std::uint32_t bits_of_float(float value) { return __builtin_bit_cast(std::uint32_t, value); }

// Without branches, so that the loops below become SIMD: written out in vectors they are no
// faster. The bits of a number with `kMantissa`
// bits of mantissa, without its sign: those of a normal one only move and change their bias; a
// subnormal one is an integer times a power of two.
template <unsigned kMantissa, int kBias>
std::uint32_t widened(std::uint32_t magnitude) {
  constexpr auto kRebias = static_cast<std::uint32_t>(127 - kBias) << 23;
  constexpr float kUnit = 1.0F / static_cast<float>(std::uint64_t{1} << (kBias - 1 + kMantissa));
  const std::uint32_t normal = (magnitude << (23 - kMantissa)) + kRebias;
  const std::uint32_t subnormal =
      bits_of_float(static_cast<float>(static_cast<std::int32_t>(magnitude)) * kUnit);
  return magnitude < 1U << kMantissa ? subnormal : normal;
}

std::uint32_t from_f16(std::uint32_t stored) {
  constexpr std::uint32_t kInfinity = 0x7C00;
  const std::uint32_t magnitude = stored & 0x7FFF;
  // Infinities and NaN have the largest exponent of either type.
  const std::uint32_t top = magnitude >= kInfinity ? std::uint32_t{127 - 15} << 23 : 0;
  return (widened<10, 15>(magnitude) + top) | (stored & 0x8000) << 16;
}

std::uint32_t from_bf16(std::uint32_t stored) { return stored << 16; }

// The upper half of a binary16.
std::uint32_t from_f8_e5m2(std::uint32_t stored) { return from_f16(stored << 8); }

std::uint32_t from_f8_e4m3(std::uint32_t stored) {
  constexpr std::uint32_t kNan = 0x7F;
  constexpr std::uint32_t kQuietNan = 0x7FC00000;
  const std::uint32_t magnitude = stored & 0x7F;
  const std::uint32_t bits = magnitude == kNan ? kQuietNan : widened<3, 7>(magnitude);
  return bits | (stored & 0x80) << 24;
}

template <typename Stored, std::uint32_t (*kConvert)(std::uint32_t)>
void convert(const std::uint8_t* bytes, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes + i * sizeof stored, sizeof stored);
    const std::uint32_t bits = kConvert(stored);
    // Not as a float, whose copy could make a signalling NaN a quiet one.
    std::memcpy(&out[i], &bits, sizeof bits);
  }
}

}  // namespace

bool is_readable(DType dtype) {
  switch (dtype) {
    case DType::kF32:
    case DType::kF16:
    case DType::kBF16:
    case DType::kF8E4M3:
    case DType::kF8E5M2: return true;
    default: return false;
  }
}

void to_float32(DType dtype, std::span<const std::uint8_t> bytes, std::span<float> out) {
  switch (dtype) {
    case DType::kF32:
      if (!out.empty()) std::memcpy(out.data(), bytes.data(), out.size_bytes());
      return;
    case DType::kF16: return convert<std::uint16_t, from_f16>(bytes.data(), out);
    case DType::kBF16: return convert<std::uint16_t, from_bf16>(bytes.data(), out);
    case DType::kF8E4M3: return convert<std::uint8_t, from_f8_e4m3>(bytes.data(), out);
    case DType::kF8E5M2: return convert<std::uint8_t, from_f8_e5m2>(bytes.data(), out);
    default: return;
  }
}

}  // namespace tagscope
