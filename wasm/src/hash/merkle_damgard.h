// The frame that MD5, SHA-1 and SHA-2 share: whole blocks are compressed into a state, the end is
// padded with a one bit, zeros, and the length in bits. Internal to the room.
//
// A member of the family is its Rounds:
//   Word, kStateWords, kOrder    of the state's words and how bytes become words and words bytes
//   template <typename Lane> static void mix(std::array<Lane, kStateWords>& registers,
//                                            std::array<Lane, 16>& words)
// which mixes a block into the registers; a Lane is a Word or several side by side (hash/many.h).
// Where speed counts it may have a faster way for one block of bytes besides:
//   static void mix_block(std::array<Word, kStateWords>& registers, const std::uint8_t* block)
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "hash/repeat.h"
#include "hash/words.h"

namespace tagscope::hash {

template <typename Rounds>
using StateOf = std::array<typename Rounds::Word, Rounds::kStateWords>;

// The length field is an eighth of a block.
template <typename Rounds>
inline constexpr std::size_t kBlockBytes = 16 * sizeof(typename Rounds::Word);

template <typename Rounds>
class MerkleDamgard {
 public:
  explicit MerkleDamgard(const StateOf<Rounds>& initial) : state_(initial) {}

  void update(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return;
    const auto held = static_cast<std::size_t>(total_bytes_ % kBlock);
    total_bytes_ += bytes.size();
    if (held != 0) {
      const std::size_t taken = std::min(bytes.size(), kBlock - held);
      std::memcpy(buffer_.data() + held, bytes.data(), taken);
      bytes = bytes.subspan(taken);
      if (held + taken < kBlock) return;
      compress(buffer_.data(), 1);
    }
    const std::size_t blocks = bytes.size() / kBlock;
    compress(bytes.data(), blocks);
    bytes = bytes.subspan(blocks * kBlock);
    if (!bytes.empty()) std::memcpy(buffer_.data(), bytes.data(), bytes.size());
  }

  // Pads and returns the whole state as bytes. Ends the stream.
  std::string finish() {
    constexpr std::size_t kLengthBytes = kBlock / 8;
    auto held = static_cast<std::size_t>(total_bytes_ % kBlock);
    buffer_[held++] = 0x80;
    if (held > kBlock - kLengthBytes) {
      std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(held), buffer_.end(),
                std::uint8_t{0});
      compress(buffer_.data(), 1);
      held = 0;
    }
    std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(held), buffer_.end(), std::uint8_t{0});
    // The length in bits has up to 67 bits; a field of 8 bytes holds it modulo 2^64.
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
      const std::uint64_t byte = i < 8    ? (total_bytes_ << 3) >> (8 * i)
                                 : i == 8 ? total_bytes_ >> 61
                                          : 0;
      const std::size_t place =
          Rounds::kOrder == ByteOrder::little_endian ? kBlock - kLengthBytes + i : kBlock - 1 - i;
      buffer_[place] = static_cast<std::uint8_t>(byte);
    }
    compress(buffer_.data(), 1);
    std::array<std::uint8_t, sizeof state_> out;
    for (std::size_t i = 0; i < state_.size(); ++i) {
      store<Rounds::kOrder>(out.data() + i * sizeof state_[i], state_[i]);
    }
    return {out.begin(), out.end()};
  }

 private:
  static constexpr std::size_t kBlock = kBlockBytes<Rounds>;

  void compress(const std::uint8_t* blocks, std::size_t count) {
    using Word = typename Rounds::Word;
    StateOf<Rounds> chained = state_;
    for (; count > 0; --count, blocks += kBlock) {
      StateOf<Rounds> registers = chained;
      if constexpr (!kSizeCounts && requires { Rounds::mix_block(registers, blocks); }) {
        Rounds::mix_block(registers, blocks);
      } else {
        std::array<Word, 16> words;
        for (std::size_t i = 0; i < 16; ++i) {
          words[i] = load<Rounds::kOrder, Word>(blocks + i * sizeof(Word));
        }
        Rounds::mix(registers, words);
      }
      for (std::size_t i = 0; i < chained.size(); ++i) chained[i] += registers[i];
    }
    state_ = chained;
  }

  StateOf<Rounds> state_;
  std::uint64_t total_bytes_ = 0;
  std::array<std::uint8_t, kBlock> buffer_{};
};

}  // namespace tagscope::hash
