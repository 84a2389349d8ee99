// Proofs that exclude whole families of recipes without trying any.
#include <algorithm>
#include <map>

#include "catalog/catalog.h"
#include "claim/evidence.h"
#include "claim/normalisation.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

using Text = std::u32string;

// ---- Function: one name with two tags is no function of the name. ----

Json prove_function(const Hypotheses& hypotheses, bool& conflict) {
  const bool applies = hypotheses.rule.match == Match::exact;
  Json conflicts = Json::array();
  if (applies) {
    std::vector<std::string> order;
    std::map<std::string, std::vector<std::string>> tags;
    for (const Pair& pair : hypotheses.pairs) {
      auto& known = tags[pair.name];
      if (known.empty()) order.push_back(pair.name);
      const Text tag = code_points(pair.tag);
      const bool equal = std::any_of(known.begin(), known.end(), [&](const std::string& other) {
        return fits(hypotheses.rule, code_points(other), tag);
      });
      if (!equal) known.push_back(pair.tag);
    }
    for (const std::string& name : order) {
      if (tags[name].size() > 1)
        conflicts.push_back({{"name", name}, {"tags", Json::array(tags[name])}});
    }
  }
  conflict = !conflicts.items().empty();
  return {{"applies", applies}, {"excluded", conflict}, {"conflicts", std::move(conflicts)}};
}

// ---- Isomorph: an injective map per position class keeps equal and different apart. ----

constexpr std::size_t kMaxPeriod = 32;
// Characters compared in all, over periods in ascending order; a period that
// would begin beyond it is left out of the list rather than half examined.
constexpr std::size_t kMaxComparisons = 50'000'000;

// One choice of the family: where the window lies and where classes are counted from.
struct Alignment {
  std::size_t offset = 0;  // from the start, or from the end, of the name
  bool from_end = false;
  bool count_from_name = false;  // classes by position in the name, not in the window
};

class Isomorph {
 public:
  Isomorph(std::vector<Text> names, std::vector<Text> tags)
      : names_(std::move(names)), tags_(std::move(tags)) {}

  // Alignments at which every window lies inside its name.
  std::vector<Alignment> alignments() const {
    std::size_t room = names_.empty() ? 0 : names_[0].size() + 1;
    bool equal_lengths = true;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::size_t here =
          names_[i].size() < tags_[i].size() ? 0 : names_[i].size() - tags_[i].size() + 1;
      room = std::min(room, here);
      equal_lengths = equal_lengths && names_[i].size() == names_[0].size() &&
                      tags_[i].size() == tags_[0].size();
    }
    std::vector<Alignment> all;
    for (std::size_t offset = 0; offset < room; ++offset) all.push_back({offset, false, false});
    // From the end it is another family only where lengths differ.
    for (std::size_t offset = 0; offset < room && !equal_lengths; ++offset) {
      all.push_back({offset, true, false});
      all.push_back({offset, true, true});
    }
    return all;
  }

  // Is there, for every class, one bijection that explains all pairs?
  bool consistent(const Alignment& alignment, std::size_t period, std::size_t& comparisons) const {
    std::vector<std::map<char32_t, char32_t>> forward(period);
    std::vector<std::map<char32_t, char32_t>> backward(period);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::size_t begin = alignment.from_end
                                    ? names_[i].size() - tags_[i].size() - alignment.offset
                                    : alignment.offset;
      for (std::size_t t = 0; t < tags_[i].size(); ++t) {
        ++comparisons;
        const std::size_t residue = ((alignment.count_from_name ? begin : 0) + t) % period;
        const char32_t plain = names_[i][begin + t];
        const char32_t coded = tags_[i][t];
        if (forward[residue].emplace(plain, coded).first->second != coded) return false;
        if (backward[residue].emplace(coded, plain).first->second != plain) return false;
      }
    }
    return true;
  }

 private:
  std::vector<Text> names_;
  std::vector<Text> tags_;
};

Json prove_isomorph(const Hypotheses& hypotheses) {
  std::vector<Text> tags;
  std::size_t longest = 0;
  for (const Pair& pair : hypotheses.pairs) {
    tags.push_back(code_points(pair.tag));
    if (hypotheses.rule.ignore_case) tags.back() = folded(tags.back());
    longest = std::max(longest, tags.back().size());
  }
  std::vector<Isomorph> families;
  for (const std::string_view id : kNormalisations) {
    std::vector<Text> names;
    for (const Pair& pair : hypotheses.pairs) {
      names.push_back(normalised(id, pair.name));
      if (hypotheses.rule.ignore_case) names.back() = folded(names.back());
    }
    families.emplace_back(names, tags);
    for (Text& name : names) std::reverse(name.begin(), name.end());
    families.emplace_back(std::move(names), tags);
  }
  // With one pair a period of the tag's length constrains nothing; with several
  // it still binds them to one map a position.
  const std::size_t last =
      std::min(kMaxPeriod, hypotheses.pairs.size() > 1 ? longest : longest - 1);
  Json periods = Json::array();
  std::size_t comparisons = 0;
  for (std::size_t period = 1; period <= last && comparisons <= kMaxComparisons; ++period) {
    std::size_t tried = 0;
    std::size_t fitting = 0;
    for (const Isomorph& family : families) {
      for (const Alignment& alignment : family.alignments()) {
        ++tried;
        if (family.consistent(alignment, period, comparisons)) ++fitting;
        if (comparisons > kMaxComparisons) break;
      }
    }
    if (comparisons > kMaxComparisons) break;
    periods.push_back(
        {{"period", period}, {"excluded", fitting == 0}, {"tried", tried}, {"fits", fitting}});
  }
  return {{"normalisations", Json::array(kNormalisations)},
          {"reversal", true},
          {"ignore_case", hypotheses.rule.ignore_case},
          {"periods", std::move(periods)}};
}

// ---- Length: steps that keep the length cannot change it. ----

Json prove_length(const Hypotheses& hypotheses) {
  const bool applies = hypotheses.rule.match == Match::exact;
  Json differing = Json::array();
  if (applies) {
    for (const Pair& pair : hypotheses.pairs) {
      const std::size_t name = count_code_points(pair.name);
      const std::size_t tag = count_code_points(pair.tag);
      // Text steps keep code points, byte steps keep bytes: both have to differ.
      if (name != tag && pair.name.size() != pair.tag.size()) {
        differing.push_back({{"name", name}, {"tag", tag}});
      }
    }
  }
  const bool excluded = !differing.items().empty();
  return {{"applies", applies}, {"excluded", excluded}, {"pairs", std::move(differing)}};
}

// ---- Alphabet: a last encoding that cannot print the tag. ----

// The encodings of v=1: a later one stays out, or old digests would change.
constexpr std::string_view kEncodings[] = {"hex",     "base64", "base64url", "base32", "base58",
                                           "ascii85", "binary", "decimal",   "letters"};

Json prove_alphabet(const Hypotheses& hypotheses) {
  Json proofs = Json::array();
  for (const std::string_view id : kEncodings) {
    const Method* method = find_method(id);
    if (method == nullptr) continue;
    Text alphabet = code_points(method->alphabet);
    if (hypotheses.rule.ignore_case) alphabet = folded(alphabet);
    Json foreign;
    for (const Pair& pair : hypotheses.pairs) {
      for (const char32_t character : code_points(pair.tag)) {
        const char32_t seen = hypotheses.rule.ignore_case ? folded(character) : character;
        if (foreign.is_null() && alphabet.find(seen) == Text::npos) {
          foreign = to_utf8(Text(1, character));
        }
      }
    }
    proofs.push_back({{"id", id}, {"excluded", !foreign.is_null()}, {"character", foreign}});
  }
  return proofs;
}

// ---- What the proofs exclude: each family by name, with the scope in which it is proved. ----

Json excluded_families(const Hypotheses& hypotheses, const Json& structure) {
  Json families = Json::array();
  if (structure["function"]["excluded"].boolean()) {
    families.push_back({{"proof", "function"},
                        {"family", "deterministic"},
                        {"scope", Json::array({"exact-match"})}});
  }
  for (const Json& period : structure["isomorph"]["periods"].items()) {
    if (!period["excluded"].boolean()) continue;
    // ROT, Atbash, affine, XOR and Vigenère with a repeating key; not picks that skip
    // letters, not `letters` (it is no injection), not a text encoding after XOR.
    Json scope =
        Json::array({"contiguous-window", "injective-map-per-position", "no-encoding-after"});
    // Folding case after XOR joins outputs that an injective map keeps apart.
    if (hypotheses.rule.ignore_case) scope.push_back("maps-that-keep-case");
    families.push_back({{"proof", "isomorph"},
                        {"family", "per-letter-substitution"},
                        {"period", period["period"]},
                        {"scope", std::move(scope)}});
  }
  if (structure["length"]["excluded"].boolean()) {
    families.push_back({{"proof", "length"},
                        {"family", "length-preserving-steps"},
                        {"scope", Json::array({"exact-match"})}});
  }
  for (const Json& encoding : structure["alphabet"].items()) {
    if (!encoding["excluded"].boolean()) continue;
    families.push_back({{"proof", "alphabet"},
                        {"family", "last-encoding"},
                        {"id", encoding["id"]},
                        {"scope", Json::array({"selections-may-follow"})}});
  }
  return families;
}

}  // namespace

StructureEvidence examine_structure(const Hypotheses& hypotheses) {
  StructureEvidence evidence;
  Json function = prove_function(hypotheses, evidence.function_conflict);
  evidence.json = {{"kind", "structure"},
                   {"pairs", hypotheses.claim.pairs.size()},
                   {"duplicates", hypotheses.claim.pairs.size() - hypotheses.pairs.size()},
                   {"groups", group_by_tag(hypotheses).size()},
                   {"function", std::move(function)},
                   {"isomorph", prove_isomorph(hypotheses)},
                   {"length", prove_length(hypotheses)},
                   {"alphabet", prove_alphabet(hypotheses)}};
  evidence.json["excludes"] = excluded_families(hypotheses, evidence.json);
  return evidence;
}

}  // namespace tagscope
