// SHA-224.
#include "core/method.h"
#include "hash/sha2_rounds.h"

namespace tagscope {
namespace {

// FIPS 180-4, section 5.3.2.
constexpr std::array<std::uint32_t, 8> kInitial = {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939,
                                                   0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4};

struct Options {};

struct Hasher : hash::Sha2<std::uint32_t> {
  explicit Hasher(const Options&) : Sha2(kInitial, 28) {}
};

constexpr Vector kVectors[] = {
    {"", as_text("abc"), as_hex("23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
     "RFC 3874, section 3.1"},
    {"", as_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
     as_hex("75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"), "RFC 3874, section 3.2"},
};

}  // namespace

TAGSCOPE_METHOD(sha224, digest<Options, Hasher>({
                            .id = "sha224",
                            .summary = "SHA-224, 28 bytes",
                            .source = "FIPS 180-4, section 6.3",
                            .vectors = kVectors,
                        }));

}  // namespace tagscope
