// BLAKE2b, one hash over the whole input.
#include "core/method.h"
#include "hash/blake2_stream.h"

namespace tagscope {
namespace {

constexpr std::size_t kMaxBytes = 64;  // of a digest and of a key

struct Options {
  Key key;
  std::uint32_t size = kMaxBytes;
};

struct Hasher : hash::Blake2Stream<hash::Blake2bNumbers> {
  explicit Hasher(const Options& options)
      : Blake2Stream({.digest_bytes = static_cast<std::uint8_t>(options.size),
                      .key_bytes = static_cast<std::uint8_t>(options.key.bytes.size())},
                     options.key.bytes) {}
};

constexpr Field kFields[] = {
    key_field<&Options::key>("key", "up to 64 bytes, text or 0xHEX; empty for none", false, 0,
                             kMaxBytes),
    integer_field<&Options::size>("size", "bytes of the digest", {.min = 1, .max = kMaxBytes}),
};

constexpr Vector kVectors[] = {
    {"", as_text("abc"),
     as_hex("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"),
     "RFC 7693, appendix A"},
};

}  // namespace

TAGSCOPE_METHOD(blake2b, digest<Options, Hasher>({
                             .id = "blake2b",
                             .summary = "BLAKE2b, 1 to 64 bytes",
                             .source = "RFC 7693",
                             .fields = kFields,
                             .vectors = kVectors,
                         }));

}  // namespace tagscope
