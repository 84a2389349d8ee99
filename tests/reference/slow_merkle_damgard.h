// MD5, SHA-1 and SHA-256 of a whole message as their standards spell them out: the padded message,
// the registers moved at every step, the whole schedule, the constants from sines and cube roots.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tagscope::reference {

inline std::uint32_t left(std::uint32_t x, int n) { return x << n | x >> (32 - n); }
inline std::uint32_t right(std::uint32_t x, int n) { return x >> n | x << (32 - n); }

// RFC 1321, sections 3.1 and 3.2; FIPS 180-4, section 5.1.1.
inline std::string slow_padded(std::string_view message, bool is_big_endian) {
  std::string padded(message);
  padded.push_back('\x80');
  while (padded.size() % 64 != 56) padded.push_back('\0');
  const std::uint64_t bits = std::uint64_t{message.size()} * 8;
  for (int i = 0; i < 8; ++i) {
    padded.push_back(static_cast<char>(bits >> (is_big_endian ? 56 - 8 * i : 8 * i)));
  }
  return padded;
}

// Word i of the block at `begin`.
inline std::uint32_t slow_word(std::string_view padded, std::size_t begin, std::size_t i,
                               bool is_big_endian) {
  std::uint32_t word = 0;
  for (std::size_t j = 0; j < 4; ++j) {
    const std::size_t place = begin + 4 * i + (is_big_endian ? j : 3 - j);
    word = word << 8 | static_cast<unsigned char>(padded[place]);
  }
  return word;
}

template <std::size_t n>
std::string slow_bytes(const std::array<std::uint32_t, n>& state, bool is_big_endian) {
  std::string out;
  for (const std::uint32_t word : state) {
    for (int i = 0; i < 4; ++i) {
      out.push_back(static_cast<char>(word >> (is_big_endian ? 24 - 8 * i : 8 * i)));
    }
  }
  return out;
}

// RFC 1321, section 3.4.
inline std::string slow_md5(std::string_view message) {
  static constexpr int kShifts[4][4] = {
      {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  const std::string padded = slow_padded(message, false);
  std::array<std::uint32_t, 4> state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
  for (std::size_t begin = 0; begin < padded.size(); begin += 64) {
    auto [a, b, c, d] = state;
    for (std::size_t i = 0; i < 64; ++i) {
      std::uint32_t f = 0;
      std::size_t k = 0;
      if (i < 16) {
        f = (b & c) | (~b & d);
        k = i;
      } else if (i < 32) {
        f = (b & d) | (c & ~d);
        k = (5 * i + 1) % 16;
      } else if (i < 48) {
        f = b ^ c ^ d;
        k = (3 * i + 5) % 16;
      } else {
        f = c ^ (b | ~d);
        k = 7 * i % 16;
      }
      const auto sine = static_cast<std::uint32_t>(
          std::floor(4294967296.0 * std::fabs(std::sin(static_cast<double>(i + 1)))));
      const std::uint32_t sum = a + f + slow_word(padded, begin, k, false) + sine;
      a = d;
      d = c;
      c = b;
      b += left(sum, kShifts[i / 16][i % 4]);
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
  }
  return slow_bytes(state, false);
}

// FIPS 180-4, section 6.1.2.
inline std::string slow_sha1(std::string_view message) {
  const std::string padded = slow_padded(message, true);
  std::array<std::uint32_t, 5> state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  for (std::size_t begin = 0; begin < padded.size(); begin += 64) {
    std::array<std::uint32_t, 80> w{};
    for (std::size_t t = 0; t < 80; ++t) {
      w[t] = t < 16 ? slow_word(padded, begin, t, true)
                    : left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    }
    auto [a, b, c, d, e] = state;
    for (std::size_t t = 0; t < 80; ++t) {
      std::uint32_t f = b ^ c ^ d;
      std::uint32_t k = t < 40 ? 0x6ED9EBA1 : 0xCA62C1D6;
      if (t < 20) {
        f = (b & c) ^ (~b & d);
        k = 0x5A827999;
      } else if (t >= 40 && t < 60) {
        f = (b & c) ^ (b & d) ^ (c & d);
        k = 0x8F1BBCDC;
      }
      const std::uint32_t sum = left(a, 5) + f + e + k + w[t];
      e = d;
      d = c;
      c = left(b, 30);
      b = a;
      a = sum;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
  }
  return slow_bytes(state, true);
}

// The first 32 bits of the fractional part of a root of the n-th prime (FIPS 180-4, sections 4.2.2
// and 5.3.3), by counting up to the integer root of prime × 2^(32 × degree).
inline std::uint32_t slow_root_bits(unsigned n, int degree) {
  unsigned prime = 2;
  for (unsigned found = 0;; ++prime) {
    bool is_prime = true;
    for (unsigned d = 2; d * d <= prime; ++d) is_prime = is_prime && prime % d != 0;
    if (is_prime && found++ == n) break;
  }
  __extension__ typedef unsigned __int128 Wide;
  const Wide target = Wide{prime} << (32 * degree);
  Wide root = 0;
  for (int bit = 36; bit >= 0; --bit) {
    const Wide next = root | Wide{1} << bit;
    if ((degree == 2 ? next * next : next * next * next) <= target) root = next;
  }
  return static_cast<std::uint32_t>(root);
}

// FIPS 180-4, section 6.2.2.
inline std::string slow_sha256(std::string_view message) {
  static const auto kConstants = [] {
    std::array<std::uint32_t, 64> k{};
    for (unsigned t = 0; t < 64; ++t) k[t] = slow_root_bits(t, 3);
    return k;
  }();
  const std::string padded = slow_padded(message, true);
  std::array<std::uint32_t, 8> state{};
  for (unsigned i = 0; i < 8; ++i) state[i] = slow_root_bits(i, 2);
  for (std::size_t begin = 0; begin < padded.size(); begin += 64) {
    std::array<std::uint32_t, 64> w{};
    for (std::size_t t = 0; t < 64; ++t) {
      if (t < 16) {
        w[t] = slow_word(padded, begin, t, true);
        continue;
      }
      const std::uint32_t s0 = right(w[t - 15], 7) ^ right(w[t - 15], 18) ^ w[t - 15] >> 3;
      const std::uint32_t s1 = right(w[t - 2], 17) ^ right(w[t - 2], 19) ^ w[t - 2] >> 10;
      w[t] = s1 + w[t - 7] + s0 + w[t - 16];
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t t = 0; t < 64; ++t) {
      const std::uint32_t t1 = h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) +
                               ((e & f) ^ (~e & g)) + kConstants[t] + w[t];
      const std::uint32_t t2 =
          (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d,
             state[4] + e, state[5] + f, state[6] + g, state[7] + h};
  }
  return slow_bytes(state, true);
}

}  // namespace tagscope::reference
