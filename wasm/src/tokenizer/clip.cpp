// CLIP's tokenizer as a step of a recipe.
#include "core/method.h"
#include "tokenizer/clip_tokenizer.h"

namespace tagscope {
namespace {

struct Options {
  ClipProfile profile = ClipProfile::openai;
};

Result<Value> apply(const Options& options, const Value& input) {
  const auto vocabulary = require_clip_vocabulary();
  if (!vocabulary) return vocabulary.error();
  auto encoding = clip_encode(**vocabulary, input.data, options.profile);
  if (!encoding) return std::move(encoding).error();
  return Value::of_ids(encoding->ids());
}

Result<Value> invert(const Options& /*options*/, const Value& input) {
  const auto vocabulary = require_clip_vocabulary();
  if (!vocabulary) return vocabulary.error();
  auto text = clip_decode(**vocabulary, input.ids);
  if (!text) return std::move(text).error();
  if (text->size() > kMaxValueBytes) {
    return Error{.code = "value-too-large",
                 .where = "ids",
                 .what = "decode to " + std::to_string(text->size()) + " bytes; the limit is " +
                         std::to_string(kMaxValueBytes)};
  }
  return Value::text(*std::move(text));
}

constexpr Field kFields[] = {
    choice_field<&Options::profile>("profile", "the implementation whose cleaning is followed",
                                    kClipProfileNames),
};

constexpr std::string_view kSource =
    "openai/CLIP at commit d05afc43, clip/simple_tokenizer.py, run";

constexpr Vector kVectors[] = {
    {"", as_text("aua"), as_ids("45906"), kSource},
    {"profile=openai", as_text("houshou_marine"), as_ids("1011 719 340 318 5746"), kSource},
    {"", as_text("it&amp;#39;s"), as_ids("585 568"), kSource},
};

}  // namespace

TAGSCOPE_METHOD(clip, transform<Options, apply, invert>({
                          .id = "clip",
                          .room = Room::tokenizer,
                          .summary = "Cuts text into CLIP's byte-pair tokens",
                          .source = "openai/CLIP, clip/simple_tokenizer.py and its vocabulary "
                                    "bpe_simple_vocab_16e6",
                          .in = Kinds::text,
                          .out = Output::ids,
                          .inverse_in = Kinds::ids,
                          .inverse_out = Output::text,
                          .fields = kFields,
                          .vectors = kVectors,
                      }));

}  // namespace tagscope
