// The catalog as data, for faces, documentation and generated types.
#pragma once

#include "json/json.h"

namespace tagscope {

// An array of MethodInfo (web/src/protocol/results.ts) in the catalog's order,
// each with its vectors.
[[nodiscard]] Json describe_catalog();

}  // namespace tagscope
