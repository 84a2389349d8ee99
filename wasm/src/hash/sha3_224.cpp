// SHA3-224.
#include "core/method.h"
#include "hash/keccak.h"

namespace tagscope {
namespace {

struct Options {};

struct Hasher : hash::Sha3 {
  explicit Hasher(const Options&) : Sha3(28) {}
};

constexpr Vector kVectors[] = {
    {"", as_text(""), as_hex("6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7"),
     "NIST, cryptographic examples of FIPS 202, SHA3-224, message of 0 bits"},
    {"", as_text("abc"), as_hex("e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"),
     "Python 3.11, hashlib"},
};

}  // namespace

TAGSCOPE_METHOD(sha3_224, digest<Options, Hasher>({
                              .id = "sha3-224",
                              .summary = "SHA3-224, 28 bytes",
                              .source = "FIPS 202, section 6.1",
                              .vectors = kVectors,
                          }));

}  // namespace tagscope
