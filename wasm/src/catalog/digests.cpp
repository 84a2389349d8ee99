#include "catalog/digests.h"

#include <algorithm>

namespace tagscope {

#define TAGSCOPE_CATALOG_ENTRY(symbol) extern const Method method_##symbol;
#include "catalog/digests.def"
#undef TAGSCOPE_CATALOG_ENTRY

namespace {

constexpr const Method* kDigests[] = {
#define TAGSCOPE_CATALOG_ENTRY(symbol) &method_##symbol,
#include "catalog/digests.def"
#undef TAGSCOPE_CATALOG_ENTRY
};

}  // namespace

std::span<const Method* const> digests() { return kDigests; }

const Method* find_digest(std::string_view id) {
  const auto found =
      std::find_if(std::begin(kDigests), std::end(kDigests), [&](auto* m) { return m->id == id; });
  return found == std::end(kDigests) ? nullptr : *found;
}

std::string digests_of(const Method& method, std::span<const std::string_view> inputs) {
  std::string out;
  const auto prepared = method.prepare({}, false);
  if (!prepared || inputs.empty()) return out;
  const auto digest = prepared->start();
  // All at once: where memory is fixed, a string that grows by copies runs out of it.
  const std::size_t size = digest->finish().size() * inputs.size();
  if (method.digest_many != nullptr) {
    out.resize(size);
    method.digest_many(inputs, reinterpret_cast<std::uint8_t*>(out.data()));
    return out;
  }
  digest->reset();
  out.reserve(size);
  for (const std::string_view input : inputs) {
    digest->update({reinterpret_cast<const std::uint8_t*>(input.data()), input.size()});
    out += digest->finish();
    digest->reset();
  }
  return out;
}

}  // namespace tagscope
