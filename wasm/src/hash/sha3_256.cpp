// SHA3-256.
#include "core/method.h"
#include "hash/keccak.h"

namespace tagscope {
namespace {

struct Options {};

struct Hasher : hash::Sha3 {
  explicit Hasher(const Options&) : Sha3(32) {}
};

constexpr Vector kVectors[] = {
    {"", as_text(""), as_hex("a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"),
     "NIST, cryptographic examples of FIPS 202, SHA3-256, message of 0 bits"},
    {"", as_text("abc"), as_hex("3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
     "Python 3.11, hashlib"},
};

}  // namespace

TAGSCOPE_METHOD(sha3_256, digest<Options, Hasher>({
                              .id = "sha3-256",
                              .summary = "SHA3-256, 32 bytes",
                              .source = "FIPS 202, section 6.1",
                              .vectors = kVectors,
                          }));

}  // namespace tagscope
