#include "tokenizer_json/expression.h"

#include <algorithm>
#include <optional>

#include "text/case.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr std::uint32_t bit(Category category) { return 1U << static_cast<unsigned>(category); }

// The categories of \p{name}, or nothing.
std::optional<std::uint32_t> categories_named(std::string_view name) {
  constexpr std::string_view kNames =
      "CnLuLlLtLmLoMnMcMeNdNlNoPcPdPsPePiPfPoSmScSkSoZsZlZpCcCfCsCo";
  std::uint32_t categories = 0;
  for (std::size_t i = 0; 2 * i < kNames.size(); ++i) {
    if (kNames.substr(2 * i, name.size()) == name && (name.size() == 1 || name.size() == 2)) {
      categories |= 1U << i;
    }
  }
  if (categories == 0) return std::nullopt;
  return categories;
}

// The other letter cases of a character, as far as single characters go: ſ, s and S are one
// letter, so are the Kelvin sign, k and K (CaseFolding.txt).
std::vector<char32_t> other_cases(char32_t c) {
  const auto single = [](const std::string& mapped, char32_t otherwise) {
    const Decoded decoded = mapped.empty() ? Decoded{} : decode_one(mapped, 0);
    return !mapped.empty() && decoded.length == mapped.size() ? decoded.code_point : otherwise;
  };
  const auto upper = [&](char32_t one) {
    std::string text;
    append_utf8(text, one);
    return single(to_upper(text), one);
  };
  const auto lower = [&](char32_t one) {
    std::string text;
    append_lower(text, one);
    return single(text, one);
  };
  std::vector<char32_t> cases = {upper(c), lower(c), lower(upper(c)), upper(lower(c))};
  if (lower(upper(c)) == U's') cases.push_back(0x17F);
  if (lower(c) == U'k') cases.push_back(0x212A);
  return cases;
}

}  // namespace

bool is_word_character(char32_t c) {
  if (c < 0x80) return ((c | 0x20) - U'a') < 26 || c - U'0' < 10 || c == U'_';
  const Category category = general_category(c);
  if (category >= Category::uppercase_letter && category <= Category::letter_number) return true;
  // Of Alphabetic there are beside these only circled letters.
  return category == Category::connector_punctuation || (c >= 0x24B6 && c <= 0x24E9) ||
         (c >= 0x1F130 && c <= 0x1F149) || (c >= 0x1F150 && c <= 0x1F169) ||
         (c >= 0x1F170 && c <= 0x1F189) || c == 0x200C || c == 0x200D;
}

bool Expression::Set::computed(char32_t c) const {
  const auto in_items = [this](char32_t one) {
    return std::any_of(items.begin(), items.end(), [one](const Item& item) {
      bool held = false;
      switch (item.kind) {
        case Item::Kind::range: held = one >= item.first && one <= item.last; break;
        case Item::Kind::categories:
          held = (item.categories >> static_cast<unsigned>(general_category(one)) & 1) != 0;
          break;
        case Item::Kind::white_space: held = is_white_space(one); break;
        case Item::Kind::word: held = is_word_character(one); break;
      }
      return held != item.negated;
    });
  };
  bool held = in_items(c);
  if (!held && ignore_case) {
    const auto cases = other_cases(c);
    held = std::any_of(cases.begin(), cases.end(), in_items);
  }
  return held != negated;
}

bool Expression::Set::holds(char32_t c) const {
  if (c < 128) return (ascii[c / 64] >> (c % 64) & 1) != 0;
  return computed(c);
}

void Expression::Set::finish() {
  for (char32_t c = 0; c < 128; ++c) {
    if (computed(c)) ascii[c / 64] |= std::uint64_t{1} << (c % 64);
  }
}

// Reads the source by recursive descent and writes the program. Fragments have relative targets,
// so they are copied and joined freely.
class ExpressionCompiler {
 public:
  explicit ExpressionCompiler(std::string_view source) : source_(source) {}

  Result<Expression> compile() {
    if (source_.size() > Expression::kMaxSourceBytes) {
      return error("is " + std::to_string(source_.size()) + " bytes long; the limit is " +
                   std::to_string(Expression::kMaxSourceBytes));
    }
    auto whole = alternatives(false, 0);
    if (!whole) return whole.error();
    if (at_ != source_.size()) return error("an unmatched )");
    expression_.program_ = *std::move(whole);
    expression_.program_.push_back({Operation::match});
    if (expression_.program_.size() > Expression::kMaxInstructions) return too_large();
    for (auto& set : expression_.sets_) set.finish();
    return std::move(expression_);
  }

 private:
  using Operation = Expression::Operation;
  using Item = Expression::Item;
  using Set = Expression::Set;
  using Fragment = std::vector<Expression::Instruction>;
  static constexpr unsigned kMaxDepth = 32;

  [[nodiscard]] Error error(std::string what) const {
    return {.code = "unsupported-pattern",
            .where = "byte " + std::to_string(at_),
            .what = std::move(what)};
  }
  [[nodiscard]] Error too_large() const {
    return error("makes a program of more than " + std::to_string(Expression::kMaxInstructions) +
                 " instructions");
  }

  [[nodiscard]] bool is_next(std::string_view literal) const {
    return source_.substr(at_).starts_with(literal);
  }
  bool skip(std::string_view literal) {
    if (!is_next(literal)) return false;
    at_ += literal.size();
    return true;
  }
  char32_t take() {
    const Decoded decoded = decode_one(source_, at_);
    at_ += decoded.length;
    return decoded.code_point;
  }

  static std::int32_t length(const Fragment& fragment) {
    return static_cast<std::int32_t>(fragment.size());
  }
  static void append(Fragment& to, const Fragment& from) {
    to.insert(to.end(), from.begin(), from.end());
  }

  Result<Fragment> alternatives(bool ignore_case, unsigned depth) {
    if (depth > kMaxDepth) return error("groups nest deeper than " + std::to_string(kMaxDepth));
    std::vector<Fragment> all;
    do {
      auto one = sequence(ignore_case, depth);
      if (!one) return one.error();
      all.push_back(*std::move(one));
    } while (skip("|"));
    Fragment whole = std::move(all.back());
    for (std::size_t i = all.size() - 1; i-- > 0;) {
      Fragment joined = {{Operation::fork, 1, length(all[i]) + 2}};
      append(joined, all[i]);
      joined.push_back({Operation::jump, length(whole) + 1});
      append(joined, whole);
      if (joined.size() > Expression::kMaxInstructions) return too_large();
      whole = std::move(joined);
    }
    return whole;
  }

  Result<Fragment> sequence(bool ignore_case, unsigned depth) {
    Fragment whole;
    while (at_ < source_.size() && source_[at_] != '|' && source_[at_] != ')') {
      auto one = atom(ignore_case, depth);
      if (!one) return one.error();
      auto repeated = quantified(*std::move(one));
      if (!repeated) return repeated.error();
      append(whole, *repeated);
      if (whole.size() > Expression::kMaxInstructions) return too_large();
    }
    return whole;
  }

  Result<Fragment> atom(bool ignore_case, unsigned depth) {
    if (skip("(?=")) return look_ahead(Operation::ahead, ignore_case);
    if (skip("(?!")) return look_ahead(Operation::not_ahead, ignore_case);
    if (is_next("(")) {
      if (skip("(?i:")) {
        ignore_case = true;
      } else if (!skip("(?:")) {
        if (is_next("(?")) return error("this kind of group is not supported");
        skip("(");
      }
      auto inner = alternatives(ignore_case, depth + 1);
      if (inner && !skip(")")) return error("a group is not closed");
      return inner;
    }
    if (skip("^")) return Fragment{{Operation::begin}};
    if (skip("$")) return Fragment{{Operation::end}};
    return set_fragment(ignore_case, Operation::set);
  }

  Result<Fragment> look_ahead(Operation operation, bool ignore_case) {
    auto set = set_fragment(ignore_case, operation);
    if (set && !skip(")")) return error("looking ahead more than one character is not supported");
    return set;
  }

  Result<Fragment> set_fragment(bool ignore_case, Operation operation) {
    if (at_ == source_.size()) return error("ends too early");
    Set set;
    set.ignore_case = ignore_case;
    if (skip("[")) {
      if (auto read = bracketed(set); !read) return read.error();
    } else if (skip(".")) {
      set.items.push_back({.first = U'\n', .last = U'\n'});
      set.negated = true;
    } else if (source_[at_] == '*' || source_[at_] == '+' || source_[at_] == '?' ||
               source_[at_] == '{') {
      return error("a quantifier follows nothing");
    } else {
      auto item = one_item();
      if (!item) return item.error();
      set.items.push_back(*item);
    }
    expression_.sets_.push_back(std::move(set));
    return Fragment{{operation, static_cast<std::int32_t>(expression_.sets_.size()) - 1}};
  }

  Status bracketed(Set& set) {
    set.negated = skip("^");
    bool is_first = true;
    while (!is_next("]") || is_first) {
      if (at_ == source_.size()) return error("a class is not closed");
      if (is_next("[") || is_next("&&")) return error("classes in classes are not supported");
      is_first = false;
      auto item = one_item();
      if (!item) return item.error();
      const bool is_range = is_next("-") && !is_next("-]") && at_ + 1 < source_.size();
      if (is_range && item->kind == Item::Kind::range) {
        skip("-");
        auto last = one_item();
        if (!last) return last.error();
        if (last->kind != Item::Kind::range || last->first < item->first) {
          return error("a range ends before it begins");
        }
        item->last = last->last;
      }
      set.items.push_back(*item);
    }
    skip("]");
    return ok_status();
  }

  // A character, or an escape.
  Result<Item> one_item() {
    if (!is_next("\\")) {
      const char32_t c = take();
      return Item{.first = c, .last = c};
    }
    skip("\\");
    if (at_ == source_.size()) return error("ends too early");
    const auto character = [](char32_t c) { return Item{.first = c, .last = c}; };
    const char letter = source_[at_];
    if (letter == 'p' || letter == 'P') return property(letter == 'P');
    if (letter == 'x' || letter == 'u') return hexadecimal();
    const char32_t c = take();
    switch (c) {
      case U's': return Item{.kind = Item::Kind::white_space};
      case U'S': return Item{.kind = Item::Kind::white_space, .negated = true};
      case U'w': return Item{.kind = Item::Kind::word};
      case U'W': return Item{.kind = Item::Kind::word, .negated = true};
      case U'd':
      case U'D':
        return Item{.kind = Item::Kind::categories,
                    .negated = c == U'D',
                    .categories = bit(Category::decimal_number)};
      case U'n': return character(U'\n');
      case U'r': return character(U'\r');
      case U't': return character(U'\t');
      case U'f': return character(U'\f');
      case U'v': return character(U'\v');
      default: break;
    }
    const bool is_letter_or_digit = c < 0x80 && ((c | 0x20) - U'a' < 26 || c - U'0' < 10);
    if (is_letter_or_digit) {
      return error("\\" + std::string(1, static_cast<char>(c)) + " is not supported");
    }
    return character(c);
  }

  Result<Item> property(bool negated) {
    ++at_;
    std::string_view name = source_.substr(at_, 1);
    if (skip("{")) {
      const std::size_t end = source_.find('}', at_);
      if (end == source_.npos) return error("a property is not closed");
      name = source_.substr(at_, end - at_);
      at_ = end;
    }
    if (name.starts_with('^')) {
      negated = !negated;
      name.remove_prefix(1);
    }
    const auto categories = categories_named(name);
    if (!categories) {
      return error("\\p{" + std::string(name.substr(0, 32)) + "} is not supported");
    }
    ++at_;
    return Item{.kind = Item::Kind::categories, .negated = negated, .categories = *categories};
  }

  // \xHH, \uHHHH, \x{…}, \u{…}
  Result<Item> hexadecimal() {
    std::size_t digits = source_[at_] == 'x' ? 2 : 4;
    ++at_;
    const bool is_braced = skip("{");
    if (is_braced) digits = std::min(source_.find('}', at_), source_.size()) - at_;
    char32_t value = 0;
    if (digits == 0 || digits > 6 || at_ + digits > source_.size()) {
      return error("no hexadecimal number");
    }
    for (; digits > 0; --digits, ++at_) {
      const char32_t c = static_cast<unsigned char>(source_[at_]);
      const char32_t lower = c | 0x20;
      if (c - U'0' >= 10 && lower - U'a' >= 6) return error("no hexadecimal number");
      value = value << 4 | (c - U'0' < 10 ? c - U'0' : lower - U'a' + 10);
    }
    if (is_braced && !skip("}")) return error("no hexadecimal number");
    return Item{.first = value, .last = value};
  }

  Result<Fragment> quantified(Fragment inner) {
    std::uint32_t least = 1;
    std::uint32_t most = 1;
    constexpr std::uint32_t kEndless = ~std::uint32_t{0};
    if (skip("*")) {
      least = 0;
      most = kEndless;
    } else if (skip("+")) {
      most = kEndless;
    } else if (skip("?")) {
      least = 0;
    } else if (skip("{")) {
      auto number = [&]() -> std::optional<std::uint32_t> {
        std::optional<std::uint32_t> value;
        for (; at_ < source_.size() && source_[at_] >= '0' && source_[at_] <= '9'; ++at_) {
          value = value.value_or(0) * 10 + static_cast<std::uint32_t>(source_[at_] - '0');
          if (*value > 1000) return std::nullopt;
        }
        return value;
      };
      const auto from = number();
      const auto to = skip(",") ? (is_next("}") ? std::optional(kEndless) : number()) : from;
      if (!from || !to || *to < *from || !skip("}")) return error("no count of up to 1,000");
      least = *from;
      most = *to;
    } else {
      return inner;
    }
    const bool lazy = skip("?");
    if (is_next("+")) return error("possessive quantifiers are not supported");
    Fragment whole;
    const auto fits = [&](std::size_t copies) {
      return copies * (inner.size() + 1) <= Expression::kMaxInstructions;
    };
    const std::uint32_t copies = most == kEndless ? least + 1 : most;
    if (!fits(copies)) return too_large();
    const auto fork = [&](std::int32_t into, std::int32_t past) {
      return lazy ? Expression::Instruction{Operation::fork, past, into}
                  : Expression::Instruction{Operation::fork, into, past};
    };
    for (std::uint32_t i = 0; i < least; ++i) append(whole, inner);
    if (most == kEndless) {
      whole.push_back(fork(1, length(inner) + 2));
      append(whole, inner);
      whole.push_back({Operation::jump, -(length(inner) + 1)});
    } else {
      for (std::uint32_t left = most - least; left > 0; --left) {
        const auto past = static_cast<std::int32_t>(left) * (length(inner) + 1);
        whole.push_back(fork(1, past));
        append(whole, inner);
      }
    }
    return whole;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  Expression expression_;
};

Result<Expression> Expression::compile(std::string_view source) {
  return ExpressionCompiler(source).compile();
}

// The threads of one search: places of the program, each once, in the order of preference.
class Expression::Run {
 public:
  Run(const Expression& expression, std::string_view text)
      : expression_(expression), text_(text), seen_(expression.program_.size(), kNever) {
    constexpr std::uint64_t kStepsPerByte = 200;
    constexpr std::uint64_t kStepsAtLeast = 5'000'000;
    steps_left_ = kStepsAtLeast + kStepsPerByte * text.size();
  }

  // The first match from `from` on; none, or too many steps.
  std::optional<Match> find(std::size_t from) {
    std::optional<Match> found;
    std::vector<std::pair<std::int32_t, std::size_t>> threads;  // place, where it began
    std::vector<std::pair<std::int32_t, std::size_t>> next;
    for (std::size_t at = from; !is_exhausted();) {
      ++step_;
      const bool at_end = at == text_.size();
      const Decoded decoded = at_end ? Decoded{0, 0, false} : decode_one(text_, at);
      // In the order of preference: threads that began earlier, then one that begins here.
      next.clear();
      for (const auto& [place, began] : threads) {
        if (add(place, began, at, decoded, next)) {
          found = Match{began, at};
          break;
        }
      }
      if (!found && !at_end) add(0, at, at, decoded, next);
      threads.clear();
      // `next` holds those that want a character; those who get it go on.
      for (const auto& [place, began] : next) {
        const Instruction& wanted = expression_.program_[static_cast<std::size_t>(place)];
        if (!at_end && set(wanted).holds(decoded.code_point))
          threads.emplace_back(place + 1, began);
      }
      if (at_end || (threads.empty() && found)) break;
      at += decoded.length;
    }
    return found;
  }

  [[nodiscard]] bool is_exhausted() const { return steps_left_ == 0; }

 private:
  static constexpr std::uint64_t kNever = 0;

  [[nodiscard]] const Set& set(const Instruction& instruction) const {
    return expression_.sets_[static_cast<std::size_t>(instruction.first)];
  }

  // Follows what needs no character from `place` on. True where a match that is not empty ends
  // here: what is less preferred is then left out.
  bool add(std::int32_t place, std::size_t began, std::size_t at, const Decoded& decoded,
           std::vector<std::pair<std::int32_t, std::size_t>>& out) {
    stack_.assign(1, place);
    while (!stack_.empty() && steps_left_ > 0) {
      const std::int32_t top = stack_.back();
      stack_.pop_back();
      --steps_left_;
      std::uint64_t& seen = seen_[static_cast<std::size_t>(top)];
      if (seen == step_) continue;
      seen = step_;
      const Instruction& instruction = expression_.program_[static_cast<std::size_t>(top)];
      const bool at_end = at == text_.size();
      switch (instruction.operation) {
        case Operation::set: out.emplace_back(top, began); break;
        case Operation::fork:
          stack_.push_back(top + instruction.second);
          stack_.push_back(top + instruction.first);
          break;
        case Operation::jump: stack_.push_back(top + instruction.first); break;
        case Operation::ahead:
          if (!at_end && set(instruction).holds(decoded.code_point)) stack_.push_back(top + 1);
          break;
        case Operation::not_ahead:
          if (at_end || !set(instruction).holds(decoded.code_point)) stack_.push_back(top + 1);
          break;
        case Operation::begin:
          if (at == 0) stack_.push_back(top + 1);
          break;
        case Operation::end:
          if (at_end) stack_.push_back(top + 1);
          break;
        case Operation::match:
          if (at > began) return true;
          break;
      }
    }
    return false;
  }

  const Expression& expression_;
  std::string_view text_;
  std::uint64_t steps_left_;
  std::uint64_t step_ = kNever;
  std::vector<std::uint64_t> seen_;  // the step in which a place was reached last
  std::vector<std::int32_t> stack_;
};

Result<std::vector<Match>> Expression::find_all(std::string_view text) const {
  std::vector<Match> matches;
  Run run(*this, text);
  for (std::size_t at = 0; at < text.size();) {
    const auto found = run.find(at);
    if (run.is_exhausted()) {
      return Error{.code = "pattern-too-slow",
                   .where = "pattern",
                   .what = "looks too far ahead too often in this text of " +
                           std::to_string(text.size()) + " bytes"};
    }
    if (!found) break;
    matches.push_back(*found);
    at = found->end;
  }
  return matches;
}

}  // namespace tagscope
