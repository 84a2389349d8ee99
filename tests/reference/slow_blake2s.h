// BLAKE2s and BLAKE2sp as their papers spell them out: a word at a time, whole messages only, each
// leaf's bytes gathered before it is hashed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tagscope::reference {

struct Blake2sTree {
  unsigned digest_bytes = 32;
  unsigned key_bytes = 0;
  unsigned fanout = 1;
  unsigned depth = 1;
  unsigned node_offset = 0;
  unsigned node_depth = 0;
  unsigned inner_bytes = 0;
  bool is_last_node = false;
};

// RFC 7693, section 3, with the parameter block of the BLAKE2 paper's section 2.8. The result is
// the whole chain of 32 bytes. `key_block` is the padded key or empty.
inline std::string slow_blake2s(const Blake2sTree& tree, const std::string& key_block,
                                std::string_view message) {
  static constexpr std::uint32_t kIv[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                           0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
  static constexpr const char* kSigma[10] = {
      "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8",
      "905724afe1bc683d", "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a",
      "6fe9b308c2d714a5", "a2847615fb9e3cd0"};
  const auto sigma = [](int round, int i) {
    const char digit = kSigma[round][i];
    return digit <= '9' ? digit - '0' : digit - 'a' + 10;
  };

  std::uint32_t h[8];
  for (int i = 0; i < 8; ++i) h[i] = kIv[i];
  h[0] ^= tree.digest_bytes + (tree.key_bytes << 8) + (tree.fanout << 16) + (tree.depth << 24);
  h[2] ^= tree.node_offset;
  h[3] ^= (tree.node_depth << 16) + (tree.inner_bytes << 24);

  std::string data = key_block + std::string(message);
  const std::uint64_t length = data.size();
  while (data.empty() || data.size() % 64 != 0) data.push_back('\0');
  for (std::size_t begin = 0; begin < data.size(); begin += 64) {
    const bool is_last = begin + 64 == data.size();
    const std::uint64_t count = is_last ? length : begin + 64;
    std::uint32_t m[16];
    for (std::size_t i = 0; i < 16; ++i) {
      m[i] = 0;
      for (std::size_t j = 4; j-- > 0;) {
        m[i] = m[i] * 256 + static_cast<unsigned char>(data[begin + 4 * i + j]);
      }
    }
    std::uint32_t v[16];
    for (int i = 0; i < 8; ++i) v[i] = h[i];
    for (int i = 0; i < 8; ++i) v[8 + i] = kIv[i];
    v[12] ^= static_cast<std::uint32_t>(count);
    v[13] ^= static_cast<std::uint32_t>(count >> 32);
    if (is_last) v[14] = ~v[14];
    if (is_last && tree.is_last_node) v[15] = ~v[15];
    const auto rotate = [](std::uint32_t x, int n) { return x >> n | x << (32 - n); };
    const auto mix = [&](int a, int b, int c, int d, std::uint32_t x, std::uint32_t y) {
      v[a] = v[a] + v[b] + x;
      v[d] = rotate(v[d] ^ v[a], 16);
      v[c] = v[c] + v[d];
      v[b] = rotate(v[b] ^ v[c], 12);
      v[a] = v[a] + v[b] + y;
      v[d] = rotate(v[d] ^ v[a], 8);
      v[c] = v[c] + v[d];
      v[b] = rotate(v[b] ^ v[c], 7);
    };
    for (int round = 0; round < 10; ++round) {
      for (int i = 0; i < 4; ++i) {
        mix(i, 4 + i, 8 + i, 12 + i, m[sigma(round, 2 * i)], m[sigma(round, 2 * i + 1)]);
      }
      for (int i = 0; i < 4; ++i) {
        mix(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[sigma(round, 8 + 2 * i)],
            m[sigma(round, 9 + 2 * i)]);
      }
    }
    for (int i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[8 + i];
  }

  std::string out;
  for (const std::uint32_t word : h) {
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(word >> shift));
  }
  return out;
}

inline std::string slow_blake2sp(std::string_view key, unsigned size, std::string_view message) {
  std::string key_block(key);
  if (!key.empty()) key_block.resize(64, '\0');
  Blake2sTree tree{.digest_bytes = size,
                   .key_bytes = static_cast<unsigned>(key.size()),
                   .fanout = 8,
                   .depth = 2,
                   .inner_bytes = 32};
  std::string inner;
  for (unsigned leaf = 0; leaf < 8; ++leaf) {
    std::string share;
    for (std::size_t begin = 64 * leaf; begin < message.size(); begin += 512) {
      share += message.substr(begin, 64);
    }
    tree.node_offset = leaf;
    tree.is_last_node = leaf == 7;
    inner += slow_blake2s(tree, key_block, share);
  }
  tree.node_offset = 0;
  tree.node_depth = 1;
  tree.is_last_node = true;
  return slow_blake2s(tree, "", inner).substr(0, size);
}

}  // namespace tagscope::reference
