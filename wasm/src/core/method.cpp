#include "core/method.h"

#include <algorithm>

namespace tagscope {
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

// Reads `arguments` into `options`; every field is optional unless required.
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
    if (auto set = field->set(options, argument.argument); !set) {
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
    written += std::string(field.name) + "=" + field.write(options);
  }
  return written;
}

std::shared_ptr<void> default_options(const Method& method) {
  return {method.options.create(), method.options.destroy};
}

}  // namespace

Result<Prepared> Method::prepare(std::span<const NamedArgument> arguments, bool inverse) const {
  Prepared prepared{this, inverse, default_options(*this), {}};
  void* const read_into = prepared.options.get();
  if (auto read = read_arguments(*this, arguments, read_into); !read) return read.error();
  if (options.check != nullptr) {
    if (auto checked = options.check(read_into); !checked) return checked.error();
  }
  prepared.arguments = write_arguments(*this, read_into);
  return prepared;
}

std::string Method::write_default(const Field& field) const {
  return field.write(default_options(*this).get());
}

Result<Value> Prepared::apply(const Value& input) const {
  if (method->is_digest) {
    const auto digest = start();
    digest->update({reinterpret_cast<const std::uint8_t*>(input.data.data()), input.data.size()});
    return Value::bytes(digest->finish());
  }
  const auto& function = inverse ? method->backward : method->forward;
  if (function.of_value != nullptr) return function.of_value(options.get(), input);
  auto data = function.of_data(options.get(), input.data);
  if (!data) return std::move(data).error();
  const Output out = inverse ? method->inverse_out : method->out;
  return Value{kind_of(out, input.kind), *std::move(data), {}};
}

std::unique_ptr<Digest> Prepared::start() const { return method->start(options.get()); }

}  // namespace tagscope
