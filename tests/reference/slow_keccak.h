// SHA-3 bit by bit, as FIPS 202 defines it: a state array of 5 × 5 × 64 bits, the step mappings one
// after another, the round constants from their shift register.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tagscope::reference {

using KeccakBits = std::array<std::array<std::array<bool, 64>, 5>, 5>;  // A[x, y, z]

// Section 3.2.5, algorithm 5.
inline bool slow_keccak_rc(int t) {
  std::array<bool, 9> r = {true};
  for (int i = 0; i < t % 255; ++i) {
    for (int j = 8; j > 0; --j) r[j] = r[j - 1];
    r[0] = false;
    r[0] ^= r[8];
    r[4] ^= r[8];
    r[5] ^= r[8];
    r[6] ^= r[8];
    r[8] = false;
  }
  return r[0];
}

// Section 3.2: iota(chi(pi(rho(theta(A)))), i_r).
inline void slow_keccak_round(KeccakBits& a, int round) {
  const KeccakBits theta_in = a;
  const auto column = [&](int x, int z) {
    bool sum = false;
    for (int y = 0; y < 5; ++y) sum ^= theta_in[x % 5][y][z % 64];
    return sum;
  };
  for (int x = 0; x < 5; ++x) {
    for (int z = 0; z < 64; ++z) {
      const bool d = column(x + 4, z) ^ column(x + 1, z + 63);
      for (int y = 0; y < 5; ++y) a[x][y][z] ^= d;
    }
  }

  const KeccakBits rho_in = a;
  int x = 1;
  int y = 0;
  for (int t = 0; t < 24; ++t) {
    for (int z = 0; z < 64; ++z) {
      a[x][y][z] = rho_in[x][y][(z + 64 * 5 - (t + 1) * (t + 2) / 2) % 64];
    }
    const int next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
  }

  const KeccakBits pi_in = a;
  for (x = 0; x < 5; ++x) {
    for (y = 0; y < 5; ++y) a[x][y] = pi_in[(x + 3 * y) % 5][x];
  }

  const KeccakBits chi_in = a;
  for (x = 0; x < 5; ++x) {
    for (y = 0; y < 5; ++y) {
      for (int z = 0; z < 64; ++z) {
        a[x][y][z] ^= !chi_in[(x + 1) % 5][y][z] && chi_in[(x + 2) % 5][y][z];
      }
    }
  }

  for (int j = 0; j <= 6; ++j) a[0][0][(1 << j) - 1] ^= slow_keccak_rc(j + 7 * round);
}

// Section 6.1: the message's bits, the suffix 01, and the sponge of section 4 with pad10*1. Bit i
// of a string of bytes is bit i mod 8 of byte i / 8 (appendix B.1).
inline std::string slow_sha3(std::size_t digest_bits, std::string_view message) {
  const std::size_t rate = 1600 - 2 * digest_bits;
  std::vector<bool> bits;
  for (const char c : message) {
    for (int i = 0; i < 8; ++i) bits.push_back((static_cast<unsigned char>(c) >> i & 1) != 0);
  }
  for (const bool bit : {false, true, true}) bits.push_back(bit);
  while ((bits.size() + 1) % rate != 0) bits.push_back(false);
  bits.push_back(true);

  KeccakBits a{};
  const auto state_bit = [&](std::size_t i) -> bool& { return a[i / 64 % 5][i / 64 / 5][i % 64]; };
  for (std::size_t begin = 0; begin < bits.size(); begin += rate) {
    for (std::size_t i = 0; i < rate; ++i) state_bit(i) ^= bits[begin + i];
    for (int round = 0; round < 24; ++round) slow_keccak_round(a, round);
  }
  std::string out(digest_bits / 8, '\0');
  for (std::size_t i = 0; i < digest_bits; ++i) {
    if (state_bit(i)) out[i / 8] = static_cast<char>(out[i / 8] | 1 << i % 8);
  }
  return out;
}

}  // namespace tagscope::reference
