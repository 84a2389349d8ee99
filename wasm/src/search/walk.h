// A walk through a plan: every value that a recipe has before its selection, for several names at
// once. Common beginnings of recipes are computed once: a name is normalised once for all ciphers,
// what a cipher makes is digested once for all encodings, an encoding that goes on from another
// one starts from there, and the digests of a unit are computed together, four at a time.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/value.h"
#include "search/space.h"

namespace tagscope {

// What the recipes of one prefix select from, one value a name.
struct PrefixValues {
  std::uint64_t prefix = 0;
  const SelectionList* selections = nullptr;
  Kind kind = Kind::text;  // of all values
  // Valid during the visit only. A value that a step refuses to make is left out: has[i] is 0.
  std::span<const std::string> data;
  std::span<const std::uint8_t> has;
};

class Walk {
 public:
  // The plan must live as long as the walk. Precondition: names are well-formed UTF-8.
  Walk(const SearchPlan& plan, std::vector<std::string> names);

  // Calls `visit` for every prefix of the unit in the order of the space.
  void unit(const Unit& unit, const std::function<void(const PrefixValues&)>& visit);

 private:
  struct Values {
    Kind kind = Kind::text;
    std::vector<std::string> data;
    std::vector<std::uint8_t> has;
  };
  void apply(std::span<const Step> steps, const Values& input, Values& output) const;
  void digest_together(const Step& step, std::span<const Values> inputs, std::vector<Values>& out);

  const SearchPlan* plan_;
  Values names_;
  // By block: for each encoding the one whose steps it begins with, and how many those are.
  struct Parent {
    std::size_t encoding;
    std::size_t steps;
  };
  std::vector<std::vector<Parent>> parents_;
  // The normalised names of the last unit, which the next one mostly shares.
  std::uint32_t block_ = 0;
  std::uint32_t normalisation_ = 0;
  Values normalised_;
  bool has_normalised_ = false;
};

}  // namespace tagscope
