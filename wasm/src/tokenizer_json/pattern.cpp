#include "tokenizer_json/pattern.h"

namespace tagscope {
namespace {

// As tokenizer.json files write them: GPT-2's, that of Llama 3 and cl100k, that of o200k.
constexpr std::pair<std::string_view, BytePattern> kKnown[] = {
    {R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
     BytePattern::gpt2},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
     R"(|\s*[\r\n]+|\s+(?!\S)|\s+)",
     BytePattern::cl100k},
    {R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
     R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
     R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
     R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
     R"(|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     BytePattern::o200k},
};

}  // namespace

Error replaced_too_long() {
  return {.code = "text-too-long",
          .where = "text",
          .what = "becomes more than " + std::to_string(kMaxReplacedBytes) + " bytes"};
}

Result<Pattern> Pattern::read(const Part& part) {
  if (auto checked = part.require_object(); !checked) return checked.error();
  Pattern pattern;
  if (const auto literal = part.find("String")) {
    TAGSCOPE_TAKE(text, literal->text());
    if (text.empty()) return literal->unsupported("an empty string matches nothing");
    pattern.literal_ = std::move(text);
    return pattern;
  }
  TAGSCOPE_TAKE(regex, part.require("Regex"));
  TAGSCOPE_TAKE(source, regex.text());
  for (const auto& [known, byte_pattern] : kKnown) {
    if (source == known) {
      pattern.known_ = byte_pattern;
      return pattern;
    }
  }
  auto compiled = Expression::compile(source);
  if (!compiled) {
    const Error& error = compiled.error();
    return regex.unsupported("the regular expression, " + error.where + ": " + error.what);
  }
  pattern.expression_ = *std::move(compiled);
  return pattern;
}

Pattern Pattern::gpt2() {
  Pattern pattern;
  pattern.known_ = BytePattern::gpt2;
  return pattern;
}

Result<std::vector<Match>> Pattern::find_all(std::string_view text) const {
  if (expression_) return expression_->find_all(text);
  std::vector<Match> matches;
  if (known_) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = word_end(*known_, text, at);
      matches.push_back({at, end});
      at = end;
    }
    return matches;
  }
  for (std::size_t at = text.find(literal_); at != text.npos; at = text.find(literal_, at)) {
    matches.push_back({at, at + literal_.size()});
    at += literal_.size();
  }
  return matches;
}

Result<std::string> Pattern::replace(std::string_view text, std::string_view with) const {
  TAGSCOPE_TAKE(matches, find_all(text));
  std::string out;
  std::size_t copied = 0;
  for (const Match& match : matches) {
    out.append(text, copied, match.begin - copied).append(with);
    copied = match.end;
    if (out.size() > kMaxReplacedBytes) {
      return replaced_too_long();
    }
  }
  return out.append(text, copied, text.size() - copied);
}

}  // namespace tagscope
