// What a similarity is worth: empirical p values against codes or names that were drawn, and
// their correction where several are looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tagscope {

// How many of the null's values are at least the observed one. What cannot be compared (NaN)
// counts against it.
[[nodiscard]] std::size_t count_at_least(std::span<const float> null, float observed);

// (b + 1) / (m + 1) for b of m: Phipson & Smyth, "Permutation P-values should never be zero"
// (Statistical Applications in Genetics and Molecular Biology 9(1), 2010).
[[nodiscard]] double empirical_p(std::size_t at_least, std::size_t drawn);

// p values adjusted for the false discovery rate, in the order given, none above 1. Benjamini &
// Hochberg 1995: independent or positively dependent tests, as different tags under one null.
[[nodiscard]] std::vector<double> benjamini_hochberg(std::span<const double> p);
// Benjamini & Yekutieli 2001: under any dependence, as tags × names.
[[nodiscard]] std::vector<double> benjamini_yekutieli(std::span<const double> p);

// How many codes to draw from a class of `others`, the tag itself left out: all where there are
// no more than max(999, ⌈comparisons / level⌉), else so many: fewer could not give a p as small
// as the level. Precondition: level > 0.
[[nodiscard]] std::size_t null_size(std::size_t others, std::size_t comparisons, double level);

// `count` different numbers below `population` in ascending order, each such set equally likely
// (Floyd's algorithm, Communications of the ACM 30(9), 1987), the same everywhere for a seed.
// Precondition: count <= population.
[[nodiscard]] std::vector<std::uint32_t> draw(std::uint32_t population, std::uint32_t count,
                                              std::uint64_t seed);

// The i-th of an endless row of codes of `length` letters a–z, uniform and independent, the same
// everywhere for a seed: for classes that are too large to list, whose members are then chosen by
// their tokens.
[[nodiscard]] std::string random_code(std::size_t length, std::uint64_t seed, std::uint64_t i);

}  // namespace tagscope
