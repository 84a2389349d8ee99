// SHA-1.
#include <array>
#include <utility>

#include "core/method.h"
#include "hash/merkle_damgard.h"
#include "hash/words.h"

namespace tagscope {
namespace {

struct Compression {
  // FIPS 180-4, section 5.3.1.
  std::array<std::uint32_t, 5> state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

  // FIPS 180-4, section 6.1.2; the registers take turns instead of moving, the schedule keeps its
  // last 16 words.
  template <std::size_t t>
  static void step(std::array<std::uint32_t, 5>& r, std::array<std::uint32_t, 16>& words) {
    const std::uint32_t a = r[(80 - t) % 5];
    std::uint32_t& b = r[(81 - t) % 5];
    const std::uint32_t c = r[(82 - t) % 5];
    const std::uint32_t d = r[(83 - t) % 5];
    std::uint32_t& e = r[(84 - t) % 5];
    if constexpr (t >= 16) {
      words[t % 16] = hash::rotate_left(
          words[(t + 13) % 16] ^ words[(t + 8) % 16] ^ words[(t + 2) % 16] ^ words[t % 16], 1);
    }
    std::uint32_t mixed;
    if constexpr (t < 20) {
      mixed = (d ^ (b & (c ^ d))) + 0x5a827999;
    } else if constexpr (t < 40) {
      mixed = (b ^ c ^ d) + 0x6ed9eba1;
    } else if constexpr (t < 60) {
      mixed = ((b & c) | (d & (b | c))) + 0x8f1bbcdc;
    } else {
      mixed = (b ^ c ^ d) + 0xca62c1d6;
    }
    e += hash::rotate_left(a, 5) + mixed + words[t % 16];
    b = hash::rotate_left(b, 30);
  }

  template <std::size_t... t>
  static void steps(std::array<std::uint32_t, 5>& r, std::array<std::uint32_t, 16>& words,
                    std::index_sequence<t...>) {
    (step<t>(r, words), ...);
  }

  void operator()(const std::uint8_t* blocks, std::size_t count) {
    std::array<std::uint32_t, 5> chained = state;
    for (; count > 0; --count, blocks += 64) {
      std::array<std::uint32_t, 16> words;
      for (std::size_t i = 0; i < 16; ++i) {
        words[i] = hash::load_big_endian<std::uint32_t>(blocks + 4 * i);
      }
      std::array<std::uint32_t, 5> r = chained;
      steps(r, words, std::make_index_sequence<80>());
      for (std::size_t i = 0; i < 5; ++i) chained[i] += r[i];
    }
    state = chained;
  }
};

struct Options {};

class Hasher {
 public:
  explicit Hasher(const Options&) {}
  void update(std::span<const std::uint8_t> bytes) { stream_.update(bytes); }
  std::string finish() {
    std::string out;
    for (const std::uint32_t word : stream_.finish().state) hash::append_big_endian(out, word);
    return out;
  }

 private:
  hash::MerkleDamgard<Compression, 64, hash::ByteOrder::big_endian> stream_{Compression{}};
};

constexpr Vector kVectors[] = {
    {"", as_text("abc"), as_hex("a9993e364706816aba3e25717850c26c9cd0d89d"),
     "FIPS 180-2, appendix A.1"},
    {"", as_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
     as_hex("84983e441c3bd26ebaae4aa1f95129e5e54670f1"), "FIPS 180-2, appendix A.2"},
};

}  // namespace

TAGSCOPE_METHOD(sha1, digest<Options, Hasher>({
                          .id = "sha1",
                          .summary = "SHA-1, 20 bytes",
                          .source = "FIPS 180-4, section 6.1; RFC 3174",
                          .vectors = kVectors,
                      }));

}  // namespace tagscope
