// The last n positions.
#include "select/positions.h"

namespace tagscope {
namespace {

struct Options {
  std::uint64_t n = 0;
};

Result<Value> apply(const Options& options, const Value& input) {
  const std::size_t count = select::count_positions(input);
  const std::size_t dropped = options.n < count ? count - static_cast<std::size_t>(options.n) : 0;
  return select::part_of(input, select::offset_of(input, dropped), input.data.size());
}

constexpr Field kFields[] = {
    select::required_position<&Options::n>("n", "how many code points or bytes to keep"),
};

constexpr Vector kVectors[] = {
    {"n=2", as_text("Python"), as_text("on"), "the Python tutorial, section 3.1.2 (word[-2:])"},
};

}  // namespace

TAGSCOPE_METHOD(
    last, transform<Options, apply>({
              .id = "last",
              .room = Room::select,
              .summary = "Keeps the last n code points or bytes, all of a shorter input",
              .source = "Python language reference, section 6.3.3 (slicings), s[-n:] for n > 0",
              .in = Kinds::text_or_bytes,
              .out = Output::same,
              .fields = kFields,
              .vectors = kVectors,
          }));

}  // namespace tagscope
