// What faces ask beside claims, answered as the JSON documents of
// web/src/protocol/results.ts: a recipe read or run.
#pragma once

#include <string_view>

#include "core/result.h"
#include "core/value.h"
#include "json/json.h"

namespace tagscope {

// RecipeInfo: the canonical form and every step with its kinds and place.
[[nodiscard]] Result<Json> query_recipe(std::string_view source);

// RunResult: the canonical recipe and its output. Errors: the recipe's, with
// where = "recipe, step 2".
[[nodiscard]] Result<Json> query_run(std::string_view source, Value input);

}  // namespace tagscope
