#include "tokenizer/clip_tokenizer.h"

#include <algorithm>
#include <array>

#include "text/case.h"
#include "text/html_unescape.h"
#include "text/normalize.h"
#include "text/unicode.h"
#include "text/utf8.h"
#include "tokenizer/bpe.h"

namespace tagscope {
namespace {

struct Profile {
  std::string_view start_literal;
  std::string_view end_literal;
  // The pattern is compiled with IGNORECASE of Python's `regex`.
  bool ignore_case;
};

constexpr Profile kProfiles[] = {
    {"<|startoftext|>", "<|endoftext|>", true},  // openai
};
static_assert(std::size(kProfiles) == std::size(kClipProfileNames));

const Profile& rules_of(ClipProfile profile) {
  return kProfiles[static_cast<std::size_t>(profile)];
}

constexpr char32_t kLongS = 0x17F;
constexpr char32_t kCombiningYpogegrammeni = 0x345;

// decode_one with the way out for ASCII in line.
Decoded decoded_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte < 0x80 ? Decoded{byte, 1, true} : decode_one(text, at);
}

// The classes of the pattern's character alternatives. `nothing` is matched by none.
enum class Class : std::uint8_t { letter, number, symbol, nothing };

Class class_of(char32_t c, const Profile& rules) {
  if (is_letter(c)) return Class::letter;
  if (is_number(c)) return Class::number;
  if (is_white_space(c)) return Class::nothing;
  // Under IGNORECASE `regex` tries a negated set on every case of a character: the
  // capital of this mark is Ι, a letter, so [^\s\p{L}\p{N}] refuses it; [\p{L}] by
  // itself is tried on the mark alone and refuses it too. The only such character.
  if (rules.ignore_case && c == kCombiningYpogegrammeni) return Class::nothing;
  return Class::symbol;
}

// The end of `literal` (lower-case ASCII) at byte `at` of a lower-cased text, or
// `at` where it is not there. Case folding adds ſ for s, and nothing else.
std::size_t match_literal(std::string_view text, std::size_t at, std::string_view literal,
                          const Profile& rules) {
  std::size_t i = at;
  for (const char expected : literal) {
    if (i == text.size()) return at;
    if (text[i] == expected) {
      ++i;
      continue;
    }
    if (!rules.ignore_case || expected != 's') return at;
    const Decoded decoded = decode_one(text, i);
    if (decoded.code_point != kLongS) return at;
    i += decoded.length;
  }
  return i;
}

// The end of the pattern's match at byte `at`, the alternatives in their order:
//   specials | 's|'t|'re|'ve|'m|'ll|'d | [\p{L}]+ | [\p{N}] | [^\s\p{L}\p{N}]+
// or `at` where nothing matches. Precondition: at < text.size().
std::size_t match_word(std::string_view text, std::size_t at, const Profile& rules) {
  if (text[at] == '<') {
    for (const std::string_view literal : {rules.start_literal, rules.end_literal}) {
      if (const auto end = match_literal(text, at, literal, rules); end != at) return end;
    }
  } else if (text[at] == '\'') {
    for (const std::string_view literal : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
      if (const auto end = match_literal(text, at, literal, rules); end != at) return end;
    }
  }
  Decoded decoded = decoded_at(text, at);
  const Class first = class_of(decoded.code_point, rules);
  if (first == Class::nothing) return at;
  std::size_t end = at + decoded.length;
  if (first == Class::number) return end;
  for (; end < text.size(); end += decoded.length) {
    decoded = decoded_at(text, end);
    if (class_of(decoded.code_point, rules) != first) break;
  }
  return end;
}

// str.strip()
std::string_view stripped(std::string_view text) {
  const auto is_space_at = [&](std::size_t at) {
    return is_python_space(decoded_at(text, at).code_point);
  };
  std::size_t begin = 0;
  while (begin < text.size() && is_space_at(begin)) begin += decoded_at(text, begin).length;
  std::size_t end = text.size();
  while (end > begin) {
    std::size_t last = end - 1;
    while (last > begin && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
    if (!is_space_at(last)) break;
    end = last;
  }
  return text.substr(begin, end - begin);
}

// re.sub(r"\s+", " ", text)
std::string with_single_spaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool in_space = false;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decoded_at(text, at);
    const bool space = is_white_space(decoded.code_point);
    if (!space) {
      out.append(text, at, decoded.length);
    } else if (!in_space) {
      out += ' ';
    }
    in_space = space;
    at += decoded.length;
  }
  return out;
}

// ASCII without "&": normalisation and entities cannot change it.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '&'; });
}

// `text` is stripped once only: its ends are then no white space, and what the
// reference strips again after the collapse is nothing.
std::string white_space_cleaned(std::string_view text) {
  return to_lower(with_single_spaces(stripped(text)));
}

}  // namespace

Result<ClipProfile> clip_profile(std::string_view name) {
  const auto found = std::find(std::begin(kClipProfileNames), std::end(kClipProfileNames), name);
  if (found != std::end(kClipProfileNames)) {
    return static_cast<ClipProfile>(found - std::begin(kClipProfileNames));
  }
  std::string known;
  for (const std::string_view known_name : kClipProfileNames) {
    known += (known.empty() ? "" : ", ") + std::string(known_name);
  }
  return Error{
      .code = "unknown-profile",
      .where = "profile",
      .what = "clip has no profile \"" + std::string(name.substr(0, 64)) + "\"; it has " + known};
}

std::string clip_clean(std::string_view text, ClipProfile profile) {
  switch (profile) {
    case ClipProfile::openai:
      if (is_plain(text)) return white_space_cleaned(text);
      return white_space_cleaned(html_unescape(html_unescape(nfc(text))));
  }
  return {};
}

std::vector<ClipToken> clip_tokenize(const ClipVocabulary& vocabulary, std::string_view cleaned,
                                     ClipProfile profile) {
  const Profile& rules = rules_of(profile);
  std::vector<ClipToken> tokens;
  std::vector<ClipVocabulary::Id> ids;
  for (std::size_t at = 0; at < cleaned.size();) {
    const std::size_t end = match_word(cleaned, at, rules);
    if (end == at) {
      at += decoded_at(cleaned, at).length;
      continue;
    }
    const std::string_view word = cleaned.substr(at, end - at);
    ids.clear();
    // Only the exact literal is the special token; another case of it is a word.
    if (word == rules.start_literal) {
      ids.push_back(ClipVocabulary::kStart);
    } else if (word == rules.end_literal) {
      ids.push_back(ClipVocabulary::kEnd);
    } else {
      append_bpe(ids, vocabulary, word);
    }
    std::size_t begin = at;
    for (const ClipVocabulary::Id id : ids) {
      // A special token's literal may differ from the vocabulary's own.
      const std::size_t token_end =
          id >= ClipVocabulary::kStart ? end : begin + vocabulary.bytes(id).size();
      tokens.push_back(
          {id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(token_end)});
      begin = token_end;
    }
    at = end;
  }
  return tokens;
}

std::vector<std::uint32_t> ClipEncoding::ids() const {
  std::vector<std::uint32_t> ids;
  ids.reserve(tokens.size());
  for (const ClipToken& token : tokens) ids.push_back(token.id);
  return ids;
}

Result<ClipEncoding> clip_encode(const ClipVocabulary& vocabulary, std::string_view text,
                                 ClipProfile profile) {
  const auto too_long = [](std::string_view which, std::size_t size) {
    return Error{.code = "text-too-long",
                 .where = "text",
                 .what = std::string(which) + " is " + std::to_string(size) +
                         " bytes; the limit is " + std::to_string(kMaxClipTextBytes)};
  };
  if (text.size() > kMaxClipTextBytes) return too_long("the text", text.size());
  ClipEncoding encoding{.cleaned = clip_clean(text, profile), .tokens = {}};
  // Normalisation may lengthen a text.
  if (encoding.cleaned.size() > kMaxClipTextBytes) {
    return too_long("the cleaned text", encoding.cleaned.size());
  }
  encoding.tokens = clip_tokenize(vocabulary, encoding.cleaned, profile);
  return encoding;
}

Result<std::string> clip_decode(const ClipVocabulary& vocabulary,
                                std::span<const std::uint32_t> ids) {
  constexpr std::string_view kWordEnd = "</w>";
  std::string bytes;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] >= ClipVocabulary::kSize) {
      return Error{.code = "bad-token-id",
                   .where = "ids[" + std::to_string(i) + "]",
                   .what = "is " + std::to_string(ids[i]) + "; CLIP's ids end at " +
                           std::to_string(ClipVocabulary::kSize - 1)};
    }
    bytes += vocabulary.bytes(ids[i]);
    if (vocabulary.ends_word(ids[i])) bytes += kWordEnd;
  }
  // The reference replaces the mark in the decoded text, so that bytes which happen
  // to spell it become a space as well.
  const std::string text = replace_invalid_utf8(bytes);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t mark = std::min(text.find(kWordEnd, at), text.size());
    out.append(text, at, mark - at);
    if (mark == text.size()) break;
    out += ' ';
    at = mark + kWordEnd.size();
  }
  return out;
}

Result<std::vector<std::uint32_t>> clip_context(std::span<const std::uint32_t> body,
                                                std::size_t length, bool truncate,
                                                std::uint32_t pad) {
  if (length < 2 || length > kMaxClipContextLength) {
    return Error{.code = "bad-context-length",
                 .where = "context",
                 .what = "is " + std::to_string(length) + "; must be 2 to " +
                         std::to_string(kMaxClipContextLength)};
  }
  const std::size_t room = length - 2;
  if (body.size() > room && !truncate) {
    return Error{.code = "context-too-long",
                 .where = "context",
                 .what = "the text is " + std::to_string(body.size() + 2) +
                         " tokens with start and end; the limit is " + std::to_string(length)};
  }
  const auto kept = body.first(std::min(body.size(), room));
  std::vector<std::uint32_t> context;
  context.reserve(length);
  context.push_back(ClipVocabulary::kStart);
  context.insert(context.end(), kept.begin(), kept.end());
  context.push_back(ClipVocabulary::kEnd);
  context.resize(length, pad);
  return context;
}

std::vector<std::uint32_t> token_count_census(const ClipVocabulary& vocabulary, unsigned letters) {
  std::vector<std::uint32_t> strings(letters + 1, 0);
  std::array<char, 4> word;
  word.fill('a');
  const std::string_view written(word.data(), letters);
  for (;;) {
    ++strings[count_bpe(vocabulary, written)];
    std::size_t at = letters;
    while (at > 0 && word[at - 1] == 'z') word[--at] = 'a';
    if (at == 0) return strings;
    ++word[at - 1];
  }
}

}  // namespace tagscope
