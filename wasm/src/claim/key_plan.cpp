#include "claim/key_plan.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "claim/normalisation.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

using Text = std::u32string;

constexpr std::uint32_t kFixed = std::numeric_limits<std::uint32_t>::max();
// Names are held under every normalisation and family: all of them together.
constexpr std::size_t kMaxNamesBytes = std::size_t{1} << 18;
constexpr std::u32string_view kHexDigits = U"0123456789abcdef";

Text bytes_of(const Text& text) {
  Text bytes;
  for (const char byte : to_utf8(text)) bytes.push_back(static_cast<unsigned char>(byte));
  return bytes;
}

bool is_ascii(const Text& text) {
  return std::all_of(text.begin(), text.end(), [](char32_t c) { return c < 0x80; });
}

bool is_hex(const Text& text) {
  return text.size() % 2 == 0 && text.find_first_not_of(kHexDigits) == Text::npos;
}

Text read_hex(const Text& text) {
  Text bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    bytes.push_back(
        static_cast<char32_t>(kHexDigits.find(text[i]) << 4 | kHexDigits.find(text[i + 1])));
  }
  return bytes;
}

// The bytes whose two digits are of the alphabet.
Alphabet bytes_within(const Alphabet& digits) {
  Alphabet bytes{digits.name, {}};
  for (char32_t byte = 0; byte < 256; ++byte) {
    if (digits.holds(kHexDigits[byte >> 4]) && digits.holds(kHexDigits[byte & 15])) {
      bytes.characters.push_back(byte);
    }
  }
  return bytes;
}

std::string hex_of(std::uint8_t byte) {
  static constexpr char kDigits[] = "0123456789abcdef";
  return {kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace

std::size_t WrittenTags::positions() const {
  return std::accumulate(texts.begin(), texts.end(), std::size_t{0},
                         [](std::size_t sum, const Text& text) { return sum + text.size(); });
}

KeyPlan::KeyPlan(const Hypotheses& hypotheses, WindowsFor which)
    : tag_of_(hypotheses.pairs.size()) {
  std::size_t name_bytes = 0;
  WrittenTags as_they_are;
  for (const TagGroup& group : group_by_tag(hypotheses)) {
    for (const std::size_t pair : group.pairs) {
      tag_of_[pair] = as_they_are.texts.size();
      name_bytes += hypotheses.pairs[pair].name.size();
    }
    as_they_are.texts.push_back(hypotheses.rule.ignore_case ? folded(group.tag) : group.tag);
  }
  as_they_are.alphabet = smallest_alphabet(as_they_are.texts);
  const auto& texts = as_they_are.texts;
  const bool ascii = std::all_of(texts.begin(), texts.end(), is_ascii);
  WrittenTags as_hex;
  if (std::all_of(texts.begin(), texts.end(), is_hex)) {
    as_hex.hex = true;
    for (const Text& text : texts) as_hex.texts.push_back(read_hex(text));
    as_hex.alphabet = bytes_within(as_they_are.alphabet);
  }
  writings_.push_back(std::move(as_they_are));
  if (as_hex.hex) writings_.push_back(std::move(as_hex));

  for (const KeyFamily family :
       {KeyFamily::exclusive_or, KeyFamily::vigenere, KeyFamily::affine, KeyFamily::substitution}) {
    bool examined = false;
    for (std::size_t writing = 0; writing < writings_.size(); ++writing) {
      const bool hex = writings_[writing].hex;
      if (hex && family != KeyFamily::exclusive_or) continue;
      // Bytes that no UTF-8 has could be a key's output; and folding case after XOR joins
      // outputs that a key keeps apart, but as hex digits.
      if (family == KeyFamily::exclusive_or && !hex && (!ascii || hypotheses.rule.ignore_case)) {
        continue;
      }
      examined = true;
      if (name_bytes > kMaxNamesBytes) continue;
      for (const std::string_view id : kNormalisations) {
        for (const bool reversed : {false, true}) {
          add_reading(hypotheses, family, writing, id, reversed, which);
        }
      }
    }
    if (examined) families_.push_back(family);
  }
}

void KeyPlan::add_reading(const Hypotheses& hypotheses, KeyFamily family, std::size_t writing,
                          std::string_view normalisation, bool reversed, WindowsFor which) {
  const auto& texts = writings_[writing].texts;
  Reading reading;
  reading.family = family;
  reading.writing = writing;
  reading.normalisation = normalisation;
  reading.reversed = reversed;
  std::size_t shortest = std::numeric_limits<std::size_t>::max();
  for (const Text& text : texts) shortest = std::min(shortest, text.size());
  std::size_t offsets = std::numeric_limits<std::size_t>::max();
  for (std::size_t i = 0; i < hypotheses.pairs.size(); ++i) {
    Text name = normalised(normalisation, hypotheses.pairs[i].name);
    if (hypotheses.rule.ignore_case && family != KeyFamily::exclusive_or) {
      name = folded(std::move(name));
    }
    if (reversed) std::reverse(name.begin(), name.end());
    if (family == KeyFamily::exclusive_or) name = bytes_of(name);
    const std::size_t length = which == WindowsFor::any_tag ? shortest : texts[tag_of_[i]].size();
    offsets = std::min(offsets, name.size() < length ? 0 : name.size() - length + 1);
    if (family == KeyFamily::vigenere) {
      std::vector<std::uint32_t> before;
      std::uint32_t letters = 0;
      for (const char32_t c : name) {
        before.push_back(letters);
        letters += is_cipher_letter(c) ? 1 : 0;
      }
      reading.letters_before.push_back(std::move(before));
    }
    reading.names.push_back(std::move(name));
  }
  const bool known = std::any_of(readings_.begin(), readings_.end(), [&](const Reading& other) {
    return other.family == family && other.writing == writing && other.names == reading.names;
  });
  if (known) return;
  for (std::size_t offset = 0; offset < offsets; ++offset) {
    for (const bool from_end : {false, true}) {
      for (const bool from_name : {false, true}) {
        if (from_name && !reading.repeats()) continue;
        reading.alignments.push_back({offset, from_end, from_name});
      }
    }
  }
  readings_.push_back(std::move(reading));
}

std::size_t KeyPlan::window_at(const Reading& reading, const Alignment& alignment,
                               std::size_t period, std::size_t pair, std::size_t length,
                               PlainWindow& window) const {
  const Text& name = reading.names[pair];
  if (name.size() < length + alignment.offset) return 0;
  const std::size_t begin =
      alignment.from_end ? name.size() - length - alignment.offset : alignment.offset;
  window.plain.assign(name, begin, length);
  window.classes.resize(length);
  const std::size_t origin = alignment.counted_from_name ? 0 : begin;
  std::size_t last = 0;
  for (std::size_t t = 0; t < length; ++t) {
    std::size_t index = begin + t - origin;
    if (reading.family == KeyFamily::vigenere) {
      const auto& before = reading.letters_before[pair];
      index = before[begin + t] - before[origin];
    }
    last = std::max(last, index);
    window.classes[t] = static_cast<std::uint32_t>(index % period);
  }
  return reading.repeats() ? last + 1 : 1;
}

std::size_t KeyPlan::system_at(const Reading& reading, const Alignment& alignment,
                               std::size_t period, KeySystem& system) const {
  system.family = reading.family;
  system.period = period;
  const auto& texts = writing_of(reading).texts;
  system.tags = texts;
  system.windows.resize(tag_of_.size());
  std::size_t periods = 0;
  for (std::size_t i = 0; i < tag_of_.size(); ++i) {
    PlainWindow& window = system.windows[i];
    window.tag = tag_of_[i];
    const std::size_t own =
        window_at(reading, alignment, period, i, texts[window.tag].size(), window);
    if (own == 0) return 0;
    periods = std::max(periods, own);
  }
  return periods;
}

Json KeyPlan::recipe_of(const Reading& reading, const Alignment& alignment,
                        const KeySolution& solution) const {
  std::string cipher;
  switch (reading.family) {
    case KeyFamily::exclusive_or:
      // What was not touched may be anything.
      for (const auto& byte : solution.key) cipher += hex_of(byte.value_or(0));
      cipher = "xor key=0x" + cipher;
      break;
    case KeyFamily::vigenere:
      for (const auto& shift : solution.key) {
        cipher.push_back(static_cast<char>('a' + shift.value_or(0)));
      }
      cipher = "vigenere key=" + cipher;
      break;
    case KeyFamily::affine:
      if (solution.key.size() != 2) return {};
      cipher =
          "affine a=" + std::to_string(*solution.key[0]) + " b=" + std::to_string(*solution.key[1]);
      break;
    case KeyFamily::substitution: return {};
  }

  const auto& texts = writing_of(reading).texts;
  bool whole = true;
  bool to_end = !alignment.from_end;
  bool equal_lengths = true;
  bool ascii = true;
  for (std::size_t i = 0; i < tag_of_.size(); ++i) {
    const std::size_t length = texts[tag_of_[i]].size();
    const std::size_t size = reading.names[i].size();
    whole = whole && size == length;
    to_end = to_end && size == length + alignment.offset;
    equal_lengths = equal_lengths && length == texts[0].size();
    ascii = ascii && is_ascii(reading.names[i]);
  }
  const std::string n = std::to_string(texts[0].size());
  std::vector<std::string> selection;
  if (whole) {
  } else if (to_end) {
    selection = {"drop n=" + std::to_string(alignment.offset)};
  } else if (!equal_lengths) {
    return {};
  } else if (!alignment.from_end && alignment.offset == 0) {
    selection = {"take n=" + n};
  } else if (!alignment.from_end) {
    selection = {"window at=" + std::to_string(alignment.offset) + " n=" + n};
  } else if (alignment.offset == 0) {
    selection = {"last n=" + n};
  } else {
    selection = {"last n=" + std::to_string(texts[0].size() + alignment.offset), "take n=" + n};
  }

  std::vector<std::string> steps;
  if (reading.normalisation == "lower") steps.emplace_back("lower");
  if (reading.normalisation == "without-underscores") steps.emplace_back("strip chars=_");
  if (reading.normalisation == "spaces") steps.emplace_back("spaces");
  if (reading.normalisation == "letters") steps.emplace_back("keep class=letters");
  if (reading.reversed) steps.emplace_back("reverse");
  if (reading.family == KeyFamily::exclusive_or && !ascii) steps.emplace_back("~utf8");
  if (alignment.counted_from_name) steps.push_back(cipher);
  steps.insert(steps.end(), selection.begin(), selection.end());
  if (!alignment.counted_from_name) steps.push_back(cipher);
  if (writing_of(reading).hex) steps.emplace_back("hex");
  std::string recipe;
  for (const std::string& step : steps) recipe += (recipe.empty() ? "" : " | ") + step;
  return recipe;
}

SystemMark mark_of(const KeySystem& system, std::size_t width,
                   std::vector<std::uint32_t>& renamed) {
  SystemMark mark;
  mark.add(static_cast<std::uint64_t>(system.family) << 8 | width);
  renamed.assign(system.period, kFixed);
  std::uint32_t next = 0;
  for (const PlainWindow& window : system.windows) {
    for (std::size_t t = 0; t < window.plain.size(); ++t) {
      std::uint32_t label = kFixed;
      if (system.family != KeyFamily::vigenere || is_cipher_letter(window.plain[t])) {
        // Classes by their first use, so that only the partition counts.
        std::uint32_t& name = renamed[window.classes[t]];
        if (name == kFixed) name = next++;
        label = name;
      }
      mark.add(std::uint64_t{label} << 32 | window.plain[t]);
    }
  }
  return mark;
}

double comparable(double log_chance) { return round_significant(log_chance, 9); }

}  // namespace tagscope
