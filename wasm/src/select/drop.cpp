// All but the first n positions.
#include "select/positions.h"

namespace tagscope {
namespace {

struct Options {
  std::uint64_t n = 0;
};

Result<Value> apply(const Options& options, const Value& input) {
  return select::part_of(input, select::offset_of(input, options.n), input.data.size());
}

constexpr Field kFields[] = {
    select::required_position<&Options::n>("n", "how many code points or bytes to leave out"),
};

constexpr Vector kVectors[] = {
    {"n=4", as_text("Python"), as_text("on"), "the Python tutorial, section 3.1.2 (word[4:])"},
    {"n=42", as_text("Python"), as_text(""), "the Python tutorial, section 3.1.2 (word[42:])"},
};

}  // namespace

TAGSCOPE_METHOD(drop, transform<Options, apply>({
                          .id = "drop",
                          .room = Room::select,
                          .summary = "Leaves out the first n code points or bytes",
                          .source = "Python language reference, section 6.3.3 (slicings), s[n:]",
                          .in = Kinds::text_or_bytes,
                          .out = Output::same,
                          .fields = kFields,
                          .vectors = kVectors,
                      }));

}  // namespace tagscope
