// SHA-384.
#include "core/method.h"
#include "hash/sha2_rounds.h"

namespace tagscope {
namespace {

// FIPS 180-4, section 5.3.4.
constexpr std::array<std::uint64_t, 8> kInitial = {
    0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
    0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4};

struct Options {};

struct Hasher : hash::Sha2<std::uint64_t> {
  explicit Hasher(const Options&) : Sha2(kInitial, 48) {}
};

constexpr Vector kVectors[] = {
    {"", as_text("abc"),
     as_hex("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072b"
            "a1e7cc2358baeca134c825a7"),
     "FIPS 180-2, appendix D.1"},
    {"",
     as_text("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnop"
             "jklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
     as_hex("09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a"
            "557e2db966c3e9fa91746039"),
     "FIPS 180-2, appendix D.2"},
};

}  // namespace

TAGSCOPE_METHOD(sha384, digest<Options, Hasher>({
                            .id = "sha384",
                            .summary = "SHA-384, 48 bytes",
                            .source = "FIPS 180-4, section 6.5",
                            .vectors = kVectors,
                        }));

}  // namespace tagscope
