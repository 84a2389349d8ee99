// XXH64 of a whole message, in the seven steps of xxHash's specification (doc/xxhash_spec.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tagscope::reference {

inline std::uint64_t slow_xxh64(std::uint64_t seed, std::string_view message) {
  // The specification gives the primes in decimal too.
  constexpr std::uint64_t kPrime1 = 11400714785074694791U;
  constexpr std::uint64_t kPrime2 = 14029467366897019727U;
  constexpr std::uint64_t kPrime3 = 1609587929392839161U;
  constexpr std::uint64_t kPrime4 = 9650029242287828579U;
  constexpr std::uint64_t kPrime5 = 2870177450012600261U;
  const auto rotate = [](std::uint64_t x, int n) { return x << n | x >> (64 - n); };
  const auto read = [&](std::size_t begin, std::size_t bytes) {
    std::uint64_t lane = 0;
    for (std::size_t i = bytes; i-- > 0;) {
      lane = lane * 256 + static_cast<unsigned char>(message[begin + i]);
    }
    return lane;
  };
  const auto round = [&](std::uint64_t acc, std::uint64_t lane) {
    return rotate(acc + lane * kPrime2, 31) * kPrime1;
  };

  std::size_t at = 0;
  std::uint64_t acc = seed + kPrime5;
  if (message.size() >= 32) {
    std::uint64_t accs[4] = {seed + kPrime1 + kPrime2, seed + kPrime2, seed, seed - kPrime1};
    for (; at + 32 <= message.size(); at += 32) {
      for (std::size_t i = 0; i < 4; ++i) accs[i] = round(accs[i], read(at + 8 * i, 8));
    }
    acc = rotate(accs[0], 1) + rotate(accs[1], 7) + rotate(accs[2], 12) + rotate(accs[3], 18);
    for (const std::uint64_t each : accs) acc = (acc ^ round(0, each)) * kPrime1 + kPrime4;
  }
  acc += message.size();
  for (; at + 8 <= message.size(); at += 8) {
    acc = rotate(acc ^ round(0, read(at, 8)), 27) * kPrime1 + kPrime4;
  }
  if (at + 4 <= message.size()) {
    acc = rotate(acc ^ read(at, 4) * kPrime1, 23) * kPrime2 + kPrime3;
    at += 4;
  }
  for (; at < message.size(); ++at) acc = rotate(acc ^ read(at, 1) * kPrime5, 11) * kPrime1;
  acc = (acc ^ acc >> 33) * kPrime2;
  acc = (acc ^ acc >> 29) * kPrime3;
  return acc ^ acc >> 32;
}

}  // namespace tagscope::reference
