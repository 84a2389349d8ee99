// Cyclic redundancy checks of any width, by braiding. Internal to the room.
//
// A table look-up per byte waits for the one before it. Here kBraids words are taken at a time,
// each with a register of its own that already looks past the other words, so that the look-ups of
// one step are independent of each other (M. Kadatch, B. Jenkins, "Everything we know about CRC but
// afraid to forget", 2010; zlib 1.2.12 uses the same method).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

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

template <typename Word, CrcModel<Word> kModel, std::size_t kBraids>
class BraidedCrc {
 public:
  static constexpr std::size_t kBytes = sizeof(Word);
  static constexpr std::size_t kBlockBytes = kBraids * kBytes;

  void update(std::span<const std::uint8_t> bytes) {
    const Tables& tables = shared_tables();
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
    Word state = state_;
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
    state_ = state;
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
