// Lines NAME=TAG of any text: known plaintext ends, its chances are chances, and each recipe that
// it reports gives every tag.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "claim/known_plaintext.h"
#include "recipe/recipe.h"
#include "text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tagscope;
  const std::string text = replace_invalid_utf8({reinterpret_cast<const char*>(data), size});
  Claim claim;
  std::string_view left = text;
  while (!left.empty() && claim.pairs.size() < 8) {
    const std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    const std::size_t equals = line.find('=');
    if (equals == 0 || equals == std::string_view::npos || equals + 1 == line.size()) continue;
    // Long names are the matter of a test; here they would only cost rounds.
    if (line.size() > 64) continue;
    claim.pairs.push_back(
        {std::string(line.substr(0, equals)), std::string(line.substr(equals + 1))});
  }
  if (claim.pairs.empty()) return 0;
  claim.ignore_case = size % 2 == 0;
  const auto hypotheses = propose(claim);
  if (!hypotheses) std::abort();
  const KnownPlaintext found = examine_known_plaintext(*hypotheses);
  if (!(found.p >= 0 && found.p <= 1)) std::abort();
  for (const Json& hit : found.json["hits"].items()) {
    if (hit["recipe"].is_null()) continue;
    const auto recipe = read_recipe(hit["recipe"].string());
    if (!recipe) std::abort();
    for (const Pair& pair : hypotheses->pairs) {
      const auto output = run(*recipe, Value::text(pair.name));
      if (!output || !fits(hypotheses->rule, symbols(output->data), code_points(pair.tag))) {
        std::abort();
      }
    }
  }
  return 0;
}
