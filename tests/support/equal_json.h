// Our JSON values beside those of another library.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>

#include "json/json.h"

namespace tagscope::testing {

// The same type and content; theirs reads integers as integers, ours all numbers as doubles.
inline bool equal(const Json& ours, const nlohmann::json& theirs) {
  if (ours.is_null()) return theirs.is_null();
  if (ours.is_boolean()) return theirs.is_boolean() && theirs.get<bool>() == ours.boolean();
  if (ours.is_number()) return theirs.is_number() && theirs.get<double>() == ours.number();
  if (ours.is_string()) {
    return theirs.is_string() && theirs.get_ref<const std::string&>() == ours.string();
  }
  if (ours.is_array()) {
    return theirs.is_array() && std::equal(ours.items().begin(), ours.items().end(), theirs.begin(),
                                           theirs.end(), equal);
  }
  return theirs.is_object() && theirs.size() == ours.members().size() &&
         std::all_of(ours.members().begin(), ours.members().end(), [&](const Json::Member& member) {
           const auto found = theirs.find(member.name);
           return found != theirs.end() && equal(member.value, *found);
         });
}

}  // namespace tagscope::testing
