// Words in memory and in registers, as the standards of the digests write them. Internal to the
// room. The shifts below are what compilers recognise as single loads, stores and rotations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tagscope::hash {

template <typename Word>
[[nodiscard]] inline Word load_little_endian(const std::uint8_t* bytes) {
  Word word = 0;
  for (std::size_t i = 0; i < sizeof(Word); ++i) {
    word = static_cast<Word>(word | static_cast<Word>(bytes[i]) << (8 * i));
  }
  return word;
}

template <typename Word>
[[nodiscard]] inline Word load_big_endian(const std::uint8_t* bytes) {
  Word word = 0;
  for (std::size_t i = 0; i < sizeof(Word); ++i) {
    word = static_cast<Word>(word | static_cast<Word>(bytes[i]) << (8 * (sizeof(Word) - 1 - i)));
  }
  return word;
}

template <typename Word>
inline void store_little_endian(std::uint8_t* bytes, Word word) {
  for (std::size_t i = 0; i < sizeof(Word); ++i)
    bytes[i] = static_cast<std::uint8_t>(word >> (8 * i));
}

template <typename Word>
inline void store_big_endian(std::uint8_t* bytes, Word word) {
  for (std::size_t i = 0; i < sizeof(Word); ++i) {
    bytes[sizeof(Word) - 1 - i] = static_cast<std::uint8_t>(word >> (8 * i));
  }
}

enum class ByteOrder : std::uint8_t { little_endian, big_endian };

template <ByteOrder kOrder, typename Word>
[[nodiscard]] inline Word load(const std::uint8_t* bytes) {
  if constexpr (kOrder == ByteOrder::big_endian) return load_big_endian<Word>(bytes);
  return load_little_endian<Word>(bytes);
}

template <ByteOrder kOrder, typename Word>
inline void store(std::uint8_t* bytes, Word word) {
  if constexpr (kOrder == ByteOrder::big_endian) return store_big_endian(bytes, word);
  store_little_endian(bytes, word);
}

template <typename Word>
inline void append_little_endian(std::string& out, Word word) {
  for (std::size_t i = 0; i < sizeof(Word); ++i) out.push_back(static_cast<char>(word >> (8 * i)));
}

template <typename Word>
inline void append_big_endian(std::string& out, Word word) {
  for (std::size_t i = sizeof(Word); i-- > 0;) out.push_back(static_cast<char>(word >> (8 * i)));
}

// Rotations by 0 < n < the word's width.
template <typename Word>
[[nodiscard]] constexpr Word rotate_left(Word word, unsigned n) {
  return static_cast<Word>(word << n | word >> (8 * sizeof(Word) - n));
}

template <typename Word>
[[nodiscard]] constexpr Word rotate_right(Word word, unsigned n) {
  return static_cast<Word>(word >> n | word << (8 * sizeof(Word) - n));
}

}  // namespace tagscope::hash
