// The list of all methods.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/method.h"

namespace tagscope {

// Every method in the order of methods.def. Lives as long as the program.
[[nodiscard]] std::span<const Method* const> catalog();

// The method of that id, or nullptr.
[[nodiscard]] const Method* find_method(std::string_view id);

// The method of that id, or an error `unknown-method` that offers the nearest id.
[[nodiscard]] Result<const Method*> require_method(std::string_view id);

// Reads a vector's sample: bytes from hex, ids from decimal.
[[nodiscard]] Value value_of(const Sample& sample);

}  // namespace tagscope
