// Which tokens a text begins with, found in one walk.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tokenizer/pair_table.h"

namespace tagscope {

// A tree of all tokens' bytes, its edges in one hash table.
class TokenTrie {
 public:
  // Longer tokens are refused, so that no place of a text costs more steps than this.
  static constexpr std::size_t kMaxTokenBytes = 1024;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  // Room for tokens of so many bytes together. Precondition: bytes < PairTable::kLimit.
  explicit TokenTrie(std::size_t bytes) : edges_(bytes), ids_(1, kNone) {}

  // Precondition: not longer than kMaxTokenBytes. Of equal tokens the last counts.
  void add(std::string_view token, std::uint32_t id) {
    std::uint32_t node = 0;
    for (const char c : token) {
      const auto byte = static_cast<unsigned char>(c);
      std::uint32_t child = edges_.rank(node, byte);
      if (child == PairTable::kNone) {
        child = static_cast<std::uint32_t>(ids_.size());
        edges_.set(node, byte, child);
        ids_.push_back(kNone);
      }
      node = child;
    }
    ids_[node] = id;
  }

  // Calls visit(length, id) for every token that `text` begins with, the shortest first.
  template <typename Visit>
  void for_each_start(std::string_view text, Visit visit) const {
    std::uint32_t node = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      node = edges_.rank(node, static_cast<unsigned char>(text[i]));
      if (node == PairTable::kNone) return;
      if (ids_[node] != kNone) visit(i + 1, ids_[node]);
    }
  }

 private:
  PairTable edges_;                 // (node, byte) → node; 0 is the root
  std::vector<std::uint32_t> ids_;  // the token that ends at a node
};

}  // namespace tagscope
