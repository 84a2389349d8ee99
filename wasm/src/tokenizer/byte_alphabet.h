// OpenAI's bytes_to_unicode (GPT-2, encoder.py; openai/CLIP, simple_tokenizer.py): every byte has
// a printable character, so that vocabularies of bytes can be written as text.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tagscope {

// Printable bytes of Latin-1 stand for themselves and come first, the others follow as U+0100,
// U+0101, … A byte's symbol is its place in that order, which is also its id in GPT-2's and CLIP's
// vocabularies.
struct ByteAlphabet {
  static constexpr unsigned kCharacters = 0x144;

  std::array<std::uint8_t, 256> byte_of_symbol{};
  std::array<std::uint8_t, 256> symbol_of_byte{};
  std::array<char16_t, 256> character_of_byte{};
  // kNoByte for characters that stand for none.
  std::array<std::uint16_t, kCharacters> byte_of_character{};
  static constexpr std::uint16_t kNoByte = 256;
};

[[nodiscard]] constexpr ByteAlphabet make_byte_alphabet() {
  const auto is_printable = [](unsigned byte) {
    return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
  };
  ByteAlphabet alphabet;
  for (auto& byte : alphabet.byte_of_character) byte = ByteAlphabet::kNoByte;
  unsigned symbol = 0;
  unsigned next_character = 256;
  for (const bool printable : {true, false}) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (is_printable(byte) != printable) continue;
      const unsigned character = printable ? byte : next_character++;
      alphabet.byte_of_symbol[symbol] = static_cast<std::uint8_t>(byte);
      alphabet.symbol_of_byte[byte] = static_cast<std::uint8_t>(symbol++);
      alphabet.character_of_byte[byte] = static_cast<char16_t>(character);
      alphabet.byte_of_character[character] = static_cast<std::uint16_t>(byte);
    }
  }
  return alphabet;
}

inline constexpr ByteAlphabet kByteAlphabet = make_byte_alphabet();

// `bytes` written in the alphabet, as UTF-8.
[[nodiscard]] std::string written_bytes(std::string_view bytes);

// The bytes that `written` stands for, or nothing where a character stands for none.
[[nodiscard]] std::optional<std::string> bytes_written(std::string_view written);

}  // namespace tagscope
