#include "tokens/tokenizers.h"

#include <algorithm>
#include <vector>

#include "tokenizer/byte_tokenizer.h"
#include "tokenizer/clip_tokenizer.h"
#include "tokenizer_json/json_tokenizer.h"

namespace tagscope {
namespace {

Result<std::unique_ptr<Tokenizer>> make_clip(std::size_t profile) {
  auto vocabulary = require_clip_vocabulary();
  if (!vocabulary) return std::move(vocabulary).error();
  return make_clip_tokenizer(**vocabulary, static_cast<ClipProfile>(profile));
}

template <ByteEncoding kEncoding>
Status load_bytes(std::string_view packed) {
  return load_byte_vocabulary(kEncoding, packed);
}

template <ByteEncoding kEncoding>
Result<std::unique_ptr<Tokenizer>> make_bytes(std::size_t /*profile*/) {
  auto vocabulary = require_byte_vocabulary(kEncoding);
  if (!vocabulary) return std::move(vocabulary).error();
  return make_byte_tokenizer(**vocabulary);
}

// The tokenizer.json that was loaded last, until it is made.
std::unique_ptr<Tokenizer>& loaded_json() {
  static std::unique_ptr<Tokenizer> tokenizer;
  return tokenizer;
}

Status load_json(std::string_view file) {
  auto tokenizer = read_json_tokenizer(file);
  if (!tokenizer) return std::move(tokenizer).error();
  loaded_json() = *std::move(tokenizer);
  return ok_status();
}

Result<std::unique_ptr<Tokenizer>> make_json(std::size_t /*profile*/) {
  if (loaded_json() != nullptr) return std::move(loaded_json());
  return Error{
      .code = "asset-missing", .where = "tokenizer json", .what = "no tokenizer.json is loaded"};
}

constexpr TokenizerKind kKinds[] = {
    {"clip", kClipProfileNames, &load_clip_vocabulary, &make_clip},
    {"gpt2", {}, &load_bytes<ByteEncoding::gpt2>, &make_bytes<ByteEncoding::gpt2>},
    {"cl100k", {}, &load_bytes<ByteEncoding::cl100k>, &make_bytes<ByteEncoding::cl100k>},
    {"o200k", {}, &load_bytes<ByteEncoding::o200k>, &make_bytes<ByteEncoding::o200k>},
    {"json", {}, &load_json, &make_json},
};

// What was made, by kind and profile; few enough to be looked through.
struct Made {
  const TokenizerKind* kind;
  std::size_t profile;
  std::unique_ptr<Tokenizer> tokenizer;
};

std::vector<Made>& made() {
  static std::vector<Made> all;
  return all;
}

template <typename Range, typename Name>
std::string listed(const Range& items, Name name_of_item) {
  std::string list;
  for (const auto& item : items) {
    list += (list.empty() ? "" : ", ") + std::string(name_of_item(item));
  }
  return list;
}

Result<const TokenizerKind*> kind_of_name(std::string_view name) {
  for (const TokenizerKind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return Error{.code = "unknown-tokenizer",
               .where = "tokenizer",
               .what = "is \"" + std::string(name.substr(0, 64)) + "\"; there are " +
                       listed(kKinds, [](const TokenizerKind& kind) { return kind.name; })};
}

Result<std::size_t> profile_of(const TokenizerKind& kind, std::string_view name) {
  if (name.empty()) return std::size_t{0};
  const auto found = std::find(kind.profiles.begin(), kind.profiles.end(), name);
  if (found != kind.profiles.end()) {
    return static_cast<std::size_t>(found - kind.profiles.begin());
  }
  const std::string stated = "is \"" + std::string(name.substr(0, 64)) + "\"; ";
  const std::string known = listed(kind.profiles, [](std::string_view one) { return one; });
  return Error{.code = "unknown-profile",
               .where = "profile",
               .what = stated + std::string(kind.name) +
                       (known.empty() ? " has no profiles" : " has " + known)};
}

}  // namespace

std::span<const TokenizerKind> tokenizer_kinds() { return kKinds; }

Status load_vocabulary(std::string_view name, std::string_view bytes) {
  auto kind = kind_of_name(name);
  if (!kind) return std::move(kind).error();
  auto loaded = (*kind)->load(bytes);
  if (!loaded) return loaded;
  std::erase_if(made(), [&](const Made& one) { return one.kind == *kind; });
  return loaded;
}

Result<Tokenizer*> tokenizer(std::string_view name, std::string_view profile_name) {
  auto kind = kind_of_name(name);
  if (!kind) return std::move(kind).error();
  auto profile = profile_of(**kind, profile_name);
  if (!profile) return std::move(profile).error();
  for (const Made& one : made()) {
    if (one.kind == *kind && one.profile == *profile) return one.tokenizer.get();
  }
  auto fresh = (*kind)->make(*profile);
  if (!fresh) return std::move(fresh).error();
  made().push_back({*kind, *profile, *std::move(fresh)});
  return made().back().tokenizer.get();
}

}  // namespace tagscope
