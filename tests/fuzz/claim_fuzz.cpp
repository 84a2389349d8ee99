// Any bytes are read as JSON, as a claim and as a replay document, or refused; a
// claim that is read survives its own JSON.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "claim/verify.h"
#include "json/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tagscope;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)replay(text, false);
  auto json = read_json(text);
  if (!json) return 0;
  if (!read_json(write_canonical(*json)).ok()) std::abort();
  auto claim = read_claim(*json);
  if (!claim) return 0;
  auto again = read_claim(to_json(*claim));
  if (!again || to_json(*again) != to_json(*claim)) std::abort();
  auto hypotheses = propose(*claim);
  if (!hypotheses) std::abort();
  (void)examine_structure(*hypotheses);
  if (hypotheses->stated) (void)examine_recipe(*hypotheses);
  return 0;
}
