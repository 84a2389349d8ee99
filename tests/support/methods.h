// Runs a method by id and arguments, as a recipe step would.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace tagscope::testing {

// "n=3 key=0x61" as the recipe language reads it, for arguments without quotes or blanks.
inline std::vector<NamedArgument> arguments_of(std::string_view written) {
  std::vector<NamedArgument> arguments;
  while (!written.empty()) {
    const auto end = std::min(written.find(' '), written.size());
    const std::string_view pair = written.substr(0, end);
    const auto equals = pair.find('=');
    const std::string value(pair.substr(equals + 1));
    Argument argument;
    if (value.starts_with("0x")) {
      argument = {Argument::Form::hex, value.substr(2)};
    } else if (value.find_first_not_of("-0123456789") == std::string::npos) {
      argument = {Argument::Form::integer, value};
    } else {
      argument = {Argument::Form::word, value};
    }
    arguments.push_back({std::string(pair.substr(0, equals)), argument, {}});
    written.remove_prefix(std::min(end + 1, written.size()));
  }
  return arguments;
}

inline Result<Value> run(std::string_view id, std::string_view arguments, const Value& input,
                         bool inverse = false) {
  const Method* method = find_method(id);
  if (method == nullptr)
    return Error{.code = "unknown-method", .where = std::string(id), .what = ""};
  const auto read = arguments_of(arguments);
  auto prepared = method->prepare(read, inverse);
  if (!prepared) return prepared.error();
  return prepared->apply(input);
}

}  // namespace tagscope::testing
