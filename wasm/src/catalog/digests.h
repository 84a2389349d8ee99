// The digests among the methods: what a module needs that digests files and nothing else.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/method.h"

namespace tagscope {

// Every digest in the order of digests.def. Lives as long as the program.
[[nodiscard]] std::span<const Method* const> digests();

// The digest of that id, or nullptr.
[[nodiscard]] const Method* find_digest(std::string_view id);

// The digests of all inputs under default arguments, one after another, each as long as the first.
// Precondition: `method` is a digest.
[[nodiscard]] std::string digests_of(const Method& method,
                                     std::span<const std::string_view> inputs);

}  // namespace tagscope
