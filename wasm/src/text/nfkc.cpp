// Normalization Form KC.
#include "core/method.h"
#include "text/normalize.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) { return tagscope::nfkc(text); }

constexpr Vector kVectors[] = {
    {"", as_text("\uFB01"), as_text("fi"), "UAX #15, figure 6"},
    {"", as_text("2\u2075"), as_text("25"), "UAX #15, figure 6"},
    {"", as_text("\u1E9B\u0323"), as_text("\u1E69"), "UAX #15, figure 6"},
};

}  // namespace

TAGSCOPE_METHOD(
    nfkc,
    transform<Options, apply>({
        .id = "nfkc",
        .room = Room::text,
        .summary = "Composes and replaces compatibility characters: Unicode normalization form KC",
        .source = "UAX #15, Unicode 15.0",
        .vectors = kVectors,
    }));

}  // namespace tagscope
