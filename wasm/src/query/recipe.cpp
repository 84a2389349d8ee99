#include "recipe/recipe.h"

#include "claim/evidence.h"
#include "query/query.h"

namespace tagscope {
namespace {

Json describe(const Step& step) {
  const Output out = step.out();
  Json kind = "same";
  if (out != Output::same) kind = name_of(kind_of(out, Kind::text));
  return {{"id", step.method->id},
          {"inverse", step.inverse},
          {"arguments", step.prepared.arguments},
          {"in", name_of(step.in())},
          {"out", std::move(kind)},
          {"span", Json::array({step.span.begin, step.span.end})}};
}

}  // namespace

Result<Json> query_recipe(std::string_view source) {
  auto recipe = read_recipe(source);
  if (!recipe) return within("recipe", std::move(recipe).error());
  Json steps = Json::array();
  for (const Step& step : recipe->steps) steps.push_back(describe(step));
  return Json{{"recipe", recipe->canonical()}, {"steps", std::move(steps)}};
}

Result<Json> query_run(std::string_view source, Value input) {
  auto recipe = read_recipe(source);
  if (!recipe) return within("recipe", std::move(recipe).error());
  auto output = run(*recipe, std::move(input));
  if (!output) return within("recipe", std::move(output).error());
  return Json{{"recipe", recipe->canonical()}, {"output", to_json(*output)}};
}

}  // namespace tagscope
