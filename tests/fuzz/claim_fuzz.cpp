// Any bytes are read as JSON, as a claim and as a replay document, or refused; a
// claim that is read survives its own JSON.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "claim/verify.h"
#include "json/json.h"
#include "support/equal_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tagscope;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)replay(text, false);
  auto json = read_json(text);
  // Another library reads the same, and refuses whatever we refuse.
  const auto parsed = nlohmann::json::parse(text, nullptr, false);
  if (!json) return 0;
  if (!testing::equal(*json, parsed)) std::abort();
  const std::string canonical = write_canonical(*json);
  if (write_canonical(*read_json(canonical)) != canonical) std::abort();
  auto claim = read_claim(*json);
  if (!claim) return 0;
  auto again = read_claim(to_json(*claim));
  if (!again || write_canonical(to_json(*again)) != write_canonical(to_json(*claim))) std::abort();
  auto hypotheses = propose(*claim);
  if (!hypotheses) std::abort();
  (void)examine_structure(*hypotheses);
  if (hypotheses->stated) (void)examine_recipe(*hypotheses);
  return 0;
}
