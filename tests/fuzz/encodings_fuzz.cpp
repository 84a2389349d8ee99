// Every decoder of the room encoding on arbitrary text: it answers with an error or with bytes that
// it writes again, and never does worse.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "catalog/catalog.h"
#include "text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tagscope;
  const Value text = Value::text(replace_invalid_utf8({reinterpret_cast<const char*>(data), size}));
  for (const Method* method : catalog()) {
    if (method->room != Room::encoding || !method->reversible) continue;
    const auto decode = method->prepare({}, true);
    const auto encode = method->prepare({}, false);
    const auto bytes = decode->apply(text);
    if (!bytes) {
      if (bytes.error().code.empty() || bytes.error().what.empty()) std::abort();
      continue;
    }
    const auto again = encode->apply(*bytes);
    if (!again) std::abort();
    const auto twice = decode->apply(*again);
    if (!twice || !(*twice == *bytes)) std::abort();
  }
  return 0;
}
