// The regular expressions of tokenizer.json files, matched in time bounded by the text whatever
// the expression: all ways to match are followed side by side (K. Thompson, "Regular Expression
// Search Algorithm", CACM 11, 1968; R. Cox, "Regular Expression Matching: the Virtual Machine
// Approach", 2009), in the order of preference of a backtracking matcher.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace tagscope {

// \w as UTS #18, annex C, has it: letters, marks, digits and what joins them.
[[nodiscard]] bool is_word_character(char32_t code_point);

// Half-open, in bytes.
struct Match {
  std::size_t begin;
  std::size_t end;
};

// An expression over code points. Understood are: alternatives, groups (?:…), (…), (?i:…);
// classes […] with ranges and negation, \s \S \d \D \w \W, \p{…} and \P{…} of general
// categories, . and escaped characters; the quantifiers * + ? {n} {n,} {n,m}, also lazy; ^ and $;
// and looking ahead one class, (?=…) and (?!…).
class Expression {
 public:
  // Longer sources and larger programs are refused.
  static constexpr std::size_t kMaxSourceBytes = 4096;
  static constexpr std::size_t kMaxInstructions = 4096;

  // An Error `unsupported-pattern` says what is not understood, with the byte offset.
  [[nodiscard]] static Result<Expression> compile(std::string_view source);

  // All matches from left to right, none empty, none overlapping. Precondition: well-formed
  // UTF-8. Error `pattern-too-slow` past 200 steps a byte, which an expression can need
  // that looks far ahead from everywhere.
  [[nodiscard]] Result<std::vector<Match>> find_all(std::string_view text) const;

 private:
  friend class ExpressionCompiler;

  // What a class holds, each over code points; a class holds what any of its items holds.
  struct Item {
    enum class Kind : std::uint8_t { range, categories, white_space, word };
    Kind kind = Kind::range;
    bool negated = false;
    char32_t first = 0;
    char32_t last = 0;
    std::uint32_t categories = 0;  // one bit each, as Category numbers them
  };
  struct Set {
    std::vector<Item> items;
    bool negated = false;
    bool ignore_case = false;
    std::uint64_t ascii[2] = {0, 0};  // who of ASCII is in it

    [[nodiscard]] bool holds(char32_t code_point) const;
    [[nodiscard]] bool computed(char32_t code_point) const;
    void finish();
  };
  enum class Operation : std::uint8_t { set, fork, jump, ahead, not_ahead, begin, end, match };
  // Targets are relative. A fork prefers `first`.
  struct Instruction {
    Operation operation;
    std::int32_t first = 0;   // set, ahead: the index of the set; fork, jump: a target
    std::int32_t second = 0;  // fork: the other target
  };

  class Run;

  std::vector<Set> sets_;
  std::vector<Instruction> program_;
};

}  // namespace tagscope
