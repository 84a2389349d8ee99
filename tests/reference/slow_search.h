// A search in the most obvious way: every recipe is written down as text, read, and run on every
// name. What the spaces hold is spelled again here, from what people were promised.
#pragma once

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "claim/match.h"
#include "recipe/recipe.h"

namespace tagscope::reference {

using Texts = std::vector<std::string>;

struct Block {
  Texts normalisations, ciphers, digests, encodings;
  bool windows;
};

inline Texts numbered(const std::string& before, int first, int last) {
  Texts all;
  for (int n = first; n <= last; ++n) all.push_back(before + std::to_string(n));
  return all;
}

inline Texts operator+(Texts a, const Texts& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline const Texts kSpellings = {"", "lower", "strip chars=\"_\"", "spaces"};
inline const Texts kDigests = {"crc32",    "crc32c",   "crc64",      "crc64-ecma", "adler32",
                               "xxh64",    "md5",      "sha1",       "sha224",     "sha256",
                               "sha384",   "sha512",   "sha512-256", "sha3-224",   "sha3-256",
                               "sha3-384", "sha3-512", "blake2b",    "blake2s",    "blake2bp",
                               "blake2sp", "blake3"};

inline std::vector<Block> quick() {
  const Texts ciphers = Texts{""} + numbered("rot n=", 1, 25) + Texts{"atbash", "reverse"};
  return {{kSpellings, ciphers, {""}, {""}, true},
          {kSpellings,
           {""},
           {"crc32", "adler32", "md5", "sha1", "sha256", "sha512", "blake3"},
           {"hex", "base64", "letters"},
           false}};
}

inline std::vector<Block> standard() {
  const Texts ciphers = Texts{""} + numbered("rot n=", 1, 25) + Texts{"atbash", "reverse"} +
                        numbered("reverse | rot n=", 1, 25);
  const Texts encodings = {"", "hex", "base64", "base64 | lower", "base32", "letters", "decimal"};
  return {{kSpellings, ciphers, {""}, encodings, true},
          {kSpellings, ciphers, kDigests, encodings, true}};
}

inline std::string joined(const Texts& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!part.empty()) text += (text.empty() ? "" : " | ") + part;
  }
  return text.empty() ? "rot n=0" : text;
}

// The length that values have whatever the name, and the most that they can have.
struct Length {
  std::optional<std::size_t> fixed;
  std::optional<std::size_t> most;
};

inline Length length_of(const std::string& digest, const std::string& encoding) {
  if (digest.empty()) return {};
  auto recipe = read_recipe(digest);
  const std::size_t bytes = run(*recipe, Value::text(""))->data.size();
  if (encoding == "decimal") return {{}, 4 * bytes - 1};  // "255 " for each byte but the last blank
  auto whole = read_recipe(joined({digest, encoding}));
  const std::size_t length = run(*whole, Value::text(""))->data.size();
  return {length, length};
}

// For tags of these lengths.
inline Texts selections(const Block& block, const Length& length,
                        const std::vector<std::uint32_t>& tag_lengths) {
  Texts all = {""};
  for (const std::size_t n : tag_lengths) {
    if (length.most && n >= *length.most) continue;
    const std::string count = "n=" + std::to_string(n);
    all.push_back("take " + count);
    all.push_back("last " + count);
    if (!block.windows) continue;
    for (std::size_t at = 1; at <= 255; ++at) {
      if (length.fixed && at + n >= *length.fixed) break;  // the last is `last n`
      if (length.most && at + n > *length.most) break;
      all.push_back("window at=" + std::to_string(at) + " " + count);
    }
  }
  return all;
}

// Calls visit(prefix, selections) in the order of the space.
template <typename Visit>
void each_prefix(const std::vector<Block>& blocks, const std::vector<std::uint32_t>& lengths,
                 Visit visit) {
  for (const Block& block : blocks) {
    for (const std::string& digest : block.digests) {
      std::map<std::string, Texts> of_encoding;
      for (const std::string& encoding : block.encodings) {
        of_encoding[encoding] = selections(block, length_of(digest, encoding), lengths);
      }
      for (const std::string& normalisation : block.normalisations) {
        for (const std::string& cipher : block.ciphers) {
          for (const std::string& encoding : block.encodings) {
            visit(joined({normalisation, cipher, digest, encoding}), of_encoding[encoding]);
          }
        }
      }
    }
  }
}

}  // namespace tagscope::reference
