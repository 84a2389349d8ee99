// A record of a search of lists from anywhere is added or refused, and never more than that.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "json/json.h"
#include "search/lists.h"
#include "support/places.h"

namespace {

bool load_vocabulary() {
  std::ifstream in(std::string(tagscope::testing::kAssetsFolder) + "/clip.vocab", std::ios::binary);
  const std::string packed(std::istreambuf_iterator<char>(in), {});
  return tagscope::load_clip_vocabulary(packed).ok();
}

// Tags with a digit have no token counts, which would take most of the time.
tagscope::ListSearch open_lists(bool hits) {
  using tagscope::Json;
  auto lists = tagscope::read_lists({{"names", Json::array({"houshou_marine", "marine", "wlop"})},
                                     {"tags", Json::array({"mar", "ari", "m4"})},
                                     {"space", "quick@1"},
                                     {"hits", hits}});
  if (!lists) std::abort();
  return tagscope::ListSearch::open(*std::move(lists), **tagscope::require_clip_vocabulary());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool loaded = load_vocabulary();
  if (!loaded || size < 2) return 0;
  tagscope::ListSearch search = open_lists(data[0] % 2 == 0);
  const std::size_t unit = data[1] % search.plan().units().size();
  const std::string record(reinterpret_cast<const char*>(data) + 2, size - 2);
  auto hits = search.add(unit, record);
  if (!hits) return 0;
  (void)search.hit_lines(0, *hits);
  (void)search.summary();
  if (search.add(unit, record).ok()) std::abort();
  return 0;
}
