// CRC-64/XZ, which 7-Zip calls CRC64.
#include "core/method.h"
#include "hash/crc.h"

namespace tagscope {
namespace {

struct Options {};

struct Hasher
    : hash::Crc<std::uint64_t,
                hash::CrcModel<std::uint64_t>{.polynomial = 0x42F0E1EBA9EA3693,
                                              .reflected = true,
                                              .initial = 0xFFFFFFFFFFFFFFFF,
                                              .final_xor = 0xFFFFFFFFFFFFFFFF},
                3, std::array<std::size_t, 8>{2477, 2067, 1965, 1498, 1344, 1171, 356, 0}> {
  explicit Hasher(const Options&) {}
};

constexpr Vector kVectors[] = {
    {"", as_text("123456789"), as_hex("995dc9bbdf1939fa"),
     "the RevEng catalogue, check value of CRC-64/XZ"},
};

}  // namespace

TAGSCOPE_METHOD(
    crc64, digest<Options, Hasher>({
               .id = "crc64",
               .summary = "CRC-64 as in XZ and 7-Zip (polynomial 42f0e1eba9ea3693, reflected)",
               .source = "The .xz file format 1.1.0, section 6; the RevEng catalogue, CRC-64/XZ",
               .vectors = kVectors,
           }));

}  // namespace tagscope
