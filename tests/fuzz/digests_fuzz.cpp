// Every digest on arbitrary bytes: fed in arbitrary cuts it is the digest at once, again after a
// reset, and among many texts each has the digest that it has alone.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/digests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tagscope;
  // Byte pairs before the first 00 00 are the lengths of the pieces; the rest is fed.
  std::vector<std::size_t> lengths;
  while (size >= 2) {
    const std::size_t length = data[0] * std::size_t{256} + data[1];
    data += 2;
    size -= 2;
    if (length == 0) break;
    lengths.push_back(length);
  }
  std::vector<std::string_view> pieces;
  std::string_view left(reinterpret_cast<const char*>(data), size);
  const std::string_view whole = left;
  for (const std::size_t length : lengths) {
    pieces.push_back(left.substr(0, length));
    left.remove_prefix(pieces.back().size());
  }
  pieces.push_back(left);

  for (const Method* method : digests()) {
    const auto prepared = method->prepare({}, false);
    const auto at_once = [&](std::string_view bytes) {
      return prepared->apply(Value::bytes(std::string(bytes)))->data;
    };
    const std::string expected = at_once(whole);
    const auto digest = prepared->start();
    for (int repeat = 0; repeat < 2; ++repeat) {
      for (const std::string_view piece : pieces) {
        digest->update({reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()});
      }
      if (digest->finish() != expected) std::abort();
      digest->reset();
    }
    std::string alone;
    for (const std::string_view piece : pieces) alone += at_once(piece);
    if (digests_of(*method, pieces) != alone) std::abort();
  }
  return 0;
}
