// A method: one reversible or one-way function of the recipe language, described
// once. A method's file (src/<room>/<id with _ for ->.cpp) holds
//
//   struct Options { … };                 defaults are the members' initialisers
//   Result<std::string> apply(const Options&, std::string_view);
//   constexpr Field kFields[] = {…};      name, domain and meaning of each member
//   constexpr Vector kVectors[] = {…};    published inputs and outputs
//   TAGSCOPE_METHOD(id, transform<Options, apply>({…}));
//
// and src/catalog/methods.def names it. Nothing else has to be touched.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/digest.h"
#include "core/field.h"
#include "core/result.h"
#include "core/value.h"

namespace tagscope {

enum class Room : std::uint8_t { text, cipher, encoding, hash, select, tokenizer };

[[nodiscard]] constexpr std::string_view name_of(Room room) {
  switch (room) {
    case Room::text: return "text";
    case Room::cipher: return "cipher";
    case Room::encoding: return "encoding";
    case Room::hash: return "hash";
    case Room::select: return "select";
    case Room::tokenizer: return "tokenizer";
  }
  return "";
}

// One end of a vector, written as people publish it.
struct Sample {
  Kind kind = Kind::text;
  std::string_view
      written;  // text as is; bytes in lower-case hex; ids in decimal, one space between
};
[[nodiscard]] constexpr Sample as_text(std::string_view text) { return {Kind::text, text}; }
[[nodiscard]] constexpr Sample as_hex(std::string_view hex) { return {Kind::bytes, hex}; }
[[nodiscard]] constexpr Sample as_ids(std::string_view ids) { return {Kind::ids, ids}; }

// A published example of a method: under `arguments` (as in a recipe: "n=3"),
// `input` becomes `output`. `source` says who published it.
struct Vector {
  std::string_view arguments;
  Sample input;
  Sample output;
  std::string_view source;
};

// What a method makes of its input: one kind, or the kind that it was given.
enum class Output : std::uint8_t { text, bytes, ids, same };

struct Description {
  std::string_view id;
  Room room = Room::text;
  std::string_view summary;  // one sentence, no final stop
  std::string_view source;   // the standard or program that defines the method
  Kinds in = Kinds::text;
  Output out = Output::text;
  // Of the inverse, where there is one.
  Kinds inverse_in = Kinds::text;
  Output inverse_out = Output::text;
  std::span<const Field> fields{};
  std::span<const Vector> vectors{};
  // As many code points (of a text) or bytes (of bytes) come out as go in.
  bool length_preserving = false;
  // Of an encoding: every character that its text can hold.
  std::string_view alphabet{};
};

struct NamedArgument {
  std::string name;
  Argument argument;
  Span span{};
};

// A method with its arguments read and checked: ready to run any number of times.
struct Prepared {
  std::function<Result<Value>(const Value&)> apply;
  // Digest methods only: a new streaming digest under the same arguments.
  std::function<std::unique_ptr<Digest>()> start;
  // Canonical arguments in the order of the fields: "n=13", "".
  std::string arguments;
};

struct Method : Description {
  bool reversible = false;
  bool is_digest = false;
  // Precondition: inverse only where reversible. Errors name the argument.
  Result<Prepared> (*prepare)(const Method& self, std::span<const NamedArgument> arguments,
                              bool inverse) = nullptr;
  // The default of one of this method's fields in canonical form: "13", "letters".
  std::string (*write_default)(const Field& field) = nullptr;
};

namespace method_detail {

// Reads `arguments` into `options`; every field is optional unless required.
Status read_arguments(const Method& method, std::span<const NamedArgument> arguments,
                      void* options);
std::string write_arguments(const Method& method, const void* options);

template <typename Options>
concept SelfChecking = requires(const Options& options) {
  { options.check() } -> std::same_as<Status>;
};

[[nodiscard]] constexpr Kind kind_of(Output out, Kind input) {
  switch (out) {
    case Output::text: return Kind::text;
    case Output::bytes: return Kind::bytes;
    case Output::ids: return Kind::ids;
    case Output::same: break;
  }
  return input;
}

template <typename Options, auto kFunction>
Result<Value> call(const Options& options, const Value& input, Output out) {
  using Function = decltype(kFunction);
  if constexpr (std::is_invocable_v<Function, const Options&, const Value&>) {
    return kFunction(options, input);
  } else {
    auto result = kFunction(options, std::string_view(input.data));
    if (!result) return std::move(result).error();
    return Value{kind_of(out, input.kind), std::move(*result), {}};
  }
}

template <typename Options>
Result<Options> read_options(const Method& self, std::span<const NamedArgument> arguments) {
  Options options;
  if (auto read = read_arguments(self, arguments, &options); !read) return read.error();
  if constexpr (SelfChecking<Options>) {
    if (auto checked = options.check(); !checked) return checked.error();
  }
  return options;
}

template <typename Options>
std::string write_default(const Field& field) {
  const Options defaults;
  return field.write(field, &defaults);
}

template <typename Options, auto kApply, auto kInvert>
Result<Prepared> prepare(const Method& self, std::span<const NamedArgument> arguments,
                         bool inverse) {
  auto options = read_options<Options>(self, arguments);
  if (!options) return std::move(options).error();
  Prepared prepared;
  prepared.arguments = write_arguments(self, &*options);
  if constexpr (!std::is_null_pointer_v<decltype(kInvert)>) {
    if (inverse) {
      prepared.apply = [held = *std::move(options), out = self.inverse_out](const Value& input) {
        return call<Options, kInvert>(held, input, out);
      };
      return prepared;
    }
  }
  prepared.apply = [held = *std::move(options), out = self.out](const Value& input) {
    return call<Options, kApply>(held, input, out);
  };
  return prepared;
}

template <typename Options, typename Hasher>
class DigestOf final : public Digest {
 public:
  explicit DigestOf(Options options) : options_(std::move(options)), hasher_(options_) {}
  void update(std::span<const std::uint8_t> bytes) override { hasher_.update(bytes); }
  std::string finish() override { return hasher_.finish(); }
  void reset() override { hasher_ = Hasher(options_); }

 private:
  Options options_;
  Hasher hasher_;
};

template <typename Options, typename Hasher>
Result<Prepared> prepare_digest(const Method& self, std::span<const NamedArgument> arguments,
                                bool /*inverse*/) {
  auto options = read_options<Options>(self, arguments);
  if (!options) return std::move(options).error();
  Prepared prepared;
  prepared.arguments = write_arguments(self, &*options);
  prepared.start = [held = *options] { return std::make_unique<DigestOf<Options, Hasher>>(held); };
  prepared.apply = [held = *std::move(options)](const Value& input) -> Result<Value> {
    Hasher hasher(held);
    hasher.update({reinterpret_cast<const std::uint8_t*>(input.data.data()), input.data.size()});
    return Value::bytes(hasher.finish());
  };
  return prepared;
}

// Not constexpr on purpose: reaching it while a descriptor is checked is the compile error.
inline void descriptor_is_incomplete(const char* /*what_is_missing*/) {}

}  // namespace method_detail

// A method computed by `kApply` and, where given, undone by `kInvert`. Either is
// Result<std::string>(const Options&, std::string_view) or, where the kind of the
// input matters, Result<Value>(const Options&, const Value&). Options may have a
// member `Status check() const` for rules that span several fields.
template <typename Options, auto kApply, auto kInvert = nullptr>
constexpr Method transform(Description description) {
  Method method;
  static_cast<Description&>(method) = description;
  method.reversible = !std::is_null_pointer_v<decltype(kInvert)>;
  method.prepare = &method_detail::prepare<Options, kApply, kInvert>;
  method.write_default = &method_detail::write_default<Options>;
  return method;
}

// A digest: Hasher(const Options&), update(std::span<const std::uint8_t>), finish().
template <typename Options, typename Hasher>
constexpr Method digest(Description description) {
  Method method;
  static_cast<Description&>(method) = description;
  method.room = Room::hash;
  method.in = Kinds::bytes;
  method.out = Output::bytes;
  method.is_digest = true;
  method.prepare = &method_detail::prepare_digest<Options, Hasher>;
  method.write_default = &method_detail::write_default<Options>;
  return method;
}

// The compile-time rules: a descriptor that breaks one is not a constant expression.
consteval Method checked(std::string_view symbol, Method method) {
  using method_detail::descriptor_is_incomplete;
  if (method.id.size() != symbol.size()) descriptor_is_incomplete("id is not the file's symbol");
  for (std::size_t i = 0; i < symbol.size(); ++i) {
    const char expected = symbol[i] == '_' ? '-' : symbol[i];
    if (method.id[i] != expected) descriptor_is_incomplete("id is not the file's symbol");
  }
  if (method.summary.empty()) descriptor_is_incomplete("summary");
  if (method.source.empty()) descriptor_is_incomplete("source");
  if (method.vectors.empty()) descriptor_is_incomplete("vectors");
  for (const Vector& vector : method.vectors) {
    if (vector.source.empty()) descriptor_is_incomplete("a vector's source");
  }
  for (const Field& field : method.fields) {
    if (field.name.empty() || field.summary.empty()) descriptor_is_incomplete("a field's meaning");
  }
  return method;
}

}  // namespace tagscope

// Defines the descriptor that methods.def names.
#define TAGSCOPE_METHOD(symbol, ...)               \
  extern const ::tagscope::Method method_##symbol; \
  constinit const ::tagscope::Method method_##symbol = ::tagscope::checked(#symbol, __VA_ARGS__)
