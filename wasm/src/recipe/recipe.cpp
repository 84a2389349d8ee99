#include "recipe/recipe.h"

#include <algorithm>

#include "json/json.h"

namespace tagscope {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string step_name(std::size_t index) { return "step " + std::to_string(index + 1); }

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  Result<Recipe> read() {
    if (source_.size() > kMaxRecipeBytes) {
      return Error{.code = "too-long",
                   .where = "",
                   .what = "is " + std::to_string(source_.size()) + " bytes; the limit is " +
                           std::to_string(kMaxRecipeBytes)};
    }
    Recipe recipe;
    for (;;) {
      if (recipe.steps.size() == kMaxRecipeSteps) {
        return Error{.code = "too-long",
                     .where = "",
                     .what = "has more than " + std::to_string(kMaxRecipeSteps) + " steps",
                     .span = Span{at_, source_.size()}};
      }
      auto step = read_step();
      if (!step) return within(step_name(recipe.steps.size()), std::move(step).error());
      recipe.steps.push_back(*std::move(step));
      if (at_ == source_.size()) return recipe;
      ++at_;  // the "|" at which read_step stopped
    }
  }

 private:
  Error bad(std::string what, std::size_t begin, std::size_t end) const {
    return {.code = "bad-recipe",
            .where = "",
            .what = std::move(what),
            .span = Span{std::min(begin, source_.size()), std::min(end, source_.size())}};
  }

  void skip_blanks() {
    while (at_ < source_.size() && is_blank(source_[at_])) ++at_;
  }
  bool at_end_of_step() const { return at_ == source_.size() || source_[at_] == '|'; }

  // The whole character at `at`, for messages: never half of a UTF-8 sequence.
  std::string character_at(std::size_t at) const {
    std::size_t end = at + 1;
    while (end < source_.size() && (static_cast<unsigned char>(source_[end]) & 0xC0) == 0x80) ++end;
    return std::string(source_.substr(at, end - at));
  }

  Result<Step> read_step() {
    Step step;
    skip_blanks();
    step.span.begin = at_;
    if (at_end_of_step()) return bad("is empty; a step begins with a method's id", at_, at_ + 1);
    if (source_[at_] == '~') {
      step.inverse = true;
      ++at_;
    }
    const std::size_t id_begin = at_;
    while (at_ < source_.size() && is_id_character(source_[at_])) ++at_;
    if (at_ == id_begin || (!at_end_of_step() && !is_blank(source_[at_]))) {
      return bad("a method's id has lower-case letters, digits and \"-\", not \"" +
                     character_at(at_) + "\"",
                 at_, at_ + character_at(at_).size());
    }
    const std::string_view id = source_.substr(id_begin, at_ - id_begin);
    auto method = require_method(id);
    if (!method) {
      Error error = std::move(method).error();
      error.span = Span{id_begin, at_};
      return error;
    }
    step.method = *method;
    if (step.inverse && !step.method->reversible) {
      return Error{.code = "not-reversible",
                   .where = "",
                   .what = std::string(id) + " cannot be run backwards",
                   .span = Span{step.span.begin, at_}};
    }
    for (skip_blanks(); !at_end_of_step(); skip_blanks()) {
      auto argument = read_argument();
      if (!argument) return std::move(argument).error();
      step.arguments.push_back(*std::move(argument));
    }
    step.span.end = at_;
    while (step.span.end > step.span.begin && is_blank(source_[step.span.end - 1])) --step.span.end;
    auto prepared = step.method->prepare(step.arguments, step.inverse);
    if (!prepared) {
      Error error = std::move(prepared).error();
      if (!error.span) error.span = step.span;
      return error;
    }
    step.prepared = *std::move(prepared);
    return step;
  }

  Result<NamedArgument> read_argument() {
    const std::size_t begin = at_;
    while (at_ < source_.size() && is_id_character(source_[at_])) ++at_;
    if (at_ == begin || at_ == source_.size() || source_[at_] != '=') {
      std::size_t end = begin;
      while (end < source_.size() && !is_blank(source_[end]) && source_[end] != '|') ++end;
      return bad("\"" + std::string(source_.substr(begin, end - begin)) +
                     "\" is not an argument; write name=value",
                 begin, end);
    }
    NamedArgument argument{
        .name = std::string(source_.substr(begin, at_ - begin)), .argument = {}, .span = {}};
    ++at_;
    auto value = read_value(argument.name);
    if (!value) return within(argument.name, std::move(value).error());
    argument.argument = *std::move(value);
    argument.span = {begin, at_};
    return argument;
  }

  Result<Argument> read_value(const std::string& name) {
    const std::size_t begin = at_;
    if (at_ < source_.size() && source_[at_] == '"') return read_quoted();
    while (at_ < source_.size() && !is_blank(source_[at_]) && source_[at_] != '|') {
      if (source_[at_] == '"') {
        return bad("a quotation mark stands only at the beginning of a value", at_, at_ + 1);
      }
      ++at_;
    }
    const std::string_view written = source_.substr(begin, at_ - begin);
    if (written.empty()) return bad("has no value; write " + name + "=…", begin, begin + 1);
    if (written.starts_with("0x") || written.starts_with("0X")) {
      const std::string_view digits = written.substr(2);
      if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_hex_digit)) {
        return bad("0x begins hex digits; quote text: \"" + std::string(written) + "\"", begin,
                   at_);
      }
      return Argument{Argument::Form::hex, std::string(digits)};
    }
    const std::string_view digits = written.substr(written.starts_with('-') ? 1 : 0);
    const bool integer = !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit);
    return Argument{integer ? Argument::Form::integer : Argument::Form::word, std::string(written)};
  }

  Result<Argument> read_quoted() {
    const std::size_t begin = at_++;
    while (at_ < source_.size() && source_[at_] != '"') at_ += source_[at_] == '\\' ? 2 : 1;
    if (at_ >= source_.size()) {
      at_ = source_.size();
      return bad("the quotation mark is never closed", begin, source_.size());
    }
    ++at_;
    auto text = read_json(source_.substr(begin, at_ - begin));
    if (!text || !text->is_string()) {
      return bad("is not a JSON string: " + (text ? "" : text.error().what), begin, at_);
    }
    if (!at_end_of_step() && !is_blank(source_[at_])) {
      return bad("a blank must follow the closing quotation mark", at_, at_ + 1);
    }
    return Argument{Argument::Form::quoted, text->string()};
  }

  std::string_view source_;
  std::size_t at_ = 0;
};

Error mismatch(const Step& step, std::size_t index, std::string_view given) {
  const std::string name = (step.inverse ? "~" : "") + std::string(step.method->id);
  std::string what =
      name + " takes " + std::string(name_of(step.in())) + ", but gets " + std::string(given);
  if (given == "bytes") what += "; hex, base64 or utf8 make text of bytes";
  return {.code = "type-mismatch",
          .where = step_name(index),
          .what = std::move(what),
          .span = step.span};
}

// Text goes into a bytes method as its UTF-8.
std::optional<Kind> accepted_as(Kinds takes, Kind given) {
  if (holds(takes, given)) return given;
  if (given == Kind::text && holds(takes, Kind::bytes)) return Kind::bytes;
  return std::nullopt;
}

}  // namespace

std::string Step::canonical() const {
  std::string written = (inverse ? "~" : "") + std::string(method->id);
  if (!prepared.arguments.empty()) written += " " + prepared.arguments;
  return written;
}

std::string Recipe::canonical() const {
  std::string written;
  for (const Step& step : steps) {
    if (!written.empty()) written += " | ";
    written += step.canonical();
  }
  return written;
}

Result<Recipe> read_recipe(std::string_view source) {
  auto recipe = Reader(source).read();
  if (!recipe) return recipe;
  // Whatever goes in first, later steps are bound to fit as soon as a kind is known.
  std::optional<Kind> kind;
  for (std::size_t i = 0; i < recipe->steps.size(); ++i) {
    const Step& step = recipe->steps[i];
    if (kind) {
      const auto accepted = accepted_as(step.in(), *kind);
      if (!accepted) return mismatch(step, i, name_of(*kind));
      kind = kind_of(step.out(), *accepted);
    } else if (step.out() != Output::same) {
      kind = kind_of(step.out(), Kind::text);
    } else if (!holds(step.in(), Kind::text)) {
      kind = Kind::bytes;
    }
  }
  return recipe;
}

Result<Step> rebuild(const Step& step, std::vector<NamedArgument> arguments) {
  auto prepared = step.method->prepare(arguments, step.inverse);
  if (!prepared) return std::move(prepared).error();
  return Step{step.method, step.inverse, std::move(arguments), *std::move(prepared), step.span};
}

Result<Kind> kind_after(const Recipe& recipe, Kind input) {
  Kind kind = input;
  for (std::size_t i = 0; i < recipe.steps.size(); ++i) {
    const Step& step = recipe.steps[i];
    const auto accepted = accepted_as(step.in(), kind);
    if (!accepted) return mismatch(step, i, name_of(kind));
    kind = kind_of(step.out(), *accepted);
  }
  return kind;
}

Result<Value> run(const Recipe& recipe, Value input,
                  const std::function<void(std::size_t, const Value&)>& seen) {
  if (auto fits = kind_after(recipe, input.kind); !fits) return std::move(fits).error();
  Value value = std::move(input);
  for (std::size_t i = 0; i < recipe.steps.size(); ++i) {
    const Step& step = recipe.steps[i];
    value.kind = *accepted_as(step.in(), value.kind);
    auto output = step.prepared.apply(value);
    if (!output) {
      Error error = within(step_name(i), std::move(output).error());
      if (!error.span) error.span = step.span;
      return error;
    }
    value = *std::move(output);
    if (value.data.size() > kMaxValueBytes) {
      return Error{.code = "too-large",
                   .where = step_name(i),
                   .what = "makes " + std::to_string(value.data.size()) + " bytes; the limit is " +
                           std::to_string(kMaxValueBytes),
                   .span = step.span};
    }
    if (seen) seen(i, value);
  }
  return value;
}

}  // namespace tagscope
