// The compression of BLAKE2s and BLAKE2b, over one word or over several side by side. Internal to
// the room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "hash/repeat.h"
#include "hash/words.h"

namespace tagscope::hash {

// RFC 7693, section 2.7.
inline constexpr std::uint8_t kBlake2Sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

// RFC 7693, sections 2.1 and 2.6; the initial value is SHA-256's and SHA-512's.
struct Blake2sNumbers {
  using Word = std::uint32_t;
  static constexpr std::size_t kRounds = 10;
  static constexpr std::array<unsigned, 4> kRotations = {16, 12, 8, 7};
  static constexpr std::array<Word, 8> kInitial = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

struct Blake2bNumbers {
  using Word = std::uint64_t;
  static constexpr std::size_t kRounds = 12;
  static constexpr std::array<unsigned, 4> kRotations = {32, 24, 16, 63};
  static constexpr std::array<Word, 8> kInitial = {
      0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
      0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
};

// The position of a block: bytes hashed up to its end (low and high word), and all ones in
// `last_block` and `last_node` where it is that.
template <typename Lane>
struct Blake2Position {
  Lane count_low;
  Lane count_high;
  Lane last_block;
  Lane last_node;
};

// How the lanes of a type are rotated: a word here, vectors of words where they are defined.
template <typename Lane>
struct Rotation {
  template <unsigned n>
  static Lane right(Lane lane) {
    return rotate_right(lane, n);
  }
};

namespace blake2_detail {

template <typename Numbers, typename Lane>
TAGSCOPE_INLINED void mix(Lane& a, Lane& b, Lane& c, Lane& d, const Lane& x, const Lane& y) {
  a += b + x;
  d = Rotation<Lane>::template right<Numbers::kRotations[0]>(d ^ a);
  c += d;
  b = Rotation<Lane>::template right<Numbers::kRotations[1]>(b ^ c);
  a += b + y;
  d = Rotation<Lane>::template right<Numbers::kRotations[2]>(d ^ a);
  c += d;
  b = Rotation<Lane>::template right<Numbers::kRotations[3]>(b ^ c);
}

}  // namespace blake2_detail

// RFC 7693, section 3.2, the inside of its loop: one round, whose words are m[s[0]], … m[s[15]].
// Inlined by force: calls would pass 32 lanes through memory, a fifth of the time.
template <typename Numbers, typename Lane>
[[gnu::always_inline]] inline void blake2_round(std::array<Lane, 16>& v,
                                                const std::array<Lane, 16>& m,
                                                const std::uint8_t* s) {
  using blake2_detail::mix;
  mix<Numbers>(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
  mix<Numbers>(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
  mix<Numbers>(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
  mix<Numbers>(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
  mix<Numbers>(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
  mix<Numbers>(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
  mix<Numbers>(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
  mix<Numbers>(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
}

// RFC 7693, section 3.2: mixes one block of 16 words into the chain `h`, lane by lane.
template <typename Numbers, typename Lane>
inline void blake2_compress(std::array<Lane, 8>& h, const std::array<Lane, 16>& m,
                            const Blake2Position<Lane>& position) {
  std::array<Lane, 16> v;
  for (std::size_t i = 0; i < 8; ++i) {
    v[i] = h[i];
    v[8 + i] = Lane{} + Numbers::kInitial[i];
  }
  v[12] ^= position.count_low;
  v[13] ^= position.count_high;
  v[14] ^= position.last_block;
  v[15] ^= position.last_node;
  repeat<Numbers::kRounds>([&](std::size_t round) __attribute__((always_inline)) {
    blake2_round<Numbers>(v, m, kBlake2Sigma[round % 10]);
  });
  for (std::size_t i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[8 + i];
}

// Where a hash stands in BLAKE2's tree mode ("BLAKE2: simpler, smaller, fast as MD5", section 2.10,
// for the parameter block): a sequential hash is its own only leaf.
struct Blake2Node {
  std::uint8_t digest_bytes;
  std::uint8_t key_bytes = 0;
  std::uint8_t fanout = 1;
  std::uint8_t depth = 1;
  std::uint32_t node_offset = 0;
  std::uint8_t node_depth = 0;
  std::uint8_t inner_bytes = 0;
};

// The chain before the first block: the initial value with the parameter block mixed in.
template <typename Numbers>
[[nodiscard]] constexpr std::array<typename Numbers::Word, 8> blake2_initial(
    const Blake2Node& node) {
  using Word = typename Numbers::Word;
  std::array<Word, 8> h = Numbers::kInitial;
  const std::uint32_t first = node.digest_bytes | std::uint32_t{node.key_bytes} << 8 |
                              std::uint32_t{node.fanout} << 16 | std::uint32_t{node.depth} << 24;
  if constexpr (sizeof(Word) == 4) {
    // The node offset has 48 bits, the lower 32 of them in word 2; the leaf length is 0.
    h[0] ^= first;
    h[2] ^= node.node_offset;
    h[3] ^= Word{node.node_depth} << 16 | Word{node.inner_bytes} << 24;
  } else {
    h[0] ^= first;
    h[1] ^= node.node_offset;
    h[2] ^= Word{node.node_depth} | Word{node.inner_bytes} << 8;
  }
  return h;
}

}  // namespace tagscope::hash
