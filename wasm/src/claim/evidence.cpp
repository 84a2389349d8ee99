#include "claim/evidence.h"

#include <algorithm>

namespace tagscope {

Result<Hypotheses> propose(Claim claim) {
  Hypotheses hypotheses;
  if (claim.recipe) {
    auto recipe = read_recipe(*claim.recipe);
    if (!recipe) return within("recipe", std::move(recipe).error());
    hypotheses.stated = *std::move(recipe);
  }
  hypotheses.pairs = claim.distinct_pairs();
  hypotheses.rule = {claim.match, claim.ignore_case};
  auto profile = clip_profile(claim.profile);
  if (!profile) return std::move(profile).error();
  hypotheses.profile = *profile;
  hypotheses.claim = std::move(claim);
  return hypotheses;
}

std::vector<TagGroup> group_by_tag(const Hypotheses& hypotheses) {
  std::vector<TagGroup> groups;
  std::vector<std::u32string> keys;
  for (std::size_t i = 0; i < hypotheses.pairs.size(); ++i) {
    std::u32string tag = code_points(hypotheses.pairs[i].tag);
    std::u32string key = hypotheses.rule.ignore_case ? folded(tag) : tag;
    const auto known = std::find(keys.begin(), keys.end(), key);
    if (known == keys.end()) {
      keys.push_back(std::move(key));
      groups.push_back({std::move(tag), {i}});
    } else {
      groups[static_cast<std::size_t>(known - keys.begin())].pairs.push_back(i);
    }
  }
  return groups;
}

Json to_json(const Value& value) {
  Json json = {{"kind", name_of(value.kind)}};
  switch (value.kind) {
    case Kind::text: json["text"] = value.data; break;
    case Kind::bytes: {
      static constexpr char kDigits[] = "0123456789abcdef";
      std::string hex;
      hex.reserve(value.data.size() * 2);
      for (const char c : value.data) {
        hex.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
        hex.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
      }
      json["hex"] = std::move(hex);
      break;
    }
    case Kind::ids: json["ids"] = Json::array(value.ids); break;
  }
  return json;
}

Result<Evidence> examine(const Hypotheses& hypotheses, const ClipVocabulary& vocabulary,
                         std::optional<SearchEvidence> search) {
  Evidence evidence;
  evidence.json = Json::array();
  if (hypotheses.stated) {
    auto recipe = examine_recipe(hypotheses);
    if (!recipe) return std::move(recipe).error();
    evidence.recipe = *std::move(recipe);
    evidence.json.push_back(evidence.recipe->json);
  }
  evidence.structure = examine_structure(hypotheses);
  evidence.json.push_back(evidence.structure.json);
  evidence.json.push_back(examine_tokens(hypotheses, vocabulary));
  auto digests = examine_digest_tokens(hypotheses, vocabulary);
  if (!digests) return std::move(digests).error();
  evidence.json.push_back(*std::move(digests));
  evidence.json.push_back(examine_capacity(hypotheses, vocabulary));
  if (search) {
    evidence.json.push_back(search->json);
    evidence.search = std::move(search);
  }
  return evidence;
}

}  // namespace tagscope
