// BLAKE3 of a whole message as the paper defines it ("BLAKE3: one function, fast everywhere",
// 2020): a recursive tree, a word at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tagscope::reference {

using Blake3Words = std::array<std::uint32_t, 8>;
inline constexpr Blake3Words kBlake3Initial = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                               0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

// What the last compression of a node takes: its output can be a chaining value or the digest.
struct Blake3Node {
  Blake3Words chain;
  std::array<std::uint32_t, 16> m;
  std::uint64_t counter;
  std::uint32_t length;
  std::uint32_t flags;

  // Section 2.2: all 16 words.
  [[nodiscard]] std::array<std::uint32_t, 16> compress() const {
    std::array<std::uint32_t, 16> v{};
    for (std::size_t i = 0; i < 8; ++i) v[i] = chain[i];
    for (std::size_t i = 0; i < 4; ++i) v[8 + i] = kBlake3Initial[i];
    v[12] = static_cast<std::uint32_t>(counter);
    v[13] = static_cast<std::uint32_t>(counter >> 32);
    v[14] = length;
    v[15] = flags;
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
    auto words = m;
    for (int round = 0; round < 7; ++round) {
      for (int i = 0; i < 4; ++i) mix(i, 4 + i, 8 + i, 12 + i, words[2 * i], words[2 * i + 1]);
      for (int i = 0; i < 4; ++i) {
        mix(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, words[8 + 2 * i],
            words[9 + 2 * i]);
      }
      // Table 2.
      static constexpr int kPermutation[16] = {2, 6,  3,  10, 7, 0,  4,  13,
                                               1, 11, 12, 5,  9, 14, 15, 8};
      const auto before = words;
      for (std::size_t i = 0; i < 16; ++i) words[i] = before[kPermutation[i]];
    }
    for (std::size_t i = 0; i < 8; ++i) {
      v[i] ^= v[8 + i];
      v[8 + i] ^= chain[i];
    }
    return v;
  }

  [[nodiscard]] Blake3Words chaining_value() const {
    const auto v = compress();
    Blake3Words value;
    for (std::size_t i = 0; i < 8; ++i) value[i] = v[i];
    return value;
  }
};

// Section 2.4: one chunk, the `number`-th.
inline Blake3Node slow_blake3_chunk(const Blake3Words& key, std::uint32_t flags,
                                    std::uint64_t number, std::string_view bytes) {
  Blake3Node node{key, {}, number, 0, flags | 1};
  while (true) {
    const std::string_view block = bytes.substr(0, 64);
    node.m = {};
    for (std::size_t i = 0; i < block.size(); ++i) {
      node.m[i / 4] |= std::uint32_t{static_cast<unsigned char>(block[i])} << (8 * (i % 4));
    }
    node.length = static_cast<std::uint32_t>(block.size());
    bytes.remove_prefix(block.size());
    if (bytes.empty()) break;
    node.chain = node.chaining_value();
    node.flags = flags;
  }
  node.flags |= 2;
  return node;
}

// Section 2.1: the left subtree is full, with as many chunks as leave at least a byte to the right.
inline Blake3Node slow_blake3_tree(const Blake3Words& key, std::uint32_t flags,
                                   std::uint64_t first_chunk, std::string_view bytes) {
  if (bytes.size() <= 1024) return slow_blake3_chunk(key, flags, first_chunk, bytes);
  std::size_t left = 1024;
  while (2 * left < bytes.size()) left *= 2;
  const auto left_value =
      slow_blake3_tree(key, flags, first_chunk, bytes.substr(0, left)).chaining_value();
  const auto right_value =
      slow_blake3_tree(key, flags, first_chunk + left / 1024, bytes.substr(left)).chaining_value();
  Blake3Node parent{key, {}, 0, 64, flags | 4};
  for (std::size_t i = 0; i < 8; ++i) {
    parent.m[i] = left_value[i];
    parent.m[8 + i] = right_value[i];
  }
  return parent;
}

inline std::string slow_blake3_under(const Blake3Words& key, std::uint32_t flags,
                                     std::string_view message, std::size_t size) {
  Blake3Node root = slow_blake3_tree(key, flags, 0, message);
  root.flags |= 8;
  std::string out;
  for (root.counter = 0; out.size() < size; ++root.counter) {
    for (const std::uint32_t word : root.compress()) {
      for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(word >> shift));
    }
  }
  out.resize(size);
  return out;
}

inline Blake3Words blake3_words(std::string_view key) {
  Blake3Words words{};
  for (std::size_t i = 0; i < 32; ++i) {
    words[i / 4] |= std::uint32_t{static_cast<unsigned char>(key[i])} << (8 * (i % 4));
  }
  return words;
}

// Section 2.3: the three modes.
inline std::string slow_blake3(std::string_view message, std::size_t size) {
  return slow_blake3_under(kBlake3Initial, 0, message, size);
}
inline std::string slow_blake3_keyed(std::string_view key, std::string_view message,
                                     std::size_t size) {
  return slow_blake3_under(blake3_words(key), 16, message, size);
}
inline std::string slow_blake3_derived(std::string_view context, std::string_view material,
                                       std::size_t size) {
  const std::string key = slow_blake3_under(kBlake3Initial, 32, context, 32);
  return slow_blake3_under(blake3_words(key), 64, material, size);
}

}  // namespace tagscope::reference
