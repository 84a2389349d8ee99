#include "encoding/bit_groups.h"

namespace tagscope::encoding {

Result<std::string> BitGroups::encode(std::string_view bytes) const {
  std::uint64_t length = (std::uint64_t{8} * bytes.size() + bits - 1) / bits;
  if (padding != Padding::none) length = (length + quantum - 1) / quantum * quantum;
  if (auto fits = check_output_size(length); !fits) return fits.error();

  // Filled up with padding beforehand, then written in place.
  std::string text(static_cast<std::size_t>(length), '=');
  char* out = text.data();
  const char* const alphabet = characters.data();
  const unsigned mask = (1U << bits) - 1;
  const std::size_t quantum_bytes = quantum * bits / 8;
  std::size_t at = 0;
  // Whole quanta, each as one number of at most 40 bits.
  for (; at + quantum_bytes <= bytes.size(); at += quantum_bytes, out += quantum) {
    std::uint64_t held = 0;
    for (std::size_t i = 0; i < quantum_bytes; ++i) {
      held = held << 8 | static_cast<unsigned char>(bytes[at + i]);
    }
    for (std::size_t i = quantum; i-- > 0; held >>= bits) {
      out[i] = alphabet[static_cast<unsigned>(held) & mask];
    }
  }
  unsigned held = 0;
  unsigned held_bits = 0;
  for (; at < bytes.size(); ++at) {
    held = held << 8 | static_cast<unsigned char>(bytes[at]);
    held_bits += 8;
    while (held_bits >= bits) {
      held_bits -= bits;
      *out++ = alphabet[held >> held_bits & mask];
    }
  }
  if (held_bits > 0) *out = alphabet[held << (bits - held_bits) & mask];
  return text;
}

Result<std::string> BitGroups::decode(std::string_view text) const {
  std::array<std::int8_t, 256> value_of{};
  value_of.fill(-1);
  for (std::size_t i = 0; i < characters.size(); ++i) {
    value_of[static_cast<unsigned char>(characters[i])] = static_cast<std::int8_t>(i);
  }

  std::string bytes;
  bytes.reserve(text.size() * bits / 8);
  unsigned held = 0;
  unsigned held_bits = 0;
  std::size_t count = 0;
  std::size_t pads = 0;
  std::size_t last = 0;  // offset of the last character that counted
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (skips_space && is_ascii_space(c)) continue;
    if (c == '=' && padding != Padding::none) {
      ++pads;
      last = at;
      continue;
    }
    const int value = value_of[static_cast<unsigned char>(c)];
    if (value < 0) return foreign_character(text, at, name);
    if (pads > 0) return malformed_at(at, "padding ends the text, but more follows it");
    ++count;
    last = at;
    held = held << bits | static_cast<unsigned>(value);
    held_bits += bits;
    if (held_bits >= 8) {
      held_bits -= 8;
      bytes.push_back(static_cast<char>(held >> held_bits & 0xFF));
    }
  }

  // A whole character without a bit of a byte in it: no encoder stops there.
  if (held_bits >= bits) {
    return malformed_at(last, std::to_string(count) + " characters do not end with a byte");
  }
  if ((held & ((1U << held_bits) - 1)) != 0) {
    return malformed_at(last, "the " + std::to_string(held_bits) +
                                  " spare bits of the last character are not zero");
  }
  const std::size_t missing = (quantum - count % quantum) % quantum;
  if (pads != 0 && pads != missing) {
    return malformed_at(last, "there are " + std::to_string(pads) + " padding characters; " +
                                  std::to_string(missing) + " complete the text");
  }
  return bytes;
}

}  // namespace tagscope::encoding
