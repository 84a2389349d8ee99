// MD5.
#include <array>

#include "core/method.h"
#include "hash/many.h"
#include "hash/merkle_damgard.h"
#include "hash/repeat.h"
#include "hash/words.h"

namespace tagscope {
namespace {

// RFC 1321, section 3.4: the integer part of 2^32 times |sin i|, i in radians from 1.
constexpr std::array<std::uint32_t, 64> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr unsigned kRotations[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

// RFC 1321, section 3.3.
constexpr std::array<std::uint32_t, 4> kInitial = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

struct Rounds {
  using Word = std::uint32_t;
  static constexpr std::size_t kStateWords = 4;
  static constexpr hash::ByteOrder kOrder = hash::ByteOrder::little_endian;

  // The registers take turns: step i writes the one that was `a`, counted backwards from it.
  template <typename Lane>
  [[gnu::always_inline]] static void step(std::size_t i, std::array<Lane, 4>& r,
                                          const std::array<Lane, 16>& words) {
    Lane& a = r[(64 - i) % 4];
    const Lane b = r[(65 - i) % 4];
    const Lane c = r[(66 - i) % 4];
    const Lane d = r[(67 - i) % 4];
    Lane mixed;
    std::size_t word;
    if (i < 16) {
      mixed = d ^ (b & (c ^ d));
      word = i;
    } else if (i < 32) {
      mixed = c ^ (d & (b ^ c));
      word = (5 * i + 1) % 16;
    } else if (i < 48) {
      mixed = b ^ c ^ d;
      word = (3 * i + 5) % 16;
    } else {
      mixed = c ^ (b | ~d);
      word = 7 * i % 16;
    }
    a = b + hash::rotate_left(a + mixed + words[word] + kSines[i], kRotations[i / 16][i % 4]);
  }

  template <typename Lane>
  static void mix(std::array<Lane, 4>& r, std::array<Lane, 16>& words) {
    hash::repeat<64>([&](std::size_t i) __attribute__((always_inline)) { step(i, r, words); });
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
    {"", as_text(""), as_hex("d41d8cd98f00b204e9800998ecf8427e"), "RFC 1321, appendix A.5"},
    {"", as_text("abc"), as_hex("900150983cd24fb0d6963f7d28e17f72"), "RFC 1321, appendix A.5"},
    {"", as_text("message digest"), as_hex("f96b697d7cb7938d525a2f31aaf161d0"),
     "RFC 1321, appendix A.5"},
};

}  // namespace

TAGSCOPE_METHOD(md5, digest<Options, Hasher, digest_many>({
                         .id = "md5",
                         .summary = "MD5, 16 bytes; broken as protection, common as a fingerprint",
                         .source = "RFC 1321",
                         .vectors = kVectors,
                     }));

}  // namespace tagscope
