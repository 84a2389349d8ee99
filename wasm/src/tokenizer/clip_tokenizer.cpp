#include "tokenizer/clip_tokenizer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "text/case.h"
#include "text/fix_text.h"
#include "text/html_unescape.h"
#include "text/normalize.h"
#include "text/unicode.h"
#include "text/utf8.h"
#include "tokenizer/bpe.h"
#include "tokenizer/word_cache.h"

namespace tagscope {
namespace {

struct Profile {
  // Start and end; all lower-case ASCII.
  SpecialToken specials[2];
  // The pattern is compiled with IGNORECASE of Python's `regex`.
  bool ignore_case;
  // Special tokens are cut out wherever they stand, before the pattern is applied.
  bool cuts_specials;
  // Fills the context up.
  std::uint32_t pad;
  bool truncates;
};

constexpr Profile kProfiles[] = {
    {{{"<|startoftext|>", ClipVocabulary::kStart}, {"<|endoftext|>", ClipVocabulary::kEnd}},
     true,
     false,
     0,
     false},  // openai
    {{{"<start_of_text>", ClipVocabulary::kStart}, {"<end_of_text>", ClipVocabulary::kEnd}},
     true,
     false,
     0,
     true},  // open_clip
    {{{"<|startoftext|>", ClipVocabulary::kStart}, {"<|endoftext|>", ClipVocabulary::kEnd}},
     false,
     true,
     ClipVocabulary::kEnd,
     false},  // hf-fast
    {{{"<|startoftext|>", ClipVocabulary::kStart}, {"<|endoftext|>", ClipVocabulary::kEnd}},
     true,
     false,
     0,
     false},  // openai_with_nfc
};
static_assert(std::size(kProfiles) == std::size(kClipProfileNames) + 1);

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
  if (text[at] == '<' && !rules.cuts_specials) {
    for (const SpecialToken& special : rules.specials) {
      if (const auto end = match_literal(text, at, special.literal, rules); end != at) return end;
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

// ASCII without "&" and control characters: ftfy and entities cannot change it.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x7F && byte != '&' &&
           (byte >= 0x20 || (byte >= 9 && byte != 0x0B && byte <= 13));
  });
}

// `text` is stripped once only: its ends are then no white space, and what the
// reference strips again after the collapse is nothing.
std::string white_space_cleaned(std::string_view text) {
  return to_lower(with_single_spaces(stripped(text)));
}

// Lower case of each character by itself, NFC before and white space to single spaces, as
// transformers' normalizer for CLIP.
void append_normalized(std::string& out, std::string_view text) {
  const std::string spaced = with_single_spaces(nfc(text));
  for (std::size_t at = 0; at < spaced.size();) {
    const Decoded decoded = decoded_at(spaced, at);
    append_lower(out, decoded.code_point);
    at += decoded.length;
  }
}

// Visits the parts of `text` between the literals of `specials`, and those; empty parts are left
// out.
template <typename Visit>
void for_each_segment(std::string_view text, std::span<const SpecialToken> specials, Visit visit) {
  std::size_t begin = 0;
  for (std::size_t at = text.find('<'); at < text.size(); at = text.find('<', at)) {
    const auto special = std::find_if(
        specials.begin(), specials.end(),
        [&](const SpecialToken& one) { return text.substr(at).starts_with(one.literal); });
    if (special == specials.end()) {
      ++at;
      continue;
    }
    if (at > begin) visit(text.substr(begin, at - begin), nullptr);
    visit(text.substr(at, special->literal.size()), &*special);
    at += special->literal.size();
    begin = at;
  }
  if (begin < text.size()) visit(text.substr(begin), nullptr);
}

// Those of them that are cut out of the raw text, and those that are cut out of what is left once
// it is cleaned. transformers' AddedTokens for CLIP: only the end token has normalized=False.
std::span<const SpecialToken> cut_from_raw(const Profile& rules) {
  return std::span(rules.specials).subspan(1, rules.cuts_specials ? 1 : 0);
}
std::span<const SpecialToken> cut_from_cleaned(const Profile& rules) {
  return std::span(rules.specials).first(rules.cuts_specials ? 1 : 0);
}

// The special token that the pattern found as this word, or nullptr. Only the exact literal is
// one; another case of it is a word.
const SpecialToken* special_of(std::string_view word, const Profile& rules) {
  if (rules.cuts_specials || word[0] != '<') return nullptr;
  const auto found = std::find_if(std::begin(rules.specials), std::end(rules.specials),
                                  [&](const SpecialToken& one) { return word == one.literal; });
  return found == std::end(rules.specials) ? nullptr : found;
}

// Appends the tokens of cleaned[begin, begin + size), which is `special` where there is one.
void append_tokens(std::vector<Token>& tokens, const ClipVocabulary& vocabulary,
                   const Profile& rules, std::string_view cleaned, std::size_t begin,
                   std::size_t size, const SpecialToken* special) {
  const auto push = [&](std::uint32_t id, std::size_t from, std::size_t to) {
    tokens.push_back({id, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)});
  };
  if (special != nullptr) return push(special->id, begin, begin + size);
  const std::string_view text = cleaned.substr(0, begin + size);
  std::vector<ClipVocabulary::Id> ids;
  for (std::size_t at = begin; at < text.size();) {
    const std::size_t end = match_word(text, at, rules);
    if (end == at) {
      at += decoded_at(text, at).length;
      continue;
    }
    const std::string_view word = text.substr(at, end - at);
    if (const SpecialToken* found = special_of(word, rules)) {
      push(found->id, at, end);
    } else {
      ids.clear();
      append_bpe(ids, vocabulary, word);
      std::size_t from = at;
      for (const ClipVocabulary::Id id : ids) {
        const std::size_t to = from + vocabulary.bytes(id).size();
        push(id, from, to);
        from = to;
      }
    }
    at = end;
  }
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
  const Profile& rules = rules_of(profile);
  if (!rules.cuts_specials) {
    if (is_plain(text)) return white_space_cleaned(text);
    const std::string repaired =
        profile == ClipProfile::openai_with_nfc ? nfc(text) : fix_text(text);
    return white_space_cleaned(html_unescape(html_unescape(repaired)));
  }
  std::string cleaned;
  for_each_segment(text, cut_from_raw(rules),
                   [&](std::string_view segment, const SpecialToken* special) {
                     if (special != nullptr) {
                       cleaned += special->literal;
                     } else {
                       append_normalized(cleaned, segment);
                     }
                   });
  return cleaned;
}

std::vector<Token> clip_tokenize(const ClipVocabulary& vocabulary, std::string_view cleaned,
                                 ClipProfile profile) {
  const Profile& rules = rules_of(profile);
  std::vector<Token> tokens;
  for_each_segment(
      cleaned, cut_from_cleaned(rules), [&](std::string_view segment, const SpecialToken* special) {
        const auto begin = static_cast<std::size_t>(segment.data() - cleaned.data());
        append_tokens(tokens, vocabulary, rules, cleaned, begin, segment.size(), special);
      });
  return tokens;
}

Result<Encoding> clip_encode(const ClipVocabulary& vocabulary, std::string_view text,
                             ClipProfile profile) {
  if (text.size() > kMaxTokenizedBytes) return text_too_long("the text", text.size());
  const Profile& rules = rules_of(profile);
  Encoding encoding;
  // Where no token is cut from the raw text, that is one segment: the text.
  struct Part {
    std::size_t begin;
    std::size_t end;
    const SpecialToken* special;
  };
  std::vector<Part> parts;
  for_each_segment(
      text, cut_from_raw(rules), [&](std::string_view segment, const SpecialToken* special) {
        const std::size_t begin = encoding.cleaned.size();
        encoding.cleaned +=
            special != nullptr ? std::string(special->literal) : clip_clean(segment, profile);
        parts.push_back({begin, encoding.cleaned.size(), special});
      });
  // Normalisation may lengthen a text.
  if (encoding.cleaned.size() > kMaxTokenizedBytes) {
    return text_too_long("the cleaned text", encoding.cleaned.size());
  }
  for (const Part& part : parts) {
    if (part.special != nullptr) {
      append_tokens(encoding.tokens, vocabulary, rules, encoding.cleaned, part.begin,
                    part.end - part.begin, part.special);
      continue;
    }
    const auto cleaned =
        std::string_view(encoding.cleaned).substr(part.begin, part.end - part.begin);
    for (const Token& token : clip_tokenize(vocabulary, cleaned, profile)) {
      const auto shift = static_cast<std::uint32_t>(part.begin);
      encoding.tokens.push_back({token.id, token.begin + shift, token.end + shift});
    }
  }
  return encoding;
}

Result<std::string> clip_decode(const ClipVocabulary& vocabulary,
                                std::span<const std::uint32_t> ids, ClipProfile profile) {
  constexpr std::string_view kWordEnd = "</w>";
  std::string bytes;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] >= ClipVocabulary::kSize) return bad_token_id(i, ids[i], ClipVocabulary::kSize);
    if (ids[i] >= ClipVocabulary::kStart) {
      bytes += rules_of(profile).specials[ids[i] - ClipVocabulary::kStart].literal;
      continue;
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

ContextRule clip_context_rule(ClipProfile profile) {
  const Profile& rules = rules_of(profile);
  return {.start = ClipVocabulary::kStart,
          .end = ClipVocabulary::kEnd,
          .pad = rules.pad,
          .truncates = rules.truncates};
}

namespace {

// Whether cleaning an ASCII text only lowers its letters, as far as tokens see: white space
// belongs to none. Not so for what ftfy or html.unescape change, or where special tokens are.
constexpr bool is_plain_byte(std::uint8_t byte, bool cuts_specials) {
  if (cuts_specials) return byte < 0x80 && byte != '<';
  return byte < 0x7F && byte != '&' && (byte >= 0x20 || (byte >= 9 && byte != 0x0B && byte <= 13));
}

// Copies the text in lower case; false where it is not all plain. No branch depends on the bytes,
// so that compilers make vector instructions of it.
template <bool kCutsSpecials>
bool lower_plain(std::string_view text, char* lowered) {
  std::uint8_t odd = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    odd |= static_cast<std::uint8_t>(!is_plain_byte(byte, kCutsSpecials));
    const bool is_upper = static_cast<std::uint8_t>(byte - 'A') < 26;
    lowered[i] = static_cast<char>(byte + (is_upper ? 0x20 : 0));
  }
  return odd == 0;
}

// How a word begins, by its first byte.
enum class Begin : std::uint8_t { space, letter, digit, symbol, literal, multibyte };

constexpr std::array<Begin, 256> make_begins() {
  std::array<Begin, 256> begins{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    Begin begin = Begin::symbol;
    if (byte == ' ' || (byte >= 9 && byte <= 13)) begin = Begin::space;
    if (byte >= 'a' && byte <= 'z') begin = Begin::letter;
    if (byte >= '0' && byte <= '9') begin = Begin::digit;
    if (byte == '<' || byte == '\'') begin = Begin::literal;
    if (byte >= 0x80) begin = Begin::multibyte;
    begins[byte] = begin;
  }
  return begins;
}
constexpr std::array<Begin, 256> kBegins = make_begins();
Begin begin_of(char c) { return kBegins[static_cast<unsigned char>(c)]; }

// Bytes of `word` that are no lower-case letter have their highest bit set in the result.
constexpr std::uint64_t without_letters(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHigh = kOnes * 0x80;
  const std::uint64_t low = word & ~kHigh;
  const std::uint64_t from_a = low + kOnes * (0x80 - 'a');
  const std::uint64_t past_z = low + kOnes * (0x80 - 'z' - 1);
  return (~from_a | past_z | word) & kHigh;
}

// Beyond the text, where words are read 16 bytes at a time.
constexpr std::size_t kMargin = 16;

class ClipTokenizer final : public Tokenizer {
 public:
  ClipTokenizer(const ClipVocabulary& vocabulary, ClipProfile profile)
      : vocabulary_(vocabulary), profile_(profile) {}

  Status append_ids(std::string_view text, const EncodeOptions& options,
                    std::vector<std::uint32_t>& ids) override {
    if (text.size() > kMaxTokenizedBytes) return text_too_long("the text", text.size());
    const Profile& rules = rules_of(profile_);
    if (text_.size() < text.size() + kMargin) text_.resize(text.size() + kMargin);
    const bool is_plain = rules.cuts_specials ? lower_plain<true>(text, text_.data())
                                              : lower_plain<false>(text, text_.data());
    if (is_plain) {
      append_words(text.size(), ids);
      return ok_status();
    }
    // A special token's place in the raw text is lost in the cleaned one.
    if (rules.cuts_specials && text.find('<') != std::string_view::npos) {
      return Tokenizer::append_ids(text, options, ids);
    }
    const std::string cleaned = clip_clean(text, profile_);
    if (cleaned.size() > kMaxTokenizedBytes) {
      return text_too_long("the cleaned text", cleaned.size());
    }
    if (text_.size() < cleaned.size() + kMargin) text_.resize(cleaned.size() + kMargin);
    std::copy(cleaned.begin(), cleaned.end(), text_.begin());
    append_words(cleaned.size(), ids);
    return ok_status();
  }

  std::uint32_t size() const override { return ClipVocabulary::kSize; }
  // Whether special tokens count is the profile's to say.
  Result<Encoding> encode(std::string_view text, const EncodeOptions& /*options*/) const override {
    return clip_encode(vocabulary_, text, profile_);
  }
  Result<std::string> decode(std::span<const std::uint32_t> ids) const override {
    return clip_decode(vocabulary_, ids, profile_);
  }
  std::string piece(std::uint32_t id) const override {
    return id < ClipVocabulary::kStart ? vocabulary_.piece(id) : literal(id);
  }
  std::string bytes(std::uint32_t id) const override {
    return id < ClipVocabulary::kStart ? std::string(vocabulary_.bytes(id)) : literal(id);
  }
  std::optional<std::uint32_t> merge_rank(std::uint32_t id) const override {
    return ClipVocabulary::merge_rank(id);
  }
  std::span<const SpecialToken> special_tokens() const override {
    return rules_of(profile_).specials;
  }
  std::optional<ContextRule> context_rule() const override { return clip_context_rule(profile_); }
  Span word_of(const Encoding& encoding, std::size_t index) const override {
    const auto ends_word = [&](std::size_t i) {
      const std::uint32_t id = encoding.tokens[i].id;
      return id >= ClipVocabulary::kStart || vocabulary_.ends_word(id);
    };
    std::size_t first = index;
    while (first > 0 && !ends_word(first - 1)) --first;
    std::size_t last = index;
    while (!ends_word(last)) ++last;
    return {encoding.tokens[first].begin, encoding.tokens[last].end};
  }
  Result<MergeTree> merge_tree(std::string_view word) const override {
    if (word.size() > kMaxMergedWordBytes) return word_too_long(word.size());
    return bpe_merge_tree(vocabulary_, word);
  }

 private:
  // Words are short: nearly all have fewer ids.
  static constexpr std::size_t kCachedIds = 7;

  // The words of text_[0, size), a cleaned text or a plain one in lower case.
  void append_words(std::size_t size, std::vector<std::uint32_t>& ids) {
    std::fill_n(text_.begin() + static_cast<std::ptrdiff_t>(size), kMargin, ' ');
    const char* const bytes = text_.data();
    for (std::size_t at = 0; at < size;) {
      switch (begin_of(bytes[at])) {
        case Begin::space: ++at; continue;
        case Begin::letter: {
          std::uint64_t low = 0;
          std::uint64_t high = 0;
          std::memcpy(&low, bytes + at, 8);
          std::memcpy(&high, bytes + at + 8, 8);
          const std::uint64_t end_in_low = without_letters(low);
          const std::uint64_t end_in_high = without_letters(high);
          if ((end_in_low | end_in_high) == 0) break;
          unsigned length = 0;
          if (end_in_low != 0) {
            length = static_cast<unsigned>(std::countr_zero(end_in_low)) / 8;
            low &= ~(~std::uint64_t{0} << (8 * length));
            high = 0;
          } else {
            length = 8 + static_cast<unsigned>(std::countr_zero(end_in_high)) / 8;
            high &= ~(~std::uint64_t{0} << (8 * (length - 8)));
          }
          if (begin_of(bytes[at + length]) == Begin::multibyte) break;
          append_cached({low, high, length}, {bytes + at, length}, ids);
          at += length;
          continue;
        }
        case Begin::digit:
          ids.push_back(ClipVocabulary::byte_symbol(static_cast<unsigned char>(bytes[at++]), true));
          continue;
        case Begin::symbol: {
          const Begin next = begin_of(bytes[at + 1]);
          if (next >= Begin::symbol) break;
          ids.push_back(ClipVocabulary::byte_symbol(static_cast<unsigned char>(bytes[at++]), true));
          continue;
        }
        case Begin::literal:
        case Begin::multibyte: break;
      }
      at = append_any_word({bytes, size}, at, ids);
    }
  }

  // One word of any kind at `at`, as the pattern has it; returns where it ends.
  std::size_t append_any_word(std::string_view text, std::size_t at,
                              std::vector<std::uint32_t>& ids) {
    const Profile& rules = rules_of(profile_);
    const std::size_t end = match_word(text, at, rules);
    if (end == at) return at + decoded_at(text, at).length;
    const std::string_view word = text.substr(at, end - at);
    if (const SpecialToken* special = special_of(word, rules)) {
      ids.push_back(special->id);
    } else if (word.size() <= kMaxCachedBytes) {
      append_cached(WordKey::of(word), word, ids);
    } else {
      append_bpe(ids, vocabulary_, word);
    }
    return end;
  }

  void append_cached(const WordKey& key, std::string_view word, std::vector<std::uint32_t>& ids) {
    if (const auto* entry = words_.find(key)) {
      ids.insert(ids.end(), entry->ids, entry->ids + entry->count);
      return;
    }
    const std::size_t before = ids.size();
    append_bpe(ids, vocabulary_, word);
    words_.store(key, std::span(ids).subspan(before));
  }

  std::string literal(std::uint32_t id) const {
    return std::string(special_tokens()[id - ClipVocabulary::kStart].literal);
  }

  const ClipVocabulary& vocabulary_;
  ClipProfile profile_;
  WordCache<std::uint16_t, kCachedIds, 19> words_;  // 16 MiB
  std::string text_;  // what append_words() reads, kept for its memory
};

}  // namespace

std::unique_ptr<Tokenizer> make_clip_tokenizer(const ClipVocabulary& vocabulary,
                                               ClipProfile profile) {
  return std::make_unique<ClipTokenizer>(vocabulary, profile);
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
