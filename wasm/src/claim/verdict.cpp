#include "claim/verdict.h"

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

namespace {

// Rows 5 and 7 to 12.
Verdict judge_search(const SearchEvidence& search, double level) {
  if (search.covered) return {State::refuted, 5, {"structure"}, "space", {}, level};
  if (search.full_hit) {
    if (search.p <= level && !search.veto) {
      return {State::reproduced, 7, {"search"}, "space", search.p, level};
    }
    if (search.exhausted) return {State::coincidence, 8, {"search"}, "space", search.p, level};
    return {State::undecided, 9, {"finish"}, "none", search.p, level};
  }
  if (search.key_p && *search.key_p <= level && !search.veto) {
    return {State::reproduced, 7, {"search"}, "key", search.key_p, level};
  }
  if (!search.exhausted) return {State::undecided, 10, {"finish"}, "none", {}, level};
  if (search.partial_p && *search.partial_p <= level) {
    return {State::undecided, 11, {"failing-pairs"}, "none", search.partial_p, level};
  }
  return {State::refuted, 12, {"search"}, "space", {}, level};
}

}  // namespace

Verdict judge(const Evidence& evidence, double level) {
  if (evidence.structure.function_conflict) {
    return {State::refuted, 1, {"structure"}, "deterministic-recipes", {}, level};
  }
  if (!evidence.recipe) {
    if (evidence.search) return judge_search(*evidence.search, level);
    return {State::undecided, 6, {"search"}, "none", {}, level};
  }
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
               {"because", Json::array(verdict.because)},
               {"scope", verdict.scope},
               {"level", verdict.level}};
  if (verdict.p) json["p"] = *verdict.p;
  return json;
}

}  // namespace tagscope
