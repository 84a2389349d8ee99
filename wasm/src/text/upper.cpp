// Upper case of every script.
#include "core/method.h"
#include "text/case.h"

namespace tagscope {
namespace {

struct Options {};

Result<std::string> apply(const Options&, std::string_view text) { return to_upper(text); }

constexpr Vector kVectors[] = {
    {"", as_text("houshou_marine"), as_text("HOUSHOU_MARINE"), "Python 3.11, str.upper"},
    {"", as_text("straße \uFB01 \u0390"), as_text("STRASSE FI \u0399\u0308\u0301"),
     "Python 3.11, str.upper; SpecialCasing.txt"},
};

}  // namespace

TAGSCOPE_METHOD(upper, transform<Options, apply>({
                           .id = "upper",
                           .room = Room::text,
                           .summary = "Makes every letter upper case, as Python's str.upper",
                           .source = "The Unicode Standard, section 3.13; SpecialCasing.txt 15.0",
                           .vectors = kVectors,
                       }));

}  // namespace tagscope
