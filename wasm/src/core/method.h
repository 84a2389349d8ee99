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

#include <concepts>
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

namespace method_detail {

// What is compiled for each Options type. Everything else works on a void*, so that the catalog
// stays small.
struct OptionsType {
  void* (*create)() = nullptr;  // with its defaults
  void (*destroy)(void* options) = nullptr;
  Status (*check)(const void* options) = nullptr;  // null: all arguments go together
};

// One direction of a transform, in one of two forms.
struct Function {
  Result<std::string> (*of_data)(const void* options, std::string_view data) = nullptr;
  Result<Value> (*of_value)(const void* options, const Value& input) = nullptr;
};

}  // namespace method_detail

struct Method;

// A method with its arguments read and checked: ready to run any number of times.
struct Prepared {
  const Method* method = nullptr;
  bool inverse = false;
  std::shared_ptr<void> options;
  // Canonical arguments in the order of the fields: "n=13", "".
  std::string arguments;

  [[nodiscard]] Result<Value> apply(const Value& input) const;
  // Precondition: a digest method. A new streaming digest under the same arguments.
  [[nodiscard]] std::unique_ptr<Digest> start() const;
};

struct Method : Description {
  bool reversible = false;
  bool is_digest = false;
  method_detail::OptionsType options{};
  // Of a transform; the second one only where reversible.
  method_detail::Function forward{};
  method_detail::Function backward{};
  // Of a digest.
  std::unique_ptr<Digest> (*start)(const void* options) = nullptr;
  // Digest methods that have one: the digests of many short inputs under default arguments, one
  // after another in `digests`, faster than one by one. Precondition: room for all of them.
  void (*digest_many)(std::span<const std::string_view> inputs, std::uint8_t* digests) = nullptr;

  // Precondition: inverse only where reversible. Errors name the argument.
  [[nodiscard]] Result<Prepared> prepare(std::span<const NamedArgument> arguments,
                                         bool inverse) const;
  // The default of one of this method's fields in canonical form: "13", "letters".
  [[nodiscard]] std::string write_default(const Field& field) const;
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

namespace method_detail {

template <typename Options>
concept SelfChecking = requires(const Options& options) {
  { options.check() } -> std::same_as<Status>;
};

template <typename Options>
void* create() {
  return new Options();
}
template <typename Options>
void destroy(void* options) {
  delete static_cast<Options*>(options);
}
template <typename Options>
Status check(const void* options) {
  return static_cast<const Options*>(options)->check();
}
template <typename Options>
constexpr OptionsType options_type() {
  OptionsType type{.create = &create<Options>, .destroy = &destroy<Options>};
  if constexpr (SelfChecking<Options>) type.check = &check<Options>;
  return type;
}

template <typename Options, auto kFunction>
Result<std::string> call_with_data(const void* options, std::string_view data) {
  return kFunction(*static_cast<const Options*>(options), data);
}
template <typename Options, auto kFunction>
Result<Value> call_with_value(const void* options, const Value& input) {
  return kFunction(*static_cast<const Options*>(options), input);
}
template <typename Options, auto kFunction>
constexpr Function function_of() {
  if constexpr (std::is_invocable_v<decltype(kFunction), const Options&, const Value&>) {
    return {.of_value = &call_with_value<Options, kFunction>};
  } else {
    return {.of_data = &call_with_data<Options, kFunction>};
  }
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
std::unique_ptr<Digest> start(const void* options) {
  return std::make_unique<DigestOf<Options, Hasher>>(*static_cast<const Options*>(options));
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
  method.options = method_detail::options_type<Options>();
  method.forward = method_detail::function_of<Options, kApply>();
  if constexpr (!std::is_null_pointer_v<decltype(kInvert)>) {
    method.backward = method_detail::function_of<Options, kInvert>();
  }
  return method;
}

// A digest: Hasher(const Options&), update(std::span<const std::uint8_t>), finish(). `kMany`, where
// given, is Method::digest_many.
template <typename Options, typename Hasher, auto kMany = nullptr>
constexpr Method digest(Description description) {
  Method method;
  static_cast<Description&>(method) = description;
  method.room = Room::hash;
  method.in = Kinds::bytes;
  method.out = Output::bytes;
  method.is_digest = true;
  method.options = method_detail::options_type<Options>();
  method.start = &method_detail::start<Options, Hasher>;
  // The module that the page waits for digests few texts: one by one is the smaller code.
#ifndef __OPTIMIZE_SIZE__
  method.digest_many = kMany;
#endif
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
