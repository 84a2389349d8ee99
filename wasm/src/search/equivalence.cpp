#include "search/equivalence.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr int kLetters = 26;

// A step as the rules see it.
struct Term {
  std::string id;
  std::string arguments;  // canonical
  bool inverse = false;

  [[nodiscard]] std::string text() const {
    return (inverse ? "~" : "") + id + (arguments.empty() ? "" : " " + arguments);
  }
  friend bool operator==(const Term& a, const Term& b) = default;
};

const Field* field_of(const Method& method, std::string_view name) {
  const auto found = std::find_if(method.fields.begin(), method.fields.end(),
                                  [&](const Field& field) { return field.name == name; });
  return found == method.fields.end() ? nullptr : &*found;
}

Integer integer_of(const Step& step, std::string_view name) {
  const Field* const field = field_of(*step.method, name);
  return field == nullptr ? Integer{0} : field->load(step.prepared.options.get());
}

// A position or a count of a selection; far beyond any value, all are alike.
std::uint64_t position_of(const Step& step, std::string_view name) {
  constexpr Integer kFar = Integer{1} << 40;
  return static_cast<std::uint64_t>(std::min(integer_of(step, name), kFar));
}

int reduced(Integer n) { return static_cast<int>((n % kLetters + kLetters) % kLetters); }

int inverse_of(int a) {
  for (int candidate = 1; candidate < kLetters; ++candidate) {
    if (a * candidate % kLetters == 1) return candidate;
  }
  return 1;  // the method refuses such an a
}

// x ↦ ax + b modulo 26.
struct Affine {
  int a = 1;
  int b = 0;
};

std::optional<Affine> affine_of(const Step& step) {
  const std::string_view id = step.method->id;
  Affine map;
  if (id == "rot") {
    map = {1, reduced(integer_of(step, "n"))};
  } else if (id == "atbash") {
    return Affine{kLetters - 1, kLetters - 1};
  } else if (id == "affine") {
    map = {reduced(integer_of(step, "a")), reduced(integer_of(step, "b"))};
  } else {
    return std::nullopt;
  }
  if (step.inverse) {
    const int inverse = inverse_of(map.a);
    map = {inverse, reduced(Integer{-inverse} * map.b)};
  }
  return map;
}

Affine after(const Affine& first, const Affine& second) {
  return {second.a * first.a % kLetters, (second.a * first.b + second.b) % kLetters};
}

void write_affine(std::vector<Term>& terms, const Affine& map) {
  const auto rot = [&](int n) {
    if (n != 0) terms.push_back({"rot", "n=" + std::to_string(n)});
  };
  if (map.a == 1) return rot(map.b);
  if (map.a == kLetters - 1) {
    terms.push_back({"atbash", ""});
    return rot(reduced(map.b - (kLetters - 1)));
  }
  terms.push_back({"affine", "a=" + std::to_string(map.a) + " b=" + std::to_string(map.b)});
}

bool is_involution(std::string_view id) {
  constexpr std::string_view kInvolutions[] = {"reverse", "rot5", "rot18",
                                               "rot47",   "xor",  "reverse-words"};
  return std::find(std::begin(kInvolutions), std::end(kInvolutions), id) != std::end(kInvolutions);
}

// rot47 is one only by half of its 94 characters.
bool is_involution(const Term& term) {
  return is_involution(term.id) && (term.id != "rot47" || term.arguments == "n=47");
}

bool maps_single_characters(std::string_view id) {
  constexpr std::string_view kMaps[] = {"rot", "atbash", "affine", "rot5", "rot18", "rot47"};
  return std::find(std::begin(kMaps), std::end(kMaps), id) != std::end(kMaps);
}

bool is_lower_already(std::string_view id) {
  constexpr std::string_view kLower[] = {"hex", "letters", "decimal", "binary", "lower"};
  return std::find(std::begin(kLower), std::end(kLower), id) != std::end(kLower);
}

std::string shortest_period(const std::string& key) {
  for (std::size_t period = 1; period < key.size(); ++period) {
    if (key.size() % period != 0) continue;
    bool repeats = true;
    for (std::size_t i = period; i < key.size() && repeats; ++i) {
      repeats = key[i] == key[i - period];
    }
    if (repeats) return key.substr(0, period);
  }
  return key;
}

std::string sorted_characters(std::string_view text) {
  std::u32string characters;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded one = decode_one(text, at);
    characters.push_back(one.code_point);
    at += one.length;
  }
  std::sort(characters.begin(), characters.end());
  characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
  std::string sorted;
  for (const char32_t character : characters) append_utf8(sorted, character);
  return sorted;
}

Term plain_term(const Step& step) {
  Term term{std::string(step.method->id), step.prepared.arguments, step.inverse};
  if (is_involution(term)) term.inverse = false;
  void* const options = step.prepared.options.get();
  if (term.id == "xor") {
    const auto& key = *static_cast<const Key*>(field_of(*step.method, "key")->member(options));
    term.arguments = "key=" + field_detail::write_key({shortest_period(key.bytes), false});
  } else if (term.id == "strip") {
    const Field& chars = *field_of(*step.method, "chars");
    const auto& text = *static_cast<const std::string*>(chars.member(options));
    term.arguments = "chars=" + field_detail::write_text(sorted_characters(text));
  }
  return term;
}

Term taking(std::string_view id, std::uint64_t n) {
  return {std::string(id), "n=" + std::to_string(n)};
}

// A selection under the length of what it selects from; nothing where it takes everything.
// `takes_one`: a take n=1 follows.
std::optional<Term> selection_term(const Step& step, KnownLength length, bool takes_one) {
  const std::string_view id = step.method->id;
  const bool known = length.fixed;
  if (id == "take" || id == "last") {
    const std::uint64_t n = position_of(step, "n");
    if (length.most != 0 && n >= length.most) return std::nullopt;
    return taking(id, n);
  }
  std::uint64_t at = 0;
  if (id == "drop") {
    at = position_of(step, "n");
  } else if (id == "every") {
    at = position_of(step, "from");
    if (takes_one) {
      if (at == 0) return std::nullopt;
      return Term{"window", "at=" + std::to_string(at) + " n=1"};
    }
    if (position_of(step, "step") != 1) return plain_term(step);
  } else {
    at = position_of(step, "at");
    const std::uint64_t n = position_of(step, "n");
    if (at == 0) {
      if (length.most != 0 && n >= length.most) return std::nullopt;
      return taking("take", n);
    }
    if (!known || at + n < length.most || at > length.most) return plain_term(step);
  }
  // All from `at` on.
  if (at == 0) return std::nullopt;
  if (known && at <= length.most) return taking("last", length.most - at);
  return id == "window" ? plain_term(step) : taking("drop", at);
}

bool is_selection(std::string_view id) {
  constexpr std::string_view kSelections[] = {"take", "last", "drop", "window", "every"};
  return std::find(std::begin(kSelections), std::end(kSelections), id) != std::end(kSelections);
}

void append(std::vector<Term>& terms, Term term) {
  if (!terms.empty()) {
    const Term& before = terms.back();
    if (is_involution(term) && term.id != "xor" && before == term) {
      terms.pop_back();
      return;
    }
    if (term.id == "lower" && is_lower_already(before.id) && !before.inverse) return;
    if (term.id == "reverse" && maps_single_characters(before.id)) {
      Term last = before;
      terms.pop_back();
      append(terms, std::move(term));
      append(terms, std::move(last));
      return;
    }
  }
  terms.push_back(std::move(term));
}

// Letter ciphers that came to stand in a row are one map: reverse may have left between them.
std::vector<Term> normalised(const std::vector<Step>& steps) {
  std::vector<Term> terms;
  // What stands at the end of `terms` as one map, and where it begins.
  Affine map;
  bool in_map = false;
  const auto close = [&] {
    if (!in_map) return;
    in_map = false;
    write_affine(terms, map);
  };
  KnownLength length;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    if (const auto affine = affine_of(step)) {
      map = in_map ? after(map, *affine) : *affine;
      in_map = true;
      length = length_after(step, length);
      continue;
    }
    if (step.method->id == "reverse" && in_map) {
      append(terms, plain_term(step));  // before the map, with which it commutes
      length = length_after(step, length);
      continue;
    }
    close();
    if (is_selection(step.method->id)) {
      const bool takes_one = step.method->id == "every" && i + 1 < steps.size() &&
                             steps[i + 1].method->id == "take" &&
                             position_of(steps[i + 1], "n") == 1;
      const auto term = selection_term(step, length, takes_one);
      if (term) terms.push_back(*term);
      length = length_after(step, length);
      if (takes_one && term) {
        ++i;  // the window of one has taken it in
        length = {length.fixed, 1};
      }
      continue;
    }
    append(terms, plain_term(step));
    length = length_after(step, length);
  }
  close();
  return terms;
}

std::string joined(const std::vector<Term>& terms) {
  std::string text;
  for (const Term& term : terms) text += (text.empty() ? "" : " | ") + term.text();
  return text;
}

}  // namespace

KnownLength length_after(const Step& step, KnownLength input) {
  const std::string_view id = step.method->id;
  const std::size_t most = input.most;
  const auto scaled = [&](std::size_t length, bool fixed = true) {
    return KnownLength{input.fixed && fixed && most != 0, most == 0 ? 0 : length};
  };
  if (step.method->is_digest) {
    const auto digest = step.prepared.start();
    return {true, digest->finish().size()};
  }
  if (step.inverse) return step.method->length_preserving ? input : KnownLength{};
  // Lengths of texts are bytes from here on: encodings write ASCII.
  if (id == "hex") return scaled(2 * most);
  if (id == "base64") return scaled((most + 2) / 3 * 4);
  if (id == "base64url") return scaled((4 * most + 2) / 3);
  if (id == "base32") return scaled((most + 4) / 5 * 8);
  if (id == "binary") return scaled(9 * most - 1);
  if (id == "letters") return input;
  // At most 138 digits for 100 bytes: log 256 / log 58 is 1.3657….
  if (id == "base58") return scaled(most * 138 / 100 + 1, false);
  if (id == "ascii85") return scaled((5 * most + 3) / 4, false);
  if (id == "decimal") return scaled(4 * most - 1, false);
  if (id == "keep" || id == "strip") return {false, most};
  if (id == "lower" || id == "upper") return input.fixed ? input : KnownLength{};
  if (id == "take" || id == "last") {
    const std::uint64_t n = position_of(step, "n");
    if (input.fixed) return {true, std::min<std::size_t>(most, n)};
    return {false, most == 0 ? static_cast<std::size_t>(n) : std::min<std::size_t>(most, n)};
  }
  if (is_selection(id)) return {false, most};
  return step.method->length_preserving ? input : KnownLength{};
}

std::vector<std::string> normal_form(const Recipe& recipe) {
  // A rule can make room for another one; each makes the recipe shorter or moves reverse forward.
  std::vector<Term> terms = normalised(recipe.steps);
  for (;;) {
    if (terms.empty()) return {};
    const auto again = read_recipe(joined(terms));
    if (!again) break;  // cannot be: the terms are steps in canonical form
    std::vector<Term> next = normalised(again->steps);
    if (next == terms) break;
    terms = std::move(next);
  }
  std::vector<std::string> form;
  for (const Term& term : terms) form.push_back(term.text());
  return form;
}

}  // namespace tagscope
