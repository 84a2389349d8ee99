// SHA-3: the sponge over the permutation Keccak-f[1600]. Internal to the room.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "hash/repeat.h"
#include "hash/words.h"

namespace tagscope::hash {

// Lane A[x, y] of FIPS 202, section 3.1.2, is entry x + 5 y.
using KeccakState = std::array<std::uint64_t, 25>;

namespace keccak_detail {

// FIPS 202, section 3.2.5: what step iota adds to lane A[0, 0] in each round.
inline constexpr std::array<std::uint64_t, 24> kRoundConstants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// FIPS 202, section 3.2.2, table 2, modulo the width of a lane.
inline constexpr std::array<int, 25> kOffsets = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                                 25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

[[gnu::always_inline]] inline void round(KeccakState& a, std::uint64_t constant) {
  std::array<std::uint64_t, 5> columns;
  repeat<5>([&](std::size_t x) __attribute__((always_inline)) {
    columns[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
  });
  // Steps theta, rho and pi, then chi and iota.
  KeccakState b;
  repeat<25>([&](std::size_t to) __attribute__((always_inline)) {
    const std::size_t x = (to % 5 + 3 * (to / 5)) % 5;
    const std::size_t from = x + 5 * (to % 5);
    const std::uint64_t parity = columns[(x + 4) % 5] ^ rotate_left(columns[(x + 1) % 5], 1);
    b[to] = std::rotl(a[from] ^ parity, kOffsets[from]);
  });
  repeat<25>([&](std::size_t i) __attribute__((always_inline)) {
    a[i] = b[i] ^ (~b[i / 5 * 5 + (i + 1) % 5] & b[i / 5 * 5 + (i + 2) % 5]);
  });
  a[0] ^= constant;
}

}  // namespace keccak_detail

// FIPS 202, section 3.3: Keccak-f[1600].
inline void keccak_permute(KeccakState& state) {
  KeccakState a = state;
  for (const std::uint64_t constant : keccak_detail::kRoundConstants) {
    keccak_detail::round(a, constant);
  }
  state = a;
}

// SHA3-224 to SHA3-512 (FIPS 202, section 6.1), fed in pieces. The capacity is twice the digest, so
// the first of the squeezed bytes are all.
class Sha3 {
 public:
  explicit Sha3(std::size_t digest_bytes)
      : digest_bytes_(digest_bytes), rate_bytes_(200 - 2 * digest_bytes) {}

  void update(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      if (absorbed_ == 0 && bytes.size() >= rate_bytes_) {
        for (std::size_t i = 0; i < rate_bytes_ / 8; ++i) {
          state_[i] ^= load_little_endian<std::uint64_t>(bytes.data() + 8 * i);
        }
        keccak_permute(state_);
        bytes = bytes.subspan(rate_bytes_);
      } else {
        absorb(bytes.front());
        bytes = bytes.subspan(1);
        if (++absorbed_ == rate_bytes_) {
          keccak_permute(state_);
          absorbed_ = 0;
        }
      }
    }
  }

  std::string finish() {
    absorb(0x06);  // the suffix 01 and the first bit of the padding
    absorbed_ = rate_bytes_ - 1;
    absorb(0x80);  // the padding's last bit
    keccak_permute(state_);
    std::string out;
    for (const std::uint64_t lane : state_) append_little_endian(out, lane);
    out.resize(digest_bytes_);
    return out;
  }

 private:
  void absorb(std::uint8_t byte) {
    state_[absorbed_ / 8] ^= std::uint64_t{byte} << (8 * (absorbed_ % 8));
  }

  KeccakState state_{};
  std::size_t digest_bytes_;
  std::size_t rate_bytes_;
  std::size_t absorbed_ = 0;  // bytes of the block that is not yet permuted
};

}  // namespace tagscope::hash
