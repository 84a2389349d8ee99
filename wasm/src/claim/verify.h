// The whole way of a claim: propose, examine, judge; and back from a link.
#pragma once

#include <string>
#include <string_view>

#include "claim/claim.h"
#include "claim/evidence.h"
#include "claim/verdict.h"

namespace tagscope {

struct Verified {
  Claim claim;
  Evidence evidence;
  Verdict verdict;
  // SHA-256 (hex) of the content of every vocabulary used, by name.
  Json assets;
  // The first 16 bytes, in hex, of SHA-256 over the canonical JSON of
  // {assets, claim, evidence}.
  std::string digest;

  // Canonical JSON of {assets, claim, digest}: what a link or a replay file holds.
  [[nodiscard]] std::string document() const;
};

// Pure: the same claim, vocabulary and search give the same result, byte for byte. `search` is
// what a search of the claim's space found; a claim that sets one cannot do without it.
// Errors: `needs-search`, `asset-missing` without a vocabulary, and those of the evidence.
[[nodiscard]] Result<Verified> verify(Claim claim, std::optional<SearchEvidence> search = {});

struct Difference {
  std::string_view what;  // "digest" or "asset"
  std::string name;       // of the asset; empty for the digest
  std::string stated;
  std::string computed;  // empty: this version uses no such asset
};

struct Replayed {
  Verified verified;
  std::vector<Difference> differences;  // none: it agrees
};

// A document {assets, claim, digest} as it was read.
struct Document {
  Json json;
  Claim claim;
};

// Fields missing or unknown, and a claim that is not written out in full, are errors. `canonical`
// asks for canonical JSON to the byte, as links carry it.
[[nodiscard]] Result<Document> read_document(std::string_view document, bool canonical);

// Recomputes what a document states; `search` as for verify().
[[nodiscard]] Result<Replayed> replay(Document document, std::optional<SearchEvidence> search = {});
[[nodiscard]] Result<Replayed> replay(std::string_view document, bool canonical);

[[nodiscard]] Json to_json(const Verified& verified);
[[nodiscard]] Json to_json(const Replayed& replayed);

}  // namespace tagscope
