// SHA3-384.
#include "core/method.h"
#include "hash/keccak.h"

namespace tagscope {
namespace {

struct Options {};

struct Hasher : hash::Sha3 {
  explicit Hasher(const Options&) : Sha3(48) {}
};

constexpr Vector kVectors[] = {
    {"", as_text(""),
     as_hex("0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2ac3713831264adb47fb6bd1"
            "e058d5f004"),
     "NIST, cryptographic examples of FIPS 202, SHA3-384, message of 0 bits"},
    {"", as_text("abc"),
     as_hex("ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1ed"
            "f228376d25"),
     "Python 3.11, hashlib"},
};

}  // namespace

TAGSCOPE_METHOD(sha3_384, digest<Options, Hasher>({
                              .id = "sha3-384",
                              .summary = "SHA3-384, 48 bytes",
                              .source = "FIPS 202, section 6.1",
                              .vectors = kVectors,
                          }));

}  // namespace tagscope
