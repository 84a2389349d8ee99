#include "select/positions.h"

#include "text/utf8.h"

namespace tagscope::select {

std::size_t offset_of(const Value& value, std::uint64_t index, std::size_t from) {
  const std::size_t size = value.data.size();
  // A position is at least one byte, so an index past the bytes is past the positions too.
  if (index >= size - from) return size;
  if (value.kind != Kind::text) return from + static_cast<std::size_t>(index);
  std::size_t at = from;
  for (; index > 0 && at < size; --index) at += decode_one(value.data, at).length;
  return at;
}

std::size_t count_positions(const Value& value) {
  return value.kind == Kind::text ? count_code_points(value.data) : value.data.size();
}

Value part_of(const Value& value, std::size_t begin, std::size_t end) {
  return {value.kind, value.data.substr(begin, end - begin), {}};
}

}  // namespace tagscope::select
