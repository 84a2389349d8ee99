// Digests fed in pieces, as files are.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include "support/files.h"
#include "support/methods.h"

namespace tagscope::testing {

inline std::unique_ptr<Digest> start(std::string_view id, std::string_view arguments) {
  const Method* method = find_method(id);
  EXPECT_NE(method, nullptr) << id;
  const auto read = arguments_of(arguments);
  auto prepared = method->prepare(read, false);
  EXPECT_TRUE(prepared.ok()) << id << " " << arguments;
  return prepared->start();
}

inline void feed(Digest& digest, std::string_view bytes) {
  digest.update({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// The digest in hex of `bytes` at once, as a recipe computes it.
inline std::string digest_of(std::string_view id, std::string_view arguments,
                             std::string_view bytes) {
  auto result = run(id, arguments, Value::bytes(std::string(bytes)));
  EXPECT_TRUE(result.ok()) << id << " " << arguments;
  return result.ok() ? to_hex(result->data) : "";
}

// Feeds `bytes` in pieces of `piece` bytes.
inline std::string digest_in_pieces(Digest& digest, std::string_view bytes, std::size_t piece) {
  for (std::size_t at = 0; at < bytes.size(); at += piece) feed(digest, bytes.substr(at, piece));
  return to_hex(digest.finish());
}

// Feeds `bytes` in pieces of random lengths, often 0 or near the borders of blocks.
inline std::string digest_in_cuts(Digest& digest, std::string_view bytes, std::mt19937& random) {
  static constexpr std::size_t kTelling[] = {0,   1,   63,  64,  65,  127, 128,  447, 448,
                                             449, 511, 512, 513, 960, 961, 1024, 2048};
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length =
        random() % 2 == 0 ? kTelling[random() % std::size(kTelling)] : random() % 1500;
    feed(digest, bytes.substr(at, length));
    at += std::min(length, bytes.size() - at);
  }
  return to_hex(digest.finish());
}

}  // namespace tagscope::testing
