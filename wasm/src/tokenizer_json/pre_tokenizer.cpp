#include "tokenizer_json/pre_tokenizer.h"

#include <algorithm>
#include <utility>

#include "text/unicode.h"
#include "text/utf8.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer_json/pattern.h"

namespace tagscope {
namespace {

using Owned = std::unique_ptr<const PreTokenizer>;
using Segment = CutText::Segment;
using Kind = CutText::Kind;

// What becomes of a match of the pattern that cuts.
enum class Behavior : std::uint8_t { removed, isolated, with_previous, with_next, contiguous };

// A part of a word: a match, or what lies between two.
struct Piece {
  std::size_t begin;
  std::size_t end;
  bool is_match;
};

// SplitDelimiterBehavior of tokenizer/normalizer.rs. What is not in the result is removed.
std::vector<Piece> behaved(const std::vector<Piece>& pieces, Behavior behavior) {
  std::vector<Piece> out;
  switch (behavior) {
    case Behavior::isolated: return pieces;
    case Behavior::removed:
      std::copy_if(pieces.begin(), pieces.end(), std::back_inserter(out),
                   [](const Piece& piece) { return !piece.is_match; });
      return out;
    case Behavior::contiguous:
      for (const Piece& piece : pieces) {
        if (!out.empty() && out.back().is_match == piece.is_match) {
          out.back().end = piece.end;
        } else {
          out.push_back(piece);
        }
      }
      return out;
    case Behavior::with_previous: {
      bool follows_match = false;
      for (const Piece& piece : pieces) {
        if (piece.is_match && !follows_match && !out.empty()) {
          out.back().end = piece.end;
        } else {
          out.push_back(piece);
        }
        follows_match = piece.is_match;
      }
      return out;
    }
    case Behavior::with_next: {
      bool precedes_match = false;
      for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {
        if (piece->is_match && !precedes_match && !out.empty()) {
          out.back().begin = piece->begin;
        } else {
          out.push_back(*piece);
        }
        precedes_match = piece->is_match;
      }
      std::reverse(out.begin(), out.end());
      return out;
    }
  }
  return out;
}

// Runs of the text under matches and the gaps between them.
std::vector<Piece> pieces_of(std::size_t size, const std::vector<Match>& matches, bool inverted) {
  std::vector<Piece> pieces;
  std::size_t at = 0;
  for (const Match& match : matches) {
    if (at < match.begin) pieces.push_back({at, match.begin, inverted});
    pieces.push_back({match.begin, match.end, !inverted});
    at = match.end;
  }
  if (at < size) pieces.push_back({at, size, inverted});
  return pieces;
}

// Replaces each word by the parts that `cut` (its text → Result of sorted pieces) leaves of it.
template <typename Cut>
Status cut_words(CutText& cut_text, Cut cut) {
  std::vector<Segment> segments;
  segments.reserve(cut_text.segments.size());
  for (const Segment& segment : cut_text.segments) {
    if (segment.kind != Kind::word) {
      segments.push_back(segment);
      continue;
    }
    const auto word =
        std::string_view(cut_text.text).substr(segment.begin, segment.end - segment.begin);
    Result<std::vector<Piece>> pieces = cut(word);
    if (!pieces) return pieces.error();
    std::uint32_t at = segment.begin;
    const auto add = [&](std::size_t end, Kind kind) {
      if (at == end) return;
      segments.push_back(
          {at, static_cast<std::uint32_t>(end), kind, 0, segment.is_first && at == segment.begin});
      at = static_cast<std::uint32_t>(end);
    };
    for (const Piece& piece : *pieces) {
      add(segment.begin + piece.begin, Kind::dropped);
      add(segment.begin + piece.end, Kind::word);
    }
    add(segment.end, Kind::dropped);
  }
  cut_text.segments = std::move(segments);
  return ok_status();
}

// Rewrites each word by `change` (segment, its text → its new text).
template <typename Change>
Status change_words(CutText& cut_text, Change change) {
  std::string text;
  text.reserve(cut_text.text.size());
  for (Segment& segment : cut_text.segments) {
    const auto old =
        std::string_view(cut_text.text).substr(segment.begin, segment.end - segment.begin);
    segment.begin = static_cast<std::uint32_t>(text.size());
    if (segment.kind == Kind::word) {
      text += change(segment, old);
    } else {
      text += old;
    }
    if (text.size() > kMaxReplacedBytes) {
      return replaced_too_long();
    }
    segment.end = static_cast<std::uint32_t>(text.size());
  }
  cut_text.text = std::move(text);
  return ok_status();
}

class Split final : public PreTokenizer {
 public:
  Split(Pattern pattern, Behavior behavior, bool inverted)
      : pattern_(std::move(pattern)), behavior_(behavior), inverted_(inverted) {}
  [[nodiscard]] Status apply(CutText& cut) const override {
    return cut_words(cut, [this](std::string_view word) -> Result<std::vector<Piece>> {
      TAGSCOPE_TAKE(matches, pattern_.find_all(word));
      return behaved(pieces_of(word.size(), matches, inverted_), behavior_);
    });
  }

 private:
  Pattern pattern_;
  Behavior behavior_;
  bool inverted_;
};

// Cuts at single characters of a kind.
class SplitAt final : public PreTokenizer {
 public:
  using Test = bool (*)(char32_t);
  SplitAt(Test test, Behavior behavior) : test_(test), behavior_(behavior) {}
  [[nodiscard]] Status apply(CutText& cut) const override {
    return cut_words(cut, [this](std::string_view word) -> Result<std::vector<Piece>> {
      std::vector<Match> matches;
      for (std::size_t at = 0; at < word.size();) {
        const Decoded decoded = decode_one(word, at);
        if (test_(decoded.code_point)) matches.push_back({at, at + decoded.length});
        at += decoded.length;
      }
      return behaved(pieces_of(word.size(), matches, false), behavior_);
    });
  }

 private:
  Test test_;
  Behavior behavior_;
};

bool is_space(char32_t c) { return is_white_space(c); }
bool is_numeric(char32_t c) { return is_number(c); }
bool is_punctuation_mark(char32_t c) {
  if (c < 0x80) {
    return (c >= U'!' && c <= U'/') || (c >= U':' && c <= U'@') || (c >= U'[' && c <= U'`') ||
           (c >= U'{' && c <= U'~');
  }
  return is_punctuation(general_category(c));
}

class ByteLevel final : public PreTokenizer {
 public:
  ByteLevel(bool add_prefix_space, bool use_expression)
      : add_prefix_space_(add_prefix_space), use_expression_(use_expression) {}
  [[nodiscard]] Status apply(CutText& cut) const override {
    if (add_prefix_space_) {
      auto changed = change_words(cut, [](const Segment&, std::string_view word) {
        return word.starts_with(' ') ? std::string(word) : " " + std::string(word);
      });
      if (!changed) return changed;
    }
    if (use_expression_) {
      auto split = Split(Pattern::gpt2(), Behavior::isolated, false).apply(cut);
      if (!split) return split;
    }
    cut.in_byte_alphabet = true;
    return change_words(cut,
                        [](const Segment&, std::string_view word) { return written_bytes(word); });
  }

 private:
  bool add_prefix_space_;
  bool use_expression_;
};

enum class PrependScheme : std::uint8_t { always, never, first };

class Metaspace final : public PreTokenizer {
 public:
  Metaspace(std::string replacement, PrependScheme scheme, bool split)
      : replacement_(std::move(replacement)), scheme_(scheme), split_(split) {}
  [[nodiscard]] Status apply(CutText& cut) const override {
    auto changed = change_words(cut, [this](const Segment& segment, std::string_view word) {
      std::string out;
      for (const char c : word) {
        if (c == ' ') {
          out += replacement_;
        } else {
          out += c;
        }
      }
      const bool prepends =
          scheme_ == PrependScheme::always || (scheme_ == PrependScheme::first && segment.is_first);
      return prepends && !out.starts_with(replacement_) ? replacement_ + out : out;
    });
    if (!changed || !split_) return changed;
    return cut_words(cut, [this](std::string_view word) -> Result<std::vector<Piece>> {
      std::vector<Match> matches;
      for (auto at = word.find(replacement_); at != word.npos; at = word.find(replacement_, at)) {
        matches.push_back({at, at + replacement_.size()});
        at += replacement_.size();
      }
      return behaved(pieces_of(word.size(), matches, false), Behavior::with_next);
    });
  }

 private:
  std::string replacement_;
  PrependScheme scheme_;
  bool split_;
};

class Sequence final : public PreTokenizer {
 public:
  explicit Sequence(std::vector<Owned> steps) : steps_(std::move(steps)) {}
  [[nodiscard]] Status apply(CutText& cut) const override {
    for (const Owned& step : steps_) {
      if (auto applied = step->apply(cut); !applied) return applied;
    }
    return ok_status();
  }

 private:
  std::vector<Owned> steps_;
};

Result<Behavior> read_behavior(const Part& part, std::string_view absent) {
  TAGSCOPE_TAKE(name, part.text_or("behavior", absent));
  constexpr std::pair<std::string_view, Behavior> kNames[] = {
      {"Removed", Behavior::removed},
      {"Isolated", Behavior::isolated},
      {"MergedWithPrevious", Behavior::with_previous},
      {"MergedWithNext", Behavior::with_next},
      {"Contiguous", Behavior::contiguous},
  };
  for (const auto& [known, behavior] : kNames) {
    if (known == name) return behavior;
  }
  return part.unsupported("the behavior " + name.substr(0, 64) + " is not supported");
}

Result<Owned> read_split(const Part& part) {
  TAGSCOPE_TAKE(pattern_part, part.require("pattern"));
  TAGSCOPE_TAKE(pattern, Pattern::read(pattern_part));
  TAGSCOPE_TAKE(behavior, read_behavior(part, "Isolated"));
  TAGSCOPE_TAKE(inverted, part.boolean_or("invert", false));
  return Owned(std::make_unique<Split>(std::move(pattern), behavior, inverted));
}

Result<Owned> read_metaspace(const Part& part) {
  TAGSCOPE_TAKE(character, part.character_or("replacement", U'\u2581'));
  TAGSCOPE_TAKE(prefix, part.boolean_or("add_prefix_space", true));
  TAGSCOPE_TAKE(scheme, part.text_or("prepend_scheme", prefix ? "always" : "never"));
  TAGSCOPE_TAKE(split, part.boolean_or("split", true));
  std::string replacement;
  append_utf8(replacement, character);
  const auto make = [&](PrependScheme which) {
    return Owned(std::make_unique<Metaspace>(std::move(replacement), which, split));
  };
  if (scheme == "always") return make(PrependScheme::always);
  if (scheme == "never") return make(PrependScheme::never);
  if (scheme == "first") return make(PrependScheme::first);
  return part.unsupported("the prepend_scheme " + scheme.substr(0, 64) + " is not supported");
}

Result<Owned> read_sequence(const Part& part) {
  TAGSCOPE_TAKE(list, part.require("pretokenizers"));
  TAGSCOPE_TAKE(items, list.items());
  std::vector<Owned> steps;
  for (const Part& item : items) {
    TAGSCOPE_TAKE(step, read_pre_tokenizer(item));
    steps.push_back(std::move(step));
  }
  return Owned(std::make_unique<Sequence>(std::move(steps)));
}

// An expression of the library's own.
Owned split_words(std::string_view source) {
  const Json json = {{"Regex", source}};
  return std::make_unique<Split>(*Pattern::read(Part(json, "")), Behavior::removed, true);
}

}  // namespace

Result<Owned> read_pre_tokenizer(const Part& part) {
  TAGSCOPE_TAKE(type, part.type());
  const auto split_at = [](SplitAt::Test test, Behavior behavior) {
    return Owned(std::make_unique<SplitAt>(test, behavior));
  };
  if (type == "ByteLevel") {
    TAGSCOPE_TAKE(prefix, part.boolean_or("add_prefix_space", true));
    TAGSCOPE_TAKE(use_regex, part.boolean_or("use_regex", true));
    return Owned(std::make_unique<ByteLevel>(prefix, use_regex));
  }
  if (type == "Split") return read_split(part);
  if (type == "Metaspace") return read_metaspace(part);
  if (type == "Sequence") return read_sequence(part);
  if (type == "Whitespace") return split_words(R"(\w+|[^\w\s]+)");
  if (type == "WhitespaceSplit") return split_at(&is_space, Behavior::removed);
  if (type == "BertPreTokenizer") {
    std::vector<Owned> steps;
    steps.push_back(split_at(&is_space, Behavior::removed));
    steps.push_back(split_at(&is_punctuation_mark, Behavior::isolated));
    return Owned(std::make_unique<Sequence>(std::move(steps)));
  }
  if (type == "Digits") {
    TAGSCOPE_TAKE(individual, part.boolean_or("individual_digits", false));
    return split_at(&is_numeric, individual ? Behavior::isolated : Behavior::contiguous);
  }
  if (type == "Punctuation") {
    TAGSCOPE_TAKE(behavior, read_behavior(part, "Isolated"));
    return split_at(&is_punctuation_mark, behavior);
  }
  if (type == "CharDelimiterSplit") {
    TAGSCOPE_TAKE(delimiter, part.require("delimiter"));
    TAGSCOPE_TAKE(text, delimiter.text());
    const Json json = {{"String", text}};
    TAGSCOPE_TAKE(pattern, Pattern::read(Part(json, delimiter.path())));
    return Owned(std::make_unique<Split>(std::move(pattern), Behavior::removed, false));
  }
  return part.unsupported("the pre-tokenizer " + type.substr(0, 64) + " is not supported");
}

}  // namespace tagscope
