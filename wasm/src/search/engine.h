// A search: every recipe of a space on every pair of a claim, and what comes of it counted.
//
//   open ─▶ run(unit) … in any order, on any number of machines ─▶ save / merge ─▶ finish
//
// What is counted does not depend on the order of the units nor on who ran them: counts are
// integers, sums of chances are exact (search/exact_sum.h), and of equals the first in space order
// stays. So a search can be cut into slices, given up, gone on with, and spread over workers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "claim/evidence.h"
#include "core/result.h"
#include "search/space.h"

namespace tagscope {

// Random tags of the same shape that are searched for in the same pass. For the chart; they
// decide nothing.
inline constexpr std::uint32_t kDecoys = 200;
// Recipes named in the evidence.
inline constexpr std::size_t kReportedHits = 20;

class Search {
 public:
  // Plans the search of the space that the claim sets. Errors: `no-space`, `unknown-space`.
  [[nodiscard]] static Result<Search> open(Hypotheses hypotheses, const ClipVocabulary& vocabulary);

  Search(Search&& other) noexcept;
  Search& operator=(Search&& other) noexcept;
  ~Search();

  [[nodiscard]] const Claim& claim() const;
  [[nodiscard]] const SearchPlan& plan() const;
  // A proof without a search excludes the whole space: there is nothing to run.
  [[nodiscard]] bool covered() const;

  // Tries every recipe of the plan's unit. A unit that was run before is left alone.
  void run(std::size_t unit);
  // Recipes tried so far.
  [[nodiscard]] std::uint64_t tried() const;

  // What was counted, as bytes that merge() of a search of the same claim takes: another worker's
  // share, or an earlier one's. Errors: `bad-part` where the bytes are not such, are of another
  // search, or hold a unit that was run here as well; then nothing is taken in.
  [[nodiscard]] std::string save() const;
  [[nodiscard]] Status merge(std::string_view saved);
  // The same for a share that must hold the units index − 1, index − 1 + of, … and no other:
  // index is 1 to of. Of a plan that a proof covers it holds none.
  [[nodiscard]] Status merge_shard(std::string_view saved, std::size_t index, std::size_t of);

  // Which codes of the shape the pair's name reaches, a bit each, code 0 lowest: for the map of
  // 26³ codes. Empty where codes are not counted one by one.
  [[nodiscard]] std::string reached(std::size_t pair) const;

  // The evidence of what was run so far; `exhausted` where that is all.
  [[nodiscard]] SearchEvidence finish() const;

 private:
  struct State;
  explicit Search(std::unique_ptr<State> state);
  [[nodiscard]] Status merge(std::string_view saved, std::size_t index, std::size_t of,
                             bool all_units);
  std::unique_ptr<State> state_;
};

}  // namespace tagscope
