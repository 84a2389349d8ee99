// n positions in a row.
#include "select/positions.h"

namespace tagscope {
namespace {

struct Options {
  std::uint64_t at = 0;
  std::uint64_t n = 0;
};

Result<Value> apply(const Options& options, const Value& input) {
  const std::size_t begin = select::offset_of(input, options.at);
  return select::part_of(input, begin, select::offset_of(input, options.n, begin));
}

constexpr Field kFields[] = {
    integer_field<&Options::at>("at", "position of the first to keep, counted from 0",
                                select::kPositions),
    select::required_position<&Options::n>("n", "how many code points or bytes to keep"),
};

constexpr Vector kVectors[] = {
    {"at=2 n=3", as_text("Python"), as_text("tho"),
     "the Python tutorial, section 3.1.2 (word[2:5])"},
    {"at=4 n=38", as_text("Python"), as_text("on"),
     "the Python tutorial, section 3.1.2 (word[4:42])"},
};

}  // namespace

TAGSCOPE_METHOD(
    window,
    transform<Options, apply>({
        .id = "window",
        .room = Room::select,
        .summary = "Keeps n code points or bytes from position at, fewer where the input ends",
        .source = "Python language reference, section 6.3.3 (slicings), s[at:at+n]",
        .in = Kinds::text_or_bytes,
        .out = Output::same,
        .fields = kFields,
        .vectors = kVectors,
    }));

}  // namespace tagscope
