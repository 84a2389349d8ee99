#include "search/space.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "claim/claim.h"

namespace tagscope {
namespace {

#define TAGSCOPE_OPEN(domain) {SpaceLine::Part::open, domain},
#define TAGSCOPE_BLOCK(selections) {SpaceLine::Part::block, selections},
#define TAGSCOPE_NORMALISATION(text) {SpaceLine::Part::normalisation, text},
#define TAGSCOPE_CIPHER(text) {SpaceLine::Part::cipher, text},
#define TAGSCOPE_DIGEST(text) {SpaceLine::Part::digest, text},
#define TAGSCOPE_ENCODING(text) {SpaceLine::Part::encoding, text},
constexpr SpaceLine kSubstitution1[] = {
#include "search/spaces/substitution_1.def"
};
constexpr SpaceLine kQuick1[] = {
#include "search/spaces/quick_1.def"
};
constexpr SpaceLine kStandard1[] = {
#include "search/spaces/standard_1.def"
};
constexpr SpaceLine kDeep1[] = {
#include "search/spaces/deep_1.def"
};
#undef TAGSCOPE_OPEN
#undef TAGSCOPE_BLOCK
#undef TAGSCOPE_NORMALISATION
#undef TAGSCOPE_CIPHER
#undef TAGSCOPE_DIGEST
#undef TAGSCOPE_ENCODING

constexpr Space kSubstitution = {"substitution@1",
                                 "each character by itself, and a part in a row of what comes out",
                                 kSubstitution1};
constexpr Space kQuick = {"quick@1", "the simplest ciphers, the commonest digests, both ends",
                          kQuick1};
constexpr Space kStandard = {"standard@1", "a cipher, a digest, an encoding and every window",
                             kStandard1};
constexpr Space kDeep = {
    "deep@1", "spellings of the name, two ciphers in a row, one-byte keys and the claim's words",
    kDeep1};

constexpr const Space* kSpaces[] = {&kSubstitution, &kQuick, &kStandard, &kDeep};

constexpr std::string_view kWordsPlaceholder = "WORDS";
// Written in place of the recipe without steps.
constexpr std::string_view kNothing = "rot n=0";

// "rot n=1..25" as "rot n=1", …, "rot n=25". Precondition: the text is one of ours.
std::vector<std::string> expanded(std::string_view text, const std::vector<std::string>& words) {
  std::vector<std::string> all;
  if (const std::size_t at = text.find(kWordsPlaceholder); at != std::string_view::npos) {
    for (const std::string& word : words) {
      all.push_back(std::string(text.substr(0, at)) + word +
                    std::string(text.substr(at + kWordsPlaceholder.size())));
    }
    return all;
  }
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return {std::string(text)};
  const std::size_t begin = text.rfind('=', dots) + 1;
  const std::size_t end = std::min(text.find(' ', dots), text.size());
  const bool hex = text.substr(begin, 2) == "0x";
  const auto number = [&](std::string_view digits) {
    unsigned value = 0;
    for (const char c : digits.substr(hex ? 2 : 0)) {
      value = value * (hex ? 16 : 10) + static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return value;
  };
  const unsigned last = number(text.substr(dots + 2, end - dots - 2));
  for (unsigned value = number(text.substr(begin, dots - begin)); value <= last; ++value) {
    static constexpr char kDigits[] = "0123456789abcdef";
    const std::string written =
        hex ? std::string("0x") + kDigits[value >> 4] + kDigits[value & 15] : std::to_string(value);
    all.push_back(std::string(text.substr(0, begin)) + written + std::string(text.substr(end)));
  }
  return all;
}

void add_fragments(std::vector<Fragment>& stage, std::string_view text,
                   const std::vector<std::string>& words) {
  for (const std::string& source : expanded(text, words)) {
    if (source.empty()) {
      stage.emplace_back();
      continue;
    }
    // A frozen line always reads: a test goes through them all.
    auto recipe = read_recipe(source);
    if (recipe) stage.push_back({recipe->canonical(), std::move(recipe->steps)});
  }
}

std::vector<SpaceBlock> blocks_of(const Space& space, const std::vector<std::string>& words) {
  std::vector<SpaceBlock> blocks;
  for (const SpaceLine& line : space.lines) {
    switch (line.part) {
      case SpaceLine::Part::open: break;
      case SpaceLine::Part::block:
        blocks.emplace_back();
        blocks.back().windows = line.text.find("windows") != std::string_view::npos;
        blocks.back().every = line.text.find("every") != std::string_view::npos;
        break;
      case SpaceLine::Part::normalisation:
        add_fragments(blocks.back().normalisations, line.text, words);
        break;
      case SpaceLine::Part::cipher: add_fragments(blocks.back().ciphers, line.text, words); break;
      case SpaceLine::Part::digest: add_fragments(blocks.back().digests, line.text, words); break;
      case SpaceLine::Part::encoding:
        add_fragments(blocks.back().encodings, line.text, words);
        break;
    }
  }
  return blocks;
}

// Of what comes out of a digest and an encoding, whatever went in.
KnownLength length_of(const Fragment& digest, const Fragment& encoding) {
  KnownLength length;
  for (const Step& step : digest.steps) length = length_after(step, length);
  for (const Step& step : encoding.steps) length = length_after(step, length);
  return length;
}

}  // namespace

std::span<const Space* const> spaces() { return kSpaces; }

std::vector<std::string_view> open_domains(const Space& space) {
  std::vector<std::string_view> open;
  for (const SpaceLine& line : space.lines) {
    if (line.part == SpaceLine::Part::open) open.push_back(line.text);
  }
  return open;
}

Result<const Space*> require_space(std::string_view id) {
  const Space* latest = nullptr;
  for (const Space* space : kSpaces) {
    if (space->id == id) return space;
    // Versions of a name stand in ascending order.
    if (space->id.substr(0, space->id.find('@')) == id) latest = space;
  }
  if (latest != nullptr) return latest;
  std::string what = "there is no space \"" + std::string(id.substr(0, 64)) + "\"; there are ";
  for (const Space* space : kSpaces) {
    what += (space == kSpaces[0] ? "" : ", ") + std::string(space->id);
  }
  return Error{.code = "unknown-space", .where = "space", .what = std::move(what)};
}

std::string Selection::text() const {
  const std::string count = "n=" + std::to_string(n);
  switch (kind) {
    case Kind::whole: return "";
    case Kind::take: return "take " + count;
    case Kind::last: return "last " + count;
    case Kind::window: return "window at=" + std::to_string(at) + " " + count;
    case Kind::every:
      return "every step=" + std::to_string(step) + " from=" + std::to_string(at) + " | take " +
             count;
  }
  return "";
}

SelectionList::SelectionList(const SpaceBlock& block, KnownLength length,
                             std::span<const std::uint32_t> lengths) {
  for (const std::uint32_t n : lengths) {
    if (length.most != 0 && n >= length.most) continue;
    Group group{.n = n, .first = size_, .windows = 0, .first_every = 0, .every = {}};
    if (block.windows) {
      // The last window of a value of fixed length is `last n`.
      const std::size_t last = length.most == 0 ? kLastWindow : length.most - n;
      group.windows = static_cast<std::uint32_t>(
          std::min<std::size_t>(length.fixed ? last - 1 : last, kLastWindow));
    }
    group.first_every = group.first + 2 + group.windows;
    if (block.every && n > 1) {
      for (std::uint32_t step = 2; step <= kMostEvery; ++step) {
        for (std::uint32_t from = 0; from < step; ++from) {
          const std::size_t reach = std::size_t{from} + std::size_t{n - 1} * step;
          if (length.most != 0 && reach >= length.most) continue;
          group.every.push_back({Selection::Kind::every, n, from, step});
        }
      }
    }
    size_ = group.first_every + static_cast<std::uint32_t>(group.every.size());
    groups_.push_back(std::move(group));
  }
}

Selection SelectionList::at(std::uint32_t index) const {
  for (const Group& group : groups_) {
    if (index < group.first) break;
    const std::uint32_t offset = index - group.first;
    if (index >= group.first_every) {
      const std::size_t every = index - group.first_every;
      if (every < group.every.size()) return group.every[every];
      continue;
    }
    if (offset == 0) return {Selection::Kind::take, group.n, 0, 1};
    if (offset == 1) return {Selection::Kind::last, group.n, 0, 1};
    return {Selection::Kind::window, group.n, offset - 1, 1};
  }
  return {};
}

SearchPlan::SearchPlan(const Space& space, std::vector<std::uint32_t> lengths,
                       std::vector<std::string> words, std::size_t names)
    : space_(&space), lengths_(std::move(lengths)), words_(std::move(words)) {
  constexpr std::size_t kInputsOfUnit = 256;
  const auto ciphers_of_unit = static_cast<std::uint32_t>(
      std::max<std::size_t>(1, kInputsOfUnit / std::max<std::size_t>(names, 1)));
  blocks_ = blocks_of(space, words_);
  for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
    const SpaceBlock& block = blocks_[b];
    first_prefix_.push_back(prefixes_);
    std::uint64_t per_cipher = 0;  // recipes of one normalisation and cipher
    auto& lists = selections_.emplace_back();
    for (const Fragment& digest : block.digests) {
      for (const Fragment& encoding : block.encodings) {
        lists.emplace_back(block, length_of(digest, encoding), lengths_);
        per_cipher += lists.back().size();
      }
    }
    const std::uint64_t inputs = block.normalisations.size() * block.ciphers.size();
    prefixes_ += inputs * block.digests.size() * block.encodings.size();
    recipes_ += inputs * per_cipher;
    for (std::uint32_t d = 0; d < block.digests.size(); ++d) {
      for (std::uint32_t a = 0; a < block.normalisations.size(); ++a) {
        const auto ciphers = static_cast<std::uint32_t>(block.ciphers.size());
        for (std::uint32_t c = 0; c < ciphers; c += ciphers_of_unit) {
          units_.push_back({b, d, a, c, std::min(c + ciphers_of_unit, ciphers)});
        }
      }
    }
  }
}

std::uint64_t SearchPlan::recipes_of(const Unit& unit) const {
  std::uint64_t recipes = 0;
  for (std::uint32_t e = 0; e < blocks_[unit.block].encodings.size(); ++e) {
    recipes += selections(unit.block, unit.digest, e).size();
  }
  return recipes * (unit.cipher_end - unit.cipher_begin);
}

std::uint64_t SearchPlan::prefix_of(const Unit& unit, std::uint32_t cipher,
                                    std::uint32_t encoding) const {
  const SpaceBlock& block = blocks_[unit.block];
  const std::uint64_t input =
      (std::uint64_t{unit.digest} * block.normalisations.size() + unit.normalisation) *
          block.ciphers.size() +
      cipher;
  return first_prefix_[unit.block] + input * block.encodings.size() + encoding;
}

const SelectionList& SearchPlan::selections(std::uint32_t block, std::uint32_t digest,
                                            std::uint32_t encoding) const {
  return selections_[block][digest * blocks_[block].encodings.size() + encoding];
}

SearchPlan::Place SearchPlan::place_of(std::uint64_t prefix) const {
  std::size_t b = blocks_.size() - 1;
  while (first_prefix_[b] > prefix) --b;
  const SpaceBlock& block = blocks_[b];
  std::uint64_t rest = prefix - first_prefix_[b];
  const auto next = [&](std::size_t size) {
    const auto index = static_cast<std::uint32_t>(rest % size);
    rest /= size;
    return index;
  };
  Place place{};
  place.block = static_cast<std::uint32_t>(b);
  place.encoding = next(block.encodings.size());
  place.cipher = next(block.ciphers.size());
  place.normalisation = next(block.normalisations.size());
  place.digest = static_cast<std::uint32_t>(rest);
  return place;
}

bool SearchPlan::has(const RecipeId& id) const {
  if (id.prefix >= prefixes_) return false;
  const Place place = place_of(id.prefix);
  return id.selection < selections(place.block, place.digest, place.encoding).size();
}

Selection SearchPlan::selection_of(const RecipeId& id) const {
  const Place place = place_of(id.prefix);
  return selections(place.block, place.digest, place.encoding).at(id.selection);
}

std::string SearchPlan::text(const RecipeId& id) const {
  const Place place = place_of(id.prefix);
  const SpaceBlock& block = blocks_[place.block];
  std::string text;
  for (const std::string& part :
       {block.normalisations[place.normalisation].text, block.ciphers[place.cipher].text,
        block.digests[place.digest].text, block.encodings[place.encoding].text,
        selection_of(id).text()}) {
    if (!part.empty()) text += (text.empty() ? "" : " | ") + part;
  }
  return text.empty() ? std::string(kNothing) : text;
}

std::vector<std::string> words_of(std::span<const std::string> texts) {
  constexpr std::size_t kLeast = 2;
  constexpr std::size_t kMost = 32;
  std::vector<std::string> words;
  for (const std::string& text : texts) {
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const char c = i < text.size() ? text[i] : ' ';
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        word.push_back(c);
        continue;
      }
      if (word.size() >= kLeast && word.size() <= kMost && words.size() < kMaxWords &&
          std::find(words.begin(), words.end(), word) == words.end()) {
        words.push_back(word);
      }
      word.clear();
    }
  }
  return words;
}

namespace {

using Form = std::vector<std::string>;

Form form_of(const Fragment& fragment) { return normal_form({fragment.steps}); }

// Where the form goes on after `part`, if it goes on with it.
std::optional<std::size_t> after_part(const Form& form, std::size_t at, const Form& part) {
  if (form.size() - at < part.size()) return std::nullopt;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (form[at + i] != part[i]) return std::nullopt;
  }
  return at + part.size();
}

std::vector<Form> forms_of(const std::vector<Fragment>& stage) {
  std::vector<Form> forms;
  for (const Fragment& fragment : stage) forms.push_back(form_of(fragment));
  return forms;
}

struct Member {
  std::string text;
  std::optional<std::uint32_t> length;
};

// The selection that the rest of the form spells.
std::optional<Selection> selection_of(const Form& form, std::size_t at) {
  std::string rest;
  for (std::size_t i = at; i < form.size(); ++i) rest += (i == at ? "" : " | ") + form[i];
  if (rest.empty()) return Selection{};
  auto recipe = read_recipe(rest);
  if (!recipe) return std::nullopt;
  Selection selection;
  const Step& last = recipe->steps.back();
  const auto number = [](const Step& step, std::size_t field) {
    const Integer value = step.method->fields[field].load(step.prepared.options.get());
    return static_cast<std::uint32_t>(std::min(value, Integer{kMaxTagBytes} + 1));
  };
  if (recipe->steps.size() == 1 && last.method->id == "take") {
    selection = {Selection::Kind::take, number(last, 0), 0, 1};
  } else if (recipe->steps.size() == 1 && last.method->id == "last") {
    selection = {Selection::Kind::last, number(last, 0), 0, 1};
  } else if (recipe->steps.size() == 1 && last.method->id == "window") {
    selection = {Selection::Kind::window, number(last, 1), number(last, 0), 1};
  } else if (recipe->steps.size() == 2 && last.method->id == "take" &&
             recipe->steps[0].method->id == "every") {
    const Step& every = recipe->steps[0];
    selection = {Selection::Kind::every, number(last, 0), number(every, 1), number(every, 0)};
  } else {
    return std::nullopt;
  }
  if (selection.n == 0 || selection.n > kMaxTagBytes) return std::nullopt;
  return selection;
}

std::optional<Member> member_of(const SearchPlan& plan, const Form& form) {
  for (std::size_t b = 0; b < plan.blocks().size(); ++b) {
    const SpaceBlock& block = plan.blocks()[b];
    const auto normalisations = forms_of(block.normalisations);
    const auto ciphers = forms_of(block.ciphers);
    const auto digests = forms_of(block.digests);
    const auto encodings = forms_of(block.encodings);
    for (std::size_t a = 0; a < normalisations.size(); ++a) {
      const auto normalised = after_part(form, 0, normalisations[a]);
      if (!normalised) continue;
      for (std::size_t c = 0; c < ciphers.size(); ++c) {
        const auto ciphered = after_part(form, *normalised, ciphers[c]);
        if (!ciphered) continue;
        for (std::size_t d = 0; d < digests.size(); ++d) {
          const auto digested = after_part(form, *ciphered, digests[d]);
          if (!digested) continue;
          for (std::size_t e = 0; e < encodings.size(); ++e) {
            const auto encoded = after_part(form, *digested, encodings[e]);
            if (!encoded) continue;
            const auto selection = selection_of(form, *encoded);
            if (!selection) continue;
            const bool whole = selection->kind == Selection::Kind::whole;
            const std::uint32_t lengths[] = {whole ? 1 : selection->n};
            const SelectionList list(block, length_of(block.digests[d], block.encodings[e]),
                                     lengths);
            const std::string wanted = selection->text();
            for (std::uint32_t i = 0; i < list.size(); ++i) {
              if (list.at(i).text() != wanted) continue;
              std::string text;
              for (const std::string& part :
                   {block.normalisations[a].text, block.ciphers[c].text, block.digests[d].text,
                    block.encodings[e].text, wanted}) {
                if (!part.empty()) text += (text.empty() ? "" : " | ") + part;
              }
              if (text.empty()) text = kNothing;
              return Member{text, whole ? std::nullopt : std::optional(selection->n)};
            }
          }
        }
      }
    }
  }
  return std::nullopt;
}

Json described(const std::vector<Fragment>& stage) {
  Json texts = Json::array();
  for (const Fragment& fragment : stage) texts.push_back(fragment.text);
  return texts;
}

}  // namespace

Result<Json> describe_membership(std::string_view space_id, std::string_view source,
                                 std::vector<std::string> words) {
  auto space = require_space(space_id);
  if (!space) return std::move(space).error();
  auto recipe = read_recipe(source);
  if (!recipe) return within("recipe", std::move(recipe).error());
  auto kind = kind_after(*recipe, Kind::text);
  if (!kind) return within("recipe", std::move(kind).error());
  const SearchPlan plan(**space, {1}, std::move(words), 1);
  const auto member = member_of(plan, normal_form(*recipe));
  return Json{{"space", (*space)->id},
              {"recipe", recipe->canonical()},
              {"contains", member.has_value()},
              {"as", member ? Json(member->text) : Json()},
              {"length", member && member->length ? Json(*member->length) : Json()}};
}

Json describe_spaces(std::uint32_t most) {
  Json all = Json::array();
  for (const Space* space : kSpaces) {
    Json blocks = Json::array();
    // A word stands for all, so that stages can be shown; counts are given without words.
    std::vector<SpaceBlock> shown = blocks_of(*space, {std::string(kWordsPlaceholder)});
    for (const SpaceBlock& block : shown) {
      blocks.push_back({{"normalisations", described(block.normalisations)},
                        {"ciphers", described(block.ciphers)},
                        {"digests", described(block.digests)},
                        {"encodings", described(block.encodings)},
                        {"windows", block.windows},
                        {"every", block.every}});
    }
    Json counts = Json::array();
    Json with_word = Json::array();
    for (std::uint32_t length = 1; length <= most; ++length) {
      const SearchPlan plan(*space, {length}, {}, 1);
      const SearchPlan one_word(*space, {length}, {"word"}, 1);
      counts.push_back(plan.recipes());
      with_word.push_back(one_word.recipes() - plan.recipes());
    }
    Json lines = Json::array();
    for (const SpaceLine& line : space->lines) {
      static constexpr std::string_view kParts[] = {"open",   "block",  "normalisation",
                                                    "cipher", "digest", "encoding"};
      lines.push_back({{"part", kParts[static_cast<std::size_t>(line.part)]}, {"text", line.text}});
    }
    all.push_back({{"id", space->id},
                   {"summary", space->summary},
                   {"lines", std::move(lines)},
                   {"blocks", std::move(blocks)},
                   {"recipes", std::move(counts)},
                   {"recipes_per_word", std::move(with_word)}});
  }
  return all;
}

}  // namespace tagscope
