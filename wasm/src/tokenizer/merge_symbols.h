// Byte-pair merging over any merge list: of all neighbours that merge, the pair of lowest rank,
// the leftmost first, until none is left.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "tokenizer/pair_table.h"

namespace tagscope {

// Up to this many symbols a scan for the minimum beats any queue.
inline constexpr std::size_t kShortWordSymbols = 48;

// A symbol that knows where it stands.
struct PlacedSymbol {
  std::uint32_t id;
  std::uint32_t begin;
  std::uint32_t end;
};

// What merging asks of a symbol: its id, and to take in the next one.
[[nodiscard]] inline std::uint32_t id_of(std::uint32_t symbol) { return symbol; }
[[nodiscard]] inline std::uint32_t id_of(const PlacedSymbol& symbol) { return symbol.id; }
inline void join(std::uint32_t& symbol, std::uint32_t /*next*/, std::uint32_t made) {
  symbol = made;
}
inline void join(PlacedSymbol& symbol, const PlacedSymbol& next, std::uint32_t made) {
  symbol.id = made;
  symbol.end = next.end;
}

namespace merge_detail {

template <typename Rules, typename Symbol>
std::size_t merge_short(const Rules& rules, std::span<Symbol> symbols) {
  const auto rank = [&](std::size_t i) {
    return rules.rank(id_of(symbols[i]), id_of(symbols[i + 1]));
  };
  // ranks[i]: of symbols[i] and symbols[i + 1].
  std::array<std::uint32_t, kShortWordSymbols> ranks;
  std::size_t n = symbols.size();
  for (std::size_t i = 0; i + 1 < n; ++i) ranks[i] = rank(i);
  while (n > 1) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < n; ++i) {
      if (ranks[i] < ranks[best]) best = i;
    }
    if (ranks[best] == PairTable::kNone) break;
    join(symbols[best], symbols[best + 1], rules.made(ranks[best]));
    --n;
    for (std::size_t i = best + 1; i < n; ++i) symbols[i] = symbols[i + 1];
    for (std::size_t i = best + 1; i + 1 < n; ++i) ranks[i] = ranks[i + 1];
    if (best > 0) ranks[best - 1] = rank(best - 1);
    if (best + 1 < n) ranks[best] = rank(best);
  }
  return n;
}

// A linked list of symbols and a queue of candidates, lowest rank and then leftmost first. An
// entry is stale where the pair at its place has another rank by now; where it has the same, it
// is as good as the entry that was queued for it.
template <typename Rules, typename Symbol>
std::size_t merge_long(const Rules& rules, std::span<Symbol> symbols) {
  constexpr std::uint32_t kEnd = std::numeric_limits<std::uint32_t>::max();
  struct Place {
    std::uint32_t previous;
    std::uint32_t next;
    std::uint32_t rank;  // of this symbol and the next
  };
  const auto n = static_cast<std::uint32_t>(symbols.size());
  std::vector<Place> places(n);
  std::vector<std::uint64_t> queue;
  queue.reserve(n);
  const auto propose = [&](std::uint32_t at) {
    Place& place = places[at];
    place.rank = place.next == kEnd ? PairTable::kNone
                                    : rules.rank(id_of(symbols[at]), id_of(symbols[place.next]));
    if (place.rank == PairTable::kNone) return false;
    queue.push_back(std::uint64_t{place.rank} << 32 | at);
    return true;
  };
  for (std::uint32_t i = 0; i < n; ++i) {
    places[i] = {i - 1, i + 1 == n ? kEnd : i + 1, PairTable::kNone};
  }
  for (std::uint32_t i = 0; i < n; ++i) propose(i);
  std::make_heap(queue.begin(), queue.end(), std::greater<>());
  while (!queue.empty()) {
    std::pop_heap(queue.begin(), queue.end(), std::greater<>());
    const std::uint64_t entry = queue.back();
    queue.pop_back();
    const auto at = static_cast<std::uint32_t>(entry);
    const auto rank = static_cast<std::uint32_t>(entry >> 32);
    Place& place = places[at];
    if (place.rank != rank) continue;
    Place& absorbed = places[place.next];
    absorbed.rank = PairTable::kNone;
    join(symbols[at], symbols[place.next], rules.made(rank));
    place.next = absorbed.next;
    if (place.next != kEnd) places[place.next].previous = at;
    if (propose(at)) std::push_heap(queue.begin(), queue.end(), std::greater<>());
    // Of the first symbol, `previous` is kEnd.
    if (place.previous != kEnd && propose(place.previous)) {
      std::push_heap(queue.begin(), queue.end(), std::greater<>());
    }
  }
  // The first symbol is never absorbed, so the list begins at 0; places only grow.
  std::size_t left = 0;
  for (std::uint32_t i = 0; i != kEnd; i = places[i].next) symbols[left++] = symbols[i];
  return left;
}

}  // namespace merge_detail

// Merges `symbols` in place; gives how many are left, at the front. Rules: rank(left, right) of a
// pair, PairTable::kNone where it does not merge, and made(rank), what that merge makes.
// O(n log n) in time. Precondition: fewer than 2^32 - 1 symbols.
template <typename Rules, typename Symbol>
std::size_t merge_symbols(const Rules& rules, std::span<Symbol> symbols) {
  if (symbols.size() <= kShortWordSymbols) return merge_detail::merge_short(rules, symbols);
  return merge_detail::merge_long(rules, symbols);
}

}  // namespace tagscope
