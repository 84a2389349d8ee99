#include "search/lists.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <set>
#include <unordered_set>

#include "claim/claim.h"
#include "search/distinct.h"
#include "search/nulls.h"
#include "search/packed.h"
#include "search/walk.h"
#include "text/unicode.h"

namespace tagscope {
namespace {

// Names that are walked together: what is counted in lanes of a byte is added up after each batch.
constexpr std::size_t kBatch = 255;
// Decides how units are cut: at most four ciphers in each, so that counts of all their recipes fit.
constexpr std::size_t kLeastNames = 64;
constexpr std::size_t kMostLanes = 16;
constexpr std::size_t kKeyCharacters = 8;

Error bad_lists(std::string where, std::string what) {
  return {.code = "bad-lists", .where = std::move(where), .what = std::move(what)};
}

Result<std::vector<std::string>> read_list(const Json& json, std::string_view field,
                                           std::size_t most, std::size_t most_bytes) {
  const Json* list = json.find(field);
  const std::string where(field);
  if (list == nullptr || !list->is_array()) return bad_lists(where, "is not an array of texts");
  std::vector<std::string> texts;
  std::unordered_set<std::string_view> known;
  const Json::Array& items = list->items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto fault = [&](std::string what) {
      return bad_lists(where + "[" + std::to_string(i) + "]", std::move(what));
    };
    if (!items[i].is_string()) return fault("is not a text");
    const std::string& text = items[i].string();
    if (text.empty()) return fault("is empty");
    if (text.size() > most_bytes) {
      return fault("is " + std::to_string(text.size()) + " bytes; the limit is " +
                   std::to_string(most_bytes));
    }
    if (known.insert(text).second) texts.push_back(text);
  }
  if (texts.empty()) return bad_lists(where, "is empty");
  if (texts.size() > most) {
    return bad_lists(where, "has " + std::to_string(texts.size()) +
                                " different entries; the limit is " + std::to_string(most));
  }
  return texts;
}

std::vector<std::u32string> characters_of(const std::vector<std::string>& texts) {
  std::vector<std::u32string> all;
  all.reserve(texts.size());
  for (const std::string& text : texts) all.push_back(code_points(text));
  return all;
}

std::vector<std::uint32_t> lengths_of(const std::vector<std::u32string>& tags) {
  std::set<std::uint32_t> lengths;
  for (const std::u32string& tag : tags) lengths.insert(static_cast<std::uint32_t>(tag.size()));
  return {lengths.begin(), lengths.end()};
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// Of the first characters of a code, eight bits each. Codes of different keys are different.
template <typename Character>
std::uint64_t beginning_of(const Character* code, std::size_t length) {
  std::uint64_t key = 0;
  for (std::size_t i = std::min(length, kKeyCharacters); i-- > 0;) {
    key = key << 8 | static_cast<std::uint8_t>(code[i]);
  }
  return key;
}

// Whole numbers stay whole.
double rounded(double value) {
  return value == std::floor(value) ? value : round_significant(value);
}

struct BestRecipe {
  RecipeId id;
  std::uint64_t hits = 0;
  double expected = 0;

  friend bool operator<(const BestRecipe& a, const BestRecipe& b) {
    const double more_a = static_cast<double>(a.hits) - a.expected;
    const double more_b = static_cast<double>(b.hits) - b.expected;
    return more_a != more_b ? more_a > more_b : a.id < b.id;
  }
};

// Keeps the first in their order.
void keep_best(std::vector<BestRecipe>& best, const BestRecipe& recipe) {
  if (best.size() == kBestRecipes && !(recipe < best.back())) return;
  best.insert(std::upper_bound(best.begin(), best.end(), recipe), recipe);
  if (best.size() > kBestRecipes) best.pop_back();
}

// What came of a unit.
struct UnitResult {
  // Of one recipe: its hits are [begin, begin of the next).
  struct Recipe {
    RecipeId id;
    std::size_t begin = 0;
  };
  struct Hit {
    std::uint32_t name = 0;
    std::uint32_t tag = 0;
  };
  std::vector<std::uint64_t> outputs;  // by length and lane
  std::vector<BestRecipe> best;
  std::vector<std::uint64_t> hits_by_tag;
  std::vector<Recipe> recipes;  // where hits are kept
  std::vector<Hit> hits;
};

}  // namespace

Result<Lists> read_lists(const Json& json) {
  auto names = read_list(json, "names", kMaxListNames, kMaxNameBytes);
  if (!names) return std::move(names).error();
  auto tags = read_list(json, "tags", kMaxListTags, kMaxTagBytes);
  if (!tags) return std::move(tags).error();
  const std::size_t lengths = lengths_of(characters_of(*tags)).size();
  if (lengths > kMaxListLengths) {
    return bad_lists("tags", "have " + std::to_string(lengths) +
                                 " different lengths; the limit is " +
                                 std::to_string(kMaxListLengths));
  }
  const Json* id = json.find("space");
  if (id == nullptr || !id->is_string()) return bad_lists("space", "is not a text");
  auto space = require_space(id->string());
  if (!space) return std::move(space).error();
  const Json* hits = json.find("hits");
  if (hits == nullptr || !hits->is_boolean()) return bad_lists("hits", "is not true or false");
  return Lists{*std::move(names), *std::move(tags), *space, hits->boolean()};
}

struct ListSearch::State {
  State(Lists stated, const ClipVocabulary& vocabulary);

  // Lane b of a set of alphabets: the outputs that are codes of alphabets[b]. After the alphabets,
  // where tokens are a null model: codes of a–z by their number of tokens, one token first.
  struct Lanes {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    void add(const Lanes& other) {
      low += other.low;
      high += other.high;
    }
    void add_one(std::size_t lane) {
      (lane < 8 ? low : high) += std::uint64_t{1} << (8 * (lane % 8));
    }
    [[nodiscard]] std::uint64_t lane(std::size_t lane) const {
      return (lane < 8 ? low >> (8 * lane) : high >> (8 * (lane - 8))) & 0xFF;
    }
  };
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t tag = 0;  // from 1; 0 where the slot is free
  };
  // One name's value: the sets of alphabets of its characters.
  struct Swept {
    std::vector<std::uint16_t> single;
    std::u32string wide;  // of a text past ASCII
    std::string_view narrow;
    bool is_wide = false;
    std::size_t size = 0;
  };
  struct UnitHit {
    std::uint32_t recipe = 0;  // of the unit: offset of its prefix, and its selection
    std::uint32_t name = 0;
    std::uint32_t tag = 0;
  };

  Lists lists;
  std::vector<std::u32string> tags;
  std::vector<std::uint32_t> lengths;
  SearchPlan plan;
  std::vector<Walk> walks;  // one for each batch
  std::vector<Alphabet> alphabets;
  std::vector<NullModel> nulls;
  std::map<std::size_t, std::vector<std::uint8_t>> tokens_of_length;
  std::uint16_t letters_bit = 0;
  bool ascii_tags = true;
  std::array<std::uint16_t, 256> byte_alphabets{};
  std::vector<Lanes> spread;  // by set of alphabets
  std::size_t lanes = 0;
  // By length and lane: expected hits of one output that is of the lane.
  std::vector<double> chances;
  std::vector<std::uint64_t> filter;
  unsigned filter_shift = 0;
  std::vector<Slot> slots;

  // The unit in hand.
  std::optional<std::size_t> unit;
  std::size_t next_batch = 0;
  std::uint64_t first_prefix = 0;
  std::vector<const SelectionList*> selections;  // by prefix of the unit
  std::vector<std::uint32_t> offsets;            // of a prefix's recipes among the unit's
  std::vector<std::uint64_t> counts;             // by recipe of the unit and lane
  std::vector<std::uint64_t> whole_counts;       // by prefix, length and lane
  std::vector<UnitHit> unit_hits;
  std::string record;

  // What was added.
  std::vector<std::uint8_t> added;
  std::vector<std::uint64_t> outputs;
  std::vector<std::uint64_t> hits_by_tag;
  std::vector<BestRecipe> best_added;
  std::uint64_t recipes_added = 0;
  UnitResult newest;

  void begin(std::size_t which);
  void run_batch(std::size_t batch);
  void finish_unit();
  [[nodiscard]] std::size_t length_index(std::size_t length) const;
  // Expected hits of outputs counted by lane, of one length or of all: the largest over the nulls.
  [[nodiscard]] double expected(const std::uint64_t* by_lane, std::size_t first_length,
                                std::size_t count, std::string_view* null = nullptr) const;
  [[nodiscard]] double expected_of_tag(std::size_t tag) const;
  [[nodiscard]] std::string write(const UnitResult& result) const;
  [[nodiscard]] std::optional<UnitResult> read(std::size_t which, std::string_view bytes) const;

 private:
  void visit(const PrefixValues& values, std::uint32_t first_name);
  void visit_group(const PrefixValues& values, const SelectionList::Group& group,
                   std::uint32_t first_recipe, std::uint32_t first_name);
  void visit_slowly(const PrefixValues& values, std::size_t name, const SelectionList::Group& group,
                    std::uint32_t first_recipe, std::uint32_t first_name);
  template <typename Character>
  std::size_t sweep(const Character* data, const Swept& swept, const SelectionList::Group& group,
                    std::uint32_t first_recipe, std::uint32_t name);
  template <typename Character>
  void see(const Character* code, std::size_t length, std::uint16_t set, Lanes& column,
           std::uint32_t recipe, std::uint32_t name);
  template <typename Character>
  [[nodiscard]] std::optional<std::uint32_t> find(const Character* code, std::size_t length) const;
  void prepare(Swept& swept, const PrefixValues& values, std::size_t name) const;
  void add_column(const Lanes& column, std::uint64_t* sums) const;
  [[nodiscard]] std::uint16_t alphabets_of(char32_t character) const;
  [[nodiscard]] std::uint16_t alphabets_of(const std::u32string& code) const;

  std::vector<Swept> swept_;
  std::vector<Lanes> columns_;  // take, last, the windows
  std::vector<Lanes> every_;
  std::vector<std::uint16_t> windows_;
  std::vector<std::uint8_t> is_tag_length_;
};

ListSearch::State::State(Lists stated, const ClipVocabulary& vocabulary)
    : lists(std::move(stated)),
      tags(characters_of(lists.tags)),
      lengths(lengths_of(tags)),
      plan(*lists.space, lengths, words_of(lists.names),
           std::max(kLeastNames, lists.names.size())) {
  for (std::size_t at = 0; at < lists.names.size(); at += kBatch) {
    const auto begin = lists.names.begin() + static_cast<std::ptrdiff_t>(at);
    const std::size_t size = std::min(kBatch, lists.names.size() - at);
    walks.emplace_back(plan,
                       std::vector<std::string>(begin, begin + static_cast<std::ptrdiff_t>(size)));
  }
  for (const std::string& tag : lists.tags) ascii_tags = ascii_tags && is_ascii(tag);
  alphabets = null_alphabets(tags, false);
  const bool letters = std::all_of(tags.begin(), tags.end(), [](const std::u32string& tag) {
    return tag.size() <= kMaxCountedLetters &&
           tag.find_first_not_of(U"abcdefghijklmnopqrstuvwxyz") == std::u32string::npos;
  });
  for (const std::uint32_t length : lengths) {
    if (letters) tokens_of_length[length] = token_counts(vocabulary, length);
  }
  nulls = null_models(tags, alphabets, tokens_of_length);
  for (std::size_t b = 0; b < alphabets.size(); ++b) {
    if (letters && alphabets[b].name == "a-z") letters_bit = static_cast<std::uint16_t>(1U << b);
    for (const char32_t character : alphabets[b].characters) {
      if (character < 0x80) {
        byte_alphabets[character] = static_cast<std::uint16_t>(byte_alphabets[character] | 1U << b);
      }
    }
  }
  lanes = alphabets.size() + (letters ? kMaxCountedLetters : 0);
  if (lanes > kMostLanes) std::abort();  // claim/shape.cpp has named too many alphabets
  spread.resize(std::size_t{1} << alphabets.size());
  for (std::size_t set = 0; set < spread.size(); ++set) {
    for (std::size_t b = 0; b < alphabets.size(); ++b) {
      if ((set >> b & 1) != 0) spread[set].add_one(b);
    }
  }
  chances.resize(lengths.size() * lanes);
  for (std::size_t t = 0; t < tags.size(); ++t) {
    double* const of_length = chances.data() + length_index(tags[t].size()) * lanes;
    for (std::size_t b = 0; b < nulls.size(); ++b) {
      const double chance = 1 / nulls[b].class_size[nulls[b].class_of[t]];
      if (!nulls[b].by_tokens) {
        of_length[b] += chance;
      } else {
        const auto& tokens = tokens_of_length.at(tags[t].size());
        of_length[alphabets.size() + tokens[letters_code(tags[t])] - 1U] += chance;
      }
    }
  }

  unsigned bits = 10;
  while (bits < 24 && (std::size_t{1} << bits) < 16 * tags.size()) ++bits;
  filter_shift = 64 - bits;
  filter.resize((std::size_t{1} << bits) / 64);
  slots.resize(std::size_t{1} << bits);
  for (std::uint32_t t = 0; t < tags.size(); ++t) {
    const std::uint64_t key = beginning_of(tags[t].data(), tags[t].size());
    std::uint64_t at = mixed(key) >> filter_shift;
    filter[at / 64] |= std::uint64_t{1} << (at % 64);
    while (slots[at].tag != 0) at = (at + 1) % slots.size();
    slots[at] = {key, t + 1};
  }
  is_tag_length_.resize(lengths.back() + 1);
  for (const std::uint32_t length : lengths) is_tag_length_[length] = 1;
  swept_.resize(kBatch);
  added.resize(plan.units().size());
  outputs.resize(lengths.size() * lanes);
  hits_by_tag.resize(tags.size());
}

std::size_t ListSearch::State::length_index(std::size_t length) const {
  return static_cast<std::size_t>(std::lower_bound(lengths.begin(), lengths.end(), length) -
                                  lengths.begin());
}

// ---- A unit ----

void ListSearch::State::begin(std::size_t which) {
  unit = which;
  next_batch = 0;
  record.clear();
  unit_hits.clear();
  selections.clear();
  offsets.clear();
  const Unit& what = plan.units()[which];
  first_prefix = plan.prefix_of(what, what.cipher_begin, 0);
  std::uint32_t recipes = 0;
  for (std::uint32_t c = what.cipher_begin; c < what.cipher_end; ++c) {
    for (std::uint32_t e = 0; e < plan.blocks()[what.block].encodings.size(); ++e) {
      selections.push_back(&plan.selections(what.block, what.digest, e));
      offsets.push_back(recipes);
      recipes += selections.back()->size();
    }
  }
  counts.assign(recipes * lanes, 0);
  whole_counts.assign(selections.size() * lengths.size() * lanes, 0);
}

void ListSearch::State::run_batch(std::size_t batch) {
  const auto first_name = static_cast<std::uint32_t>(batch * kBatch);
  walks[batch].unit(plan.units()[*unit],
                    [&](const PrefixValues& values) { visit(values, first_name); });
}

std::uint16_t ListSearch::State::alphabets_of(char32_t character) const {
  if (character < 0x80) return byte_alphabets[character];
  std::uint16_t set = 0;
  for (std::size_t b = 0; b < alphabets.size(); ++b) {
    if (alphabets[b].holds(character)) set = static_cast<std::uint16_t>(set | 1U << b);
  }
  return set;
}

std::uint16_t ListSearch::State::alphabets_of(const std::u32string& code) const {
  std::uint16_t set = 0xFFFF;
  for (const char32_t character : code) {
    set = static_cast<std::uint16_t>(set & alphabets_of(character));
  }
  return set;
}

void ListSearch::State::prepare(Swept& swept, const PrefixValues& values, std::size_t name) const {
  swept.size = 0;
  if (!values.has[name]) return;
  const std::string& data = values.data[name];
  swept.is_wide = values.kind == Kind::text && !is_ascii(data);
  if (swept.is_wide) {
    swept.wide = code_points(data);
    swept.size = swept.wide.size();
    swept.single.resize(swept.size);
    for (std::size_t i = 0; i < swept.size; ++i) swept.single[i] = alphabets_of(swept.wide[i]);
    return;
  }
  swept.narrow = data;
  swept.size = data.size();
  swept.single.resize(swept.size);
  for (std::size_t i = 0; i < swept.size; ++i) {
    swept.single[i] = byte_alphabets[static_cast<unsigned char>(data[i])];
  }
}

void ListSearch::State::visit(const PrefixValues& values, std::uint32_t first_name) {
  const auto prefix = static_cast<std::size_t>(values.prefix - first_prefix);
  const std::uint32_t first_recipe = offsets[prefix];
  // Of bytes, several make one character of a tag past ASCII.
  const bool slowly = values.kind == Kind::bytes && !ascii_tags;
  for (std::size_t i = 0; i < values.data.size(); ++i) {
    Swept& swept = swept_[i];
    prepare(swept, values, i);
    if (slowly && swept.size != 0) {
      for (const auto& group : values.selections->groups()) {
        visit_slowly(values, i, group, first_recipe, first_name);
      }
    }
    const std::u32string characters = slowly ? symbols(values.data[i]) : std::u32string();
    const std::size_t length = slowly && swept.size != 0 ? characters.size() : swept.size;
    if (length >= is_tag_length_.size() || is_tag_length_[length] == 0) continue;
    std::uint16_t set = slowly ? alphabets_of(characters) : std::uint16_t{0xFFFF};
    for (std::size_t c = 0; c < length && !slowly; ++c) {
      set = static_cast<std::uint16_t>(set & swept.single[c]);
    }
    Lanes whole;
    const auto name = first_name + static_cast<std::uint32_t>(i);
    if (slowly) {
      see(characters.data(), length, set, whole, first_recipe, name);
    } else if (swept.is_wide) {
      see(swept.wide.data(), length, set, whole, first_recipe, name);
    } else {
      see(swept.narrow.data(), length, set, whole, first_recipe, name);
    }
    add_column(whole,
               whole_counts.data() + (prefix * lengths.size() + length_index(length)) * lanes);
  }
  if (slowly) return;
  for (const auto& group : values.selections->groups()) {
    visit_group(values, group, first_recipe, first_name);
  }
}

void ListSearch::State::visit_group(const PrefixValues& values, const SelectionList::Group& group,
                                    std::uint32_t first_recipe, std::uint32_t first_name) {
  columns_.assign(2 + group.windows, {});
  every_.assign(group.every.size(), {});
  std::size_t used = 0;
  for (std::size_t i = 0; i < values.data.size(); ++i) {
    const Swept& swept = swept_[i];
    if (swept.size < group.n) continue;
    const auto name = first_name + static_cast<std::uint32_t>(i);
    used = std::max(used, swept.is_wide
                              ? sweep(swept.wide.data(), swept, group, first_recipe, name)
                              : sweep(swept.narrow.data(), swept, group, first_recipe, name));
  }
  std::uint64_t* const sums = counts.data() + (first_recipe + group.first) * lanes;
  for (std::size_t i = 0; i < used; ++i) add_column(columns_[i], sums + i * lanes);
  std::uint64_t* const every_sums = counts.data() + (first_recipe + group.first_every) * lanes;
  for (std::size_t e = 0; e < every_.size(); ++e) add_column(every_[e], every_sums + e * lanes);
}

void ListSearch::State::add_column(const Lanes& column, std::uint64_t* sums) const {
  if ((column.low | column.high) == 0) return;
  for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += column.lane(lane);
}

// How many of columns_ it may have counted in.
template <typename Character>
std::size_t ListSearch::State::sweep(const Character* data, const Swept& swept,
                                     const SelectionList::Group& group, std::uint32_t first_recipe,
                                     std::uint32_t name) {
  const std::uint32_t n = group.n;
  const std::size_t last = swept.size - n;
  // The alphabets of each window: of its characters, and-ed in doubling steps.
  const std::uint16_t* sets = swept.single.data();
  if (n > 1) {
    windows_.assign(swept.single.begin(), swept.single.end());
    std::uint16_t* const windows = windows_.data();
    std::size_t width = 1;
    const auto widen = [&](std::size_t by) {
      for (std::size_t i = 0; i + width + by <= swept.size; ++i) {
        windows[i] = static_cast<std::uint16_t>(windows[i] & windows[i + by]);
      }
      width += by;
    };
    while (2 * width <= n) widen(width);
    if (width < n) widen(n - width);
    sets = windows;
  }
  const std::uint32_t first = first_recipe + group.first;
  see(data, n, sets[0], columns_[0], first, name);
  see(data + last, n, sets[last], columns_[1], first + 1, name);
  const std::size_t windows = std::min<std::size_t>(last, group.windows);
  for (std::size_t at = 1; at <= windows; ++at) {
    if (sets[at] == 0) continue;
    see(data + at, n, sets[at], columns_[at + 1], first + 1 + static_cast<std::uint32_t>(at), name);
  }
  for (std::uint32_t e = 0; e < group.every.size(); ++e) {
    const Selection& every = group.every[e];
    if (every.at + std::size_t{n - 1} * every.step >= swept.size) continue;
    std::array<Character, kMaxTagBytes> picked;
    std::uint16_t set = 0xFFFF;
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::size_t at = every.at + std::size_t{i} * every.step;
      picked[i] = data[at];
      set = static_cast<std::uint16_t>(set & swept.single[at]);
    }
    see(picked.data(), n, set, every_[e], first_recipe + group.first_every + e, name);
  }
  return windows + 2;
}

void ListSearch::State::visit_slowly(const PrefixValues& values, std::size_t name,
                                     const SelectionList::Group& group, std::uint32_t first_recipe,
                                     std::uint32_t first_name) {
  const std::string& data = values.data[name];
  const std::uint32_t end = group.first_every + static_cast<std::uint32_t>(group.every.size());
  for (std::uint32_t index = group.first; index < end; ++index) {
    const Selection selection = values.selections->at(index);
    if (selection.at >= data.size() && selection.at != 0) continue;
    const std::u32string code = symbols(selected(data, selection));
    if (code.size() != group.n) continue;
    Lanes column;
    see(code.data(), code.size(), alphabets_of(code), column, first_recipe + index,
        first_name + static_cast<std::uint32_t>(name));
    add_column(column, counts.data() + (first_recipe + index) * lanes);
  }
}

template <typename Character>
void ListSearch::State::see(const Character* code, std::size_t length, std::uint16_t set,
                            Lanes& column, std::uint32_t recipe, std::uint32_t name) {
  if (set == 0) return;
  column.add(spread[set]);
  if ((set & letters_bit) != 0) {
    std::size_t index = 0;
    for (std::size_t i = 0; i < length; ++i) {
      index = index * 26 + static_cast<std::size_t>(code[i] - static_cast<Character>('a'));
    }
    column.add_one(alphabets.size() + tokens_of_length.find(length)->second[index] - 1U);
  }
  // The first alphabet holds all tags.
  if ((set & 1) == 0) return;
  if (const auto tag = find(code, length)) unit_hits.push_back({recipe, name, *tag});
}

template <typename Character>
std::optional<std::uint32_t> ListSearch::State::find(const Character* code,
                                                     std::size_t length) const {
  const std::uint64_t key = beginning_of(code, length);
  std::uint64_t at = mixed(key) >> filter_shift;
  if ((filter[at / 64] >> (at % 64) & 1) == 0) return std::nullopt;
  for (; slots[at].tag != 0; at = (at + 1) % slots.size()) {
    if (slots[at].key != key) continue;
    const std::u32string& tag = tags[slots[at].tag - 1];
    const bool equal = tag.size() == length &&
                       std::equal(tag.begin(), tag.end(), code, [](char32_t a, Character b) {
                         return a == static_cast<std::make_unsigned_t<Character>>(b);
                       });
    if (equal) return slots[at].tag - 1;
  }
  return std::nullopt;
}

void ListSearch::State::finish_unit() {
  UnitResult result;
  result.outputs.resize(lengths.size() * lanes);
  result.hits_by_tag.resize(tags.size());
  const std::size_t recipes = counts.size() / lanes;
  // Hits in the order of the recipes; of one recipe they lie in the order of the names already.
  std::vector<std::uint32_t> ends(recipes + 1);
  for (const UnitHit& hit : unit_hits) {
    ++ends[hit.recipe + 1];
    ++result.hits_by_tag[hit.tag];
  }
  for (std::size_t r = 0; r < recipes; ++r) ends[r + 1] += ends[r];
  const auto hits_of = [&](std::size_t recipe) { return ends[recipe + 1] - ends[recipe]; };
  for (std::size_t p = 0; p < selections.size(); ++p) {
    for (std::uint32_t s = 0; s < selections[p]->size(); ++s) {
      const std::size_t recipe = offsets[p] + s;
      const RecipeId id{first_prefix + p, s};
      const Selection selection = selections[p]->at(s);
      const bool whole = selection.kind == Selection::Kind::whole;
      const std::size_t first = whole ? 0 : length_index(selection.n);
      const std::size_t count = whole ? lengths.size() : 1;
      const std::uint64_t* const sums =
          whole ? whole_counts.data() + p * lengths.size() * lanes : counts.data() + recipe * lanes;
      for (std::size_t i = 0; i < count * lanes; ++i) result.outputs[first * lanes + i] += sums[i];
      if (hits_of(recipe) == 0) continue;
      keep_best(result.best, {id, hits_of(recipe), expected(sums, first, count)});
      if (lists.hits) result.recipes.push_back({id, ends[recipe]});
    }
  }
  if (lists.hits) {
    result.hits.resize(unit_hits.size());
    std::vector<std::uint32_t> next(ends.begin(), ends.end() - 1);
    for (const UnitHit& hit : unit_hits) result.hits[next[hit.recipe]++] = {hit.name, hit.tag};
  }
  record = write(result);
  std::vector<UnitHit>().swap(unit_hits);
}

double ListSearch::State::expected(const std::uint64_t* by_lane, std::size_t first_length,
                                   std::size_t count, std::string_view* null) const {
  double largest = 0;
  for (std::size_t b = 0; b < nulls.size(); ++b) {
    const std::size_t begin = nulls[b].by_tokens ? alphabets.size() : b;
    const std::size_t end = nulls[b].by_tokens ? lanes : b + 1;
    double sum = 0;
    for (std::size_t l = 0; l < count; ++l) {
      for (std::size_t lane = begin; lane < end; ++lane) {
        sum += static_cast<double>(by_lane[l * lanes + lane]) *
               chances[(first_length + l) * lanes + lane];
      }
    }
    if (null != nullptr && (b == 0 || sum > largest)) *null = nulls[b].name;
    largest = std::max(largest, sum);
  }
  return largest;
}

double ListSearch::State::expected_of_tag(std::size_t tag) const {
  const std::uint64_t* const by_lane = outputs.data() + length_index(tags[tag].size()) * lanes;
  double largest = 0;
  for (std::size_t b = 0; b < nulls.size(); ++b) {
    std::size_t lane = b;
    if (nulls[b].by_tokens) {
      const auto& tokens = tokens_of_length.at(tags[tag].size());
      lane = alphabets.size() + tokens[letters_code(tags[tag])] - 1U;
    }
    largest = std::max(
        largest, static_cast<double>(by_lane[lane]) / nulls[b].class_size[nulls[b].class_of[tag]]);
  }
  return largest;
}

// ---- Records ----
//
//   outputs       a number for each length and lane
//   best          their number; for each prefix, selection, hits, the double expected
//   hits          of each recipe that has some: prefix and selection, each as the difference to the
//                 one before where that is the same prefix, their number, and for each the name (as
//                 the difference to the one before) and the tag
//   or counts     where hits are not kept: a number for each tag

std::string ListSearch::State::write(const UnitResult& result) const {
  PackedWriter out;
  for (const std::uint64_t count : result.outputs) out.number(count);
  out.number(result.best.size());
  for (const BestRecipe& recipe : result.best) {
    out.number(recipe.id.prefix);
    out.number(recipe.id.selection);
    out.number(recipe.hits);
    std::uint64_t bits = 0;
    std::memcpy(&bits, &recipe.expected, sizeof bits);
    out.fixed(bits);
  }
  if (!lists.hits) {
    for (const std::uint64_t count : result.hits_by_tag) out.number(count);
    return std::move(out).take();
  }
  out.number(result.recipes.size());
  for (std::size_t r = 0; r < result.recipes.size(); ++r) {
    const std::size_t begin = result.recipes[r].begin;
    const std::size_t end =
        r + 1 < result.recipes.size() ? result.recipes[r + 1].begin : result.hits.size();
    out.number(result.recipes[r].id.prefix);
    out.number(result.recipes[r].id.selection);
    out.number(end - begin);
    std::uint32_t before = 0;
    for (std::size_t i = begin; i < end; ++i) {
      out.number(result.hits[i].name - before);
      out.number(result.hits[i].tag);
      before = result.hits[i].name;
    }
  }
  return std::move(out).take();
}

std::optional<UnitResult> ListSearch::State::read(std::size_t which, std::string_view bytes) const {
  PackedReader in(bytes);
  const Unit& what = plan.units()[which];
  const std::uint64_t begin = plan.prefix_of(what, what.cipher_begin, 0);
  const std::uint64_t end = plan.prefix_of(what, what.cipher_end, 0);
  const auto read_id = [&]() -> std::optional<RecipeId> {
    const std::uint64_t prefix = in.number();
    const std::uint64_t selection = in.number();
    if (prefix < begin || prefix >= end || selection > 0xFFFFFFFF) return std::nullopt;
    const RecipeId id{prefix, static_cast<std::uint32_t>(selection)};
    return plan.has(id) ? std::optional(id) : std::nullopt;
  };
  // A count that no unit can reach is not added to others: sums of all units must not overflow.
  const std::uint64_t most = std::uint64_t{lists.names.size()} * plan.recipes_of(what);
  const auto read_count = [&] {
    const std::uint64_t count = in.number();
    return count <= most ? count : in.fail();
  };
  UnitResult result;
  result.outputs.resize(lengths.size() * lanes);
  for (std::uint64_t& count : result.outputs) count = read_count();
  const std::uint64_t best = in.length();
  if (best > kBestRecipes) return std::nullopt;
  for (std::uint64_t i = 0; i < best && !in.failed(); ++i) {
    BestRecipe recipe;
    const auto id = read_id();
    if (!id) return std::nullopt;
    recipe.id = *id;
    recipe.hits = read_count();
    const std::uint64_t bits = in.fixed();
    std::memcpy(&recipe.expected, &bits, sizeof bits);
    if (!std::isfinite(recipe.expected) || recipe.expected < 0) return std::nullopt;
    if (!result.best.empty() && !(result.best.back() < recipe)) return std::nullopt;
    result.best.push_back(recipe);
  }
  result.hits_by_tag.resize(tags.size());
  if (!lists.hits) {
    for (std::uint64_t& count : result.hits_by_tag) count = read_count();
  } else {
    const std::uint64_t recipes = in.length();
    for (std::uint64_t r = 0; r < recipes && !in.failed(); ++r) {
      const auto id = read_id();
      if (!id || (!result.recipes.empty() && !(result.recipes.back().id < *id)))
        return std::nullopt;
      result.recipes.push_back({*id, result.hits.size()});
      const Selection selection = plan.selection_of(*id);
      const std::uint64_t hits = in.length();
      if (hits == 0) return std::nullopt;
      std::uint64_t name = 0;
      for (std::uint64_t i = 0; i < hits && !in.failed(); ++i) {
        const std::uint64_t step = in.number();
        // Names ascend, each once.
        if (step >= lists.names.size() || (i != 0 && step == 0)) return std::nullopt;
        name += step;
        const std::uint64_t tag = in.number();
        if (name >= lists.names.size() || tag >= tags.size()) return std::nullopt;
        if (selection.kind != Selection::Kind::whole && tags[tag].size() != selection.n) {
          return std::nullopt;
        }
        result.hits.push_back({static_cast<std::uint32_t>(name), static_cast<std::uint32_t>(tag)});
        ++result.hits_by_tag[tag];
      }
    }
  }
  if (in.failed() || !in.at_end()) return std::nullopt;
  return result;
}

// ---- The search ----

ListSearch ListSearch::open(Lists lists, const ClipVocabulary& vocabulary) {
  return ListSearch(std::make_unique<State>(std::move(lists), vocabulary));
}

ListSearch::ListSearch(std::unique_ptr<State> state) : state_(std::move(state)) {}
ListSearch::ListSearch(ListSearch&& other) noexcept = default;
ListSearch& ListSearch::operator=(ListSearch&& other) noexcept = default;
ListSearch::~ListSearch() = default;

const Lists& ListSearch::lists() const { return state_->lists; }
const SearchPlan& ListSearch::plan() const { return state_->plan; }

double ListSearch::work_of(std::size_t unit) const {
  // Measured, roughly: steps of a name, a digest, an encoding, in outputs.
  constexpr double kInput = 20;
  constexpr double kDigest = 60;
  constexpr double kEncoding = 20;
  constexpr double kWindowsOfName = 16;
  const Unit& what = state_->plan.units()[unit];
  const SpaceBlock& block = state_->plan.blocks()[what.block];
  const bool digests = !block.digests[what.digest].steps.empty();
  double work = kInput + (digests ? kDigest : 0);
  for (std::uint32_t e = 0; e < block.encodings.size(); ++e) {
    const double size = state_->plan.selections(what.block, what.digest, e).size();
    work += kEncoding + (digests ? size : std::min(size, kWindowsOfName));
  }
  return work * (what.cipher_end - what.cipher_begin);
}

bool ListSearch::run(std::size_t unit, std::size_t most_names) {
  State& state = *state_;
  if (state.unit != unit) state.begin(unit);
  for (std::size_t names = 0; names < std::max<std::size_t>(most_names, 1); names += kBatch) {
    if (state.next_batch == state.walks.size()) break;
    state.run_batch(state.next_batch++);
    if (state.next_batch == state.walks.size()) state.finish_unit();
  }
  return state.next_batch == state.walks.size();
}

double ListSearch::share_done() const {
  return static_cast<double>(state_->next_batch) / static_cast<double>(state_->walks.size());
}

std::string ListSearch::record() const { return state_->record; }

Result<std::size_t> ListSearch::add(std::size_t unit, std::string_view record) {
  State& state = *state_;
  const std::string where = "unit " + std::to_string(unit);
  const auto bad = [&](std::string what) {
    return Error{.code = "bad-part", .where = where, .what = std::move(what)};
  };
  if (unit >= state.added.size()) {
    return bad("is none; there are " + std::to_string(state.added.size()));
  }
  if (state.added[unit] != 0) return bad("is there twice");
  auto result = state.read(unit, record);
  if (!result) return bad("is damaged");
  state.added[unit] = 1;
  state.recipes_added += state.plan.recipes_of(state.plan.units()[unit]);
  for (std::size_t i = 0; i < state.outputs.size(); ++i) state.outputs[i] += result->outputs[i];
  for (std::size_t t = 0; t < state.hits_by_tag.size(); ++t) {
    state.hits_by_tag[t] += result->hits_by_tag[t];
  }
  for (const BestRecipe& recipe : result->best) keep_best(state.best_added, recipe);
  state.newest = *std::move(result);
  return state.newest.hits.size();
}

std::string ListSearch::hit_lines(std::size_t begin, std::size_t end) const {
  const UnitResult& newest = state_->newest;
  end = std::min(end, newest.hits.size());
  std::string lines;
  auto recipe = std::upper_bound(
      newest.recipes.begin(), newest.recipes.end(), begin,
      [](std::size_t at, const UnitResult::Recipe& one) { return at < one.begin; });
  std::string middle;
  for (std::size_t i = begin; i < end; ++i) {
    const bool next = recipe != newest.recipes.end() && recipe->begin == i;
    if (i == begin || next) {
      if (next) ++recipe;
      middle =
          R"(,"recipe":)" + write_string(state_->plan.text(std::prev(recipe)->id)) + R"(,"tag":)";
    }
    lines += R"({"kind":"hit","name":)" + write_string(state_->lists.names[newest.hits[i].name]) +
             middle + write_string(state_->lists.tags[newest.hits[i].tag]) + "}\n";
  }
  return lines;
}

Json ListSearch::summary() const {
  const State& state = *state_;
  Json tags = Json::array();
  std::uint64_t hits = 0;
  for (std::size_t t = 0; t < state.tags.size(); ++t) {
    hits += state.hits_by_tag[t];
    tags.push_back({{"tag", state.lists.tags[t]},
                    {"hits", static_cast<double>(state.hits_by_tag[t])},
                    {"expected", rounded(state.expected_of_tag(t))}});
  }
  Json recipes = Json::array();
  for (const BestRecipe& recipe : state.best_added) {
    recipes.push_back({{"recipe", state.plan.text(recipe.id)},
                       {"hits", static_cast<double>(recipe.hits)},
                       {"expected", rounded(recipe.expected)}});
  }
  std::string_view null;
  const double expected = state.expected(state.outputs.data(), 0, state.lengths.size(), &null);
  double outputs = 0;
  for (std::size_t l = 0; l < state.lengths.size(); ++l) {
    outputs += static_cast<double>(state.outputs[l * state.lanes]);
  }
  const double names = static_cast<double>(state.lists.names.size());
  return {{"tags", std::move(tags)},
          {"recipes", std::move(recipes)},
          {"total",
           {{"space", state.plan.space().id},
            {"recipes", static_cast<double>(state.plan.recipes())},
            {"names", names},
            {"tags", state.lists.tags.size()},
            {"tried", names * static_cast<double>(state.recipes_added)},
            {"exhausted", state.recipes_added == state.plan.recipes()},
            {"shape",
             {{"alphabet", state.alphabets.front().name},
              {"size", state.alphabets.front().characters.size()},
              {"lengths", Json::array(state.lengths)}}},
            {"outputs", outputs},
            {"hits", static_cast<double>(hits)},
            {"expected", rounded(expected)},
            {"null", null},
            {"words", Json::array(state.plan.words())},
            {"not_searched", Json::array(open_domains(state.plan.space()))}}}};
}

}  // namespace tagscope
