#include "tokenizer_json/normalizer.h"

#include <utility>
#include <vector>

#include "text/case.h"
#include "text/normalize.h"
#include "text/unicode.h"
#include "text/utf8.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer_json/pattern.h"

namespace tagscope {
namespace {

using Owned = std::unique_ptr<const Normalizer>;

// A normalizer without state of its own: a function over the whole text.
class Whole final : public Normalizer {
 public:
  using Function = std::string (*)(std::string_view);
  explicit Whole(Function function) : function_(function) {}
  [[nodiscard]] Result<std::string> apply(std::string text) const override {
    return function_(text);
  }
  [[nodiscard]] bool makes_byte_alphabet() const override { return function_ == &written_bytes; }

 private:
  Function function_;
};

template <typename Change>
std::string each_character(std::string_view text, Change change) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    change(out, decoded.code_point);
    at += decoded.length;
  }
  return out;
}

std::string lowercase(std::string_view text) { return each_character(text, append_lower); }

std::string without_marks(std::string_view text) {
  return each_character(text, [](std::string& out, char32_t c) {
    if (c < 0x80 || !is_mark(general_category(c))) append_utf8(out, c);
  });
}

class Strip final : public Normalizer {
 public:
  Strip(bool left, bool right) : left_(left), right_(right) {}
  [[nodiscard]] Result<std::string> apply(std::string text) const override {
    std::size_t begin = 0;
    std::size_t after = 0;
    bool is_leading = left_;
    for (std::size_t at = 0; at < text.size();) {
      const Decoded decoded = decode_one(text, at);
      at += decoded.length;
      if (!is_white_space(decoded.code_point)) {
        after = at;
        is_leading = false;
      } else if (is_leading) {
        begin = at;
      }
    }
    if (!right_) after = text.size();
    return begin < after ? text.substr(begin, after - begin) : std::string();
  }

 private:
  bool left_;
  bool right_;
};

class Replace final : public Normalizer {
 public:
  Replace(Pattern pattern, std::string content)
      : pattern_(std::move(pattern)), content_(std::move(content)) {}
  [[nodiscard]] Result<std::string> apply(std::string text) const override {
    return pattern_.replace(text, content_);
  }

 private:
  Pattern pattern_;
  std::string content_;
};

class Prepend final : public Normalizer {
 public:
  explicit Prepend(std::string prefix) : prefix_(std::move(prefix)) {}
  [[nodiscard]] Result<std::string> apply(std::string text) const override {
    return text.empty() ? text : prefix_ + text;
  }

 private:
  std::string prefix_;
};

// normalizers/bert.rs: clean_text, handle_chinese_chars, strip_accents, lowercase.
struct Bert final : public Normalizer {
  bool clean = true;
  bool space_ideographs = true;
  bool strip_accents = true;
  bool lower = true;

  static bool is_control(char32_t c) {
    if (c == U'\t' || c == U'\n' || c == U'\r') return false;
    const Category category = general_category(c);
    return category == Category::unassigned || category >= Category::control;
  }
  static bool is_ideograph(char32_t c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2B73F) ||
           (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  [[nodiscard]] Result<std::string> apply(std::string text) const override {
    if (clean) {
      text = each_character(text, [](std::string& out, char32_t c) {
        if (c == 0 || c == kReplacementCharacter || is_control(c)) return;
        append_utf8(out, is_white_space(c) ? U' ' : c);
      });
    }
    if (space_ideographs) {
      text = each_character(text, [](std::string& out, char32_t c) {
        const bool ideograph = is_ideograph(c);
        if (ideograph) out += ' ';
        append_utf8(out, c);
        if (ideograph) out += ' ';
      });
    }
    if (strip_accents) {
      text = each_character(nfd(text), [](std::string& out, char32_t c) {
        if (c < 0x80 || general_category(c) != Category::nonspacing_mark) append_utf8(out, c);
      });
    }
    return lower ? lowercase(text) : text;
  }
};

class Sequence final : public Normalizer {
 public:
  explicit Sequence(std::vector<Owned> steps) : steps_(std::move(steps)) {}
  [[nodiscard]] Result<std::string> apply(std::string text) const override {
    for (const Owned& step : steps_) {
      TAGSCOPE_TAKE(changed, step->apply(std::move(text)));
      text = std::move(changed);
      if (text.size() > kMaxReplacedBytes) return replaced_too_long();
    }
    return text;
  }
  [[nodiscard]] bool makes_byte_alphabet() const override {
    return !steps_.empty() && steps_.back()->makes_byte_alphabet();
  }

 private:
  std::vector<Owned> steps_;
};

Result<Owned> read_bert(const Part& part) {
  auto bert = std::make_unique<Bert>();
  TAGSCOPE_TAKE(clean, part.boolean_or("clean_text", true));
  TAGSCOPE_TAKE(ideographs, part.boolean_or("handle_chinese_chars", true));
  TAGSCOPE_TAKE(lower, part.boolean_or("lowercase", true));
  TAGSCOPE_TAKE(accents, part.boolean_or("strip_accents", lower));
  bert->clean = clean;
  bert->space_ideographs = ideographs;
  bert->lower = lower;
  bert->strip_accents = accents;
  return Owned(std::move(bert));
}

Result<Owned> read_strip(const Part& part) {
  TAGSCOPE_TAKE(left, part.boolean_or("strip_left", true));
  TAGSCOPE_TAKE(right, part.boolean_or("strip_right", true));
  return Owned(std::make_unique<Strip>(left, right));
}

Result<Owned> read_replace(const Part& part) {
  TAGSCOPE_TAKE(pattern_part, part.require("pattern"));
  TAGSCOPE_TAKE(pattern, Pattern::read(pattern_part));
  TAGSCOPE_TAKE(content, part.text_or("content", ""));
  return Owned(std::make_unique<Replace>(std::move(pattern), std::move(content)));
}

Result<Owned> read_sequence(const Part& part) {
  TAGSCOPE_TAKE(list, part.require("normalizers"));
  TAGSCOPE_TAKE(items, list.items());
  std::vector<Owned> steps;
  for (const Part& item : items) {
    TAGSCOPE_TAKE(step, read_normalizer(item));
    steps.push_back(std::move(step));
  }
  return Owned(std::make_unique<Sequence>(std::move(steps)));
}

}  // namespace

Result<Owned> read_normalizer(const Part& part) {
  TAGSCOPE_TAKE(type, part.type());
  const auto whole = [](Whole::Function function) -> Result<Owned> {
    return Owned(std::make_unique<Whole>(function));
  };
  if (type == "NFC") return whole(&nfc);
  if (type == "NFD") return whole(&nfd);
  if (type == "NFKC") return whole(&nfkc);
  if (type == "NFKD") return whole(&nfkd);
  if (type == "Lowercase") return whole(&lowercase);
  if (type == "StripAccents") return whole(&without_marks);
  if (type == "ByteLevel") return whole(&written_bytes);
  if (type == "BertNormalizer") return read_bert(part);
  if (type == "Strip") return read_strip(part);
  if (type == "Replace") return read_replace(part);
  if (type == "Sequence") return read_sequence(part);
  if (type == "Prepend") {
    TAGSCOPE_TAKE(prefix, part.text_or("prepend", ""));
    return Owned(std::make_unique<Prepend>(std::move(prefix)));
  }
  return part.unsupported("the normalizer " + type.substr(0, 64) + " is not supported");
}

}  // namespace tagscope
