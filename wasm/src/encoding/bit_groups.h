// The encodings of RFC 4648 whose characters carry a fixed number of bits. Internal to the room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "encoding/input_errors.h"

namespace tagscope::encoding {

// What the reader accepts beside the alphabet's characters.
enum class Padding : std::uint8_t {
  none,      // written never, read never
  optional,  // written always, read where it is complete, and may be left out
};

struct BitGroups {
  std::string_view name;        // as messages call it
  std::string_view characters;  // 2^bits of them, each one byte
  unsigned bits = 0;            // carried by a character
  std::size_t quantum = 0;      // characters after which bytes and characters end together
  Padding padding = Padding::none;
  bool skips_space = false;

  [[nodiscard]] Result<std::string> encode(std::string_view bytes) const;
  [[nodiscard]] Result<std::string> decode(std::string_view text) const;
};

}  // namespace tagscope::encoding
