#include "tokenizer/vocabularies.h"

#include "tokenizer/byte_vocabulary.h"
#include "tokenizer/clip_vocabulary.h"

namespace tagscope {

Status load_method_vocabulary(std::string_view name, std::string_view packed) {
  if (name == "clip") return load_clip_vocabulary(packed);
  for (const ByteEncoding encoding :
       {ByteEncoding::gpt2, ByteEncoding::cl100k, ByteEncoding::o200k}) {
    if (name == rules_of(encoding).name) return load_byte_vocabulary(encoding, packed);
  }
  return Error{.code = "bad-argument",
               .where = "vocabulary",
               .what = "is none of clip, gpt2, cl100k, o200k"};
}

}  // namespace tagscope
