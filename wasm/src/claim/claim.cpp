#include "claim/claim.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "recipe/recipe.h"
#include "text/utf8.h"
#include "tokenizer/clip_tokenizer.h"

namespace tagscope {
namespace {

constexpr std::string_view kMatchNames[] = {"exact", "prefix", "suffix", "window", "subsequence"};
constexpr std::size_t kSha256HexDigits = 64;
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
  for (const Json::Member& member : object.members()) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    std::string list;
    for (const auto name : known) list += (list.empty() ? "" : ", ") + std::string(name);
    const std::string field = member.name.substr(0, 64);
    return Error{.code = "unknown-field",
                 .where = where.empty() ? field : where + "." + field,
                 .what = "is not a field; known are " + list};
  }
  return ok_status();
}

Result<std::string> read_pair_text(const Json& pair, const char* field, const std::string& where,
                                   std::size_t limit) {
  const std::string path = where + "." + field;
  const Json* found = pair.find(field);
  if (found == nullptr) return bad_claim(path, "is missing");
  if (!found->is_string()) return wrong_type(path, "a string", *found);
  const std::string& text = found->string();
  if (text.empty()) return bad_claim(path, "is empty");
  if (text.size() > limit) {
    return bad_claim(path, "is " + std::to_string(text.size()) + " bytes; the limit is " +
                               std::to_string(limit));
  }
  return text;
}

Result<std::vector<Pair>> read_pairs(const Json& json) {
  if (!json.is_array()) return wrong_type("pairs", "an array of {name, tag}", json);
  const Json::Array& items = json.items();
  if (items.empty()) return bad_claim("pairs", "is empty; a claim needs at least one pair");
  if (items.size() > kMaxClaimPairs) {
    return bad_claim("pairs", "has " + std::to_string(items.size()) + " pairs; the limit is " +
                                  std::to_string(kMaxClaimPairs));
  }
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string where = "pairs[" + std::to_string(i) + "]";
    const Json& pair = items[i];
    if (!pair.is_object()) return wrong_type(where, "an object {name, tag}", pair);
    if (auto known = refuse_unknown(pair, {"name", "tag"}, where); !known) return known.error();
    auto name = read_pair_text(pair, "name", where, kMaxNameBytes);
    if (!name) return std::move(name).error();
    auto tag = read_pair_text(pair, "tag", where, kMaxTagBytes);
    if (!tag) return std::move(tag).error();
    pairs.push_back({*std::move(name), *std::move(tag)});
  }
  return pairs;
}

Result<std::string> read_claim_recipe(const Json& json) {
  if (!json.is_string()) return wrong_type("recipe", "a string or null", json);
  auto recipe = read_recipe(json.string());
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

// The field's value; nullptr where it is left out or null, which mean the same.
const Json* stated(const Json& json, std::string_view field) {
  const Json* const found = json.find(field);
  return found != nullptr && !found->is_null() ? found : nullptr;
}

Status require_value(const Json& json, const char* field, const std::string& only) {
  const Json* const found = stated(json, field);
  if (found == nullptr) return ok_status();
  if (!found->is_string()) return wrong_type(field, "a string", *found);
  if (found->string() != only) {
    return Error{.code = "unsupported",
                 .where = field,
                 .what = "is \"" + found->string().substr(0, 64) + "\"; this version has " + only};
  }
  return ok_status();
}

// name@version, in lower-case letters and digits.
bool is_space_id(std::string_view id) {
  constexpr std::size_t kMaxIdBytes = 32;
  const std::size_t at = id.find('@');
  if (id.size() > kMaxIdBytes || at == 0 || at == std::string_view::npos) return false;
  const std::string_view version = id.substr(at + 1);
  return id.substr(0, at).find_first_not_of("abcdefghijklmnopqrstuvwxyz") ==
             std::string_view::npos &&
         !version.empty() && version[0] != '0' &&
         version.find_first_not_of("0123456789") == std::string_view::npos;
}

Result<std::string> read_profile(const Json& json) {
  const Json* const found = stated(json, "profile");
  if (found == nullptr) return std::string(kClipProfileNames[0]);
  if (!found->is_string()) return wrong_type("profile", "a string", *found);
  if (auto profile = clip_profile(found->string()); !profile) return std::move(profile).error();
  return found->string();
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
  if (const Json* version = json.find("version")) {
    if (!version->is_number() || version->number() != 1) {
      return Error{.code = "unsupported",
                   .where = "version",
                   .what = "is " + write_canonical(*version).substr(0, 64) +
                           "; this program reads version 1"};
    }
  }
  if (const Json* title = stated(json, "title")) {
    if (!title->is_string()) return wrong_type("title", "a string or null", *title);
    claim.title = title->string();
  }
  const Json* pairs = json.find("pairs");
  if (pairs == nullptr) return bad_claim("pairs", "is missing; a claim needs at least one pair");
  auto read = read_pairs(*pairs);
  if (!read) return std::move(read).error();
  claim.pairs = *std::move(read);
  if (const Json* recipe = stated(json, "recipe")) {
    auto canonical = read_claim_recipe(*recipe);
    if (!canonical) return std::move(canonical).error();
    claim.recipe = *std::move(canonical);
  }
  if (const Json* match = stated(json, "match")) {
    const auto found = std::find_if(
        std::begin(kMatchNames), std::end(kMatchNames),
        [&](std::string_view name) { return match->is_string() && match->string() == name; });
    if (found == std::end(kMatchNames)) {
      return bad_claim("match", "is " + write_canonical(*match).substr(0, 64) +
                                    "; it is one of exact, prefix, suffix, window, subsequence");
    }
    claim.match = static_cast<Match>(found - std::begin(kMatchNames));
  }
  if (const Json* ignore = stated(json, "ignore_case")) {
    if (!ignore->is_boolean()) return wrong_type("ignore_case", "true or false", *ignore);
    claim.ignore_case = ignore->boolean();
  }
  if (auto only = require_value(json, "tokenizer", claim.tokenizer); !only) return only.error();
  if (auto profile = read_profile(json); profile) {
    claim.profile = *std::move(profile);
  } else {
    return std::move(profile).error();
  }
  if (const Json* names = stated(json, "population")) {
    // 110000, 110000.0 and 1.1e5 are one number in JSON.
    const double count = names->is_number() ? names->number() : 0;
    if (!(count >= 1 && count <= kMaxExactInteger && count == std::trunc(count))) {
      return bad_claim("population", "is " + write_canonical(*names).substr(0, 64) +
                                         "; it is a whole number from 1 to 2^53 − 1");
    }
    claim.population = static_cast<std::uint64_t>(count);
  }
  if (const Json* level = stated(json, "level")) {
    const double value = level->is_number() ? level->number() : -1;
    if (!(value > 0 && value < 1)) {
      return bad_claim("level",
                       "is " + write_canonical(*level).substr(0, 64) + "; it lies between 0 and 1");
    }
    claim.level = value;
  }
  if (const Json* space = stated(json, "space")) {
    if (!space->is_string()) return wrong_type("space", "a string or null", *space);
    if (!is_space_id(space->string())) {
      return bad_claim("space", "is \"" + space->string().substr(0, 64) +
                                    "\"; it is a name and a version, as standard@1");
    }
    claim.space = space->string();
  }
  if (const Json* encoder = stated(json, "encoder")) {
    if (!encoder->is_string()) return wrong_type("encoder", "a string or null", *encoder);
    const std::string& digest = encoder->string();
    if (digest.size() != kSha256HexDigits ||
        digest.find_first_not_of("0123456789abcdef") != std::string::npos) {
      return bad_claim("encoder",
                       "is \"" + digest.substr(0, 64) +
                           "\"; it is the SHA-256 of its file, 64 lower-case hex digits");
    }
    claim.encoder = digest;
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
               {"space", or_null(claim.space)},
               {"level", claim.level},
               {"encoder", or_null(claim.encoder)}};
  if (claim.ignore_case) json["ignore_case"] = true;
  return json;
}

}  // namespace tagscope
