// BLAKE2sp: eight BLAKE2s leaves that take 64 bytes in turn, and a root over their digests.
#include <algorithm>
#include <array>
#include <cstring>

#include "core/method.h"
#include "hash/blake2_rounds.h"
#include "hash/blake2_stream.h"
#include "hash/lanes.h"

namespace tagscope {
namespace {

constexpr std::size_t kLeaves = 8;
constexpr std::size_t kBlockBytes = 64;
constexpr std::size_t kStripeBytes = kLeaves * kBlockBytes;
constexpr std::size_t kMaxBytes = 32;  // of a digest and of a key
// While more than this is at hand, every leaf has a byte beyond the stripe: none of its blocks is
// a last one.
constexpr std::size_t kKeptBytes = kStripeBytes + (kLeaves - 1) * kBlockBytes;

struct Options {
  Key key;
  std::uint32_t size = kMaxBytes;
};

// Four neighbouring leaves, word i of all of them in h[i].
struct LeafGroup {
  std::array<hash::Lanes, 8> h;

  // Mixes in the group's four blocks, which lie one after another.
  void compress(const std::uint8_t* blocks, const hash::Blake2Position<hash::Lanes>& position) {
    std::array<hash::Lanes, 16> m;
    for (std::size_t quarter = 0; quarter < 4; ++quarter) {
      const auto words =
          hash::transposed({hash::load_lanes(blocks + 16 * quarter),
                            hash::load_lanes(blocks + kBlockBytes + 16 * quarter),
                            hash::load_lanes(blocks + 2 * kBlockBytes + 16 * quarter),
                            hash::load_lanes(blocks + 3 * kBlockBytes + 16 * quarter)});
      for (std::size_t i = 0; i < 4; ++i) m[4 * quarter + i] = words[i];
    }
    hash::blake2_compress<hash::Blake2sNumbers>(h, m, position);
  }
};

class Hasher {
 public:
  explicit Hasher(const Options& options)
      : digest_bytes_(static_cast<std::uint8_t>(options.size)),
        key_bytes_(static_cast<std::uint8_t>(options.key.bytes.size())) {
    for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
      const auto h = hash::blake2_initial<hash::Blake2sNumbers>(
          {.digest_bytes = digest_bytes_,
           .key_bytes = key_bytes_,
           .fanout = kLeaves,
           .depth = 2,
           .node_offset = static_cast<std::uint32_t>(leaf),
           .inner_bytes = kMaxBytes});
      for (std::size_t i = 0; i < 8; ++i) groups_[leaf / 4].h[i][leaf % 4] = h[i];
    }
    if (key_bytes_ == 0) return;
    // Each leaf begins with the key, padded to a block: together one stripe before the message.
    for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
      std::memcpy(buffer_.data() + leaf * kBlockBytes, options.key.bytes.data(), key_bytes_);
    }
    held_ = kStripeBytes;
  }

  void update(std::span<const std::uint8_t> bytes) {
    // Whole stripes leave the buffer only as long as the bytes at hand are enough to tell that
    // they are not the last; so it holds up to kKeptBytes between calls.
    while (held_ != 0 && !bytes.empty()) {
      const std::size_t taken = std::min(bytes.size(), buffer_.size() - held_);
      std::memcpy(buffer_.data() + held_, bytes.data(), taken);
      held_ += taken;
      bytes = bytes.subspan(taken);
      if (held_ <= kKeptBytes) return;
      compress_stripe(buffer_.data());
      held_ -= kStripeBytes;
      std::memmove(buffer_.data(), buffer_.data() + kStripeBytes, held_);
      // What is left of the buffer may be read from the caller's bytes instead, if it came from
      // there: then the loop below runs on them without copying.
      if (held_ <= taken) {
        bytes = {bytes.data() - held_, bytes.size() + held_};
        held_ = 0;
      }
    }
    for (; bytes.size() > kKeptBytes; bytes = bytes.subspan(kStripeBytes)) {
      compress_stripe(bytes.data());
    }
    if (bytes.empty()) return;
    std::memcpy(buffer_.data(), bytes.data(), bytes.size());
    held_ = bytes.size();
  }

  std::string finish() {
    std::memset(buffer_.data() + held_, 0, buffer_.size() - held_);
    finish_leaves();
    hash::Blake2Stream<hash::Blake2sNumbers> root({.digest_bytes = digest_bytes_,
                                                   .key_bytes = key_bytes_,
                                                   .fanout = kLeaves,
                                                   .depth = 2,
                                                   .node_depth = 1,
                                                   .inner_bytes = kMaxBytes},
                                                  {}, true);
    std::string inner;
    for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
      for (const hash::Lanes& word : groups_[leaf / 4].h) {
        hash::append_little_endian<std::uint32_t>(inner, word[leaf % 4]);
      }
    }
    root.update({reinterpret_cast<const std::uint8_t*>(inner.data()), inner.size()});
    return root.finish();
  }

 private:
  void compress_stripe(const std::uint8_t* stripe) {
    leaf_bytes_ += kBlockBytes;
    const hash::Blake2Position<hash::Lanes> position{
        .count_low = hash::Lanes{} + static_cast<std::uint32_t>(leaf_bytes_),
        .count_high = hash::Lanes{} + static_cast<std::uint32_t>(leaf_bytes_ >> 32),
        .last_block = {},
        .last_node = {}};
    groups_[0].compress(stripe, position);
    groups_[1].compress(stripe + kStripeBytes / 2, position);
  }

  // The buffer holds one or two more blocks of each leaf, the last of them perhaps short or empty.
  void finish_leaves() {
    for (std::size_t first = 0; first < kLeaves; first += 4) {
      LeafGroup& group = groups_[first / 4];
      for (std::size_t stripe = 0; stripe < 2; ++stripe) {
        hash::Blake2Position<hash::Lanes> position{};
        hash::Lanes takes_part{};
        for (std::size_t lane = 0; lane < 4; ++lane) {
          const std::size_t begin = stripe * kStripeBytes + (first + lane) * kBlockBytes;
          const std::size_t bytes = held_ <= begin ? 0 : std::min(held_ - begin, kBlockBytes);
          if (stripe == 1 && bytes == 0) continue;  // its last block was in the first stripe
          const bool is_last = stripe == 1 || held_ <= begin + kStripeBytes;
          const std::uint64_t count = leaf_bytes_ + stripe * kBlockBytes + bytes;
          takes_part[lane] = ~0U;
          position.count_low[lane] = static_cast<std::uint32_t>(count);
          position.count_high[lane] = static_cast<std::uint32_t>(count >> 32);
          if (is_last) position.last_block[lane] = ~0U;
          if (is_last && first + lane == kLeaves - 1) position.last_node[lane] = ~0U;
        }
        LeafGroup next = group;
        next.compress(buffer_.data() + stripe * kStripeBytes + first * kBlockBytes, position);
        for (std::size_t i = 0; i < 8; ++i) {
          group.h[i] = (next.h[i] & takes_part) | (group.h[i] & ~takes_part);
        }
      }
    }
  }

  std::array<LeafGroup, 2> groups_;
  std::uint8_t digest_bytes_;
  std::uint8_t key_bytes_;
  std::uint64_t leaf_bytes_ = 0;  // hashed by each leaf; they keep step up to the last stripes
  std::size_t held_ = 0;
  std::array<std::uint8_t, 2 * kStripeBytes> buffer_{};
};

constexpr Field kFields[] = {
    key_field<&Options::key>("key", "up to 32 bytes, text or 0xHEX; empty for none", false, 0,
                             kMaxBytes),
    integer_field<&Options::size>("size", "bytes of the digest", {.min = 1, .max = kMaxBytes}),
};

constexpr Vector kVectors[] = {
    {"", as_text(""), as_hex("dd0e891776933f43c7d032b08a917e25741f8aa9a12c12e1cac8801500f2ca4f"),
     "BLAKE2/BLAKE2, testvectors/blake2-kat.json, blake2sp"},
    {"", as_hex("0001"), as_hex("dacadece7a8e6bf3abfe324ca695436984b8195d29f6bbd896e41e18e21c9145"),
     "BLAKE2/BLAKE2, testvectors/blake2-kat.json, blake2sp"},
    {"key=0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", as_hex("00"),
     as_hex("40578ffa52bf51ae1866f4284d3a157fc1bcd36ac13cbdcb0377e4d0cd0b6603"),
     "BLAKE2/BLAKE2, testvectors/blake2-kat.json, blake2sp"},
};

}  // namespace

TAGSCOPE_METHOD(blake2sp,
                digest<Options, Hasher>({
                    .id = "blake2sp",
                    .summary = "BLAKE2sp, eight BLAKE2s hashes under one root, 1 to 32 "
                               "bytes, as 7-Zip offers it",
                    .source = "BLAKE2: simpler, smaller, fast as MD5 (2013), section 2.10",
                    .fields = kFields,
                    .vectors = kVectors,
                }));

}  // namespace tagscope
