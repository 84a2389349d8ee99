#include <nlohmann/json.hpp>

#include "catalog/catalog.h"
#include "query/query.h"
#include "recipe/recipe.h"

namespace tagscope {
namespace {

Result<std::string> encoded(std::string_view encoding, const std::string& bytes) {
  auto recipe = read_recipe(encoding);
  if (!recipe) return std::move(recipe).error();
  auto text = run(*recipe, Value::bytes(bytes));
  if (!text) return std::move(text).error();
  return std::move(text->data);
}

Error bad_argument(std::string where, std::string what) {
  return {.code = "bad-argument", .where = std::move(where), .what = std::move(what)};
}

}  // namespace

Result<DigestStream> DigestStream::start(const Json& ids) {
  if (!ids.is_array() || ids.empty()) return bad_argument("digests", "names no digest method");
  DigestStream stream;
  for (const Json& id : ids) {
    if (!id.is_string()) return bad_argument("digests", "is not a list of method ids");
    auto method = require_method(id.get_ref<const std::string&>());
    if (!method) return within("digests", std::move(method).error());
    if (!(*method)->is_digest) {
      return bad_argument("digests", std::string((*method)->id) + " is not a digest");
    }
    auto prepared = (*method)->prepare(**method, {}, false);
    if (!prepared) return within(std::string((*method)->id), std::move(prepared).error());
    stream.digests_.emplace_back(id.get<std::string>(), prepared->start());
  }
  return stream;
}

void DigestStream::update(std::span<const std::uint8_t> bytes) {
  for (auto& [id, digest] : digests_) digest->update(bytes);
}

Result<Json> DigestStream::finish() {
  Json json = Json::object();
  for (auto& [id, digest] : digests_) {
    const std::string bytes = digest->finish();
    auto hex = encoded("hex", bytes);
    if (!hex) return std::move(hex).error();
    auto base64 = encoded("base64", bytes);
    if (!base64) return std::move(base64).error();
    json[id] = {{"hex", *std::move(hex)}, {"base64", *std::move(base64)}};
  }
  return json;
}

}  // namespace tagscope
