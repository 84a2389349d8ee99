// XXH64.
#include <algorithm>
#include <array>
#include <cstring>

#include "core/method.h"
#include "hash/words.h"

namespace tagscope {
namespace {

using Word = std::uint64_t;

constexpr std::size_t kStripeBytes = 32;
constexpr Word kPrime1 = 0x9e3779b185ebca87;
constexpr Word kPrime2 = 0xc2b2ae3d27d4eb4f;
constexpr Word kPrime3 = 0x165667b19e3779f9;
constexpr Word kPrime4 = 0x85ebca77c2b2ae63;
constexpr Word kPrime5 = 0x27d4eb2f165667c5;

struct Options {
  std::uint64_t seed = 0;
};

[[nodiscard]] Word round(Word accumulator, Word lane) {
  return hash::rotate_left(accumulator + lane * kPrime2, 31) * kPrime1;
}

// The numbered steps are those of xxHash's specification.
class Hasher {
 public:
  // Step 1.
  explicit Hasher(const Options& options)
      : seed_(options.seed),
        accumulators_{seed_ + kPrime1 + kPrime2, seed_ + kPrime2, seed_, seed_ - kPrime1} {}

  void update(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return;
    const auto held = static_cast<std::size_t>(total_bytes_ % kStripeBytes);
    total_bytes_ += bytes.size();
    if (held != 0) {
      const std::size_t taken = std::min(bytes.size(), kStripeBytes - held);
      std::memcpy(buffer_.data() + held, bytes.data(), taken);
      bytes = bytes.subspan(taken);
      if (held + taken < kStripeBytes) return;
      consume(buffer_.data(), 1);
    }
    const std::size_t stripes = bytes.size() / kStripeBytes;
    consume(bytes.data(), stripes);
    bytes = bytes.subspan(stripes * kStripeBytes);
    if (!bytes.empty()) std::memcpy(buffer_.data(), bytes.data(), bytes.size());
  }

  std::string finish() {
    // Step 3.
    Word hash = seed_ + kPrime5;
    if (total_bytes_ >= kStripeBytes) {
      hash = hash::rotate_left(accumulators_[0], 1) + hash::rotate_left(accumulators_[1], 7) +
             hash::rotate_left(accumulators_[2], 12) + hash::rotate_left(accumulators_[3], 18);
      for (const Word accumulator : accumulators_) {
        hash = (hash ^ round(0, accumulator)) * kPrime1 + kPrime4;
      }
    }
    // Step 4.
    hash += total_bytes_;
    // Step 5.
    const std::uint8_t* at = buffer_.data();
    auto left = static_cast<std::size_t>(total_bytes_ % kStripeBytes);
    for (; left >= 8; left -= 8, at += 8) {
      hash ^= round(0, hash::load_little_endian<std::uint64_t>(at));
      hash = hash::rotate_left(hash, 27) * kPrime1 + kPrime4;
    }
    if (left >= 4) {
      hash ^= hash::load_little_endian<std::uint32_t>(at) * kPrime1;
      hash = hash::rotate_left(hash, 23) * kPrime2 + kPrime3;
      left -= 4;
      at += 4;
    }
    for (; left > 0; --left, ++at) {
      hash ^= *at * kPrime5;
      hash = hash::rotate_left(hash, 11) * kPrime1;
    }
    // Step 6.
    hash = (hash ^ hash >> 33) * kPrime2;
    hash = (hash ^ hash >> 29) * kPrime3;
    hash ^= hash >> 32;
    // Step 7: the canonical representation is big-endian.
    std::string out;
    hash::append_big_endian(out, hash);
    return out;
  }

 private:
  // Step 2.
  void consume(const std::uint8_t* stripes, std::size_t count) {
    std::array<Word, 4> accumulators = accumulators_;
    for (; count > 0; --count, stripes += kStripeBytes) {
      for (std::size_t i = 0; i < 4; ++i) {
        accumulators[i] =
            round(accumulators[i], hash::load_little_endian<std::uint64_t>(stripes + 8 * i));
      }
    }
    accumulators_ = accumulators;
  }

  Word seed_;
  std::array<Word, 4> accumulators_;
  std::uint64_t total_bytes_ = 0;
  std::array<std::uint8_t, kStripeBytes> buffer_{};
};

constexpr Field kFields[] = {
    integer_field<&Options::seed>("seed", "where the sums start", {.min = 0, .max = kIntegerMax}),
};

constexpr Vector kVectors[] = {
    {"", as_text(""), as_hex("ef46db3751d8e999"), "xxHash 0.8.1, self-test of cli/xxhsum.c"},
    {"seed=2654435761", as_text(""), as_hex("ac75fda2929b17ef"),
     "xxHash 0.8.1, self-test of cli/xxhsum.c"},
    {"", as_text("abc"), as_hex("44bc2cf5ad770999"), "xxHash 0.8.1, xxhsum -H1"},
};

}  // namespace

TAGSCOPE_METHOD(xxh64,
                digest<Options, Hasher>({
                    .id = "xxh64",
                    .summary = "XXH64, a fast checksum of 8 bytes, high byte first",
                    .source = "xxHash fast digest algorithm (doc/xxhash_spec.md of xxHash), XXH64",
                    .fields = kFields,
                    .vectors = kVectors,
                }));

}  // namespace tagscope
