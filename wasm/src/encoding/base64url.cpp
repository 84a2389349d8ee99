// Base64 with the alphabet that is safe in addresses and file names.
#include "core/method.h"
#include "encoding/bit_groups.h"

namespace tagscope {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr encoding::BitGroups kGroups = {
    .name = "base64url",
    .characters = kAlphabet,
    .bits = 6,
    .quantum = 4,
};

struct Options {};

Result<std::string> apply(const Options&, std::string_view bytes) { return kGroups.encode(bytes); }

Result<std::string> invert(const Options&, std::string_view text) { return kGroups.decode(text); }

constexpr Vector kVectors[] = {
    {"", as_hex("03ecffe0c1"), as_text("A-z_4ME"), "RFC 7515, appendix C"},
};

}  // namespace

TAGSCOPE_METHOD(
    base64url,
    transform<Options, apply, invert>({
        .id = "base64url",
        .room = Room::encoding,
        .summary =
            "Writes three bytes as four characters with - and _ for + and /, without padding",
        .source = "RFC 4648, section 5; RFC 7515, section 2 (no padding)",
        .in = Kinds::bytes,
        .out = Output::text,
        .inverse_in = Kinds::text,
        .inverse_out = Output::bytes,
        .vectors = kVectors,
        .alphabet = kAlphabet,
    }));

}  // namespace tagscope
