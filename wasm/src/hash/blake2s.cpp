// BLAKE2s, one hash over the whole input.
#include "core/method.h"
#include "hash/blake2_stream.h"

namespace tagscope {
namespace {

constexpr std::size_t kMaxBytes = 32;  // of a digest and of a key

struct Options {
  Key key;
  std::uint32_t size = kMaxBytes;
};

struct Hasher : hash::Blake2Stream<hash::Blake2sNumbers> {
  explicit Hasher(const Options& options)
      : Blake2Stream({.digest_bytes = static_cast<std::uint8_t>(options.size),
                      .key_bytes = static_cast<std::uint8_t>(options.key.bytes.size())},
                     options.key.bytes) {}
};

constexpr Field kFields[] = {
    key_field<&Options::key>("key", "up to 32 bytes, text or 0xHEX; empty for none", false, 0,
                             kMaxBytes),
    integer_field<&Options::size>("size", "bytes of the digest", {.min = 1, .max = kMaxBytes}),
};

constexpr Vector kVectors[] = {
    {"", as_text("abc"), as_hex("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"),
     "RFC 7693, appendix B"},
};

}  // namespace

TAGSCOPE_METHOD(blake2s, digest<Options, Hasher>({
                             .id = "blake2s",
                             .summary = "BLAKE2s, 1 to 32 bytes",
                             .source = "RFC 7693",
                             .fields = kFields,
                             .vectors = kVectors,
                         }));

}  // namespace tagscope
