// SHA3-512.
#include "core/method.h"
#include "hash/keccak.h"

namespace tagscope {
namespace {

struct Options {};

struct Hasher : hash::Sha3 {
  explicit Hasher(const Options&) : Sha3(64) {}
};

constexpr Vector kVectors[] = {
    {"", as_text(""),
     as_hex("a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a615b2123af1f5f94c11e3e9"
            "402c3ac558f500199d95b6d3e301758586281dcd26"),
     "NIST, cryptographic examples of FIPS 202, SHA3-512, message of 0 bits"},
    {"", as_text("abc"),
     as_hex("b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec5"
            "7647e3934057340b4cf408d5a56592f8274eec53f0"),
     "Python 3.11, hashlib"},
};

}  // namespace

TAGSCOPE_METHOD(sha3_512, digest<Options, Hasher>({
                              .id = "sha3-512",
                              .summary = "SHA3-512, 64 bytes",
                              .source = "FIPS 202, section 6.1",
                              .vectors = kVectors,
                          }));

}  // namespace tagscope
