// The boundary of the module that searches. No logic lives here, and no exception crosses: every
// reply is {"ok": …} or {"error": {code, where, what}}, parts and maps are bytes.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <algorithm>
#include <map>
#include <string>

#include "claim/verify.h"
#include "json/json.h"
#include "search/engine.h"
#include "search/lists.h"
#include "search/space.h"
#include "tokenizer/clip_vocabulary.h"
#include "tokenizer/vocabularies.h"

namespace {

using namespace tagscope;

std::string bytes_of(const emscripten::val& array) {
  std::string bytes(array["length"].as<std::size_t>(), '\0');
  const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const emscripten::val view(emscripten::typed_memory_view(bytes.size(), begin));
  view.call<void>("set", array);
  return bytes;
}

emscripten::val copied(const std::string& bytes) {
  const emscripten::val view(emscripten::typed_memory_view(
      bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data())));
  return view.call<emscripten::val>("slice");
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

std::map<int, Search>& open_searches() {
  static std::map<int, Search> open;
  return open;
}

std::map<int, ListSearch>& open_lists() {
  static std::map<int, ListSearch> open;
  return open;
}

int new_handle() {
  static int last = 0;
  return ++last;
}

template <typename Open, typename Ask>
std::string with(Open& open, int handle, Ask ask) {
  const auto found = open.find(handle);
  if (found == open.end()) {
    return reply(
        Result<Json>(Error{.code = "bad-handle", .where = "search", .what = "is not open"}));
  }
  return ask(found->second);
}

template <typename Ask>
std::string with_search(int handle, Ask ask) {
  return with(open_searches(), handle, ask);
}

template <typename Ask>
std::string with_lists(int handle, Ask ask) {
  return with(open_lists(), handle, ask);
}

std::string version() { return TAGSCOPE_VERSION; }

std::string load_vocabulary(const std::string& name, const emscripten::val& bytes) {
  return reply(load_method_vocabulary(name, bytes_of(bytes)));
}

std::string list_spaces(std::uint32_t most) { return write_canonical(describe_spaces(most)); }

std::string contains(const std::string& space, const std::string& recipe,
                     const std::string& texts_json) {
  auto texts = read_json(texts_json, {.max_bytes = kMaxClaimBytes});
  if (!texts) return reply(Result<Json>(within("texts", texts.error())));
  std::vector<std::string> words;
  if (texts->is_array()) {
    for (const Json& text : texts->items()) {
      if (text.is_string()) words.push_back(text.string());
    }
  }
  return reply(describe_membership(space, recipe, words_of(words)));
}

// {handle, space, units, recipes, covered, claim}: the handle is of this module alone, the claim is
// its canonical text.
Result<Json> open_claim(const Json& json) {
  auto claim = read_claim(json);
  if (!claim) return std::move(claim).error();
  auto vocabulary = require_clip_vocabulary();
  if (!vocabulary) return std::move(vocabulary).error();
  auto hypotheses = propose(*std::move(claim));
  if (!hypotheses) return std::move(hypotheses).error();
  auto search = Search::open(*std::move(hypotheses), **vocabulary);
  if (!search) return std::move(search).error();
  const int handle = new_handle();
  Json opened = {{"handle", handle},
                 {"space", search->plan().space().id},
                 {"units", search->covered() ? 0 : search->plan().units().size()},
                 {"recipes", static_cast<double>(search->plan().recipes())},
                 {"covered", search->covered()},
                 {"claim", write_canonical(to_json(search->claim()))}};
  open_searches().emplace(handle, *std::move(search));
  return opened;
}

std::string open_search(const std::string& text) {
  auto json = read_json(text, {.max_bytes = kMaxClaimBytes});
  if (!json) return reply(Result<Json>(within("claim", json.error())));
  return reply(open_claim(*json));
}

// Opens the search of the claim in a document {claim, assets, digest}.
std::string open_document(const std::string& text, bool canonical) {
  auto document = read_document(text, canonical);
  if (!document) return reply(Result<Json>(document.error()));
  return reply(open_claim(to_json(document->claim)));
}

// Runs the units [begin, end): {tried}, of this module.
std::string run_units(int handle, std::uint32_t begin, std::uint32_t end) {
  return with_search(handle, [&](Search& search) {
    for (std::uint32_t unit = begin; unit < end; ++unit) search.run(unit);
    return reply(Result<Json>(Json{{"tried", static_cast<double>(search.tried())}}));
  });
}

// Runs every step-th of the units [begin, end), from the first: {tried}, of this module.
std::string run_every(int handle, std::uint32_t begin, std::uint32_t end, std::uint32_t step) {
  return with_search(handle, [&](Search& search) {
    for (std::uint64_t unit = begin; unit < end; unit += std::max<std::uint32_t>(step, 1)) {
      search.run(static_cast<std::size_t>(unit));
    }
    return reply(Result<Json>(Json{{"tried", static_cast<double>(search.tried())}}));
  });
}

// None where the handle is not open.
emscripten::val save(int handle) {
  const auto found = open_searches().find(handle);
  return copied(found == open_searches().end() ? std::string() : found->second.save());
}

std::string merge(int handle, const emscripten::val& part) {
  return with_search(handle, [&](Search& search) { return reply(search.merge(bytes_of(part))); });
}

// Precondition: index is 1 to `of`.
std::string merge_shard(int handle, const emscripten::val& part, std::uint32_t index,
                        std::uint32_t of) {
  return with_search(
      handle, [&](Search& search) { return reply(search.merge_shard(bytes_of(part), index, of)); });
}

emscripten::val reached(int handle, std::uint32_t pair) {
  const auto found = open_searches().find(handle);
  return copied(found == open_searches().end() ? std::string() : found->second.reached(pair));
}

// The verification of a claim with what was searched; the search stays open.
std::string finish(int handle) {
  return with_search(handle,
                     [](Search& search) { return reply(verify(search.claim(), search.finish())); });
}

// Precondition: the document is the one that openDocument was given.
std::string finish_replay(int handle, const std::string& text, bool canonical) {
  return with_search(handle, [&](Search& search) {
    auto document = read_document(text, canonical);
    if (!document) return reply(Result<Json>(document.error()));
    return reply(replay(*std::move(document), search.finish()));
  });
}

void close_search(int handle) {
  open_searches().erase(handle);
  open_lists().erase(handle);
}

// {handle, space, units, recipes, names, tags, work}: names and tags without repetitions; work is
// that of all units.
std::string open_list_search(const std::string& text) {
  auto json = read_json(text, {.max_bytes = kMaxListsBytes});
  if (!json) return reply(Result<Json>(within("lists", json.error())));
  auto lists = read_lists(*json);
  if (!lists) return reply(Result<Json>(lists.error()));
  auto vocabulary = require_clip_vocabulary();
  if (!vocabulary) return reply(Result<Json>(vocabulary.error()));
  auto search = ListSearch::open(*std::move(lists), **vocabulary);
  double work = 0;
  for (std::size_t unit = 0; unit < search.plan().units().size(); ++unit) {
    work += search.work_of(unit);
  }
  const int handle = new_handle();
  const Json opened = {{"handle", handle},
                       {"space", search.plan().space().id},
                       {"units", search.plan().units().size()},
                       {"recipes", static_cast<double>(search.plan().recipes())},
                       {"names", search.lists().names.size()},
                       {"tags", search.lists().tags.size()},
                       {"work", work}};
  open_lists().emplace(handle, std::move(search));
  return reply(Result<Json>(opened));
}

// {done, work}: work is what is done of the unit.
std::string run_list_unit(int handle, std::uint32_t unit, std::uint32_t names) {
  return with_lists(handle, [&](ListSearch& search) {
    if (unit >= search.plan().units().size()) {
      return reply(Result<Json>(Error{.code = "bad-argument",
                                      .where = "unit",
                                      .what = "is " + std::to_string(unit) + "; there are " +
                                              std::to_string(search.plan().units().size())}));
    }
    const bool done = search.run(unit, names);
    return reply(
        Result<Json>(Json{{"done", done}, {"work", search.work_of(unit) * search.share_done()}}));
  });
}

// The record of the unit that was run; none where the handle is not open.
emscripten::val list_record(int handle) {
  const auto found = open_lists().find(handle);
  return copied(found == open_lists().end() ? std::string() : found->second.record());
}

// {hits, work}
std::string add_list_record(int handle, std::uint32_t unit, const emscripten::val& record) {
  return with_lists(handle, [&](ListSearch& search) {
    auto hits = search.add(unit, bytes_of(record));
    if (!hits) return reply(Result<Json>(hits.error()));
    return reply(Result<Json>(Json{{"hits", *hits}, {"work", search.work_of(unit)}}));
  });
}

// UTF-8; none where the handle is not open.
emscripten::val list_hits(int handle, std::uint32_t begin, std::uint32_t end) {
  const auto found = open_lists().find(handle);
  return copied(found == open_lists().end() ? std::string() : found->second.hit_lines(begin, end));
}

std::string finish_lists(int handle) {
  return with_lists(handle,
                    [](ListSearch& search) { return reply(Result<Json>(search.summary())); });
}

}  // namespace

EMSCRIPTEN_BINDINGS(tagscope_search) {
  emscripten::function("version", &version);
  emscripten::function("loadVocabulary", &load_vocabulary);
  emscripten::function("spaces", &list_spaces);
  emscripten::function("contains", &contains);
  emscripten::function("open", &open_search);
  emscripten::function("openDocument", &open_document);
  emscripten::function("run", &run_units);
  emscripten::function("save", &save);
  emscripten::function("runEvery", &run_every);
  emscripten::function("merge", &merge);
  emscripten::function("mergeShard", &merge_shard);
  emscripten::function("reached", &reached);
  emscripten::function("finish", &finish);
  emscripten::function("finishReplay", &finish_replay);
  emscripten::function("close", &close_search);
  emscripten::function("openLists", &open_list_search);
  emscripten::function("runListUnit", &run_list_unit);
  emscripten::function("listRecord", &list_record);
  emscripten::function("addListRecord", &add_list_record);
  emscripten::function("listHits", &list_hits);
  emscripten::function("finishLists", &finish_lists);
}
