// .safetensors files made in memory.
#pragma once

#include <cstdint>
#include <string>

#include "tensors/safetensors.h"

namespace tagscope::testing {

// Length, header, and as many zero bytes of data.
inline std::string safetensors_file(const std::string& header, std::size_t data_bytes) {
  std::string bytes;
  const std::uint64_t length = header.size();
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(length >> 8 * i & 0xFF));
  return bytes + header + std::string(data_bytes, '\0');
}

// As a program that can see the whole file reads it.
inline Result<Safetensors> read_whole(const std::string& bytes) {
  const auto length = read_header_length(std::string_view(bytes).substr(0, 9), bytes.size());
  if (!length) return length.error();
  return read_safetensors(bytes.substr(kHeaderLengthBytes, *length), bytes.size());
}

}  // namespace tagscope::testing
