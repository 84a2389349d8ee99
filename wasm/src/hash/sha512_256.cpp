// SHA-512/256.
#include "core/method.h"
#include "hash/sha2_rounds.h"

namespace tagscope {
namespace {

// FIPS 180-4, section 5.3.6.2.
constexpr std::array<std::uint64_t, 8> kInitial = {
    0x22312194fc2bf72c, 0x9f555fa3c84c64c2, 0x2393b86b6f53b151, 0x963877195940eabd,
    0x96283ee2a88effe3, 0xbe5e1e2553863992, 0x2b0199fc2c85b8aa, 0x0eb72ddc81c52ca2};

struct Options {};

struct Hasher : hash::Sha2<std::uint64_t> {
  explicit Hasher(const Options&) : Sha2(kInitial, 32) {}
};

constexpr Vector kVectors[] = {
    {"", as_text("abc"), as_hex("53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
     "NIST, cryptographic examples of FIPS 180-4, SHA-512/256"},
    {"",
     as_text("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnop"
             "jklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
     as_hex("3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a"),
     "NIST, cryptographic examples of FIPS 180-4, SHA-512/256"},
};

}  // namespace

TAGSCOPE_METHOD(sha512_256, digest<Options, Hasher>({
                                .id = "sha512-256",
                                .summary = "SHA-512/256, 32 bytes",
                                .source = "FIPS 180-4, section 6.7",
                                .vectors = kVectors,
                            }));

}  // namespace tagscope
