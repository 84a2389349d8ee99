// Checksums over all code points, as tests/text/generate_vectors.py makes them.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "text/utf8.h"

namespace tagscope::testing {

inline constexpr char32_t kCodePoints = 0x110000;
inline constexpr char32_t kChecksumBlock = 4096;

inline bool is_surrogate(char32_t code_point) {
  return code_point >= 0xD800 && code_point < 0xE000;
}

inline std::string utf8_of(char32_t code_point) {
  std::string text;
  append_utf8(text, code_point);
  return text;
}

// CRC-32 (zlib's) bit by bit.
inline std::string reference_crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
  }
  std::array<char, 9> hex{};
  std::snprintf(hex.data(), hex.size(), "%08x", static_cast<unsigned>(~crc));
  return hex.data();
}

// Compares `function` (code point to text) with the checksums, block by block.
template <typename Function>
void expect_checksums(const nlohmann::json& checksums, Function function) {
  ASSERT_EQ(checksums.size(), kCodePoints / kChecksumBlock);
  for (char32_t start = 0; start < kCodePoints; start += kChecksumBlock) {
    std::string lines;
    for (char32_t code_point = start; code_point < start + kChecksumBlock; ++code_point) {
      if (!is_surrogate(code_point)) lines += function(code_point) + "\n";
    }
    EXPECT_EQ(reference_crc32(lines), checksums[start / kChecksumBlock])
        << "block of U+" << std::hex << static_cast<std::uint32_t>(start);
  }
}

}  // namespace tagscope::testing
