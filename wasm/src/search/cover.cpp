#include "search/cover.h"

#include <algorithm>
#include <iterator>

namespace tagscope {
namespace {

// The normalisations of the isomorph proof of v=1 (claim/structure_evidence.cpp), as recipes.
constexpr std::string_view kNormalisations[] = {"", "lower", "strip chars=\"_\"", "spaces",
                                                "keep class=letters"};
constexpr std::string_view kMaps[] = {"rot",   "atbash", "affine", "rot5",
                                      "rot18", "rot47",  "reverse"};

template <std::size_t kCount>
bool is_one_of(const std::string_view (&known)[kCount], std::string_view id) {
  return std::find(std::begin(known), std::end(known), id) != std::end(known);
}

bool maps_characters(const Step& step) {
  constexpr std::size_t kOneByteKey = std::string_view("key=0x00").size();
  if (step.method->id == "xor") return step.prepared.arguments.size() == kOneByteKey;
  return is_one_of(kMaps, step.method->id);
}

bool all_nothing(const std::vector<Fragment>& stage) {
  return std::all_of(stage.begin(), stage.end(), [](const Fragment& f) { return f.text.empty(); });
}

bool in_family(const SpaceBlock& block) {
  const bool normalised = std::all_of(
      block.normalisations.begin(), block.normalisations.end(),
      [](const Fragment& fragment) { return is_one_of(kNormalisations, fragment.text); });
  const bool mapped =
      std::all_of(block.ciphers.begin(), block.ciphers.end(), [](const Fragment& fragment) {
        return std::all_of(fragment.steps.begin(), fragment.steps.end(), maps_characters);
      });
  return normalised && mapped && !block.every && all_nothing(block.digests) &&
         all_nothing(block.encodings);
}

bool has_several_lengths(const std::vector<Pair>& pairs) {
  return std::any_of(pairs.begin(), pairs.end(),
                     [&](const Pair& pair) { return pair.tag.size() != pairs.front().tag.size(); });
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

}  // namespace

bool covered_by_structure(const Hypotheses& hypotheses, const SearchPlan& plan) {
  const MatchRule& rule = hypotheses.rule;
  if (rule.ignore_case || rule.match == Match::subsequence) return false;
  if (rule.match == Match::window && hypotheses.pairs.size() > 1) return false;
  // The proof places all tags at one offset. Of an output of one length, tags of several lengths
  // begin or end at others: `take n=6` and a suffix of 6 and of 5 characters.
  if (rule.match != Match::exact && has_several_lengths(hypotheses.pairs)) return false;
  if (!std::all_of(plan.blocks().begin(), plan.blocks().end(), in_family)) return false;
  if (!std::all_of(hypotheses.pairs.begin(), hypotheses.pairs.end(),
                   [](const Pair& pair) { return is_ascii(pair.name) && is_ascii(pair.tag); })) {
    return false;
  }
  const StructureEvidence structure = examine_structure(hypotheses);
  for (const Json& period : structure.json["isomorph"]["periods"].items()) {
    if (period["period"].number() == 1) return period["excluded"].boolean();
  }
  return false;
}

}  // namespace tagscope
