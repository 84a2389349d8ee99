// The SHA-2 family: one compression over words of 32 or 64 bits. Internal to the room.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "hash/lanes.h"
#include "hash/merkle_damgard.h"
#include "hash/repeat.h"
#include "hash/words.h"

namespace tagscope::hash {

template <typename Word>
struct Sha2Constants;

// FIPS 180-4, sections 4.1.2 and 4.2.2: the first 32 bits of the fractional parts of the cube roots
// of the first 64 primes.
template <>
struct Sha2Constants<std::uint32_t> {
  static constexpr std::array<unsigned, 3> kBigSigma0 = {2, 13, 22};
  static constexpr std::array<unsigned, 3> kBigSigma1 = {6, 11, 25};
  static constexpr std::array<unsigned, 3> kSmallSigma0 = {7, 18, 3};  // the third is a shift
  static constexpr std::array<unsigned, 3> kSmallSigma1 = {17, 19, 10};
  static constexpr std::array<std::uint32_t, 64> kCubeRoots = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
      0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
      0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
      0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
      0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
      0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
      0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
      0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
      0xc67178f2};
};

// FIPS 180-4, sections 4.1.3 and 4.2.3: the same, 64 bits of the first 80 primes.
template <>
struct Sha2Constants<std::uint64_t> {
  static constexpr std::array<unsigned, 3> kBigSigma0 = {28, 34, 39};
  static constexpr std::array<unsigned, 3> kBigSigma1 = {14, 18, 41};
  static constexpr std::array<unsigned, 3> kSmallSigma0 = {1, 8, 7};
  static constexpr std::array<unsigned, 3> kSmallSigma1 = {19, 61, 6};
  static constexpr std::array<std::uint64_t, 80> kCubeRoots = {
      0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
      0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
      0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
      0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
      0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
      0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
      0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
      0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
      0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
      0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
      0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
      0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
      0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
      0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
      0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
      0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
      0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
      0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
      0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
      0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817};
};

// Inlined by force: Emscripten's compiler would call the steps with registers and words in memory.
template <typename SomeWord>
struct Sha2Rounds {
  using Word = SomeWord;
  static constexpr std::size_t kStateWords = 8;
  static constexpr ByteOrder kOrder = ByteOrder::big_endian;

  // The schedule keeps its last 16 words.
  template <typename Lane>
  [[gnu::always_inline]] static void mix(std::array<Lane, 8>& r, std::array<Lane, 16>& words) {
    Lane differing = r[1] ^ r[2];
    repeat<16>([&](std::size_t t)
                   __attribute__((always_inline)) { step(t, r, differing, words[t] + kRoots[t]); });
    for (std::size_t begin = 16; begin < kRoots.size(); begin += 16) {
      const Word* roots = kRoots.data() + begin;
      repeat<16>([&](std::size_t t) __attribute__((always_inline)) {
        words[t] += small_sigma(words[(t + 14) % 16], Constants::kSmallSigma1) +
                    words[(t + 9) % 16] + small_sigma(words[(t + 1) % 16], Constants::kSmallSigma0);
        step(t, r, differing, words[t] + roots[t]);
      });
    }
  }

  // One block of one stream: the schedule in lanes, the rounds, which wait for each other, one by
  // one.
  static void mix_block(std::array<Word, 8>& r,
                        const std::uint8_t* block) requires std::same_as<Word, std::uint32_t> {
    alignas(16) std::array<std::uint32_t, kRoots.size()> scheduled;
    std::array<Lanes, 4> last;  // groups of four words, group g in place g % 4
    repeat<16>([&](std::size_t g) __attribute__((always_inline)) {
      last[g % 4] =
          g < 4 ? byte_swapped(load_lanes(block + 16 * g))
                : next(last[g % 4], last[(g + 1) % 4], last[(g + 2) % 4], last[(g + 3) % 4]);
      Lanes roots;
      std::memcpy(&roots, kRoots.data() + 4 * g, sizeof roots);
      const Lanes sum = last[g % 4] + roots;
      std::memcpy(scheduled.data() + 4 * g, &sum, sizeof sum);
    });
    keep_in_memory(scheduled);
    Word differing = r[1] ^ r[2];
    repeat<64>([&](std::size_t t)
                   __attribute__((always_inline)) { step(t, r, differing, scheduled[t]); });
  }

 private:
  using Constants = Sha2Constants<Word>;
  static constexpr auto& kRoots = Constants::kCubeRoots;

  template <typename Lane>
  static Lane big_sigma(Lane x, const std::array<unsigned, 3>& n) {
    return rotate_right(x, n[0]) ^ rotate_right(x, n[1]) ^ rotate_right(x, n[2]);
  }
  template <typename Lane>
  static Lane small_sigma(Lane x, const std::array<unsigned, 3>& n) {
    return rotate_right(x, n[0]) ^ rotate_right(x, n[1]) ^ x >> n[2];
  }

  // Round t, FIPS 180-4, sections 6.2.2 and 6.4.2; `scheduled` is W_t + K_t. The registers take
  // turns instead of moving. `differing` is b ^ c and becomes a ^ b, which is the next round's
  // b ^ c: with it the majority of a, b and c is b, unless both a and c differ from it.
  template <typename Lane>
  [[gnu::always_inline]] static void step(std::size_t t, std::array<Lane, 8>& r, Lane& differing,
                                          Lane scheduled) {
    const Lane a = r[(80 - t) % 8];
    const Lane b = r[(81 - t) % 8];
    Lane& d = r[(83 - t) % 8];
    const Lane e = r[(84 - t) % 8];
    const Lane f = r[(85 - t) % 8];
    const Lane g = r[(86 - t) % 8];
    Lane& h = r[(87 - t) % 8];
    h += scheduled + big_sigma(e, Constants::kBigSigma1) + (g ^ (e & (f ^ g)));
    d += h;
    const Lane from_b = a ^ b;
    h += big_sigma(a, Constants::kBigSigma0) + (b ^ (from_b & differing));
    differing = from_b;
  }

  // Four words of the schedule from the 16 before them, oldest first. The third and the fourth need
  // the first two: zeros stand for these until they are known, and a small sigma of zero is zero.
  [[gnu::always_inline]] static Lanes next(const Lanes& first, const Lanes& second,
                                           const Lanes& third, const Lanes& fourth) {
    const Lanes fifteenth = __builtin_shufflevector(first, second, 1, 2, 3, 4);
    const Lanes seventh = __builtin_shufflevector(third, fourth, 1, 2, 3, 4);
    const Lanes known = __builtin_shufflevector(fourth, Lanes{}, 2, 3, 4, 4);
    const Lanes open = first + small_sigma(fifteenth, Constants::kSmallSigma0) + seventh +
                       small_sigma(known, Constants::kSmallSigma1);
    const Lanes late = __builtin_shufflevector(Lanes{}, open, 0, 0, 4, 5);
    return open + small_sigma(late, Constants::kSmallSigma1);
  }
};

// A member of the family: its initial value, and how many bytes of the state it gives out.
template <typename Word>
class Sha2 {
 public:
  Sha2(const std::array<Word, 8>& initial, std::size_t digest_bytes)
      : stream_(initial), digest_bytes_(digest_bytes) {}

  void update(std::span<const std::uint8_t> bytes) { stream_.update(bytes); }

  std::string finish() {
    std::string out = stream_.finish();
    out.resize(digest_bytes_);
    return out;
  }

 private:
  MerkleDamgard<Sha2Rounds<Word>> stream_;
  std::size_t digest_bytes_;
};

}  // namespace tagscope::hash
