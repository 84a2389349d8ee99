// The boundary: JSON and bytes in, JSON out. No logic lives here, and no
// exception crosses: every reply is {"ok": …} or {"error": {code, where, what}}.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <string>

#include "catalog/describe.h"
#include "claim/verify.h"
#include "json/json.h"
#include "query/query.h"
#include "text/loaded/loaded_tables.h"
#include "tokenizer/vocabularies.h"

namespace {

using namespace tagscope;

// The bytes of a Uint8Array. Embind's own conversion to std::string goes byte by
// byte; setting a view of our memory is a single copy, ten times as fast.
std::string bytes_of(const emscripten::val& array) {
  std::string bytes(array["length"].as<std::size_t>(), '\0');
  const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const emscripten::val view(emscripten::typed_memory_view(bytes.size(), begin));
  view.call<void>("set", array);
  return bytes;
}

template <typename T>
std::string reply(const Result<T>& result) {
  if (!result) return write_canonical({{"error", to_json(result.error())}});
  if constexpr (std::is_same_v<T, std::monostate>) {
    return R"({"ok":null})";
  } else if constexpr (std::is_same_v<T, Json>) {
    return R"({"ok":)" + write_canonical(*result) + "}";
  } else {
    return write_canonical({{"ok", to_json(*result)}});
  }
}

// Reads an argument that is JSON, then asks.
template <typename Ask>
std::string with_json(const char* subject, const std::string& text, std::size_t limit, Ask ask) {
  auto json = read_json(text, {.max_bytes = limit});
  if (!json) return reply(Result<Json>(within(subject, json.error())));
  return reply(ask(*json));
}

std::string version() { return TAGSCOPE_VERSION; }
std::string describe_methods() { return write_canonical(describe_catalog()); }

std::string read_recipe_source(const std::string& source) { return reply(query_recipe(source)); }

std::string run_recipe(const std::string& source, const std::string& kind,
                       const emscripten::val& input) {
  std::string bytes = bytes_of(input);
  return reply(query_run(
      source, kind == "text" ? Value::text(std::move(bytes)) : Value::bytes(std::move(bytes))));
}

std::string load_vocabulary(const std::string& name, const emscripten::val& bytes) {
  return reply(load_method_vocabulary(name, bytes_of(bytes)));
}

std::string load_tables(const emscripten::val& bytes) {
  return reply(load_text_tables(bytes_of(bytes)));
}

std::string verify_claim(const std::string& text) {
  return with_json("claim", text, kMaxClaimBytes, [](const Json& json) -> Result<Verified> {
    auto claim = read_claim(json);
    if (!claim) return std::move(claim).error();
    return verify(*std::move(claim));
  });
}

std::string replay_document(const std::string& document, bool canonical) {
  return reply(replay(document, canonical));
}

}  // namespace

EMSCRIPTEN_BINDINGS(tagscope) {
  emscripten::function("version", &version);
  emscripten::function("catalog", &describe_methods);
  emscripten::function("readRecipe", &read_recipe_source);
  emscripten::function("runRecipe", &run_recipe);
  emscripten::function("loadVocabulary", &load_vocabulary);
  emscripten::function("loadTextTables", &load_tables);
  emscripten::function("verify", &verify_claim);
  emscripten::function("replay", &replay_document);
}
