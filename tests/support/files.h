// Test data: files under tests/, and the JSON vectors of several sources.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/places.h"

namespace tagscope::testing {

// The whole file; `path` is relative to tests/. Fails the test if it is absent.
std::string read_file(const std::string& path);

nlohmann::json read_json(const std::string& path);

std::vector<nlohmann::json> read_json_lines(const std::string& path);

inline std::string to_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    hex.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
  return hex;
}

// The bytes of the goldens' pattern: byte i is i mod 251.
inline std::string pattern(std::size_t length) {
  std::string bytes(length, '\0');
  for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<char>(i % 251);
  return bytes;
}

}  // namespace tagscope::testing
