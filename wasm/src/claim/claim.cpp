#include "claim/claim.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "recipe/recipe.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr std::string_view kMatchNames[] = {"exact", "prefix", "suffix", "window", "subsequence"};
constexpr double kMaxExactInteger = 9007199254740991.0;  // 2^53 − 1

Error bad_claim(std::string where, std::string what) {
  return {.code = "bad-claim", .where = std::move(where), .what = std::move(what)};
}

std::string type_of(const Json& json) {
  if (json.is_null()) return "null";
  if (json.is_boolean()) return "true or false";
  if (json.is_number()) return "a number";
  if (json.is_string()) return "a string";
  return json.is_array() ? "an array" : "an object";
}

Error wrong_type(std::string where, std::string_view wanted, const Json& got) {
  return bad_claim(std::move(where), "is " + type_of(got) + "; it must be " + std::string(wanted));
}

Status refuse_unknown(const Json& object, std::initializer_list<std::string_view> known,
                      const std::string& where) {
  for (auto it = object.begin(); it != object.end(); ++it) {
    if (std::find(known.begin(), known.end(), it.key()) != known.end()) continue;
    std::string list;
    for (const auto name : known) list += (list.empty() ? "" : ", ") + std::string(name);
    const std::string field = it.key().substr(0, 64);
    return Error{.code = "unknown-field",
                 .where = where.empty() ? field : where + "." + field,
                 .what = "is not a field; known are " + list};
  }
  return ok_status();
}

Result<std::string> read_pair_text(const Json& pair, const char* field, const std::string& where,
                                   std::size_t limit) {
  const std::string path = where + "." + field;
  const auto found = pair.find(field);
  if (found == pair.end()) return bad_claim(path, "is missing");
  if (!found->is_string()) return wrong_type(path, "a string", *found);
  const auto& text = found->get_ref<const std::string&>();
  if (text.empty()) return bad_claim(path, "is empty");
  if (text.size() > limit) {
    return bad_claim(path, "is " + std::to_string(text.size()) + " bytes; the limit is " +
                               std::to_string(limit));
  }
  return text;
}

Result<std::vector<Pair>> read_pairs(const Json& json) {
  if (!json.is_array()) return wrong_type("pairs", "an array of {name, tag}", json);
  if (json.empty()) return bad_claim("pairs", "is empty; a claim needs at least one pair");
  if (json.size() > kMaxClaimPairs) {
    return bad_claim("pairs", "has " + std::to_string(json.size()) + " pairs; the limit is " +
                                  std::to_string(kMaxClaimPairs));
  }
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string where = "pairs[" + std::to_string(i) + "]";
    if (!json[i].is_object()) return wrong_type(where, "an object {name, tag}", json[i]);
    if (auto known = refuse_unknown(json[i], {"name", "tag"}, where); !known) return known.error();
    auto name = read_pair_text(json[i], "name", where, kMaxNameBytes);
    if (!name) return std::move(name).error();
    auto tag = read_pair_text(json[i], "tag", where, kMaxTagBytes);
    if (!tag) return std::move(tag).error();
    pairs.push_back({*std::move(name), *std::move(tag)});
  }
  return pairs;
}

Result<std::string> read_claim_recipe(const Json& json) {
  if (!json.is_string()) return wrong_type("recipe", "a string or null", json);
  auto recipe = read_recipe(json.get_ref<const std::string&>());
  if (!recipe) return within("recipe", std::move(recipe).error());
  auto kind = kind_after(*recipe, Kind::text);
  if (!kind) return within("recipe", std::move(kind).error());
  if (*kind == Kind::ids) {
    return bad_claim("recipe", "ends in ids; a tag is compared with text or bytes");
  }
  // Every argument is written out, so the canonical form can be longer than what was typed.
  std::string canonical = recipe->canonical();
  if (canonical.size() > kMaxRecipeBytes) {
    return bad_claim("recipe", "is " + std::to_string(canonical.size()) +
                                   " bytes in canonical form; the limit is " +
                                   std::to_string(kMaxRecipeBytes));
  }
  return canonical;
}

// A later version can examine more: null is the only value that this one has.
Status require_null(const Json& json, const char* field, const char* what) {
  if (const auto found = json.find(field); found != json.end() && !found->is_null()) {
    return Error{.code = "unsupported", .where = field, .what = what};
  }
  return ok_status();
}

Status require_value(const Json& json, const char* field, const std::string& only) {
  const auto found = json.find(field);
  if (found == json.end() || found->is_null()) return ok_status();
  if (!found->is_string()) return wrong_type(field, "a string", *found);
  if (found->get_ref<const std::string&>() != only) {
    return Error{
        .code = "unsupported",
        .where = field,
        .what = "is \"" + found->get<std::string>().substr(0, 64) + "\"; this version has " + only};
  }
  return ok_status();
}

}  // namespace

std::string_view name_of(Match match) { return kMatchNames[static_cast<std::size_t>(match)]; }

std::vector<Pair> Claim::distinct_pairs() const {
  std::vector<Pair> distinct;
  std::unordered_set<std::string> seen;
  for (const Pair& pair : pairs) {
    // A length in front keeps ("ab", "c") and ("a", "bc") apart.
    if (seen.insert(std::to_string(pair.name.size()) + ":" + pair.name + pair.tag).second) {
      distinct.push_back(pair);
    }
  }
  return distinct;
}

Result<Claim> read_claim(const Json& json) {
  if (!json.is_object()) return wrong_type("claim", "an object", json);
  if (auto known =
          refuse_unknown(json,
                         {"version", "title", "pairs", "recipe", "match", "ignore_case",
                          "tokenizer", "profile", "population", "space", "level", "encoder"},
                         "");
      !known) {
    return known.error();
  }
  Claim claim;
  if (const auto version = json.find("version"); version != json.end()) {
    if (!version->is_number() || version->get<double>() != 1) {
      return Error{.code = "unsupported",
                   .where = "version",
                   .what = "is " + write_canonical(*version).substr(0, 64) +
                           "; this program reads version 1"};
    }
  }
  if (const auto title = json.find("title"); title != json.end() && !title->is_null()) {
    if (!title->is_string()) return wrong_type("title", "a string or null", *title);
    claim.title = title->get<std::string>();
  }
  const auto pairs = json.find("pairs");
  if (pairs == json.end()) return bad_claim("pairs", "is missing; a claim needs at least one pair");
  auto read = read_pairs(*pairs);
  if (!read) return std::move(read).error();
  claim.pairs = *std::move(read);
  if (const auto recipe = json.find("recipe"); recipe != json.end() && !recipe->is_null()) {
    auto canonical = read_claim_recipe(*recipe);
    if (!canonical) return std::move(canonical).error();
    claim.recipe = *std::move(canonical);
  }
  if (const auto match = json.find("match"); match != json.end() && !match->is_null()) {
    const auto found = std::find_if(std::begin(kMatchNames), std::end(kMatchNames),
                                    [&](std::string_view name) { return *match == name; });
    if (found == std::end(kMatchNames)) {
      return bad_claim("match", "is " + write_canonical(*match).substr(0, 64) +
                                    "; it is one of exact, prefix, suffix, window, subsequence");
    }
    claim.match = static_cast<Match>(found - std::begin(kMatchNames));
  }
  if (const auto ignore = json.find("ignore_case"); ignore != json.end() && !ignore->is_null()) {
    if (!ignore->is_boolean()) return wrong_type("ignore_case", "true or false", *ignore);
    claim.ignore_case = ignore->get<bool>();
  }
  if (auto only = require_value(json, "tokenizer", claim.tokenizer); !only) return only.error();
  if (auto only = require_value(json, "profile", claim.profile); !only) return only.error();
  if (const auto names = json.find("population"); names != json.end() && !names->is_null()) {
    // 110000, 110000.0 and 1.1e5 are one number in JSON.
    const double count = names->is_number() ? names->get<double>() : 0;
    if (!(count >= 1 && count <= kMaxExactInteger && count == std::trunc(count))) {
      return bad_claim("population", "is " + write_canonical(*names).substr(0, 64) +
                                         "; it is a whole number from 1 to 2^53 − 1");
    }
    claim.population = static_cast<std::uint64_t>(count);
  }
  if (const auto level = json.find("level"); level != json.end() && !level->is_null()) {
    const double value = level->is_number() ? level->get<double>() : -1;
    if (!(value > 0 && value < 1)) {
      return bad_claim("level",
                       "is " + write_canonical(*level).substr(0, 64) + "; it lies between 0 and 1");
    }
    claim.level = value;
  }
  if (auto none = require_null(json, "space", "this version has no search; leave it out or null");
      !none) {
    return none.error();
  }
  if (auto none =
          require_null(json, "encoder", "this version has no encoder; leave it out or null");
      !none) {
    return none.error();
  }
  return claim;
}

Json to_json(const Claim& claim) {
  Json pairs = Json::array();
  for (const Pair& pair : claim.pairs) pairs.push_back({{"name", pair.name}, {"tag", pair.tag}});
  const auto or_null = [](const auto& optional) { return optional ? Json(*optional) : Json(); };
  Json json = {{"version", 1},
               {"title", or_null(claim.title)},
               {"pairs", std::move(pairs)},
               {"recipe", or_null(claim.recipe)},
               {"match", name_of(claim.match)},
               {"tokenizer", claim.tokenizer},
               {"profile", claim.profile},
               {"population", or_null(claim.population)},
               {"space", nullptr},
               {"level", claim.level},
               {"encoder", nullptr}};
  if (claim.ignore_case) json["ignore_case"] = true;
  return json;
}

}  // namespace tagscope
