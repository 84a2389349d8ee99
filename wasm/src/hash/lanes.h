// Four words of 32 bits side by side in one 128-bit register. Internal to the room.
//
// GCC's and Clang's vector extensions serve every target: SSE2 or NEON natively, SIMD128 in
// WebAssembly. Only the rotations by whole bytes are written for WebAssembly by hand.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "hash/blake2_rounds.h"
#include "hash/words.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

namespace tagscope::hash {

using Lanes = std::uint32_t __attribute__((vector_size(16)));

template <>
struct Rotation<Lanes> {
  template <unsigned n>
  static Lanes right(Lanes x) {
#ifdef __wasm_simd128__
    // With constant places a swizzle is one byte shuffle; two shifts and an or are three.
    if constexpr (n == 16) {
      return (Lanes)wasm_i8x16_swizzle(
          (v128_t)x, wasm_i8x16_const(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    } else if constexpr (n == 8) {
      return (Lanes)wasm_i8x16_swizzle(
          (v128_t)x, wasm_i8x16_const(1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12));
    }
#endif
    return x >> n | x << (32 - n);
  }
};

template <>
inline Lanes rotate_right(Lanes word, unsigned n) {
  if (n == 16) return Rotation<Lanes>::right<16>(word);
  return word >> n | word << (32 - n);
}
template <>
inline Lanes rotate_left(Lanes word, unsigned n) {
  return rotate_right(word, 32 - n);
}

// The bytes of each word in the opposite order.
[[nodiscard]] inline Lanes byte_swapped(const Lanes& words) {
  using Bytes = std::uint8_t __attribute__((vector_size(16)));
  const auto bytes = (Bytes)words;
  return (Lanes)__builtin_shufflevector(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14,
                                        13, 12);
}

// Rows become columns: `rows[i]` holds four words of lane i, the result's entry j word j of all.
[[nodiscard]] inline std::array<Lanes, 4> transposed(const std::array<Lanes, 4>& rows) {
  const Lanes low01 = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
  const Lanes high01 = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
  const Lanes low23 = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
  const Lanes high23 = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
  return {__builtin_shufflevector(low01, low23, 0, 1, 4, 5),
          __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
          __builtin_shufflevector(high01, high23, 0, 1, 4, 5),
          __builtin_shufflevector(high01, high23, 2, 3, 6, 7)};
}

// Four little-endian words in a row.
[[nodiscard]] inline Lanes load_lanes(const std::uint8_t* bytes) {
  Lanes words;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&words, bytes, sizeof words);
  } else {
    for (std::size_t i = 0; i < 4; ++i) words[i] = load_little_endian<std::uint32_t>(bytes + 4 * i);
  }
  return words;
}

inline void store_lanes(std::uint8_t* bytes, const Lanes& words) {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(bytes, &words, sizeof words);
  } else {
    for (std::size_t i = 0; i < 4; ++i) {
      store_little_endian<std::uint32_t>(bytes + 4 * i, words[i]);
    }
  }
}

// Lanes that were stored in `words` are loaded from there, one by one, from here on. Without it the
// compiler remembers them and takes every word out of its register, which on most processors is an
// operation more, and one that competes with the vectors' own.
template <std::size_t n>
[[gnu::always_inline]] inline void keep_in_memory(const std::array<std::uint32_t, n>& words) {
  asm volatile("" : : "r"(words.data()) : "memory");
}

}  // namespace tagscope::hash
