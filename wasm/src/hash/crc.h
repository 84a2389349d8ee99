// Cyclic redundancy checks of any width, by folding and braiding. Internal to the room.
//
// Folding: where P divides x^D + x^a + … + 1, it divides x^8D + x^8a + … + 1 too (the eighth
// power), so a byte may be added D − a, …, and D bytes further on instead of where it is, and the
// remainder modulo P stays. So all but the last D bytes of a long run go with a few exclusive ors,
// sixteen bytes at a time (S. Russell, "Chorba: A novel CRC32 implementation", 2024, so does
// without tables).
//
// Braiding: a table look-up per byte waits for the one before it. Here kBraids words are taken at a
// time, each with a register of its own that already looks past the other words, so that the
// look-ups of one step are independent of each other (M. Kadatch, B. Jenkins, "Everything we know
// about CRC but afraid to forget", 2010; zlib 1.2.12 uses the same method).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "hash/lanes.h"
#include "hash/repeat.h"
#include "hash/words.h"

namespace tagscope::hash {

// A CRC as the RevEng catalogue writes it: `polynomial` without its highest term, highest degree
// first. `reflected` is refin and refout; `initial` and `final_xor` are palindromes in all we have.
template <typename Word>
struct CrcModel {
  Word polynomial;
  bool reflected;
  Word initial;
  Word final_xor;
};

// x to the power of n modulo the polynomial, highest degree first.
template <typename Word>
[[nodiscard]] constexpr Word power_of_x(Word polynomial, std::size_t n) {
  Word power = 1;
  for (; n > 0; --n) {
    const bool carries = (power >> (8 * sizeof(Word) - 1) & 1) != 0;
    power = static_cast<Word>(power << 1) ^ (carries ? polynomial : Word{0});
  }
  return power;
}

// `kMultiple`: the exponents of a multiple of the polynomial that has few terms, from the highest
// to 0. Found by search; that it is one is checked here.
template <typename Word, CrcModel<Word> kModel, std::size_t kBraids, auto kMultiple>
class Crc {
 public:
  void update(std::span<const std::uint8_t> bytes) {
    if constexpr (!kSizeCounts) {
      if (bytes.size() >= kLeastFolded) bytes = fold(bytes);
    }
    state_ = braided(state_, bytes);
  }

  std::string finish() {
    std::string out;
    const auto value = static_cast<Word>(state_ ^ kModel.final_xor);
    if (kModel.reflected) {
      append_big_endian(out, value);
    } else {
      append_little_endian(out, value);
    }
    return out;
  }

 private:
  static constexpr std::size_t kBytes = sizeof(Word);
  static constexpr std::size_t kBlockBytes = kBraids * kBytes;

  static constexpr std::size_t kReach = kMultiple[0];
  // How many bytes further on a byte is added, for each lower term.
  static constexpr auto kDistances = [] {
    std::array<std::size_t, kMultiple.size() - 1> distances{};
    for (std::size_t i = 0; i < distances.size(); ++i) {
      distances[i] = kReach - kMultiple[i + 1];
    }
    return distances;
  }();
  static constexpr std::size_t kStep = sizeof(Lanes);
  static_assert(kMultiple.back() == 0 && kDistances[0] >= kStep);
  static_assert(
      [] {
        Word sum = 0;
        for (const std::size_t exponent : kMultiple) {
          sum ^= power_of_x(kModel.polynomial, exponent);
        }
        return sum;
      }() == 0,
      "the polynomial does not divide kMultiple");
  // Folded words are kept as long as they are added somewhere.
  static constexpr std::size_t kKeptBytes = (kReach + kStep - 1) / kStep * kStep;
  static constexpr std::size_t kRunBytes = 8192;
  // The last kReach bytes are left to the tables, which folding has to be worth.
  static constexpr std::size_t kLeastFolded = 3 * kReach;

  // Takes in all but up to 15 bytes, which it returns.
  std::span<const std::uint8_t> fold(std::span<const std::uint8_t> bytes) {
    alignas(kStep) std::array<std::uint8_t, kKeptBytes + kRunBytes> words;
    std::fill_n(words.begin(), kKeptBytes, std::uint8_t{0});
    // The state is added to the first word: as if it had gone kReach before.
    store_little_endian(words.data() + kKeptBytes - kReach, state_);
    const std::size_t end = (bytes.size() - kReach) / kStep * kStep;
    for (std::size_t begin = 0; begin < end;) {
      const std::size_t run = std::min(kRunBytes, end - begin);
      for (std::size_t i = 0; i < run; i += kStep) {
        Lanes sum = load_lanes(bytes.data() + begin + i);
        for (const std::size_t distance : kDistances) {
          sum ^= load_lanes(words.data() + i + (kKeptBytes - distance));
        }
        store_lanes(words.data() + i + kKeptBytes, sum);
      }
      std::memmove(words.data(), words.data() + run, kKeptBytes);
      begin += run;
    }
    std::array<std::uint8_t, kReach> rest;
    std::memcpy(rest.data(), bytes.data() + end, kReach);
    for (const std::size_t distance : kDistances) {
      for (std::size_t i = 0; i < distance; ++i) rest[i] ^= words[kKeptBytes - distance + i];
    }
    state_ = braided(0, rest);
    return bytes.subspan(end + kReach);
  }

  // The state after `bytes` from `state` on.
  static Word braided(Word state, std::span<const std::uint8_t> bytes) {
    const Tables& tables = shared_tables();
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    // The last block of a run is read with the registers folded in, so two are the least.
    if (left >= 2 * kBlockBytes) {
      std::array<Word, kBraids> registers{};
      registers[0] = state;
      do {
        std::array<Word, kBraids> words;
        for (std::size_t k = 0; k < kBraids; ++k) {
          words[k] = load_little_endian<Word>(at + k * kBytes) ^ registers[k];
        }
        for (std::size_t k = 0; k < kBraids; ++k) {
          Word next = tables.past_block[0][words[k] & 0xFF];
          for (std::size_t j = 1; j < kBytes; ++j) {
            next ^= tables.past_block[j][words[k] >> (8 * j) & 0xFF];
          }
          registers[k] = next;
        }
        at += kBlockBytes;
        left -= kBlockBytes;
      } while (left >= 2 * kBlockBytes);
      state = 0;
      for (std::size_t k = 0; k < kBraids; ++k) {
        state ^= load_little_endian<Word>(at) ^ registers[k];
        for (std::size_t j = 0; j < kBytes; ++j) state = advanced(tables, state);
        at += kBytes;
        left -= kBytes;
      }
    }
    for (; left > 0; --left, ++at) state = advanced(tables, static_cast<Word>(state ^ *at));
    return state;
  }

  struct Tables {
    std::array<Word, 256> past_byte;
    // past_block[j][b]: what byte b at place j of a word leaves kBlockBytes after the word's start.
    std::array<std::array<Word, 256>, kBytes> past_block;
  };

  // Some ten kilobytes that do not compress: made on first use rather than shipped.
  static const Tables& shared_tables() {
    static const Tables tables = make_tables();
    return tables;
  }

  static Tables make_tables() {
    Tables tables{};
    for (std::size_t b = 0; b < 256; ++b) tables.past_byte[b] = past_byte(b);
    for (std::size_t b = 0; b < 256; ++b) {
      Word state = tables.past_byte[b];
      for (std::size_t zeros = 1; zeros < kBlockBytes; ++zeros) {
        state = advanced(tables, state);
        if (zeros + kBytes >= kBlockBytes) tables.past_block[kBlockBytes - 1 - zeros][b] = state;
      }
    }
    return tables;
  }

  // The register always meets the next byte in its lowest eight bits. A reflected CRC is defined
  // so; one that is not is kept with its bytes in reverse order, which lets one loop serve both.
  static Word past_byte(std::size_t b) {
    if (kModel.reflected) {
      Word polynomial = 0;
      for (std::size_t bit = 0; bit < 8 * kBytes; ++bit) {
        const Word coefficient = kModel.polynomial >> bit & 1;
        polynomial |= static_cast<Word>(coefficient << (8 * kBytes - 1 - bit));
      }
      auto state = static_cast<Word>(b);
      for (int bit = 0; bit < 8; ++bit) state = state >> 1 ^ ((state & 1) != 0 ? polynomial : 0);
      return state;
    }
    constexpr auto kTop = static_cast<Word>(Word{1} << (8 * kBytes - 1));
    auto state = static_cast<Word>(static_cast<Word>(b) << (8 * kBytes - 8));
    for (int bit = 0; bit < 8; ++bit) {
      state = static_cast<Word>(state << 1) ^ ((state & kTop) != 0 ? kModel.polynomial : 0);
    }
    Word swapped = 0;
    for (std::size_t j = 0; j < kBytes; ++j) {
      swapped |= static_cast<Word>((state >> (8 * j) & 0xFF) << (8 * (kBytes - 1 - j)));
    }
    return swapped;
  }

  static Word advanced(const Tables& tables, Word state) {
    return static_cast<Word>(state >> 8 ^ tables.past_byte[state & 0xFF]);
  }

  Word state_ = kModel.initial;
};

}  // namespace tagscope::hash
