// MD5.
#include <array>
#include <utility>

#include "core/method.h"
#include "hash/merkle_damgard.h"
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

struct Compression {
  std::array<std::uint32_t, 4> state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

  // The registers take turns: step i writes the one that was `a`, counted backwards from it.
  template <std::size_t i>
  static void step(std::array<std::uint32_t, 4>& r, const std::array<std::uint32_t, 16>& words) {
    std::uint32_t& a = r[(64 - i) % 4];
    const std::uint32_t b = r[(65 - i) % 4];
    const std::uint32_t c = r[(66 - i) % 4];
    const std::uint32_t d = r[(67 - i) % 4];
    std::uint32_t mixed;
    std::size_t word;
    if constexpr (i < 16) {
      mixed = d ^ (b & (c ^ d));
      word = i;
    } else if constexpr (i < 32) {
      mixed = c ^ (d & (b ^ c));
      word = (5 * i + 1) % 16;
    } else if constexpr (i < 48) {
      mixed = b ^ c ^ d;
      word = (3 * i + 5) % 16;
    } else {
      mixed = c ^ (b | ~d);
      word = 7 * i % 16;
    }
    a = b + hash::rotate_left(a + mixed + words[word] + kSines[i], kRotations[i / 16][i % 4]);
  }

  template <std::size_t... i>
  static void steps(std::array<std::uint32_t, 4>& r, const std::array<std::uint32_t, 16>& words,
                    std::index_sequence<i...>) {
    (step<i>(r, words), ...);
  }

  void operator()(const std::uint8_t* blocks, std::size_t count) {
    std::array<std::uint32_t, 4> chained = state;
    for (; count > 0; --count, blocks += 64) {
      std::array<std::uint32_t, 16> words;
      for (std::size_t i = 0; i < 16; ++i) {
        words[i] = hash::load_little_endian<std::uint32_t>(blocks + 4 * i);
      }
      std::array<std::uint32_t, 4> r = chained;
      steps(r, words, std::make_index_sequence<64>());
      for (std::size_t i = 0; i < 4; ++i) chained[i] += r[i];
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
    for (const std::uint32_t word : stream_.finish().state) hash::append_little_endian(out, word);
    return out;
  }

 private:
  hash::MerkleDamgard<Compression, 64, hash::ByteOrder::little_endian> stream_{Compression{}};
};

constexpr Vector kVectors[] = {
    {"", as_text(""), as_hex("d41d8cd98f00b204e9800998ecf8427e"), "RFC 1321, appendix A.5"},
    {"", as_text("abc"), as_hex("900150983cd24fb0d6963f7d28e17f72"), "RFC 1321, appendix A.5"},
    {"", as_text("message digest"), as_hex("f96b697d7cb7938d525a2f31aaf161d0"),
     "RFC 1321, appendix A.5"},
};

}  // namespace

TAGSCOPE_METHOD(md5, digest<Options, Hasher>({
                         .id = "md5",
                         .summary = "MD5, 16 bytes; broken as protection, common as a fingerprint",
                         .source = "RFC 1321",
                         .vectors = kVectors,
                     }));

}  // namespace tagscope
