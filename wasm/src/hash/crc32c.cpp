// CRC-32/ISCSI, Castagnoli's polynomial.
#include "core/method.h"
#include "hash/crc.h"

namespace tagscope {
namespace {

struct Options {};

struct Hasher : hash::Crc<std::uint32_t,
                          hash::CrcModel<std::uint32_t>{.polynomial = 0x1EDC6F41,
                                                        .reflected = true,
                                                        .initial = 0xFFFFFFFF,
                                                        .final_xor = 0xFFFFFFFF},
                          4, std::array<std::size_t, 6>{1160, 544, 452, 428, 128, 0}> {
  explicit Hasher(const Options&) {}
};

constexpr Vector kVectors[] = {
    {"", as_text("123456789"), as_hex("e3069283"),
     "the RevEng catalogue, check value of CRC-32/ISCSI"},
};

}  // namespace

TAGSCOPE_METHOD(
    crc32c, digest<Options, Hasher>({
                .id = "crc32c",
                .summary = "CRC-32C as in iSCSI, ext4 and Btrfs (polynomial 1edc6f41, reflected)",
                .source = "RFC 3720, appendix B.4; the RevEng catalogue, CRC-32/ISCSI",
                .vectors = kVectors,
            }));

}  // namespace tagscope
