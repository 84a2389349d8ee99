// Digests of many short inputs, four at a time in lanes, for the family of hash/merkle_damgard.h.
// Internal to the room.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "hash/lanes.h"
#include "hash/merkle_damgard.h"
#include "hash/words.h"

namespace tagscope::hash {

// Inputs of more blocks are digested one by one.
inline constexpr std::size_t kMostBlocksInLanes = 8;

namespace many_detail {

inline constexpr std::size_t kBlock = 64;
inline constexpr std::size_t kLengthBytes = 8;

// Blocks of the padded input: a byte 0x80 and the length come after it.
[[nodiscard]] inline std::size_t padded_blocks(std::size_t bytes) {
  return (bytes + kLengthBytes) / kBlock + 1;
}

// The block at `begin` of the padded input.
template <ByteOrder kOrder>
inline void write_padded(std::string_view input, std::size_t begin, bool is_last,
                         std::uint8_t* block) {
  const std::size_t left = input.size() > begin ? input.size() - begin : 0;
  if (left >= kBlock) {
    std::memcpy(block, input.data() + begin, kBlock);
    return;
  }
  std::memset(block, 0, kBlock);
  if (left != 0) std::memcpy(block, input.data() + begin, left);
  if (input.size() >= begin) block[left] = 0x80;
  if (!is_last) return;
  const std::uint64_t bits = std::uint64_t{input.size()} << 3;
  store<kOrder>(block + kBlock - kLengthBytes, bits);
}

// Four inputs of the same number of blocks. Lane i of the result is the state of inputs[i].
template <typename Rounds>
[[nodiscard]] inline std::array<Lanes, Rounds::kStateWords> hash_four(
    const StateOf<Rounds>& initial, const std::array<std::string_view, 4>& inputs,
    std::size_t blocks) {
  std::array<Lanes, Rounds::kStateWords> state;
  for (std::size_t i = 0; i < state.size(); ++i) state[i] = Lanes{} + initial[i];
  for (std::size_t block = 0; block < blocks; ++block) {
    alignas(16) std::array<std::uint8_t, 4 * kBlock> padded;
    for (std::size_t lane = 0; lane < 4; ++lane) {
      write_padded<Rounds::kOrder>(inputs[lane], block * kBlock, block + 1 == blocks,
                                   padded.data() + lane * kBlock);
    }
    std::array<Lanes, 16> words;
    for (std::size_t i = 0; i < 16; i += 4) {
      const auto rows =
          transposed({load_lanes(padded.data() + 4 * i), load_lanes(padded.data() + kBlock + 4 * i),
                      load_lanes(padded.data() + 2 * kBlock + 4 * i),
                      load_lanes(padded.data() + 3 * kBlock + 4 * i)});
      for (std::size_t j = 0; j < 4; ++j) {
        words[i + j] = Rounds::kOrder == ByteOrder::big_endian ? byte_swapped(rows[j]) : rows[j];
      }
    }
    auto registers = state;
    Rounds::mix(registers, words);
    for (std::size_t i = 0; i < state.size(); ++i) state[i] += registers[i];
  }
  return state;
}

}  // namespace many_detail

// Method::digest_many of a member of the family with words of 32 bits, whose digest is its whole
// state. Inputs of the same number of blocks go together, in whatever order they come.
template <typename Rounds>
void digest_many(const StateOf<Rounds>& initial, std::span<const std::string_view> inputs,
                 std::uint8_t* digests) {
  static_assert(kBlockBytes<Rounds> == many_detail::kBlock);
  constexpr std::size_t kDigestBytes = sizeof initial;
  struct Waiting {
    std::array<std::size_t, 4> places;  // in `inputs`
    std::size_t count = 0;
  };
  std::array<Waiting, kMostBlocksInLanes> waiting;

  const auto digest_one = [&](std::size_t place) {
    MerkleDamgard<Rounds> stream(initial);
    const std::string_view input = inputs[place];
    stream.update({reinterpret_cast<const std::uint8_t*>(input.data()), input.size()});
    std::memcpy(digests + place * kDigestBytes, stream.finish().data(), kDigestBytes);
  };
  // Lanes that nothing waits for repeat the first.
  const auto digest_waiting = [&](Waiting& group, std::size_t blocks) {
    std::array<std::string_view, 4> four;
    for (std::size_t lane = 0; lane < 4; ++lane) {
      four[lane] = inputs[group.places[lane < group.count ? lane : 0]];
    }
    const auto state = many_detail::hash_four<Rounds>(initial, four, blocks);
    for (std::size_t lane = 0; lane < group.count; ++lane) {
      std::uint8_t* digest = digests + group.places[lane] * kDigestBytes;
      for (std::size_t i = 0; i < state.size(); ++i) {
        store<Rounds::kOrder>(digest + 4 * i, state[i][lane]);
      }
    }
    group.count = 0;
  };

  for (std::size_t place = 0; place < inputs.size(); ++place) {
    const std::size_t blocks = many_detail::padded_blocks(inputs[place].size());
    if (blocks > kMostBlocksInLanes) {
      digest_one(place);
      continue;
    }
    Waiting& group = waiting[blocks - 1];
    group.places[group.count++] = place;
    if (group.count == 4) digest_waiting(group, blocks);
  }
  for (std::size_t blocks = 1; blocks <= kMostBlocksInLanes; ++blocks) {
    Waiting& group = waiting[blocks - 1];
    if (group.count != 0) digest_waiting(group, blocks);
  }
}

}  // namespace tagscope::hash
