// Any text is read as a recipe or refused; a recipe that is read has a canonical
// form that reads back as itself, and runs on a short name without a crash.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "recipe/recipe.h"
#include "text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tagscope;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  if (first_invalid_utf8(source)) return 0;  // sources come from texts
  auto recipe = read_recipe(source);
  if (!recipe) return 0;
  auto again = read_recipe(recipe->canonical());
  // Only the canonical form's length can make the second reading fail.
  if (again ? again->canonical() != recipe->canonical() : again.error().code != "too-long") {
    std::abort();
  }
  if (recipe->steps.size() <= 4) (void)run(*recipe, Value::text("houshou_marine"));
  return 0;
}
