#include "tokenizer_json/decoder.h"

#include <utility>

#include "text/utf8.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer_json/pattern.h"

namespace tagscope {
namespace {

using Owned = std::unique_ptr<const TokenDecoder>;
using Tokens = std::vector<std::string>;

// Every occurrence, as String::replace.
std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out;
  std::size_t copied = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, copied)) {
    out.append(text, copied, at - copied).append(with);
    copied = at + what.size();
  }
  return out.append(text, copied, text.size() - copied);
}

std::string joined(const Tokens& tokens) {
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

struct ByteLevel final : TokenDecoder {
  [[nodiscard]] Status apply(Tokens& tokens) const override {
    std::string bytes;
    for (const std::string& token : tokens) {
      const auto read = bytes_written(token);
      bytes += read ? *read : token;
    }
    tokens.assign(1, replace_invalid_utf8(bytes));
    return ok_status();
  }
};

struct Fuse final : TokenDecoder {
  [[nodiscard]] Status apply(Tokens& tokens) const override {
    tokens.assign(1, joined(tokens));
    return ok_status();
  }
};

struct WordPiece final : TokenDecoder {
  std::string prefix;
  bool cleanup = true;

  // decoders/wordpiece.rs, cleanup: in this order.
  static std::string cleaned(std::string token) {
    constexpr std::pair<std::string_view, std::string_view> kRules[] = {
        {" .", "."},   {" ?", "?"},     {" !", "!"},    {" ,", ","},
        {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},  {" do not", " don't"},
        {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
    for (const auto& [what, with] : kRules) token = replaced(token, what, with);
    return token;
  }
  [[nodiscard]] Status apply(Tokens& tokens) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (i > 0) {
        if (tokens[i].starts_with(prefix)) {
          tokens[i].erase(0, prefix.size());
        } else {
          tokens[i].insert(0, 1, ' ');
        }
      }
      if (cleanup) tokens[i] = cleaned(std::move(tokens[i]));
    }
    return ok_status();
  }
};

struct Metaspace final : TokenDecoder {
  std::string replacement;
  bool prepends = true;

  [[nodiscard]] Status apply(Tokens& tokens) const override {
    bool is_first = prepends;
    for (std::string& token : tokens) {
      token = replaced(token, replacement, is_first ? "" : " ");
      is_first = false;
    }
    return ok_status();
  }
};

struct WordEnds final : TokenDecoder {  // BPEDecoder
  std::string suffix;

  [[nodiscard]] Status apply(Tokens& tokens) const override {
    if (suffix.empty()) return ok_status();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      tokens[i] = replaced(tokens[i], suffix, i + 1 == tokens.size() ? "" : " ");
    }
    return ok_status();
  }
};

class Replace final : public TokenDecoder {
 public:
  Replace(Pattern pattern, std::string content)
      : pattern_(std::move(pattern)), content_(std::move(content)) {}
  [[nodiscard]] Status apply(Tokens& tokens) const override {
    std::size_t bytes = 0;
    for (std::string& token : tokens) {
      TAGSCOPE_TAKE(changed, pattern_.replace(token, content_));
      token = std::move(changed);
      bytes += token.size();
      if (bytes > kMaxReplacedBytes) return replaced_too_long();
    }
    return ok_status();
  }

 private:
  Pattern pattern_;
  std::string content_;
};

// "<0xE6>" and its neighbours are bytes; where these are no UTF-8, each is U+FFFD.
struct ByteFallback final : TokenDecoder {
  static std::optional<char> byte_of(std::string_view token) {
    if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>') return std::nullopt;
    unsigned value = 0;
    for (const char c : token.substr(3, 2)) {
      const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c));
      const unsigned lower = digit | 0x20;
      if (digit - '0' < 10) {
        value = value << 4 | (digit - '0');
      } else if (lower - 'a' < 6) {
        value = value << 4 | (lower - 'a' + 10);
      } else {
        return std::nullopt;
      }
    }
    return static_cast<char>(value);
  }
  [[nodiscard]] Status apply(Tokens& tokens) const override {
    Tokens out;
    std::string bytes;
    const auto flush = [&] {
      if (!first_invalid_utf8(bytes)) {
        if (!bytes.empty()) out.push_back(bytes);
      } else {
        out.insert(out.end(), bytes.size(), "\xEF\xBF\xBD");
      }
      bytes.clear();
    };
    for (std::string& token : tokens) {
      if (const auto byte = byte_of(token)) {
        bytes += *byte;
      } else {
        flush();
        out.push_back(std::move(token));
      }
    }
    flush();
    tokens = std::move(out);
    return ok_status();
  }
};

struct Strip final : TokenDecoder {
  std::string content;
  std::uint32_t start = 0;
  std::uint32_t stop = 0;

  [[nodiscard]] Status apply(Tokens& tokens) const override {
    for (std::string& token : tokens) {
      std::string_view rest = token;
      for (std::uint32_t i = 0; i < start && rest.starts_with(content); ++i) {
        rest.remove_prefix(content.size());
      }
      for (std::uint32_t i = 0; i < stop && rest.ends_with(content); ++i) {
        rest.remove_suffix(content.size());
      }
      token = std::string(rest);
    }
    return ok_status();
  }
};

class Sequence final : public TokenDecoder {
 public:
  explicit Sequence(std::vector<Owned> steps) : steps_(std::move(steps)) {}
  [[nodiscard]] Status apply(Tokens& tokens) const override {
    for (const Owned& step : steps_) {
      if (auto applied = step->apply(tokens); !applied) return applied;
    }
    return ok_status();
  }

 private:
  std::vector<Owned> steps_;
};

Result<Owned> read_word_piece(const Part& part) {
  auto decoder = std::make_unique<WordPiece>();
  TAGSCOPE_TAKE(prefix, part.text_or("prefix", "##"));
  TAGSCOPE_TAKE(cleanup, part.boolean_or("cleanup", true));
  decoder->prefix = std::move(prefix);
  decoder->cleanup = cleanup;
  return Owned(std::move(decoder));
}

Result<Owned> read_metaspace(const Part& part) {
  auto decoder = std::make_unique<Metaspace>();
  TAGSCOPE_TAKE(replacement, part.character_or("replacement", U'\u2581'));
  TAGSCOPE_TAKE(prefix, part.boolean_or("add_prefix_space", true));
  TAGSCOPE_TAKE(scheme, part.text_or("prepend_scheme", prefix ? "always" : "never"));
  append_utf8(decoder->replacement, replacement);
  decoder->prepends = scheme != "never";
  return Owned(std::move(decoder));
}

Result<Owned> read_strip(const Part& part) {
  auto decoder = std::make_unique<Strip>();
  TAGSCOPE_TAKE(content, part.character_or("content", U' '));
  constexpr std::uint32_t kMost = 1'000'000;
  TAGSCOPE_TAKE(start, part.number_or("start", kMost, 0));
  TAGSCOPE_TAKE(stop, part.number_or("stop", kMost, 0));
  append_utf8(decoder->content, content);
  decoder->start = start;
  decoder->stop = stop;
  return Owned(std::move(decoder));
}

Result<Owned> read_replace(const Part& part) {
  TAGSCOPE_TAKE(pattern_part, part.require("pattern"));
  TAGSCOPE_TAKE(pattern, Pattern::read(pattern_part));
  TAGSCOPE_TAKE(content, part.text_or("content", ""));
  return Owned(std::make_unique<Replace>(std::move(pattern), std::move(content)));
}

Result<Owned> read_sequence(const Part& part) {
  TAGSCOPE_TAKE(list, part.require("decoders"));
  TAGSCOPE_TAKE(items, list.items());
  std::vector<Owned> steps;
  for (const Part& item : items) {
    TAGSCOPE_TAKE(step, read_decoder(item));
    steps.push_back(std::move(step));
  }
  return Owned(std::make_unique<Sequence>(std::move(steps)));
}

}  // namespace

Result<Owned> read_decoder(const Part& part) {
  TAGSCOPE_TAKE(type, part.type());
  if (type == "ByteLevel") return Owned(std::make_unique<ByteLevel>());
  if (type == "Fuse") return Owned(std::make_unique<Fuse>());
  if (type == "ByteFallback") return Owned(std::make_unique<ByteFallback>());
  if (type == "WordPiece") return read_word_piece(part);
  if (type == "Metaspace") return read_metaspace(part);
  if (type == "Strip") return read_strip(part);
  if (type == "Replace") return read_replace(part);
  if (type == "Sequence") return read_sequence(part);
  if (type == "BPEDecoder") {
    auto decoder = std::make_unique<WordEnds>();
    TAGSCOPE_TAKE(suffix, part.text_or("suffix", "</w>"));
    decoder->suffix = std::move(suffix);
    return Owned(std::move(decoder));
  }
  return part.unsupported("the decoder " + type.substr(0, 64) + " is not supported");
}

}  // namespace tagscope
