// The order of names in an object, which writing and the search for names that stand twice share.
#pragma once

#include <vector>

#include "json/json.h"

namespace tagscope {

// By the UTF-16 code units of their names (RFC 8785, section 3.2.3). Precondition: an object. The
// members are the object's own.
[[nodiscard]] std::vector<const Json::Member*> sorted_members(const Json& object);

}  // namespace tagscope
