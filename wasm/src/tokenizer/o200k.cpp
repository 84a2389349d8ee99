// GPT-4o's tokenizer as a step of a recipe.
#include "tokenizer/byte_method.h"

namespace tagscope {
namespace {

constexpr std::string_view kSource = "npm tiktoken 1.0.22, o200k_base, encode_ordinary, run";

constexpr Vector kVectors[] = {
    {"", as_text("houshou_marine"), as_ids("71 784 15211 1285 85647"), kSource},
    {"", as_text("It's 2024, naïve\n"), as_ids("15834 220 1323 19 11 153475 737 198"), kSource},
};

}  // namespace

TAGSCOPE_METHOD(o200k,
                byte_method<ByteEncoding::o200k>({
                    .id = "o200k",
                    .summary = "Cuts text into the byte-pair tokens of o200k_base (GPT-4o's)",
                    .source = "openai/tiktoken, tiktoken_ext/openai_public.py, o200k_base",
                    .vectors = kVectors,
                }));

}  // namespace tagscope
