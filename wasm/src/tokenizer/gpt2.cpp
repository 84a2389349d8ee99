// GPT-2's tokenizer as a step of a recipe.
#include "tokenizer/byte_method.h"

namespace tagscope {
namespace {

constexpr std::string_view kSource = "npm tiktoken 1.0.22, gpt2, encode_ordinary, run";

constexpr Vector kVectors[] = {
    {"", as_text("houshou_marine"), as_ids("71 516 15710 62 42380"), kSource},
    {"", as_text("It's 2024, naïve\n"), as_ids("1026 338 48609 11 41492 198"), kSource},
};

}  // namespace

TAGSCOPE_METHOD(gpt2, byte_method<ByteEncoding::gpt2>({
                          .id = "gpt2",
                          .summary = "Cuts text into the byte-pair tokens of gpt2 (GPT-2's)",
                          .source = "openai/tiktoken, tiktoken_ext/openai_public.py, gpt2",
                          .vectors = kVectors,
                      }));

}  // namespace tagscope
