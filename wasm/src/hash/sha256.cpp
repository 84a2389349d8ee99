// SHA-256.
#include "core/method.h"
#include "hash/many.h"
#include "hash/sha2_rounds.h"

namespace tagscope {
namespace {

// FIPS 180-4, section 5.3.3.
constexpr std::array<std::uint32_t, 8> kInitial = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

struct Options {};

struct Hasher : hash::Sha2<std::uint32_t> {
  explicit Hasher(const Options&) : Sha2(kInitial, 32) {}
};

void digest_many(std::span<const std::string_view> inputs, std::uint8_t* digests) {
  hash::digest_many<hash::Sha2Rounds<std::uint32_t>>(kInitial, inputs, digests);
}

constexpr Vector kVectors[] = {
    {"", as_text("abc"), as_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
     "FIPS 180-2, appendix B.1"},
    {"", as_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
     as_hex("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
     "FIPS 180-2, appendix B.2"},
};

}  // namespace

TAGSCOPE_METHOD(sha256, digest<Options, Hasher, digest_many>({
                            .id = "sha256",
                            .summary = "SHA-256, 32 bytes",
                            .source = "FIPS 180-4, section 6.2",
                            .vectors = kVectors,
                        }));

}  // namespace tagscope
