// Lower case of every script.
#include "core/method.h"
#include "text/case.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) { return to_lower(text); }

constexpr Vector kVectors[] = {
    {"", as_text("Houshou_Marine"), as_text("houshou_marine"), "Python 3.11, str.lower"},
    {"", as_text("ΌΔΟΣ ΟΣΊΑ İ"), as_text("όδος οσία i\u0307"), "Python 3.11, str.lower"},
};

}  // namespace

TAGSCOPE_METHOD(lower, transform<Options, apply>({
                           .id = "lower",
                           .room = Room::text,
                           .summary = "Makes every letter lower case, as Python's str.lower",
                           .source = "The Unicode Standard, section 3.13; SpecialCasing.txt 15.0",
                           .vectors = kVectors,
                       }));

}  // namespace tagscope
