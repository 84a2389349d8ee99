// SHA-512.
#include "core/method.h"
#include "hash/sha2_rounds.h"

namespace tagscope {
namespace {

// FIPS 180-4, section 5.3.5.
constexpr std::array<std::uint64_t, 8> kInitial = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

struct Options {};

struct Hasher : hash::Sha2<std::uint64_t> {
  explicit Hasher(const Options&) : Sha2(kInitial, 64) {}
};

constexpr Vector kVectors[] = {
    {"", as_text("abc"),
     as_hex("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a"
            "274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"),
     "FIPS 180-2, appendix C.1"},
    {"",
     as_text("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnop"
             "jklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
     as_hex("8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e"
            "4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"),
     "FIPS 180-2, appendix C.2"},
};

}  // namespace

TAGSCOPE_METHOD(sha512, digest<Options, Hasher>({
                            .id = "sha512",
                            .summary = "SHA-512, 64 bytes",
                            .source = "FIPS 180-4, section 6.4",
                            .vectors = kVectors,
                        }));

}  // namespace tagscope
