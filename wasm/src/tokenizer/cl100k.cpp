// GPT-4's tokenizer as a step of a recipe.
#include "tokenizer/byte_method.h"

namespace tagscope {
namespace {

constexpr std::string_view kSource = "npm tiktoken 1.0.22, cl100k_base, encode_ordinary, run";

constexpr Vector kVectors[] = {
    {"", as_text("houshou_marine"), as_ids("71 788 18664 39163 483"), kSource},
    {"", as_text("It's 2024, naïve\n"), as_ids("2181 596 220 2366 19 11 95980 588 198"), kSource},
};

}  // namespace

TAGSCOPE_METHOD(cl100k,
                byte_method<ByteEncoding::cl100k>({
                    .id = "cl100k",
                    .summary = "Cuts text into the byte-pair tokens of cl100k_base (GPT-4's)",
                    .source = "openai/tiktoken, tiktoken_ext/openai_public.py, cl100k_base",
                    .vectors = kVectors,
                }));

}  // namespace tagscope
