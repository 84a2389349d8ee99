// Normalization Form C.
#include "core/method.h"
#include "text/normalize.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) { return tagscope::nfc(text); }

constexpr Vector kVectors[] = {
    {"", as_text("A\u030A"), as_text("\u00C5"), "UAX #15, figure 3"},
    {"", as_text("\u212B"), as_text("\u00C5"), "UAX #15, figure 3"},
    {"", as_text("\u1E9B\u0323"), as_text("\u1E9B\u0323"), "UAX #15, figure 6"},
};

}  // namespace

TAGSCOPE_METHOD(nfc, transform<Options, apply>({
                         .id = "nfc",
                         .room = Room::text,
                         .summary = "Composes letters and marks: Unicode normalization form C",
                         .source = "UAX #15, Unicode 15.0",
                         .vectors = kVectors,
                     }));

}  // namespace tagscope
