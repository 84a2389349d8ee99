#include "catalog/describe.h"

#include "catalog/catalog.h"

namespace tagscope {
namespace {

constexpr Integer kMaxExactInteger = Integer{1} << 53;

Json number(Integer value) {
  if (value > kMaxExactInteger || value < -kMaxExactInteger) return to_decimal(value);
  return static_cast<double>(value);
}

std::string_view name_of_type(FieldType type) {
  switch (type) {
    case FieldType::integer: return "integer";
    case FieldType::key: return "key";
    case FieldType::text: return "text";
    case FieldType::choice: return "choice";
  }
  return "";
}

std::string_view name_of_output(Output out) {
  switch (out) {
    case Output::text: return "text";
    case Output::bytes: return "bytes";
    case Output::ids: return "ids";
    case Output::same: return "same";
  }
  return "";
}

Json describe(const Method& method, const Field& field) {
  Json json = {{"name", field.name},
               {"type", name_of_type(field.type)},
               {"summary", field.summary},
               {"required", field.required}};
  if (!field.required) json["default"] = method.write_default(field);
  switch (field.type) {
    case FieldType::integer:
      if (field.domain.modulus != 0) json["modulus"] = field.domain.modulus;
      json["min"] = number(field.domain.min);
      json["max"] = number(field.domain.max);
      break;
    case FieldType::key:
      json["min_bytes"] = field.min_bytes;
      if (field.max_bytes != 0) json["max_bytes"] = field.max_bytes;
      break;
    case FieldType::choice:
      json["choices"] = Json::array(std::span(field.choices).first(field.choice_count));
      break;
    case FieldType::text: break;
  }
  return json;
}

Json describe(const Sample& sample) {
  return {{"kind", name_of(sample.kind)}, {"written", sample.written}};
}

Json describe(const Method& method) {
  Json params = Json::array();
  for (const Field& field : method.fields) params.push_back(describe(method, field));
  Json vectors = Json::array();
  for (const Vector& vector : method.vectors) {
    vectors.push_back({{"arguments", vector.arguments},
                       {"input", describe(vector.input)},
                       {"output", describe(vector.output)},
                       {"source", vector.source}});
  }
  return {{"id", method.id},
          {"kind", name_of(method.room)},
          {"summary", method.summary},
          {"source", method.source},
          {"params", std::move(params)},
          {"in", name_of(method.in)},
          {"out", name_of_output(method.out)},
          {"reversible", method.reversible},
          {"digest", method.is_digest},
          {"vectors", std::move(vectors)}};
}

}  // namespace

Json describe_catalog() {
  Json all = Json::array();
  for (const Method* method : catalog()) all.push_back(describe(*method));
  return all;
}

}  // namespace tagscope
