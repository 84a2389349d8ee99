// The arithmetic of chance, in log space where the numbers are large or small.
#pragma once

#include <cstdint>
#include <optional>

namespace tagscope {

// Natural logarithm of size^length: the number of codes of one shape.
[[nodiscard]] double log_codes(double alphabet_size, std::size_t length);

// ln ∏_{j<count} (size − j), given ln size: ordered draws without replacement.
// Precondition: count ≤ size.
[[nodiscard]] double log_falling_factorial(double log_size, std::size_t count);

// The chance that `names` uniform draws from `codes` equally likely codes hold
// two that are equal (the birthday problem). codes ≥ 1; 1 where names > codes.
[[nodiscard]] double collision_chance(double names, double codes);

// The least number of names for which collision_chance is at least one half.
// Counted out up to 10^8 codes; beyond that Brink's closed form (D. Brink, "A
// (probably) exact solution to the birthday problem", Ramanujan J. 28, 2012).
[[nodiscard]] double names_for_half(double codes);

// Expected number of unordered pairs of names that share a code.
[[nodiscard]] double expected_colliding_pairs(double names, double codes);

// Expected number of codes that at least one of the names has.
[[nodiscard]] double expected_codes_used(double names, double codes);

// The chance that a given name shares its code with another one.
[[nodiscard]] double sharing_chance(double names, double codes);

}  // namespace tagscope
