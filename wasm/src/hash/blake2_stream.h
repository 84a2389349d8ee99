// A sequential BLAKE2 hash, fed in pieces. Internal to the room.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "hash/blake2_rounds.h"

namespace tagscope::hash {

template <typename Numbers>
class Blake2Stream {
 public:
  using Word = typename Numbers::Word;
  static constexpr std::size_t kBlockBytes = 16 * sizeof(Word);

  // `key` becomes the first block; empty: none. `is_last_node` marks the rightmost node of a level.
  explicit Blake2Stream(const Blake2Node& node, std::string_view key = {},
                        bool is_last_node = false)
      : h_(blake2_initial<Numbers>(node)),
        digest_bytes_(node.digest_bytes),
        is_last_node_(is_last_node) {
    if (key.empty()) return;
    std::memcpy(buffer_.data(), key.data(), key.size());
    held_ = kBlockBytes;
  }

  void update(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return;
    // The last block is compressed differently, so a full buffer waits for a byte after it.
    if (held_ + bytes.size() > kBlockBytes) {
      const std::size_t taken = kBlockBytes - held_;
      if (taken != 0) std::memcpy(buffer_.data() + held_, bytes.data(), taken);
      compress(buffer_.data(), kBlockBytes, false);
      bytes = bytes.subspan(taken);
      held_ = 0;
      while (bytes.size() > kBlockBytes) {
        compress(bytes.data(), kBlockBytes, false);
        bytes = bytes.subspan(kBlockBytes);
      }
    }
    std::memcpy(buffer_.data() + held_, bytes.data(), bytes.size());
    held_ += bytes.size();
  }

  std::string finish() {
    std::string out = finish_inner();
    out.resize(digest_bytes_);
    return out;
  }

  // The whole chain, which a leaf hands to its root however short the digest is.
  std::string finish_inner() {
    std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(held_), buffer_.end(), std::uint8_t{0});
    compress(buffer_.data(), held_, true);
    std::string out;
    for (const Word word : h_) append_little_endian(out, word);
    return out;
  }

 private:
  void compress(const std::uint8_t* block, std::size_t new_bytes, bool is_last) {
    hashed_bytes_ += new_bytes;
    std::array<Word, 16> m;
    for (std::size_t i = 0; i < 16; ++i) {
      m[i] = load_little_endian<Word>(block + i * sizeof(Word));
    }
    Blake2Position<Word> position{};
    position.count_low = static_cast<Word>(hashed_bytes_);
    // BLAKE2b counts in 128 bits, of which the upper 64 stay zero.
    if constexpr (sizeof(Word) == 4) position.count_high = static_cast<Word>(hashed_bytes_ >> 32);
    if (is_last) position.last_block = static_cast<Word>(~Word{0});
    if (is_last && is_last_node_) position.last_node = static_cast<Word>(~Word{0});
    blake2_compress<Numbers>(h_, m, position);
  }

  std::array<Word, 8> h_;
  std::size_t digest_bytes_;
  bool is_last_node_;
  std::uint64_t hashed_bytes_ = 0;
  std::size_t held_ = 0;
  std::array<std::uint8_t, kBlockBytes> buffer_{};
};

}  // namespace tagscope::hash
