// SHA-1.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/method.h"
#include "hash/lanes.h"
#include "hash/many.h"
#include "hash/merkle_damgard.h"
#include "hash/repeat.h"
#include "hash/words.h"

namespace tagscope {
namespace {

// FIPS 180-4, section 5.3.1.
constexpr std::array<std::uint32_t, 5> kInitial = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
                                                   0xc3d2e1f0};

struct Rounds {
  using Word = std::uint32_t;
  static constexpr std::size_t kStateWords = 5;
  static constexpr hash::ByteOrder kOrder = hash::ByteOrder::big_endian;

  // K of round t, the same for 20 rounds (FIPS 180-4, section 4.2.1).
  static constexpr std::array<std::uint32_t, 4> kConstants = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc,
                                                              0xca62c1d6};

  // Round t, FIPS 180-4, section 6.1.2; `scheduled` is W_t + K_t. The registers take turns instead
  // of moving.
  template <typename Lane>
  [[gnu::always_inline]] static void step(std::size_t t, std::array<Lane, 5>& r, Lane scheduled) {
    const Lane a = r[(80 - t) % 5];
    Lane& b = r[(81 - t) % 5];
    const Lane c = r[(82 - t) % 5];
    const Lane d = r[(83 - t) % 5];
    Lane& e = r[(84 - t) % 5];
    Lane mixed;
    if (t < 20) {
      mixed = d ^ (b & (c ^ d));
    } else if (t >= 40 && t < 60) {
      // No bit is set in both halves, so they may be added.
      mixed = (b & c) + (d & (b ^ c));
    } else {
      mixed = b ^ c ^ d;
    }
    e += scheduled + mixed + hash::rotate_left(a, 5);
    b = hash::rotate_left(b, 30);
  }

  // The schedule keeps its last 16 words.
  template <typename Lane>
  static void mix(std::array<Lane, 5>& r, std::array<Lane, 16>& words) {
    hash::repeat<80>([&](std::size_t t) __attribute__((always_inline)) {
      if (t >= 16) {
        words[t % 16] = hash::rotate_left(
            words[(t + 13) % 16] ^ words[(t + 8) % 16] ^ words[(t + 2) % 16] ^ words[t % 16], 1);
      }
      step(t, r, words[t % 16] + kConstants[t / 20]);
    });
  }

  // One block of one stream: the schedule in lanes, the rounds, which wait for each other, one by
  // one.
  static void mix_block(std::array<std::uint32_t, 5>& r, const std::uint8_t* block) {
    alignas(16) std::array<std::uint32_t, 80> scheduled;
    std::array<Lanes, 8> last;  // groups of four words, group g in place g % 8
    hash::repeat<20>([&](std::size_t g) __attribute__((always_inline)) {
      last[g % 8] = g < 4 ? hash::byte_swapped(hash::load_lanes(block + 16 * g)) : next(g, last);
      const Lanes sum = last[g % 8] + kConstants[g / 5];
      std::memcpy(scheduled.data() + 4 * g, &sum, sizeof sum);
    });
    hash::keep_in_memory(scheduled);
    hash::repeat<80>([&](std::size_t t)
                         __attribute__((always_inline)) { step(t, r, scheduled[t]); });
  }

 private:
  using Lanes = hash::Lanes;

  // Words 4g … 4g + 3 of the schedule, from the seven groups before them.
  [[gnu::always_inline]] static Lanes next(std::size_t g, const std::array<Lanes, 8>& last) {
    const Lanes& before = last[(g + 7) % 8];
    const Lanes& second = last[(g + 6) % 8];
    if (g >= 8) {
      // The recurrence applied to itself: W_t is W_t-6 ^ W_t-16 ^ W_t-28 ^ W_t-32, rotated by 2
      // (Intel, "Improving the Performance of the Secure Hash Algorithm (SHA-1)", 2010). None of
      // the four words needs another.
      const Lanes sixth = __builtin_shufflevector(second, before, 2, 3, 4, 5);
      return hash::rotate_left(sixth ^ last[(g + 4) % 8] ^ last[(g + 1) % 8] ^ last[g % 8], 2);
    }
    // The fourth word needs the first, W_t-3 of its own: zero stands for it until it is known.
    const Lanes& fourth = last[(g + 4) % 8];
    const Lanes third_word = __builtin_shufflevector(before, Lanes{}, 1, 2, 3, 4);
    const Lanes fourteenth = __builtin_shufflevector(fourth, last[(g + 5) % 8], 2, 3, 4, 5);
    const Lanes open = hash::rotate_left(third_word ^ second ^ fourteenth ^ fourth, 1);
    const Lanes first = __builtin_shufflevector(Lanes{}, open, 0, 0, 0, 4);
    return open ^ hash::rotate_left(first, 1);
  }
};

struct Options {};

struct Hasher : hash::MerkleDamgard<Rounds> {
  explicit Hasher(const Options&) : MerkleDamgard(kInitial) {}
};

void digest_many(std::span<const std::string_view> inputs, std::uint8_t* digests) {
  hash::digest_many<Rounds>(kInitial, inputs, digests);
}

constexpr Vector kVectors[] = {
    {"", as_text("abc"), as_hex("a9993e364706816aba3e25717850c26c9cd0d89d"),
     "FIPS 180-2, appendix A.1"},
    {"", as_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
     as_hex("84983e441c3bd26ebaae4aa1f95129e5e54670f1"), "FIPS 180-2, appendix A.2"},
};

}  // namespace

TAGSCOPE_METHOD(sha1, digest<Options, Hasher, digest_many>({
                          .id = "sha1",
                          .summary = "SHA-1, 20 bytes",
                          .source = "FIPS 180-4, section 6.1; RFC 3174",
                          .vectors = kVectors,
                      }));

}  // namespace tagscope
