// The normalisations of names under which proofs look at a claim.
#pragma once

#include <string>
#include <string_view>

namespace tagscope {

// The normalisations of v=1, in this order: a later one stays out, or old digests would change.
inline constexpr std::string_view kNormalisations[] = {"as-is", "lower", "without-underscores",
                                                       "spaces", "letters"};

// The code points of `name` (well-formed UTF-8) under one of them.
[[nodiscard]] std::u32string normalised(std::string_view id, const std::string& name);

}  // namespace tagscope
