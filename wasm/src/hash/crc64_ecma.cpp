// CRC-64/ECMA-182, the bits in the order of the tape.
#include "core/method.h"
#include "hash/crc.h"

namespace tagscope {
namespace {

struct Options {};

struct Hasher
    : hash::Crc<
          std::uint64_t,
          hash::CrcModel<std::uint64_t>{
              .polynomial = 0x42F0E1EBA9EA3693, .reflected = false, .initial = 0, .final_xor = 0},
          3, std::array<std::size_t, 8>{2477, 2067, 1965, 1498, 1344, 1171, 356, 0}> {
  explicit Hasher(const Options&) {}
};

constexpr Vector kVectors[] = {
    {"", as_text("123456789"), as_hex("6c40df5f0b497347"),
     "the RevEng catalogue, check value of CRC-64/ECMA-182"},
};

}  // namespace

TAGSCOPE_METHOD(crc64_ecma,
                digest<Options, Hasher>({
                    .id = "crc64-ecma",
                    .summary = "CRC-64 of ECMA-182 (polynomial 42f0e1eba9ea3693, not reflected)",
                    .source = "ECMA-182, annex B; the RevEng catalogue, CRC-64/ECMA-182",
                    .vectors = kVectors,
                }));

}  // namespace tagscope
