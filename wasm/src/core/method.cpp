#include "core/method.h"

#include <algorithm>

namespace tagscope::method_detail {
namespace {

std::string known_fields(const Method& method) {
  if (method.fields.empty()) return "takes no arguments";
  std::string known = "takes ";
  for (std::size_t i = 0; i < method.fields.size(); ++i) {
    if (i != 0) known += ", ";
    known += method.fields[i].name;
  }
  return known;
}

}  // namespace

Status read_arguments(const Method& method, std::span<const NamedArgument> arguments,
                      void* options) {
  std::vector<bool> given(method.fields.size(), false);
  for (const NamedArgument& argument : arguments) {
    const auto field = std::find_if(method.fields.begin(), method.fields.end(),
                                    [&](const Field& f) { return f.name == argument.name; });
    if (field == method.fields.end()) {
      return Error{.code = "unknown-argument",
                   .where = argument.name,
                   .what = std::string(method.id) + " " + known_fields(method),
                   .span = argument.span};
    }
    const auto index = static_cast<std::size_t>(field - method.fields.begin());
    if (given[index]) {
      return Error{.code = "repeated-argument",
                   .where = argument.name,
                   .what = "is given twice",
                   .span = argument.span};
    }
    given[index] = true;
    if (auto set = field->set(*field, options, argument.argument); !set) {
      Error error = set.error();
      error.span = argument.span;
      return error;
    }
  }
  for (std::size_t i = 0; i < method.fields.size(); ++i) {
    if (method.fields[i].required && !given[i]) {
      return Error{
          .code = "missing-argument",
          .where = std::string(method.fields[i].name),
          .what = std::string(method.id) + " needs it: " + std::string(method.fields[i].summary)};
    }
  }
  return ok_status();
}

std::string write_arguments(const Method& method, const void* options) {
  std::string written;
  for (const Field& field : method.fields) {
    if (!written.empty()) written += ' ';
    written += std::string(field.name) + "=" + field.write(field, options);
  }
  return written;
}

}  // namespace tagscope::method_detail
