// Short words and the ids they become, remembered from call to call.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace tagscope {

// A word of at most kMaxCachedBytes bytes as two numbers: equal words, and only they, have equal
// keys. The bytes beyond the word's end are 0.
inline constexpr std::size_t kMaxCachedBytes = 16;
struct WordKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  std::uint32_t length = 0;

  // Precondition: word.size() <= kMaxCachedBytes.
  static WordKey of(std::string_view word) {
    char bytes[kMaxCachedBytes] = {};
    std::memcpy(bytes, word.data(), word.size());
    WordKey key{.low = 0, .high = 0, .length = static_cast<std::uint32_t>(word.size())};
    std::memcpy(&key.low, bytes, 8);
    std::memcpy(&key.high, bytes + 8, 8);
    return key;
  }
};

// A table of 2^kSlotBits entries in which a word has two places; what is stored last is kept, and
// of two the one stored before. It never grows, so a hostile text only makes it useless.
template <typename Id, std::size_t kMaxIds, unsigned kSlotBits>
class WordCache {
 public:
  struct Entry {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint8_t length = 0;  // 0: free
    std::uint8_t count = 0;
    Id ids[kMaxIds] = {};
  };

  // What was stored for the word, or nullptr. Valid until the next store().
  [[nodiscard]] const Entry* find(const WordKey& key) const {
    const std::size_t slot = slot_of(key);
    const Entry& first = entries_[slot];
    if (holds(first, key)) return &first;
    const Entry& second = entries_[slot ^ 1U];
    return holds(second, key) ? &second : nullptr;
  }

  // Precondition: key.length > 0. What has more than kMaxIds ids is not stored.
  void store(const WordKey& key, std::span<const std::uint32_t> ids) {
    if (ids.size() > kMaxIds) return;
    const std::size_t slot = slot_of(key);
    Entry& entry = entries_[slot];
    if (entry.length != 0) entries_[slot ^ 1U] = entry;
    entry.low = key.low;
    entry.high = key.high;
    entry.length = static_cast<std::uint8_t>(key.length);
    entry.count = static_cast<std::uint8_t>(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) entry.ids[i] = static_cast<Id>(ids[i]);
  }

 private:
  static bool holds(const Entry& entry, const WordKey& key) {
    return entry.low == key.low && entry.high == key.high && entry.length == key.length;
  }
  static std::size_t slot_of(const WordKey& key) {
    std::uint64_t hash = key.low * 0x9E3779B97F4A7C15U ^ key.high * 0xC2B2AE3D27D4EB4FU;
    hash ^= hash >> 32U;
    return static_cast<std::size_t>(hash * 0x9E3779B97F4A7C15U >> (64 - kSlotBits));
  }

  std::unique_ptr<Entry[]> entries_ = std::make_unique<Entry[]>(std::size_t{1} << kSlotBits);
};

}  // namespace tagscope
