// A part of a search from anywhere is merged or refused, and never more than that; a recipe from
// anywhere is in a space or not, and its normal form stays.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "claim/verify.h"
#include "search/engine.h"
#include "search/equivalence.h"
#include "support/places.h"

namespace {

bool load_vocabulary() {
  std::ifstream in(std::string(tagscope::testing::kAssetsFolder) + "/clip.vocab", std::ios::binary);
  const std::string packed(std::istreambuf_iterator<char>(in), {});
  return tagscope::load_clip_vocabulary(packed).ok();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tagscope;
  static const bool loaded = load_vocabulary();
  if (!loaded || size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    auto recipe = read_recipe(rest);
    if (!recipe) return 0;
    const auto form = normal_form(*recipe);
    std::string text;
    for (const std::string& step : form) text += (text.empty() ? "" : " | ") + step;
    if (!text.empty()) {
      auto again = read_recipe(text);
      if (!again || normal_form(*again) != form) std::abort();
    }
    (void)describe_membership("quick@1", rest, {"word"});
    return 0;
  }
  Claim claim;
  claim.pairs = {{"wlop", "aua"}, {"mid", "zix"}};
  claim.space = "quick@1";
  auto search = Search::open(*propose(claim), **require_clip_vocabulary());
  if (!search) return 0;
  search->run(0);
  // Behind the right beginning, which would take long to be guessed.
  const std::string saved = search->save();
  auto other = Search::open(*propose(claim), **require_clip_vocabulary());
  (void)other->merge(saved.substr(0, 31) + std::string(rest));
  (void)other->finish();
  return 0;
}
