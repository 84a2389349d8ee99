#include "tokenizer/byte_method.h"

#include "tokenizer/byte_tokenizer.h"

namespace tagscope {

Result<Value> apply_byte_method(ByteEncoding encoding, const Value& input) {
  const auto vocabulary = require_byte_vocabulary(encoding);
  if (!vocabulary) return vocabulary.error();
  auto encoded = make_byte_tokenizer(**vocabulary)->encode(input.data, {});
  if (!encoded) return std::move(encoded).error();
  return Value::of_ids(encoded->ids());
}

Result<Value> invert_byte_method(ByteEncoding encoding, const Value& input) {
  const auto vocabulary = require_byte_vocabulary(encoding);
  if (!vocabulary) return vocabulary.error();
  auto text = make_byte_tokenizer(**vocabulary)->decode(input.ids);
  if (!text) return std::move(text).error();
  if (text->size() > kMaxValueBytes) {
    return Error{.code = "value-too-large",
                 .where = "ids",
                 .what = "decode to " + std::to_string(text->size()) + " bytes; the limit is " +
                         std::to_string(kMaxValueBytes)};
  }
  return Value::text(*std::move(text));
}

}  // namespace tagscope
