#include "claim/verdict.h"

#include <nlohmann/json.hpp>

namespace tagscope {

std::string_view name_of(State state) {
  switch (state) {
    case State::reproduced: return "reproduced";
    case State::refuted: return "refuted";
    case State::coincidence: return "coincidence";
    case State::undecided: return "undecided";
  }
  return "";
}

Verdict judge(const Evidence& evidence, double level) {
  if (evidence.structure.function_conflict) {
    return {State::refuted, 1, {"structure"}, "deterministic-recipes", {}, level};
  }
  if (!evidence.recipe) return {State::undecided, 6, {"search"}, "none", {}, level};
  if (!evidence.recipe->all_fit) {
    return {State::refuted, 2, {"recipe"}, "stated-recipe", {}, level};
  }
  if (*evidence.recipe->p <= level) {
    return {State::reproduced, 3, {"recipe"}, "stated-recipe", evidence.recipe->p, level};
  }
  return {State::coincidence, 4, {"recipe", "freedom"}, "stated-recipe", evidence.recipe->p, level};
}

Json to_json(const Verdict& verdict) {
  Json json = {{"state", name_of(verdict.state)},
               {"row", verdict.row},
               {"because", verdict.because},
               {"scope", verdict.scope},
               {"level", verdict.level}};
  if (verdict.p) json["p"] = *verdict.p;
  return json;
}

}  // namespace tagscope
