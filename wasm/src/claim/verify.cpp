#include "claim/verify.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "recipe/recipe.h"
#include "tokenizer/clip_vocabulary.h"

namespace tagscope {
namespace {

constexpr std::size_t kDigestHexDigits = 32;  // 16 bytes

Result<std::string> sha256_hex(std::string text) {
  auto recipe = read_recipe("sha256 | hex");
  if (!recipe) return std::move(recipe).error();
  auto digest = run(*recipe, Value::bytes(std::move(text)));
  if (!digest) return std::move(digest).error();
  return std::move(digest->data);
}

bool is_hex(const Json& json, std::size_t digits) {
  if (!json.is_string()) return false;
  const auto& text = json.get_ref<const std::string&>();
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Error bad_document(std::string where, std::string what) {
  return {.code = "bad-link", .where = std::move(where), .what = std::move(what)};
}

Status check_document(const Json& document) {
  if (!document.is_object()) return bad_document("", "is not an object {claim, assets, digest}");
  for (const char* field : {"claim", "assets", "digest"}) {
    if (!document.contains(field)) return bad_document(field, "is missing");
  }
  for (auto it = document.begin(); it != document.end(); ++it) {
    if (it.key() != "claim" && it.key() != "assets" && it.key() != "digest") {
      return bad_document(it.key().substr(0, 64),
                          "is not a field; known are claim, assets, digest");
    }
  }
  if (!is_hex(document["digest"], kDigestHexDigits)) {
    return bad_document("digest", "is not 32 lower-case hex digits");
  }
  const Json& assets = document["assets"];
  if (!assets.is_object()) return bad_document("assets", "is not an object");
  for (auto it = assets.begin(); it != assets.end(); ++it) {
    if (!is_hex(it.value(), 64)) {
      return bad_document("assets." + it.key().substr(0, 64), "is not 64 lower-case hex digits");
    }
  }
  return ok_status();
}

std::vector<Difference> differences_between(const Json& document, const Verified& computed) {
  std::vector<Difference> differences;
  for (auto it = document["assets"].begin(); it != document["assets"].end(); ++it) {
    const std::string stated = it.value();
    const std::string actual = computed.assets.value(it.key(), "");
    if (stated != actual) differences.push_back({"asset", it.key(), stated, actual});
  }
  for (auto it = computed.assets.begin(); it != computed.assets.end(); ++it) {
    if (!document["assets"].contains(it.key())) {
      differences.push_back({"asset", it.key(), "", it.value()});
    }
  }
  if (const std::string stated = document["digest"]; stated != computed.digest) {
    differences.push_back({"digest", "", stated, computed.digest});
  }
  return differences;
}

}  // namespace

std::string Verified::document() const {
  return write_canonical({{"assets", assets}, {"claim", to_json(claim)}, {"digest", digest}});
}

Result<Verified> verify(Claim claim) {
  auto loaded = require_clip_vocabulary();
  if (!loaded) return std::move(loaded).error();
  const ClipVocabulary& vocabulary = **loaded;
  auto hypotheses = propose(std::move(claim));
  if (!hypotheses) return std::move(hypotheses).error();
  auto evidence = examine(*hypotheses, vocabulary);
  if (!evidence) return std::move(evidence).error();

  Verified verified;
  verified.claim = std::move(hypotheses->claim);
  verified.evidence = *std::move(evidence);
  verified.verdict = judge(verified.evidence, verified.claim.level);
  auto content = sha256_hex(vocabulary.merge_list());
  if (!content) return std::move(content).error();
  verified.assets = {{"clip", *content}};
  auto digest = sha256_hex(write_canonical({{"assets", verified.assets},
                                            {"claim", to_json(verified.claim)},
                                            {"evidence", verified.evidence.json}}));
  if (!digest) return std::move(digest).error();
  verified.digest = digest->substr(0, kDigestHexDigits);
  return verified;
}

Result<Replayed> replay(std::string_view document, bool canonical) {
  auto json = read_json(document, {.max_bytes = kMaxClaimBytes});
  if (!json) return std::move(json).error();
  if (auto checked = check_document(*json); !checked) return checked.error();
  if (canonical && write_canonical(*json) != document) {
    return bad_document("", "is not canonical JSON (RFC 8785)");
  }
  auto claim = read_claim((*json)["claim"]);
  if (!claim) return within("claim", std::move(claim).error());
  if (to_json(*claim) != (*json)["claim"]) {
    return bad_document("claim", "is not written out in full, with its recipe in canonical form");
  }
  auto verified = verify(*std::move(claim));
  if (!verified) return std::move(verified).error();
  auto differences = differences_between(*json, *verified);
  return Replayed{*std::move(verified), std::move(differences)};
}

Json to_json(const Verified& verified) {
  return {{"claim", to_json(verified.claim)},
          {"evidence", verified.evidence.json},
          {"verdict", to_json(verified.verdict)},
          {"assets", verified.assets},
          {"digest", verified.digest},
          {"document", verified.document()}};
}

Json to_json(const Replayed& replayed) {
  Json differences = Json::array();
  for (const Difference& difference : replayed.differences) {
    differences.push_back(
        {{"what", difference.what},
         {"name", difference.name},
         {"stated", difference.stated},
         {"computed", difference.computed.empty() ? Json() : Json(difference.computed)}});
  }
  return {{"agrees", replayed.differences.empty()},
          {"differences", std::move(differences)},
          {"verdict", to_json(replayed.verified.verdict)},
          {"verified", to_json(replayed.verified)}};
}

}  // namespace tagscope
