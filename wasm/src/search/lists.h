// A search of lists: which names reach which tags under which recipes of a space, where nobody says
// which name goes with which tag.
//
//   open ─▶ run(unit) … in any order, on any number of machines ─▶ record ─▶ add ─▶ summary
//
// What came of a unit is its record: bytes that do not depend on who ran it, nor when. The records
// of all units, added in any order, give the summary.
//
// A selection of n characters counts for tags of n characters: what it takes of a shorter value is
// the end or the whole of it, which the space holds as such. Expected numbers are those of
// search/nulls.h: every output that is a code of the tag's class hits a random tag with the chance
// 1 / (codes of the class). Always the largest over the null models; hits by several recipes, and
// of several names, count one by one. Match is exact.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "json/json.h"
#include "search/space.h"
#include "tokenizer/clip_vocabulary.h"

namespace tagscope {

inline constexpr std::size_t kMaxListsBytes = std::size_t{64} << 20;  // as JSON
inline constexpr std::size_t kMaxListNames = 2'000'000;
inline constexpr std::size_t kMaxListTags = 100'000;
// Each length of a tag has selections of its own.
inline constexpr std::size_t kMaxListLengths = 64;
// Recipes that the summary names.
inline constexpr std::size_t kBestRecipes = 20;

struct Lists {
  std::vector<std::string> names;  // each once, in the order given
  std::vector<std::string> tags;   // likewise
  const Space* space = nullptr;
  bool hits = true;  // records hold every hit; else only how many there are
};

// Reads {names, tags, space, hits}. Repetitions are dropped. Errors: `bad-lists` with where =
// "names[3]"; `unknown-space`.
[[nodiscard]] Result<Lists> read_lists(const Json& json);

class ListSearch {
 public:
  [[nodiscard]] static ListSearch open(Lists lists, const ClipVocabulary& vocabulary);

  ListSearch(ListSearch&& other) noexcept;
  ListSearch& operator=(ListSearch&& other) noexcept;
  ~ListSearch();

  [[nodiscard]] const Lists& lists() const;
  [[nodiscard]] const SearchPlan& plan() const;
  // How much there is to do in a unit, in steps of about equal time. For progress alone.
  [[nodiscard]] double work_of(std::size_t unit) const;

  // Begins a unit, or goes on with it, for about `most_names` names. True when it is done; record()
  // is then its record until another unit is begun. Precondition: the plan has the unit.
  bool run(std::size_t unit, std::size_t most_names);
  // The share of the unit in hand that is done, 0 to 1.
  [[nodiscard]] double share_done() const;
  [[nodiscard]] std::string record() const;

  // Adds the record of a unit and keeps its hits at hand until the next. How many they are. Errors:
  // `bad-part` where the bytes are no record of that unit, or the unit was added before; then
  // nothing is added.
  [[nodiscard]] Result<std::size_t> add(std::size_t unit, std::string_view record);
  // The hits [begin, end) of the last unit added, each a line {"kind":"hit",name,recipe,tag}, in
  // the order of the space and under one recipe of the names. None where records hold none.
  [[nodiscard]] std::string hit_lines(std::size_t begin, std::size_t end) const;

  // {total, tags, recipes}: of the units that were added.
  [[nodiscard]] Json summary() const;

 private:
  struct State;
  explicit ListSearch(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tagscope
