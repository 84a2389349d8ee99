// Every step-th position from a first one on.
#include "select/positions.h"

namespace tagscope {
namespace {

struct Options {
  std::uint64_t step = 1;
  std::uint64_t from = 0;
};

Result<Value> apply(const Options& options, const Value& input) {
  Value out{input.kind, {}, {}};
  std::size_t at = select::offset_of(input, options.from);
  while (at < input.data.size()) {
    const std::size_t next = select::offset_of(input, 1, at);
    out.data.append(input.data, at, next - at);
    at = select::offset_of(input, options.step, at);
  }
  return out;
}

constexpr Field step_field() {
  Field field = select::required_position<&Options::step>("step", "distance from one to the next");
  field.domain.min = 1;
  return field;
}

constexpr Field kFields[] = {
    step_field(),
    integer_field<&Options::from>("from", "position of the first to keep, counted from 0",
                                  select::kPositions),
};

constexpr Vector kVectors[] = {
    {"step=2", as_text("ABCDEFG"), as_text("ACEG"),
     "Python library reference, itertools.islice (0, None, 2)"},
    {"step=2 from=1", as_text("abcdef"), as_text("bdf"), "by definition"},
};

}  // namespace

TAGSCOPE_METHOD(
    every, transform<Options, apply>({
               .id = "every",
               .room = Room::select,
               .summary = "Keeps every step-th code point or byte, beginning with position from",
               .source = "Python language reference, section 6.3.3 (slicings), s[from::step]",
               .in = Kinds::text_or_bytes,
               .out = Output::same,
               .fields = kFields,
               .vectors = kVectors,
           }));

}  // namespace tagscope
