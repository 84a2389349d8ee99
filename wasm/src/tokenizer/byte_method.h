// What the methods gpt2, cl100k and o200k share.
#pragma once

#include "core/method.h"
#include "tokenizer/byte_vocabulary.h"

namespace tagscope {

struct ByteMethodOptions {};

// Text to ids, special tokens read as text, and back. Errors: `asset-missing`, `text-too-long`,
// `bad-token-id`, `value-too-large`.
[[nodiscard]] Result<Value> apply_byte_method(ByteEncoding encoding, const Value& input);
[[nodiscard]] Result<Value> invert_byte_method(ByteEncoding encoding, const Value& input);

namespace byte_method_detail {
template <ByteEncoding kEncoding>
Result<Value> apply(const ByteMethodOptions& /*options*/, const Value& input) {
  return apply_byte_method(kEncoding, input);
}
template <ByteEncoding kEncoding>
Result<Value> invert(const ByteMethodOptions& /*options*/, const Value& input) {
  return invert_byte_method(kEncoding, input);
}
}  // namespace byte_method_detail

template <ByteEncoding kEncoding>
constexpr Method byte_method(Description description) {
  description.room = Room::tokenizer;
  description.in = Kinds::text;
  description.out = Output::ids;
  description.inverse_in = Kinds::ids;
  description.inverse_out = Output::text;
  return transform<ByteMethodOptions, byte_method_detail::apply<kEncoding>,
                   byte_method_detail::invert<kEncoding>>(description);
}

}  // namespace tagscope
