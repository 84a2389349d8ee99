// Rounds, written once for two modules. Internal to the room.
#pragma once

#include <cstddef>
#include <utility>

// Inlined by force where speed counts: calls would pass lanes through memory. Where size counts
// there is one of each.
#ifdef __OPTIMIZE_SIZE__
#define TAGSCOPE_INLINED inline
#else
#define TAGSCOPE_INLINED [[gnu::always_inline]] inline
#endif

namespace tagscope::hash {

// Is a second, faster way to the same digest left out?
#ifdef __OPTIMIZE_SIZE__
inline constexpr bool kSizeCounts = true;
#else
inline constexpr bool kSizeCounts = false;
#endif

// Calls step(0), … step(n - 1), a lambda that is inlined by force. Where speed counts, each call
// stands for itself: its number is a constant there, and with it the places of registers and words,
// which then need no memory. Where size counts (-Os, -Oz: the module that the page waits for) it is
// a loop.
template <std::size_t n, typename Step>
[[gnu::always_inline]] inline void repeat(const Step& step) {
#ifdef __OPTIMIZE_SIZE__
  for (std::size_t i = 0; i < n; ++i) step(i);
#else
  [&]<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline)) {
    (step(i), ...);
  }
  (std::make_index_sequence<n>());
#endif
}

}  // namespace tagscope::hash
