// The recipe language: methods chained by "|".
//
//   recipe = step { "|" step }        rot n=42 | xor key="I love ponies" | hex | take n=3
//   step   = ["~"] id { name "=" value }
//   value  = integer | 0xHEX | bare-word | "JSON string"
//
// A bare word is any run of characters without white space, "|" and quotes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "core/method.h"

namespace tagscope {

inline constexpr std::size_t kMaxRecipeSteps = 64;
inline constexpr std::size_t kMaxRecipeBytes = std::size_t{16} << 10;

struct Step {
  const Method* method = nullptr;
  bool inverse = false;  // written "~id"
  std::vector<NamedArgument> arguments;
  Prepared prepared;
  Span span{};  // in the recipe's source

  [[nodiscard]] Kinds in() const { return inverse ? method->inverse_in : method->in; }
  [[nodiscard]] Output out() const { return inverse ? method->inverse_out : method->out; }
  // "~hex", "rot n=42": every argument written out.
  [[nodiscard]] std::string canonical() const;
};

struct Recipe {
  std::vector<Step> steps;  // at least one

  // The form that links carry: steps joined by " | ".
  [[nodiscard]] std::string canonical() const;
};

// Reads a recipe and checks every argument, and that each step takes what the
// step before it gives. Errors: `bad-recipe`, `too-long`, `unknown-method`,
// `not-reversible`, `type-mismatch` and those of the arguments; where is
// "step 2" or "step 2, n", span points into `source`.
[[nodiscard]] Result<Recipe> read_recipe(std::string_view source);

// Prepares a step again under other arguments (used to ask what an argument changes).
[[nodiscard]] Result<Step> rebuild(const Step& step, std::vector<NamedArgument> arguments);

// The kind that comes out where `input` goes in, or `type-mismatch`.
[[nodiscard]] Result<Kind> kind_after(const Recipe& recipe, Kind input);

// Runs all steps. An error of a method is returned with where = "step 2".
// `seen`, where given, receives each step's index and output.
[[nodiscard]] Result<Value> run(const Recipe& recipe, Value input,
                                const std::function<void(std::size_t, const Value&)>& seen = {});

}  // namespace tagscope
