// Base32 with the standard alphabet and padding.
#include "core/method.h"
#include "encoding/bit_groups.h"

namespace tagscope {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567=";

constexpr encoding::BitGroups kGroups = {
    .name = "Base32",
    .characters = kAlphabet.substr(0, 32),
    .bits = 5,
    .quantum = 8,
    .padding = encoding::Padding::optional,
};

struct Options {};

Result<std::string> apply(const Options&, std::string_view bytes) { return kGroups.encode(bytes); }

Result<std::string> invert(const Options&, std::string_view text) { return kGroups.decode(text); }

constexpr Vector kVectors[] = {
    {"", as_text(""), as_text(""), "RFC 4648, section 10"},
    {"", as_text("f"), as_text("MY======"), "RFC 4648, section 10"},
    {"", as_text("fooba"), as_text("MZXW6YTB"), "RFC 4648, section 10"},
    {"", as_text("foobar"), as_text("MZXW6YTBOI======"), "RFC 4648, section 10"},
};

}  // namespace

TAGSCOPE_METHOD(base32, transform<Options, apply, invert>({
                            .id = "base32",
                            .room = Room::encoding,
                            .summary = "Writes five bytes as eight upper-case characters, padded "
                                       "with =; its inverse takes padding or none",
                            .source = "RFC 4648, section 6",
                            .in = Kinds::bytes,
                            .out = Output::text,
                            .inverse_in = Kinds::text,
                            .inverse_out = Output::bytes,
                            .vectors = kVectors,
                            .alphabet = kAlphabet,
                        }));

}  // namespace tagscope
