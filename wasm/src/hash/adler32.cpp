// Adler-32: two sums modulo the largest prime below 2^16.
#include <algorithm>

#include "core/method.h"
#include "hash/words.h"

namespace tagscope {
namespace {

constexpr std::uint32_t kPrime = 65521;
// The longest run after which the second sum still fits 32 bits (zlib's NMAX):
// 255·n(n+1)/2 + (n+1)·65520 <= 2^32 − 1.
constexpr std::size_t kRunBytes = 5552;

struct Options {};

class Hasher {
 public:
  explicit Hasher(const Options&) {}

  void update(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const auto run = bytes.first(std::min(bytes.size(), kRunBytes));
      for (const std::uint8_t byte : run) {
        sum_ += byte;
        sum_of_sums_ += sum_;
      }
      sum_ %= kPrime;
      sum_of_sums_ %= kPrime;
      bytes = bytes.subspan(run.size());
    }
  }

  std::string finish() {
    std::string out;
    hash::append_big_endian(out, sum_of_sums_ << 16 | sum_);
    return out;
  }

 private:
  std::uint32_t sum_ = 1;
  std::uint32_t sum_of_sums_ = 0;
};

constexpr Vector kVectors[] = {
    {"", as_text("Wikipedia"), as_hex("11e60398"), "Wikipedia, Adler-32"},
};

}  // namespace

TAGSCOPE_METHOD(adler32, digest<Options, Hasher>({
                             .id = "adler32",
                             .summary = "Adler-32, the checksum of zlib streams",
                             .source = "RFC 1950, sections 8.2 and 9",
                             .vectors = kVectors,
                         }));

}  // namespace tagscope
