// A cyclic redundancy check one bit at a time, from the parameters of the RevEng catalogue
// (Ross N. Williams, "A painless guide to CRC error detection algorithms", 1993).
#pragma once

#include <cstdint>
#include <string_view>

namespace tagscope::reference {

struct CrcParameters {
  unsigned width;  // 8 to 64
  std::uint64_t polynomial;
  std::uint64_t initial;
  bool reflects_input;
  bool reflects_output;
  std::uint64_t final_xor;
};

inline std::uint64_t slow_crc(const CrcParameters& parameters, std::string_view bytes) {
  const std::uint64_t top = std::uint64_t{1} << (parameters.width - 1);
  const std::uint64_t mask = top | (top - 1);
  std::uint64_t remainder = parameters.initial;
  for (const char c : bytes) {
    for (int i = 0; i < 8; ++i) {
      const int place = parameters.reflects_input ? i : 7 - i;
      const bool bit = (static_cast<unsigned char>(c) >> place & 1) != 0;
      const bool carries = ((remainder & top) != 0) != bit;
      remainder = remainder << 1 & mask;
      if (carries) remainder ^= parameters.polynomial;
    }
  }
  if (parameters.reflects_output) {
    std::uint64_t reflected = 0;
    for (unsigned i = 0; i < parameters.width; ++i) {
      if ((remainder >> i & 1) != 0) reflected |= top >> i;
    }
    remainder = reflected;
  }
  return remainder ^ parameters.final_xor;
}

}  // namespace tagscope::reference
