#include "claim/verify.h"

#include <algorithm>
#include <optional>

#include "recipe/recipe.h"
#include "tokenizer/clip_tokenizer.h"
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
  const std::string& text = json.string();
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Error bad_document(std::string where, std::string what) {
  return {.code = "bad-link", .where = std::move(where), .what = std::move(what)};
}

Status check_document(const Json& document) {
  if (!document.is_object()) return bad_document("", "is not an object {claim, assets, digest}");
  for (const char* field : {"claim", "assets", "digest"}) {
    if (document.find(field) == nullptr) return bad_document(field, "is missing");
  }
  for (const auto& [name, value] : document.members()) {
    if (name != "claim" && name != "assets" && name != "digest") {
      return bad_document(name.substr(0, 64), "is not a field; known are claim, assets, digest");
    }
  }
  if (!is_hex(document["digest"], kDigestHexDigits)) {
    return bad_document("digest", "is not 32 lower-case hex digits");
  }
  const Json& assets = document["assets"];
  if (!assets.is_object()) return bad_document("assets", "is not an object");
  for (const auto& [name, content] : assets.members()) {
    if (!is_hex(content, 64)) {
      return bad_document("assets." + name.substr(0, 64), "is not 64 lower-case hex digits");
    }
  }
  return ok_status();
}

std::vector<Difference> differences_between(const Json& document, const Verified& computed) {
  std::vector<Difference> differences;
  for (const auto& [name, stated] : document["assets"].members()) {
    const Json* const used = computed.assets.find(name);
    const std::string actual = used == nullptr ? "" : used->string();
    if (stated.string() != actual) differences.push_back({"asset", name, stated.string(), actual});
  }
  for (const auto& [name, content] : computed.assets.members()) {
    if (document["assets"].find(name) == nullptr) {
      differences.push_back({"asset", name, "", content.string()});
    }
  }
  if (const std::string& stated = document["digest"].string(); stated != computed.digest) {
    differences.push_back({"digest", "", stated, computed.digest});
  }
  return differences;
}

// SHA-256 of the loaded vocabulary's merge list, in hex: to write and digest it takes longer than
// most claims do.
Result<std::string> content_of_loaded(const ClipVocabulary& vocabulary) {
  static std::string content;
  static std::uint64_t loads = 0;
  if (loads != clip_vocabulary_loads()) {
    auto digest = sha256_hex(vocabulary.merge_list());
    if (!digest) return digest;
    content = *std::move(digest);
    loads = clip_vocabulary_loads();
  }
  return content;
}

// `profile`: of the tokens, instead of the claim's.
Result<Verified> verify_with(Claim claim, std::optional<SearchEvidence> search,
                             std::optional<ClipProfile> profile) {
  if (claim.space && !search) {
    return Error{.code = "needs-search",
                 .where = "space",
                 .what = "is " + *claim.space + ", which has to be searched first"};
  }
  auto loaded = require_clip_vocabulary();
  if (!loaded) return std::move(loaded).error();
  const ClipVocabulary& vocabulary = **loaded;
  auto hypotheses = propose(std::move(claim));
  if (!hypotheses) return std::move(hypotheses).error();
  if (profile) hypotheses->profile = *profile;
  auto evidence = examine(*hypotheses, vocabulary, std::move(search));
  if (!evidence) return std::move(evidence).error();

  Verified verified;
  verified.claim = std::move(hypotheses->claim);
  verified.evidence = *std::move(evidence);
  verified.verdict = judge(verified.evidence, verified.claim.level);
  auto content = content_of_loaded(vocabulary);
  if (!content) return std::move(content).error();
  verified.assets = {{"clip", *content}};
  // What it says is outside the digest; which one it is, is not.
  if (verified.claim.encoder) verified.assets["encoder"] = *verified.claim.encoder;
  auto digest = sha256_hex(write_canonical({{"assets", verified.assets},
                                            {"claim", to_json(verified.claim)},
                                            {"evidence", verified.evidence.json}}));
  if (!digest) return std::move(digest).error();
  verified.digest = digest->substr(0, kDigestHexDigits);
  return verified;
}

}  // namespace

std::string Verified::document() const {
  return write_canonical({{"assets", assets}, {"claim", to_json(claim)}, {"digest", digest}});
}

Result<Verified> verify(Claim claim, std::optional<SearchEvidence> search) {
  return verify_with(std::move(claim), std::move(search), std::nullopt);
}

Result<Document> read_document(std::string_view document, bool canonical) {
  auto json = read_json(document, {.max_bytes = kMaxClaimBytes});
  if (!json) return std::move(json).error();
  if (auto checked = check_document(*json); !checked) return checked.error();
  const Json& read = *json;
  if (canonical && write_canonical(read) != document) {
    return bad_document("", "is not canonical JSON (RFC 8785)");
  }
  auto claim = read_claim(read["claim"]);
  if (!claim) return within("claim", std::move(claim).error());
  if (write_canonical(to_json(*claim)) != write_canonical(read["claim"])) {
    return bad_document("claim", "is not written out in full, with its recipe in canonical form");
  }
  return Document{*std::move(json), *std::move(claim)};
}

Result<Replayed> replay(Document document, std::optional<SearchEvidence> search) {
  auto verified = verify(document.claim, search);
  if (!verified) return std::move(verified).error();
  // Links that were made before ftfy was followed have the tokens of that time.
  const std::string& stated = document.json["digest"].string();
  if (document.claim.profile == kClipProfileNames[0] && verified->digest != stated) {
    auto earlier =
        verify_with(std::move(document.claim), std::move(search), ClipProfile::openai_with_nfc);
    if (!earlier) return std::move(earlier).error();
    if (earlier->digest == stated) verified = std::move(earlier);
  }
  auto differences = differences_between(document.json, *verified);
  return Replayed{*std::move(verified), std::move(differences)};
}

Result<Replayed> replay(std::string_view document, bool canonical) {
  auto read = read_document(document, canonical);
  if (!read) return std::move(read).error();
  return replay(*std::move(read));
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
