#include "tensors/float32.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "reference/slow_float.h"

namespace tagscope {
namespace {

std::uint32_t bits_of_float(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

// Every value of a type in one call, from an odd address and again in short runs, so that both
// the SIMD loop and what it leaves over see all of them.
template <typename Stored, typename Reference>
void expect_every_value(DType dtype, std::size_t count, Reference reference) {
  std::vector<std::uint8_t> bytes(count * sizeof(Stored) + 1);
  for (std::size_t i = 0; i < count; ++i) {
    const auto stored = static_cast<Stored>(i);
    std::memcpy(bytes.data() + 1 + i * sizeof stored, &stored, sizeof stored);
  }
  std::vector<float> whole(count);
  std::vector<float> parts(count);
  const std::span<const std::uint8_t> data = std::span(bytes).subspan(1);
  to_float32(dtype, data, whole);
  for (std::size_t i = 0; i < count; i += 3) {
    const std::size_t n = std::min<std::size_t>(3, count - i);
    to_float32(dtype, data.subspan(i * sizeof(Stored), n * sizeof(Stored)),
               std::span(parts).subspan(i, n));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const double expected = reference(static_cast<std::uint32_t>(i));
    ASSERT_EQ(bits_of_float(whole[i]), bits_of_float(parts[i])) << i;
    if (expected != expected) {
      ASSERT_TRUE(whole[i] != whole[i]) << i;
      continue;
    }
    ASSERT_EQ(static_cast<double>(whole[i]), expected) << i;
    // Zero keeps its sign.
    ASSERT_EQ(bits_of_float(whole[i]) >> 31, std::signbit(expected) ? 1U : 0U) << i;
  }
}

TEST(ToFloat32, IsExactForEveryValue) {
  expect_every_value<std::uint16_t>(
      DType::kF16, 65536, [](std::uint32_t bits) { return testing::slow_ieee(bits, 5, 10); });
  expect_every_value<std::uint16_t>(
      DType::kBF16, 65536, [](std::uint32_t bits) { return testing::slow_ieee(bits, 8, 7); });
  expect_every_value<std::uint8_t>(
      DType::kF8E5M2, 256, [](std::uint32_t bits) { return testing::slow_ieee(bits, 5, 2); });
  expect_every_value<std::uint8_t>(DType::kF8E4M3, 256, testing::slow_e4m3);
}

TEST(ToFloat32, KeepsTheSignAndPayloadOfNan) {
  const std::uint16_t stored[] = {0x7C01, 0xFE00, 0x7FFF};
  std::vector<float> out(3);
  to_float32(DType::kF16, {reinterpret_cast<const std::uint8_t*>(stored), 6}, out);
  EXPECT_EQ(bits_of_float(out[0]), 0x7F802000U);
  EXPECT_EQ(bits_of_float(out[1]), 0xFFC00000U);
  EXPECT_EQ(bits_of_float(out[2]), 0x7FFFE000U);
}

TEST(ToFloat32, CopiesFloat32) {
  const std::uint8_t bytes[] = {0, 0, 0x80, 0x3F, 1, 0, 0xA0, 0x7F};
  std::vector<float> out(2);
  to_float32(DType::kF32, bytes, out);
  EXPECT_EQ(out[0], 1.0F);
  EXPECT_EQ(bits_of_float(out[1]), 0x7FA00001U);
}

TEST(ToFloat32, KnowsWhatItReads) {
  for (const char* name : {"F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"}) {
    EXPECT_TRUE(is_readable(*find_dtype(name))) << name;
  }
  for (const char* name : {"F64", "I8", "F8_E4M3FNUZ", "F8_E8M0", "BOOL"}) {
    EXPECT_FALSE(is_readable(*find_dtype(name))) << name;
  }
}

}  // namespace
}  // namespace tagscope
