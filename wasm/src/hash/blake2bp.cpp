// BLAKE2bp: four BLAKE2b leaves that take 128 bytes in turn, and a root over their digests.
#include <algorithm>
#include <array>
#include <vector>

#include "core/method.h"
#include "hash/blake2_stream.h"

namespace tagscope {
namespace {

constexpr std::size_t kLeaves = 4;
constexpr std::size_t kMaxBytes = 64;  // of a digest and of a key

struct Options {
  Key key;
  std::uint32_t size = kMaxBytes;
};

class Hasher {
 public:
  using Stream = hash::Blake2Stream<hash::Blake2bNumbers>;

  explicit Hasher(const Options& options)
      : node_{.digest_bytes = static_cast<std::uint8_t>(options.size),
              .key_bytes = static_cast<std::uint8_t>(options.key.bytes.size()),
              .fanout = kLeaves,
              .depth = 2,
              .inner_bytes = kMaxBytes} {
    for (std::uint32_t leaf = 0; leaf < kLeaves; ++leaf) {
      hash::Blake2Node node = node_;
      node.node_offset = leaf;
      leaves_.emplace_back(node, options.key.bytes, leaf == kLeaves - 1);
    }
  }

  void update(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const std::size_t left_of_block = Stream::kBlockBytes - dealt_ % Stream::kBlockBytes;
      const auto piece = bytes.first(std::min(bytes.size(), left_of_block));
      leaves_[dealt_ / Stream::kBlockBytes].update(piece);
      dealt_ = (dealt_ + piece.size()) % (kLeaves * Stream::kBlockBytes);
      bytes = bytes.subspan(piece.size());
    }
  }

  std::string finish() {
    hash::Blake2Node node = node_;
    node.node_depth = 1;
    Stream root(node, {}, true);
    for (Stream& leaf : leaves_) {
      const std::string inner = leaf.finish_inner();
      root.update({reinterpret_cast<const std::uint8_t*>(inner.data()), inner.size()});
    }
    return root.finish();
  }

 private:
  hash::Blake2Node node_;
  std::vector<Stream> leaves_;
  std::size_t dealt_ = 0;  // bytes given out since the first leaf's turn began
};

constexpr Field kFields[] = {
    key_field<&Options::key>("key", "up to 64 bytes, text or 0xHEX; empty for none", false, 0,
                             kMaxBytes),
    integer_field<&Options::size>("size", "bytes of the digest", {.min = 1, .max = kMaxBytes}),
};

constexpr Vector kVectors[] = {
    {"", as_hex(""),
     as_hex("b5ef811a8038f70b628fa8b294daae7492b1ebe343a80eaabbf1f6ae664dd67b9d90b012"
            "0791eab81dc96985f28849f6a305186a85501b405114bfa678df9380"),
     "BLAKE2/BLAKE2, testvectors/blake2-kat.json, blake2bp"},
    {"key=0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
     "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
     as_hex("00"),
     as_hex("ff8e90a37b94623932c59f7559f26035029c376732cb14d41602001cbb73adb79293a2db"
            "da5f60703025144d158e2735529596251c73c0345ca6fccb1fb1e97e"),
     "BLAKE2/BLAKE2, testvectors/blake2-kat.json, blake2bp"},
};

}  // namespace

TAGSCOPE_METHOD(blake2bp,
                digest<Options, Hasher>({
                    .id = "blake2bp",
                    .summary = "BLAKE2bp, four BLAKE2b hashes under one root, 1 to 64 "
                               "bytes",
                    .source = "BLAKE2: simpler, smaller, fast as MD5 (2013), section 2.10",
                    .fields = kFields,
                    .vectors = kVectors,
                }));

}  // namespace tagscope
