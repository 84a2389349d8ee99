// The first n positions.
#include "select/positions.h"

namespace tagscope {
namespace {

struct Options {
  std::uint64_t n = 0;
};

Result<Value> apply(const Options& options, const Value& input) {
  return select::part_of(input, 0, select::offset_of(input, options.n));
}

constexpr Field kFields[] = {
    select::required_position<&Options::n>("n", "how many code points or bytes to keep"),
};

constexpr Vector kVectors[] = {
    {"n=2", as_text("Python"), as_text("Py"), "the Python tutorial, section 3.1.2 (word[:2])"},
    {"n=42", as_text("Python"), as_text("Python"),
     "the Python tutorial, section 3.1.2 (word[:42])"},
};

}  // namespace

TAGSCOPE_METHOD(take,
                transform<Options, apply>({
                    .id = "take",
                    .room = Room::select,
                    .summary = "Keeps the first n code points or bytes, all of a shorter input",
                    .source = "Python language reference, section 6.3.3 (slicings), s[:n]",
                    .in = Kinds::text_or_bytes,
                    .out = Output::same,
                    .fields = kFields,
                    .vectors = kVectors,
                }));

}  // namespace tagscope
