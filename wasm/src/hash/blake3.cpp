// BLAKE3: chunks of 1024 bytes under a binary tree. Chunks, and the parents above them, are hashed
// four at a time in lanes.
//
// Sections are those of "BLAKE3: one function, fast everywhere" (2020).
#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "core/method.h"
#include "hash/blake2_rounds.h"
#include "hash/lanes.h"
#include "hash/repeat.h"
#include "hash/words.h"

namespace tagscope {
namespace {

using hash::Lanes;

constexpr std::size_t kBlockBytes = 64;
constexpr std::size_t kChunkBytes = 1024;
constexpr std::size_t kValueBytes = 32;  // of a key and of a chaining value
// Chunks that are hashed together with the parents above them: a power of two, so that they are a
// whole subtree. More would put more of the parents into lanes, but 16 leave only 3 of 15 out.
constexpr std::size_t kGroupChunks = 16;
constexpr std::size_t kGroupBytes = kGroupChunks * kChunkBytes;

// Section 2.1, table 3.
enum Flags : std::uint32_t {
  kChunkStart = 1,
  kChunkEnd = 2,
  kParent = 4,
  kRoot = 8,
  kKeyedHash = 16,
  kDeriveKeyContext = 32,
  kDeriveKeyMaterial = 64,
};

template <typename Lane>
using Half = std::array<Lane, 8>;
template <typename Lane>
using Block = std::array<Lane, 16>;

// Section 2.2: the message words of each round, the permutation of table 2 applied once more each.
constexpr std::size_t kRounds = 7;
constexpr auto kSchedule = [] {
  constexpr std::uint8_t kPermutation[16] = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};
  std::array<std::array<std::uint8_t, 16>, kRounds> schedule{};
  for (std::size_t i = 0; i < 16; ++i) schedule[0][i] = static_cast<std::uint8_t>(i);
  for (std::size_t round = 1; round < kRounds; ++round) {
    for (std::size_t i = 0; i < 16; ++i) schedule[round][i] = schedule[round - 1][kPermutation[i]];
  }
  return schedule;
}();

// The round is BLAKE2s's, the initial value SHA-256's, as there.
using Numbers = hash::Blake2sNumbers;

template <typename Lane>
struct Counter {
  Lane low;
  Lane high;
};

// Section 2.2: the compression before its output is taken: the chaining value is the first half
// xor the second.
template <typename Lane>
TAGSCOPE_INLINED Block<Lane> mixed(const Half<Lane>& chain, const Block<Lane>& m,
                                   const Counter<Lane>& counter, std::uint32_t block_bytes,
                                   std::uint32_t flags) {
  Block<Lane> v;
  for (std::size_t i = 0; i < 8; ++i) v[i] = chain[i];
  for (std::size_t i = 0; i < 4; ++i) v[8 + i] = Lane{} + Numbers::kInitial[i];
  v[12] = counter.low;
  v[13] = counter.high;
  v[14] = Lane{} + block_bytes;
  v[15] = Lane{} + flags;
  hash::repeat<kRounds>([&](std::size_t round) __attribute__((always_inline)) {
    hash::blake2_round<Numbers>(v, m, kSchedule[round].data());
  });
  return v;
}

// How the blocks of one node, or of four that lie `stride` bytes apart, become lanes, and their
// chaining values bytes.
template <typename Lane>
struct Memory;

template <>
struct Memory<std::uint32_t> {
  static Block<std::uint32_t> load(const std::uint8_t* block, std::size_t /*stride*/) {
    Block<std::uint32_t> m;
    for (std::size_t i = 0; i < 16; ++i) {
      m[i] = hash::load_little_endian<std::uint32_t>(block + 4 * i);
    }
    return m;
  }
  static void store(const Half<std::uint32_t>& value, std::uint8_t* out) {
    for (std::size_t i = 0; i < 8; ++i) hash::store_little_endian(out + 4 * i, value[i]);
  }
  static Counter<std::uint32_t> count(std::uint64_t first) {
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(first >> 32)};
  }
};

template <>
struct Memory<Lanes> {
  static Block<Lanes> load(const std::uint8_t* block, std::size_t stride) {
    Block<Lanes> m;
    for (std::size_t i = 0; i < 16; i += 4) {
      const auto words = hash::transposed({hash::load_lanes(block + 4 * i),
                                           hash::load_lanes(block + stride + 4 * i),
                                           hash::load_lanes(block + 2 * stride + 4 * i),
                                           hash::load_lanes(block + 3 * stride + 4 * i)});
      for (std::size_t j = 0; j < 4; ++j) m[i + j] = words[j];
    }
    return m;
  }
  static void store(const Half<Lanes>& values, std::uint8_t* out) {
    for (std::size_t i = 0; i < 8; i += 4) {
      const auto rows = hash::transposed({values[i], values[i + 1], values[i + 2], values[i + 3]});
      for (std::size_t lane = 0; lane < 4; ++lane) {
        hash::store_lanes(out + lane * kValueBytes + 4 * i, rows[lane]);
      }
    }
  }
  // The four are counted from a multiple of 4, so the low words don't overflow.
  static Counter<Lanes> count(std::uint64_t first) {
    return {static_cast<std::uint32_t>(first) + Lanes{0, 1, 2, 3},
            Lanes{} + static_cast<std::uint32_t>(first >> 32)};
  }
};

// Whole nodes of one kind that lie one after another in memory.
struct Kind {
  std::size_t bytes;
  std::uint32_t first_flag;  // of a node's first block
  std::uint32_t last_flag;
  bool is_counted;
};
constexpr Kind kChunks = {kChunkBytes, kChunkStart, kChunkEnd, true};
constexpr Kind kParents = {2 * kValueBytes, kParent, 0, false};

// The chaining values of as many nodes as a Lane holds (sections 2.4 and 2.5), 32 bytes each.
// `values` may lie where the nodes do.
template <Kind kKind, typename Lane>
void hash_nodes(const Half<std::uint32_t>& key, std::uint32_t flags, const std::uint8_t* nodes,
                std::uint64_t counter, std::uint8_t* values) {
  Half<Lane> chain;
  for (std::size_t i = 0; i < 8; ++i) chain[i] = Lane{} + key[i];
  const Counter<Lane> count = kKind.is_counted ? Memory<Lane>::count(counter) : Counter<Lane>{};
  for (std::size_t at = 0; at < kKind.bytes; at += kBlockBytes) {
    const Block<Lane> m = Memory<Lane>::load(nodes + at, kKind.bytes);
    const std::uint32_t first = at == 0 ? kKind.first_flag : 0;
    const std::uint32_t last = at + kBlockBytes == kKind.bytes ? kKind.last_flag : 0;
    const Block<Lane> v = mixed(chain, m, count, kBlockBytes, flags | first | last);
    for (std::size_t i = 0; i < 8; ++i) chain[i] = v[i] ^ v[8 + i];
  }
  Memory<Lane>::store(chain, values);
}

// The last compression of a node, whose output is a chaining value or, at the root, the digest.
struct Last {
  Half<std::uint32_t> chain;
  Block<std::uint32_t> m;
  std::uint64_t counter;
  std::uint32_t block_bytes;
  std::uint32_t flags;

  void value_to(std::uint8_t* out) const {
    const auto v = mixed(chain, m, Memory<std::uint32_t>::count(counter), block_bytes, flags);
    for (std::size_t i = 0; i < 8; ++i) hash::store_little_endian(out + 4 * i, v[i] ^ v[8 + i]);
  }

  // Section 2.6: the root is compressed again for every 64 bytes of output.
  [[nodiscard]] std::string digest(std::size_t size) const {
    std::string out;
    for (std::uint64_t block = 0; out.size() < size; ++block) {
      const auto v =
          mixed(chain, m, Memory<std::uint32_t>::count(block), block_bytes, flags | kRoot);
      for (std::size_t i = 0; i < 8; ++i) hash::append_little_endian(out, v[i] ^ v[8 + i]);
      for (std::size_t i = 0; i < 8; ++i) hash::append_little_endian(out, chain[i] ^ v[8 + i]);
    }
    out.resize(size);
    return out;
  }
};

struct Options {
  Key key;
  std::uint32_t size = kValueBytes;
  std::string context;

  [[nodiscard]] Status check() const {
    if (!key.bytes.empty() && key.bytes.size() != kValueBytes) {
      return Error{.code = "bad-argument",
                   .where = "key",
                   .what = "has " + std::to_string(key.bytes.size()) + " bytes; it needs 32"};
    }
    if (!key.bytes.empty() && !context.empty()) {
      return Error{.code = "bad-argument",
                   .where = "context",
                   .what = "is given beside a key; a digest has one of them or neither"};
    }
    return ok_status();
  }
};

class Hasher {
 public:
  explicit Hasher(const Options& options) : size_(options.size) {
    if (!options.key.bytes.empty()) {
      set_key(options.key.bytes, kKeyedHash);
    } else if (!options.context.empty()) {
      Hasher context(Options{});
      context.flags_ = kDeriveKeyContext;
      context.update(
          {reinterpret_cast<const std::uint8_t*>(options.context.data()), options.context.size()});
      set_key(context.finish(), kDeriveKeyMaterial);
    }
  }

  void update(std::span<const std::uint8_t> bytes) {
    // The last chunk is hashed differently, so a full group waits for a byte after it.
    if (!buffer_.empty()) {
      const auto taken = bytes.first(std::min(bytes.size(), kGroupBytes - buffer_.size()));
      buffer_.insert(buffer_.end(), taken.begin(), taken.end());
      bytes = bytes.subspan(taken.size());
      if (bytes.empty()) return;
      add_group(buffer_.data());
    }
    for (; bytes.size() > kGroupBytes; bytes = bytes.subspan(kGroupBytes)) add_group(bytes.data());
    buffer_.assign(bytes.begin(), bytes.end());
  }

  std::string finish() {
    const std::size_t whole = buffer_.empty() ? 0 : (buffer_.size() - 1) / kChunkBytes;
    const std::uint64_t chunks_before = kGroupChunks * groups_;
    std::array<std::uint8_t, kGroupChunks * kValueBytes> values;
    hash_all<kChunks>(buffer_.data(), whole, chunks_before, values.data());
    for (std::size_t i = 0; i < whole; ++i) {
      push(values.data() + i * kValueBytes, chunks_before + i + 1);
    }
    Last last = last_chunk(std::span(buffer_).subspan(whole * kChunkBytes), chunks_before + whole);
    for (; !stack_.empty(); stack_.pop_back()) {
      Pair children;
      std::copy(stack_.back().begin(), stack_.back().end(), children.begin());
      last.value_to(children.data() + kValueBytes);
      last = {.chain = key_,
              .m = Memory<std::uint32_t>::load(children.data(), 0),
              .counter = 0,
              .block_bytes = kBlockBytes,
              .flags = flags_ | kParent};
    }
    return last.digest(size_);
  }

 private:
  using ChainingValue = std::array<std::uint8_t, kValueBytes>;
  using Pair = std::array<std::uint8_t, 2 * kValueBytes>;

  void set_key(std::string_view bytes, std::uint32_t flags) {
    for (std::size_t i = 0; i < 8; ++i) {
      key_[i] = hash::load_little_endian<std::uint32_t>(
          reinterpret_cast<const std::uint8_t*>(bytes.data()) + 4 * i);
    }
    flags_ = flags;
  }

  // The chaining values of `count` nodes in a row, in a row.
  template <Kind kKind>
  void hash_all(const std::uint8_t* nodes, std::size_t count, std::uint64_t counter,
                std::uint8_t* values) const {
    for (; !hash::kSizeCounts && count >= 4; count -= 4, counter += 4) {
      hash_nodes<kKind, Lanes>(key_, flags_, nodes, counter, values);
      nodes += 4 * kKind.bytes;
      values += 4 * kValueBytes;
    }
    for (; count > 0; --count, ++counter) {
      hash_nodes<kKind, std::uint32_t>(key_, flags_, nodes, counter, values);
      nodes += kKind.bytes;
      values += kValueBytes;
    }
  }

  // Precondition: at least one byte follows, or the group's top could be the root.
  void add_group(const std::uint8_t* chunks) {
    std::array<std::uint8_t, kGroupChunks * kValueBytes> values;
    hash_all<kChunks>(chunks, kGroupChunks, kGroupChunks * groups_, values.data());
    for (std::size_t parents = kGroupChunks / 2; parents > 0; parents /= 2) {
      hash_all<kParents>(values.data(), parents, 0, values.data());
    }
    push(values.data(), ++groups_);
  }

  // Section 5.1.2: the subtree of that number joins every complete one of its size to its left.
  void push(const std::uint8_t* value, std::uint64_t number) {
    Pair children;
    std::copy_n(value, kValueBytes, children.begin() + kValueBytes);
    for (; number % 2 == 0; number /= 2) {
      std::copy(stack_.back().begin(), stack_.back().end(), children.begin());
      stack_.pop_back();
      hash_all<kParents>(children.data(), 1, 0, children.data() + kValueBytes);
    }
    ChainingValue& top = stack_.emplace_back();
    std::copy_n(children.begin() + kValueBytes, kValueBytes, top.begin());
  }

  // The chunk of 0 to 1024 bytes at the end.
  [[nodiscard]] Last last_chunk(std::span<const std::uint8_t> bytes, std::uint64_t counter) const {
    Half<std::uint32_t> chain = key_;
    std::uint32_t start = kChunkStart;
    for (; bytes.size() > kBlockBytes; bytes = bytes.subspan(kBlockBytes)) {
      const auto v = mixed(chain, Memory<std::uint32_t>::load(bytes.data(), 0),
                           Memory<std::uint32_t>::count(counter), kBlockBytes, flags_ | start);
      for (std::size_t i = 0; i < 8; ++i) chain[i] = v[i] ^ v[8 + i];
      start = 0;
    }
    std::array<std::uint8_t, kBlockBytes> padded{};
    std::copy(bytes.begin(), bytes.end(), padded.begin());
    return {.chain = chain,
            .m = Memory<std::uint32_t>::load(padded.data(), 0),
            .counter = counter,
            .block_bytes = static_cast<std::uint32_t>(bytes.size()),
            .flags = flags_ | start | kChunkEnd};
  }

  std::size_t size_;
  Half<std::uint32_t> key_ = Numbers::kInitial;
  std::uint32_t flags_ = 0;
  std::uint64_t groups_ = 0;
  std::vector<ChainingValue> stack_;  // of the complete subtrees to the left, largest first
  std::vector<std::uint8_t> buffer_;  // up to a group
};

constexpr Field kFields[] = {
    key_field<&Options::key>("key", "32 bytes, text or 0xHEX; empty for none", false, 0,
                             kValueBytes),
    integer_field<&Options::size>("size", "bytes of the digest", {.min = 1, .max = 65536}),
    text_field<&Options::context>(
        "context", "what a key is derived for, the input being its material; empty for a hash",
        false),
};

constexpr Vector kVectors[] = {
    {"", as_text(""), as_hex("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"),
     "BLAKE3-team/BLAKE3, test_vectors/test_vectors.json"},
    {"", as_hex("0001"), as_hex("7b7015bb92cf0b318037702a6cdd81dee41224f734684c2c122cd6359cb1ee63"),
     "BLAKE3-team/BLAKE3, test_vectors/test_vectors.json"},
    {"key=\"whats the Elvish word for friend\" size=40", as_hex("0001"),
     as_hex("5392ddae0e0a69d5f40160462cbd9bd889375082ff224ac9c758802b7a6fd20a9ffbf7efd13e989a"),
     "BLAKE3-team/BLAKE3, test_vectors/test_vectors.json"},
    {"context=\"BLAKE3 2019-12-27 16:29:52 test vectors context\"", as_hex("0001"),
     as_hex("1f166565a7df0098ee65922d7fea425fb18b9943f19d6161e2d17939356168e6"),
     "BLAKE3-team/BLAKE3, test_vectors/test_vectors.json"},
};

}  // namespace

TAGSCOPE_METHOD(blake3, digest<Options, Hasher>({
                            .id = "blake3",
                            .summary = "BLAKE3, a tree of 1024-byte chunks, 1 to 65536 bytes",
                            .source = "BLAKE3: one function, fast everywhere (2020)",
                            .fields = kFields,
                            .vectors = kVectors,
                        }));

}  // namespace tagscope
