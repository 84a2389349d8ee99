#include "json/members.h"

#include <algorithm>

namespace tagscope {
namespace {

// UTF-16 code unit order differs from UTF-8 byte order only where one side is
// beyond the BMP (lead byte F0…F4: surrogates D800…DFFF) and the other is
// U+E000…U+FFFF (lead byte EE or EF).
bool utf16_less(std::string_view a, std::string_view b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
  const auto left = static_cast<unsigned char>(*x);
  const auto right = static_cast<unsigned char>(*y);
  const bool left_astral = left >= 0xF0;
  const bool right_astral = right >= 0xF0;
  if (left_astral != right_astral) {
    if (left_astral) return right >= 0xEE;
    return left < 0xEE;
  }
  return left < right;
}

}  // namespace

std::vector<const Json::Member*> sorted_members(const Json& object) {
  std::vector<const Json::Member*> sorted;
  sorted.reserve(object.members().size());
  for (const Json::Member& member : object.members()) sorted.push_back(&member);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return utf16_less(a->name, b->name); });
  return sorted;
}

}  // namespace tagscope
