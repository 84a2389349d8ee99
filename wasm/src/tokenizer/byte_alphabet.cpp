#include "tokenizer/byte_alphabet.h"

#include "text/utf8.h"

namespace tagscope {

std::string written_bytes(std::string_view bytes) {
  std::string written;
  for (const char byte : bytes) {
    append_utf8(written, kByteAlphabet.character_of_byte[static_cast<unsigned char>(byte)]);
  }
  return written;
}

std::optional<std::string> bytes_written(std::string_view written) {
  std::string bytes;
  for (std::size_t at = 0; at < written.size();) {
    const Decoded decoded = decode_one(written, at);
    const std::uint16_t byte = decoded.code_point < ByteAlphabet::kCharacters
                                   ? kByteAlphabet.byte_of_character[decoded.code_point]
                                   : ByteAlphabet::kNoByte;
    if (byte == ByteAlphabet::kNoByte) return std::nullopt;
    bytes.push_back(static_cast<char>(byte));
    at += decoded.length;
  }
  return bytes;
}

}  // namespace tagscope
