// Base64 with the standard alphabet and padding.
#include "core/method.h"
#include "encoding/bit_groups.h"

namespace tagscope {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

constexpr encoding::BitGroups kGroups = {
    .name = "Base64",
    .characters = kAlphabet.substr(0, 64),
    .bits = 6,
    .quantum = 4,
    .padding = encoding::Padding::optional,
    .skips_space = true,
};

struct Options {};

Result<std::string> apply(const Options&, std::string_view bytes) { return kGroups.encode(bytes); }

Result<std::string> invert(const Options&, std::string_view text) { return kGroups.decode(text); }

constexpr Vector kVectors[] = {
    {"", as_text(""), as_text(""), "RFC 4648, section 10"},
    {"", as_text("f"), as_text("Zg=="), "RFC 4648, section 10"},
    {"", as_text("fo"), as_text("Zm8="), "RFC 4648, section 10"},
    {"", as_text("foobar"), as_text("Zm9vYmFy"), "RFC 4648, section 10"},
    {"", as_hex("14fb9c03d97e"), as_text("FPucA9l+"), "RFC 3548, section 7"},
};

}  // namespace

TAGSCOPE_METHOD(base64, transform<Options, apply, invert>({
                            .id = "base64",
                            .room = Room::encoding,
                            .summary = "Writes three bytes as four characters, padded with =; its "
                                       "inverse takes padding or none and skips white space",
                            .source = "RFC 4648, section 4",
                            .in = Kinds::bytes,
                            .out = Output::text,
                            .inverse_in = Kinds::text,
                            .inverse_out = Output::bytes,
                            .vectors = kVectors,
                            .alphabet = kAlphabet,
                        }));

}  // namespace tagscope
