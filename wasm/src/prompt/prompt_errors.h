// The errors that both programs' prompts share.
#pragma once

#include <string_view>

#include "core/error.h"

namespace tagscope::prompt_errors {

[[nodiscard]] Error too_large(std::size_t bytes);
[[nodiscard]] Error too_deep(std::size_t at);
[[nodiscard]] Error not_a_number(std::string_view written, Span span);
[[nodiscard]] Error not_finite(double weight, Span span);

}  // namespace tagscope::prompt_errors
