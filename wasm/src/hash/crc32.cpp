// CRC-32/ISO-HDLC, the CRC-32 of zlib, PNG, ZIP and Ethernet.
#include "core/method.h"
#include "hash/crc.h"

namespace tagscope {
namespace {

struct Options {};

struct Hasher : hash::Crc<std::uint32_t,
                          hash::CrcModel<std::uint32_t>{.polynomial = 0x04C11DB7,
                                                        .reflected = true,
                                                        .initial = 0xFFFFFFFF,
                                                        .final_xor = 0xFFFFFFFF},
                          4, std::array<std::size_t, 5>{2060, 936, 920, 684, 0}> {
  explicit Hasher(const Options&) {}
};

constexpr Vector kVectors[] = {
    {"", as_text("123456789"), as_hex("cbf43926"),
     "the RevEng catalogue, check value of CRC-32/ISO-HDLC"},
};

}  // namespace

TAGSCOPE_METHOD(
    crc32,
    digest<Options, Hasher>({
        .id = "crc32",
        .summary = "CRC-32 as in ZIP, PNG and zlib (polynomial 04c11db7, reflected)",
        .source =
            "ISO/IEC 13239 (HDLC); RFC 1952, section 8; the RevEng catalogue, CRC-32/ISO-HDLC",
        .vectors = kVectors,
    }));

}  // namespace tagscope
