#include "search/engine.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <tuple>

#include "claim/chance.h"
#include "search/cover.h"
#include "search/state.h"

namespace tagscope {
namespace {

constexpr std::size_t kPadding = 16;
constexpr std::size_t kMostPicked = kMaxTagBytes;  // characters of an `every`
constexpr std::size_t kPackedBytes = 8;
// Comparing every output with every decoy is only for few pairs: `subsequence` has no other way.
constexpr std::size_t kMostPairsCompared = 8;

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::vector<std::uint32_t> lengths_of(const std::vector<Pair>& pairs) {
  std::vector<std::uint32_t> lengths;
  for (const Pair& pair : pairs) {
    lengths.push_back(static_cast<std::uint32_t>(code_points(pair.tag).size()));
  }
  std::sort(lengths.begin(), lengths.end());
  lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  return lengths;
}

// Keys come from the names and the title. Not from the tags: under the null they are random, and
// so would the recipes be that were made of them.
std::vector<std::string> keys_of(const Hypotheses& hypotheses) {
  std::vector<std::string> texts;
  for (const Pair& pair : hypotheses.pairs) texts.push_back(pair.name);
  if (hypotheses.claim.title) texts.push_back(*hypotheses.claim.title);
  return tagscope::words_of(texts);
}

std::vector<std::string> names_of(const std::vector<Pair>& pairs) {
  std::vector<std::string> names;
  for (const Pair& pair : pairs) names.push_back(pair.name);
  return names;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

template <typename Character>
std::uint64_t key_of_characters(const Character* code, std::size_t length) {
  std::uint64_t key = 0;
  bool packs = length <= kPackedBytes;
  for (std::size_t i = 0; i < length && packs; ++i) packs = code[i] < 0x80;
  if (packs) {
    for (std::size_t i = length; i-- > 0;) key = key << 8 | static_cast<std::uint64_t>(code[i]);
    return key;
  }
  for (std::size_t i = 0; i < length; ++i)
    key = mixed(key + 1 + static_cast<std::uint64_t>(code[i]));
  return key;
}

// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    return mixed(state_);
  }
  // Uniform below `bound`: what would favour the small is thrown away.
  std::uint64_t below(std::uint64_t bound) {
    const std::uint64_t limit = ~std::uint64_t{0} - ~std::uint64_t{0} % bound;
    for (;;) {
      const std::uint64_t value = next();
      if (value < limit) return value % bound;
    }
  }

 private:
  std::uint64_t state_;
};

// The least power of two bits that holds sixteen for every entry, as the shift of a 64-bit hash.
unsigned filter_shift_for(std::size_t entries) {
  unsigned bits = 10;
  while (bits < 24 && (std::size_t{1} << bits) < 16 * entries) ++bits;
  return 64 - bits;
}

// The topmost 64 − `shift` bits of a product (Knuth, TAOCP 3, section 6.4): enough where equal
// hashes of different keys only cost a second look.
std::uint64_t short_hash(std::uint64_t key, unsigned shift) {
  return key * 0x9E3779B97F4A7C15 >> shift;
}

// key_of_characters() of n ASCII bytes. Precondition: n <= kPackedBytes, and that many bytes can
// be read from `window` on.
std::uint64_t packed_key(const std::uint8_t* window, std::uint32_t n) {
  std::uint64_t key = 0;
  // WebAssembly and all that the engine runs on natively are little-endian.
  std::memcpy(&key, window, sizeof key);
  return n == kPackedBytes ? key : key & ((std::uint64_t{1} << (8 * n)) - 1);
}

double codes_of(const Alphabet& alphabet, std::size_t length) {
  return std::pow(alphabet.size(), static_cast<double>(length));
}

// Single codes are 0 or 1 a group; where a rule accepts several, the largest chance of a group
// bounds them all: its logarithm in sixteenths, rounded up, and the number of groups.
std::uint64_t bounded_signature(double largest, std::uint32_t groups) {
  const double sixteenths = std::ceil(16 * std::log2(largest));
  const auto steps = static_cast<std::uint64_t>(std::clamp(-sixteenths, 0.0, 1e6));
  return std::uint64_t{1} << 63 | steps << 24 | groups;
}

// Which tags every name's output is: for each pair their number and their groups.
void append_tags(std::string& pattern, std::span<const std::uint32_t> groups) {
  const auto number = [&](std::uint32_t value) {
    pattern.push_back(static_cast<char>(value >> 8));
    pattern.push_back(static_cast<char>(value));
  };
  number(static_cast<std::uint32_t>(groups.size()));
  for (const std::uint32_t group : groups) number(group);
}

}  // namespace

std::uint64_t key_of(std::u32string_view code) {
  return key_of_characters(code.data(), code.size());
}

Search::State::State(Hypotheses stated, const ClipVocabulary& vocabulary, const Space& space)
    : hypotheses(std::move(stated)),
      plan(space, lengths_of(hypotheses.pairs), keys_of(hypotheses), hypotheses.pairs.size()),
      walk(plan, names_of(hypotheses.pairs)),
      folds(hypotheses.rule.ignore_case) {
  covered = covered_by_structure(hypotheses, plan);
  fingerprint = fnv1a(write_canonical(to_json(hypotheses.claim)) + std::string(space.id));
  rule = {hypotheses.rule.match, false};
  for (const Pair& pair : hypotheses.pairs) {
    tags.push_back(folds ? folded(code_points(pair.tag)) : code_points(pair.tag));
    one_length = one_length && tags.back().size() == tags.front().size();
    ascii_tags = ascii_tags && is_ascii(pair.tag);
  }
  group_of.resize(tags.size());
  for (const TagGroup& group : group_by_tag(hypotheses)) {
    for (const std::size_t pair : group.pairs) {
      group_of[pair] = static_cast<std::uint32_t>(group_tags.size());
    }
    pairs_of.emplace_back(group.pairs.begin(), group.pairs.end());
    group_tags.push_back(tags[group.pairs.front()]);
  }

  alphabets = null_alphabets(group_tags, folds);
  const bool letters = std::all_of(group_tags.begin(), group_tags.end(), [](const auto& tag) {
    return tag.size() <= kMaxCountedLetters &&
           tag.find_first_not_of(U"abcdefghijklmnopqrstuvwxyz") == std::u32string::npos;
  });
  if (letters) {
    for (const auto& tag : group_tags) {
      if (!tokens_of_length.contains(tag.size())) {
        tokens_of_length[tag.size()] = token_counts(vocabulary, tag.size());
      }
    }
  }
  nulls = null_models(group_tags, alphabets, tokens_of_length);
  if (nulls.back().by_tokens) tokens_null = nulls.size() - 1;
  for (std::size_t b = 0; b < alphabets.size(); ++b) {
    if (tokens_null && alphabets[b].name == "a-z") letters_bit = 1U << b;
    for (const char32_t character : alphabets[b].characters) {
      if (character < 0x80) {
        byte_alphabets[character] = static_cast<std::uint16_t>(byte_alphabets[character] | 1U << b);
      }
    }
  }
  const Alphabet& shape = alphabets.front();
  shape_size = shape.characters.size();
  for (std::size_t i = 0; i < shape_size; ++i) {
    if (shape.characters[i] < 0x80) {
      shape_index[shape.characters[i]] = static_cast<std::uint8_t>(i);
    }
  }
  for (const NullModel& null : nulls) {
    for (const std::uint32_t kind : null.class_of) strides_.push_back(null.stride[kind]);
  }
  constexpr std::size_t kMostSpread = 255;
  if (pairs_of.size() <= kMostSpread) {
    spread_.resize(std::size_t{1} << nulls.size());
    qualifying_sets_.resize(spread_.size());
    for (std::size_t set = 0; set < spread_.size(); ++set) {
      for (std::size_t b = 0; b < nulls.size(); ++b) {
        std::uint64_t& lanes = b < 8 ? spread_[set].low : spread_[set].high;
        lanes |= static_cast<std::uint64_t>(set >> b & 1) << (8 * (b % 8));
      }
    }
  }
  for (const auto& tag : tags) {
    if (!tokens_null) break;
    tokens_.push_back(tokens_of_length.at(tag.size()).data());
    own_tokens_.push_back(tokens_.back()[letters_code(tag)]);
  }
  decoys_run = rule.match != Match::subsequence || tags.size() <= kMostPairsCompared;
  choose_decoys();
  swept_.resize(tags.size());
  candidates_.resize(tags.size());
  group_nulls_.resize(pairs_of.size());
  tally = empty_tally();
}

Tally Search::State::empty_tally() const {
  Tally empty;
  empty.done.resize(plan.units().size());
  empty.qualifying.resize(nulls.size());
  empty.chances.resize(nulls.size());
  empty.signatures.resize(nulls.size());
  empty.seen.resize(nulls.size());
  if (tags.size() == 1) empty.alphabet_sets.resize(std::size_t{1} << alphabets.size());
  empty.decoys.resize(decoys_run ? kDecoys : 0);
  // Bits where a code is its index, up to four characters, and all names' bits fit.
  double bits = 0;
  for (const auto& tag : tags) bits += codes_of(alphabets.front(), tag.size());
  const bool ascii_shape =
      std::all_of(alphabets.front().characters.begin(), alphabets.front().characters.end(),
                  [](char32_t c) { return c < 0x80; });
  const std::size_t most_keys =
      std::clamp<std::size_t>(ReachedCodes::kMostKeys / tags.size(), 1024, std::size_t{1} << 16);
  for (const auto& tag : tags) {
    ReachedCodes codes;
    codes.by_bits = ascii_shape && tag.size() <= kMaxCountedLetters &&
                    bits <= static_cast<double>(ReachedCodes::kMostBits);
    if (codes.by_bits) {
      codes.bits = CodeSet(static_cast<std::size_t>(codes_of(alphabets.front(), tag.size())));
    } else {
      codes.keys = KeySketch(most_keys);
    }
    empty.reached.push_back(std::move(codes));
    if (tokens_null) {
      ReachedCodes in_letters;
      in_letters.by_bits = true;
      in_letters.bits = CodeSet(tokens_of_length.at(tag.size()).size());
      empty.letters.push_back(std::move(in_letters));
    }
  }
  return empty;
}

// Random tags as the null U(shape) draws them: uniform, different within a run.
void Search::State::choose_decoys() {
  constexpr std::uint64_t kSeed = 0x746167736f706531;
  constexpr int kAttempts = 1000;
  for (std::uint32_t g = 0; g < group_tags.size(); ++g) {
    wanted.push_back(
        {key_of(group_tags[g]), static_cast<std::uint32_t>(group_tags[g].size()), 0, g});
  }
  const std::u32string& characters = alphabets.front().characters;
  for (std::uint32_t run = 1; run <= (decoys_run ? kDecoys : 0); ++run) {
    Random random(kSeed + run);
    std::set<std::u32string> drawn;
    for (std::uint32_t g = 0; g < group_tags.size(); ++g) {
      std::u32string tag;
      for (int attempt = 0; attempt < kAttempts; ++attempt) {
        tag.clear();
        for (std::size_t i = 0; i < group_tags[g].size(); ++i) {
          tag.push_back(characters[random.below(characters.size())]);
        }
        if (drawn.insert(tag).second) break;
      }
      if (rule.match == Match::subsequence) decoy_tags_.push_back(tag);
      wanted.push_back({key_of(tag), static_cast<std::uint32_t>(tag.size()), run, g});
    }
  }
  std::sort(wanted.begin(), wanted.end(), [](const WantedTag& a, const WantedTag& b) {
    return std::tie(a.key, a.length, a.run, a.group) < std::tie(b.key, b.length, b.run, b.group);
  });
  filter_shift = filter_shift_for(wanted.size());
  filter.assign((std::size_t{1} << (64 - filter_shift)) / 64, 0);
  for (const WantedTag& tag : wanted) {
    const std::uint64_t bit = short_hash(tag.key, filter_shift);
    filter[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
}

template <typename Seen>
void Search::State::look_up(std::uint64_t key, std::size_t length, Seen seen) const {
  const std::uint64_t bit = short_hash(key, filter_shift);
  if (((filter[bit / 64] >> (bit % 64)) & 1) == 0) return;
  auto found = std::lower_bound(wanted.begin(), wanted.end(), key,
                                [](const WantedTag& tag, std::uint64_t k) { return tag.key < k; });
  for (; found != wanted.end() && found->key == key; ++found) {
    if (found->length == length) seen(*found);
  }
}

void Search::State::run(const Unit& unit) {
  walk.unit(unit, [this](const PrefixValues& values) { visit(values); });
  flush_columns();
}

void Search::State::visit(const PrefixValues& values) {
  // Whole values. Under `exact` nothing is to be seen where no length is right.
  bool whole = rule.match != Match::exact || !ascii_tags;
  bool quick = ascii_tags && (rule.match == Match::exact || one_length);
  bool any = false;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (!values.has[i]) continue;
    any = true;
    const bool text = values.kind == Kind::text && !is_ascii(values.data[i]);
    quick = quick && !text;
    whole = whole || text || is_tag_length(values.data[i].size());
  }
  if (!any) return;
  if (whole) try_slowly(values, 0, {});
  if (values.selections->groups().empty()) return;
  if (quick) {
    for (std::size_t i = 0; i < tags.size(); ++i) {
      sweep(swept_[i], values.has[i] ? std::string_view(values.data[i]) : std::string_view());
    }
  }
  for (const SelectionList::Group& group : values.selections->groups()) {
    if (!quick) {
      sweep_slowly(values, group);
    } else if (tags.size() == 1) {
      sweep_single(values, group);
    } else if (one_length) {
      sweep_several(values, group);
    } else {
      sweep_mixed(values, group);
    }
  }
}

bool Search::State::is_tag_length(std::size_t length) const {
  if (one_length) return length == tags.front().size();
  return std::any_of(group_tags.begin(), group_tags.end(),
                     [&](const std::u32string& tag) { return tag.size() == length; });
}

// ---- The fast way: ASCII, and outputs of the tag's own length ----

void Search::State::sweep(Swept& swept, std::string_view data) const {
  swept.size = data.size();
  swept.bytes.resize(data.size() + kPadding);
  swept.single.resize(data.size() + kPadding);
  // In registers: a byte that is written might be anything to the compiler.
  std::uint8_t* const bytes = swept.bytes.data();
  std::uint16_t* const single = swept.single.data();
  const std::uint16_t* const alphabets_by_byte = byte_alphabets.data();
  const std::size_t size = data.size();
  std::copy(data.begin(), data.end(), bytes);
  if (folds) {
    for (std::size_t i = 0; i < size; ++i) {
      const bool is_upper = static_cast<std::uint8_t>(bytes[i] - 'A') < 26;
      bytes[i] = static_cast<std::uint8_t>(bytes[i] + (is_upper ? 'a' - 'A' : 0));
    }
  }
  for (std::size_t i = 0; i < size; ++i) single[i] = alphabets_by_byte[bytes[i]];
}

// The alphabets of the window that begins at i: of each character, and-ed in doubling steps.
void Search::State::sweep_windows(Swept& swept, std::uint32_t n) const {
  if (swept.size < n) return;
  swept.windows = swept.single;
  const std::size_t size = swept.size;
  std::uint16_t* const windows = swept.windows.data();
  std::size_t width = 1;
  const auto widen = [&](std::size_t by) {
    for (std::size_t i = 0; i + width + by <= size; ++i) {
      windows[i] = static_cast<std::uint16_t>(windows[i] & windows[i + by]);
    }
    width += by;
  };
  while (2 * width <= n) widen(width);
  if (width < n) widen(n - width);
}

Search::State::Candidate Search::State::inspect(std::size_t pair, const std::uint8_t* window,
                                                std::uint32_t n, std::uint16_t in_alphabets) {
  Candidate candidate{in_alphabets, 0, -1};
  if (in_alphabets == 0) return candidate;
  candidate.key = n <= kPackedBytes ? packed_key(window, n) : key_of_characters(window, n);
  std::size_t code = 0;
  if (letters_bit != 0 && (in_alphabets & letters_bit) != 0) {
    for (std::uint32_t i = 0; i < n; ++i) code = code * 26 + (window[i] - 'a');
    if (tokens_[pair][code] == own_tokens_[pair]) {
      candidate.nulls = static_cast<std::uint16_t>(candidate.nulls | 1U << *tokens_null);
    }
    tally.letters[pair].bits.add(code);
  }
  if ((in_alphabets & 1) == 0) return candidate;
  ReachedCodes& reached = tally.reached[pair];
  if (reached.by_bits) {
    if (letters_bit != 1) {  // else the shape is a–z, and the code is at hand
      code = 0;
      for (std::uint32_t i = 0; i < n; ++i) code = code * shape_size + shape_index[window[i]];
    }
    reached.bits.add(code);
  } else {
    reached.keys.add(candidate.key);
  }
  look_up(candidate.key, n, [&](const WantedTag& tag) {
    if (tag.run == 0) {
      candidate.hit = static_cast<std::int32_t>(tag.group);
      any_hit_ = true;
    } else if (tag.group == group_of[pair]) {
      decoy_hits_.push_back({tag.run, tag.group, static_cast<std::uint32_t>(pair)});
    }
  });
  return candidate;
}

void Search::State::sweep_single(const PrefixValues& values, const SelectionList::Group& group) {
  Swept& swept = swept_[0];
  const std::uint32_t n = group.n;
  if (swept.size < n) return;
  sweep_windows(swept, n);
  const auto watched = static_cast<std::uint16_t>(1 | letters_bit);
  std::uint64_t* const sets = tally.alphabet_sets.data();
  const auto seen = [&](const std::uint8_t* window, std::uint16_t in_alphabets,
                        std::uint32_t index) {
    ++sets[in_alphabets];
    if ((in_alphabets & watched) == 0) return;
    const Candidate candidate = inspect(0, window, n, in_alphabets);
    if (tokens_null && (candidate.nulls >> *tokens_null & 1) != 0) {
      ++tally.qualifying[*tokens_null];
    }
    any_hit_ = false;
    if (candidate.hit >= 0) {
      tally.add_hit({1, 1, {values.prefix, index}});
      ++tally.hit_counts[1];
    }
    if (!decoy_hits_.empty()) {
      for (const DecoyHit& decoy : decoy_hits_) tally.decoys[decoy.run - 1] = 1;
      decoy_hits_.clear();
    }
  };
  const std::size_t last = swept.size - n;
  const std::uint8_t* const bytes = swept.bytes.data();
  const std::size_t windows = std::min<std::size_t>(last, group.windows);
  seen(bytes, swept.windows[0], group.first);
  for (std::size_t at = 1; at <= windows; ++at) {
    seen(bytes + at, swept.windows[at], group.first + 1 + static_cast<std::uint32_t>(at));
  }
  seen(bytes + last, swept.windows[last], group.first + 1);
  for (std::uint32_t e = 0; e < group.every.size(); ++e) {
    const Selection& every = group.every[e];
    if (every.at + std::size_t{n - 1} * every.step >= swept.size) continue;
    std::array<std::uint8_t, kMostPicked + kPadding> picked;
    std::uint16_t in_alphabets = 0xFFFF;
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::size_t at = every.at + std::size_t{i} * every.step;
      picked[i] = bytes[at];
      in_alphabets = static_cast<std::uint16_t>(in_alphabets & swept.single[at]);
    }
    seen(picked.data(), in_alphabets, group.first_every + e);
  }
}

void Search::State::sweep_several(const PrefixValues& values, const SelectionList::Group& group) {
  const std::uint32_t n = group.n;
  std::size_t longest = 0;
  for (Swept& swept : swept_) {
    sweep_windows(swept, n);
    longest = std::max(longest, swept.size);
  }
  if (longest < n) return;
  const auto one = [&](std::uint32_t index, auto position_in) {
    bool any = false;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      Candidate& candidate = candidates_[i];
      candidate = {};
      const Swept& swept = swept_[i];
      if (swept.size < n) continue;
      const std::size_t at = position_in(swept.size);
      if (at + n > swept.size) continue;
      candidate = inspect(i, swept.bytes.data() + at, n, swept.windows[at]);
      any = any || candidate.nulls != 0;
    }
    if (any) conclude({values.prefix, index});
  };
  const std::size_t windows = std::min<std::size_t>(longest - n, group.windows);
  const auto at_column = [&](std::size_t at) {
    const auto index = static_cast<std::uint32_t>(at == 0 ? 0 : at + 1);
    one(group.first + index, [at](std::size_t) { return at; });
  };
  const bool by_columns = !spread_.empty() && pairs_of.size() == tags.size();
  if (by_columns) sweep_columns(group, windows);
  for (std::size_t at = 0; at <= windows; ++at) {
    if (!by_columns || columns_[at].is_special) at_column(at);
  }
  one(group.first + 1, [n](std::size_t size) { return size - n; });
  for (std::uint32_t e = 0; e < group.every.size(); ++e) {
    const Selection& every = group.every[e];
    bool any = false;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      Candidate& candidate = candidates_[i];
      candidate = {};
      const Swept& swept = swept_[i];
      if (every.at + std::size_t{n - 1} * every.step >= swept.size) continue;
      std::array<std::uint8_t, kMostPicked + kPadding> picked;
      std::uint16_t in_alphabets = 0xFFFF;
      for (std::uint32_t k = 0; k < n; ++k) {
        const std::size_t at = every.at + std::size_t{k} * every.step;
        picked[k] = swept.bytes[at];
        in_alphabets = static_cast<std::uint16_t>(in_alphabets & swept.single[at]);
      }
      candidate = inspect(i, picked.data(), n, in_alphabets);
      any = any || candidate.nulls != 0;
    }
    if (any) conclude({values.prefix, group.first_every + e});
  }
}

// Tags of different lengths: a value that is shorter than a selection asks gives a shorter output,
// which can be a tag as well.
void Search::State::sweep_mixed(const PrefixValues& values, const SelectionList::Group& group) {
  std::size_t longest = 0;
  for (const Swept& swept : swept_) longest = std::max(longest, swept.size);
  const std::uint32_t end = group.first_every + static_cast<std::uint32_t>(group.every.size());
  for (std::uint32_t index = group.first; index < end; ++index) {
    const Selection selection = values.selections->at(index);
    // Windows past every value are empty, and so are those that follow.
    if (selection.at >= longest && selection.at != 0) continue;
    bool any = false;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      Candidate& candidate = candidates_[i];
      candidate = {};
      const Swept& swept = swept_[i];
      if (selection.at >= swept.size) continue;
      std::size_t begin = selection.at;
      std::size_t length = std::min<std::size_t>(selection.n, swept.size - begin);
      const std::uint8_t* output = swept.bytes.data() + begin;
      std::array<std::uint8_t, kMostPicked + kPadding> picked;
      if (selection.kind == Selection::Kind::last) {
        begin = swept.size - length;
        output = swept.bytes.data() + begin;
      } else if (selection.kind == Selection::Kind::every) {
        length = 0;
        for (std::size_t at = begin; at < swept.size && length < selection.n;
             at += selection.step) {
          picked[length++] = swept.bytes[at];
        }
        output = picked.data();
      }
      if (!is_tag_length(length)) continue;
      std::uint16_t in_alphabets = 0xFFFF;
      for (std::size_t k = 0; k < length; ++k) {
        in_alphabets = static_cast<std::uint16_t>(in_alphabets & byte_alphabets[output[k]]);
      }
      if (in_alphabets == 0) continue;
      if (length == tags[i].size()) {
        candidate = inspect(i, output, static_cast<std::uint32_t>(length), in_alphabets);
      } else {
        // A name can also be given a tag of another length.
        look_up(key_of_characters(output, length), length, [&](const WantedTag& tag) {
          if (tag.run != 0) return;
          candidate.hit = static_cast<std::int32_t>(tag.group);
          any_hit_ = true;
        });
      }
      any = any || candidate.nulls != 0 || candidate.hit >= 0;
    }
    if (any) conclude({values.prefix, index});
  }
}

// Counts take and the windows for all names at once, but for those that hit something.
void Search::State::sweep_columns(const SelectionList::Group& group, std::size_t windows) {
  const std::uint32_t n = group.n;
  const auto watched = static_cast<std::uint16_t>(1 | letters_bit);
  const auto every_null = static_cast<std::uint16_t>((1U << nulls.size()) - 1);
  // Sums of lanes are no signatures where tokens have several classes.
  const auto tokens_apart = static_cast<std::uint16_t>(
      tokens_null && nulls[*tokens_null].stride.size() > 1 ? 1U << *tokens_null : 0);
  columns_.assign(windows + 1, {{}, every_null, false});
  Column* const columns = columns_.data();
  const Spread* const spread = spread_.data();
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const Swept& swept = swept_[i];
    const std::uint16_t* const sets = swept.windows.data();
    const std::uint8_t* const bytes = swept.bytes.data();
    const std::size_t here = swept.size < n ? 0 : std::min(windows + 1, swept.size - n + 1);
    for (std::size_t at = 0; at < here; ++at) {
      Column& column = columns[at];
      std::uint16_t set = sets[at];
      if ((set & watched) != 0) {
        set = inspect(i, bytes + at, n, set).nulls;
        if (any_hit_ || !decoy_hits_.empty() || (set & tokens_apart) != 0) {
          column.is_special = true;
          any_hit_ = false;
          decoy_hits_.clear();
        }
      }
      column.sums.low += spread[set].low;
      column.sums.high += spread[set].high;
      column.all = static_cast<std::uint16_t>(column.all & set);
    }
    for (std::size_t at = here; at <= windows; ++at) columns[at].all = 0;
  }
  for (std::size_t at = 0; at <= windows; ++at) {
    const Column& column = columns[at];
    if (column.is_special) continue;
    count_column(column.sums.low, column.sums.high);
    if (column.all != 0 && different_at(at, n)) ++qualifying_sets_[column.all];
  }
}

// Are the windows of all names different? Precondition: all are there.
bool Search::State::different_at(std::size_t at, std::uint32_t n) const {
  constexpr std::size_t kMostKeys = 16;
  if (n <= kPackedBytes && swept_.size() <= kMostKeys) {
    std::array<std::uint64_t, kMostKeys> keys;
    std::size_t count = 0;
    std::uint64_t hashes = 0;
    for (const Swept& swept : swept_) {
      const std::uint64_t key = packed_key(swept.bytes.data() + at, n);
      hashes |= std::uint64_t{1} << short_hash(key, 64 - 6);
      keys[count++] = key;
    }
    // Keys with hashes of their own are different.
    if (static_cast<std::size_t>(std::popcount(hashes)) == count) return true;
    bool different = true;
    for (std::size_t i = 1; i < count; ++i) {
      for (std::size_t j = 0; j < i; ++j) different = different && keys[i] != keys[j];
    }
    return different;
  }
  for (std::size_t i = 1; i < swept_.size(); ++i) {
    const std::uint8_t* const window = swept_[i].bytes.data() + at;
    for (std::size_t j = 0; j < i; ++j) {
      const std::uint8_t* const other = swept_[j].bytes.data() + at;
      if (window[0] == other[0] && std::memcmp(window, other, n) == 0) return false;
    }
  }
  return true;
}

void Search::State::count_column(std::uint64_t low, std::uint64_t high) {
  if ((low | high) == 0) return;
  Waiting& waiting = waiting_[mixed(low + high) % waiting_.size()];
  if (waiting.sums.low != low || waiting.sums.high != high) {
    flush(waiting);
    waiting.sums = {low, high};
  }
  ++waiting.count;
}

void Search::State::flush(Waiting& waiting) {
  if (waiting.count == 0) return;
  for (std::size_t b = 0; b < nulls.size(); ++b) {
    const std::uint64_t signature = waiting.sums.lane(b);
    if (signature != 0) tally.signatures[b].add(signature, waiting.count);
  }
  waiting.count = 0;
}

void Search::State::flush_columns() {
  for (Waiting& waiting : waiting_) flush(waiting);
  for (std::size_t set = 0; set < qualifying_sets_.size(); ++set) {
    if (qualifying_sets_[set] == 0) continue;
    for (std::size_t b = 0; b < nulls.size(); ++b) {
      if ((set >> b & 1) != 0) tally.qualifying[b] += qualifying_sets_[set];
    }
    qualifying_sets_[set] = 0;
  }
}

// Counts the recipe whose candidates lie in candidates_.
void Search::State::conclude(const RecipeId& id) {
  const std::size_t groups = pairs_of.size();
  auto all = static_cast<std::uint16_t>((1U << nulls.size()) - 1);
  for (std::size_t g = 0; g < groups; ++g) {
    const auto& pairs = pairs_of[g];
    std::uint16_t mask = candidates_[pairs[0]].nulls;
    for (std::size_t i = 1; i < pairs.size(); ++i) {
      const Candidate& other = candidates_[pairs[i]];
      mask = other.key == candidates_[pairs[0]].key ? static_cast<std::uint16_t>(mask & other.nulls)
                                                    : std::uint16_t{0};
    }
    group_nulls_[g] = mask;
    all = static_cast<std::uint16_t>(all & mask);
  }
  if (all != 0) {
    bool different = true;
    // Codes of different lengths have different keys.
    for (std::size_t g = 1; g < groups && different; ++g) {
      const std::uint64_t key = candidates_[pairs_of[g][0]].key;
      for (std::size_t h = 0; h < g; ++h) {
        different = different && candidates_[pairs_of[h][0]].key != key;
      }
    }
    for (std::size_t b = 0; b < nulls.size() && different; ++b) {
      tally.qualifying[b] += all >> b & 1;
    }
  }
  std::uint32_t explained_groups = 0;
  std::uint32_t explained_pairs = 0;
  bool every_name_hits = any_hit_;
  for (std::size_t i = 0; i < tags.size() && any_hit_; ++i) {
    if (candidates_[i].hit == static_cast<std::int32_t>(group_of[i])) ++explained_pairs;
    every_name_hits = every_name_hits && candidates_[i].hit >= 0;
  }
  if (explained_pairs != 0) {
    for (std::size_t g = 0; g < groups; ++g) {
      const bool whole = std::all_of(pairs_of[g].begin(), pairs_of[g].end(), [&](std::uint32_t i) {
        return candidates_[i].hit == static_cast<std::int32_t>(g);
      });
      if (whole) ++explained_groups;
    }
  }
  any_hit_ = false;
  Spread sums;
  if (!spread_.empty()) {
    for (const std::uint16_t set : group_nulls_) {
      sums.low += spread_[set].low;
      sums.high += spread_[set].high;
    }
  }
  for (std::size_t b = 0; b < nulls.size(); ++b) {
    std::uint64_t signature = sums.lane(b);
    if (signature == 0 && !spread_.empty()) continue;
    if (spread_.empty() || nulls[b].stride.size() > 1) {
      const std::uint64_t* const strides = strides_.data() + b * groups;
      signature = 0;
      for (std::size_t g = 0; g < groups; ++g) {
        signature += static_cast<std::uint64_t>(group_nulls_[g] >> b & 1) * strides[g];
      }
    }
    if (signature == 0) continue;
    tally.signatures[b].add(signature);
    if (explained_groups != 0) ++tally.seen[b][{signature, explained_groups}];
  }
  if (explained_groups != 0) {
    tally.add_hit({explained_groups, explained_pairs, id});
    ++tally.hit_counts[explained_groups];
  }
  if (every_name_hits) {
    std::string pattern;
    for (const Candidate& candidate : candidates_) {
      const std::uint32_t group[] = {static_cast<std::uint32_t>(candidate.hit)};
      append_tags(pattern, group);
    }
    tally.add_pattern(std::move(pattern));
  }
  conclude_decoys();
}

void Search::State::conclude_decoys() {
  if (decoy_hits_.empty()) return;
  std::sort(decoy_hits_.begin(), decoy_hits_.end(), [](const DecoyHit& a, const DecoyHit& b) {
    return std::tie(a.run, a.group, a.pair) < std::tie(b.run, b.group, b.pair);
  });
  std::uint32_t explained = 0;
  for (std::size_t i = 0; i < decoy_hits_.size();) {
    const DecoyHit first = decoy_hits_[i];
    if (i == 0 || decoy_hits_[i - 1].run != first.run) explained = 0;
    std::size_t pairs = 0;
    std::uint32_t last = ~std::uint32_t{0};
    for (; i < decoy_hits_.size() && decoy_hits_[i].run == first.run &&
           decoy_hits_[i].group == first.group;
         ++i) {
      if (decoy_hits_[i].pair != last) ++pairs;
      last = decoy_hits_[i].pair;
    }
    if (pairs == pairs_of[first.group].size()) ++explained;
    std::uint32_t& best = tally.decoys[first.run - 1];
    best = std::max(best, explained);
  }
  decoy_hits_.clear();
}

// ---- The slow way: any text, any rule ----

std::uint16_t Search::State::alphabets_of(char32_t character) const {
  if (character < 0x80) return byte_alphabets[character];
  std::uint16_t set = 0;
  for (std::size_t b = 0; b < alphabets.size(); ++b) {
    if (alphabets[b].holds(character)) set = static_cast<std::uint16_t>(set | 1U << b);
  }
  return set;
}

void Search::State::reach(std::size_t pair, std::u32string_view code, std::uint16_t in_alphabets) {
  if (letters_bit != 0 && (in_alphabets & letters_bit) != 0) {
    tally.letters[pair].bits.add(letters_code(code));
  }
  if ((in_alphabets & 1) == 0) return;
  ReachedCodes& reached = tally.reached[pair];
  if (!reached.by_bits) {
    reached.keys.add(key_of(code));
    return;
  }
  std::size_t index = 0;
  for (const char32_t character : code) index = index * shape_size + shape_index[character];
  reached.bits.add(index);
}

void Search::State::sweep_slowly(const PrefixValues& values, const SelectionList::Group& group) {
  std::size_t longest = 0;
  for (const std::string& data : values.data) longest = std::max(longest, data.size());
  const std::uint32_t end = group.first_every + static_cast<std::uint32_t>(group.every.size());
  for (std::uint32_t index = group.first; index < end; ++index) {
    const Selection selection = values.selections->at(index);
    // Windows past every value are empty, and so are those that follow.
    if (selection.at >= longest && selection.at != 0) continue;
    try_slowly(values, index, selection);
  }
}

void Search::State::try_slowly(const PrefixValues& values, std::uint32_t index,
                               const Selection& selection) {
  std::vector<std::optional<std::u32string>> outputs(tags.size());
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (!values.has[i]) continue;
    outputs[i] = values.kind == Kind::text ? selected(code_points(values.data[i]), selection)
                                           : symbols(selected(values.data[i], selection));
  }
  (void)judge(outputs, RecipeId{values.prefix, index});
}

Outcome Search::State::judge(std::span<const std::optional<std::u32string>> outputs,
                             const std::optional<RecipeId>& counted) {
  const std::size_t count = tags.size();
  const std::size_t groups = pairs_of.size();
  Outcome outcome;
  outcome.single_codes = rule.match != Match::window && rule.match != Match::subsequence;
  std::vector<std::vector<double>> accepted(count, std::vector<double>(nulls.size(), 0.0));
  std::vector<std::uint64_t> keys(count, 0);
  std::vector<std::vector<std::uint32_t>> hits(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!outputs[i]) continue;
    const std::u32string output = folds ? folded(*outputs[i]) : *outputs[i];
    const std::size_t length = tags[i].size();
    if (rule.match == Match::subsequence) {
      double letters = 0;
      for (std::size_t b = 0; b < alphabets.size(); ++b) {
        accepted[i][b] = std::exp(log_accepted_codes(rule, output, length, alphabets[b]));
        if ((letters_bit >> b & 1) != 0) letters = accepted[i][b];
      }
      // How many of them are in the token class is not counted: at most all.
      if (tokens_null) accepted[i][*tokens_null] = letters;
      for (std::uint32_t g = 0; g < groups; ++g) {
        if (fits(rule, output, group_tags[g])) hits[i].push_back(g);
      }
      // Keys tell whole codes apart, not what lies scattered in an output.
      std::uint32_t run = 1;
      for (std::size_t decoy = group_of[i]; counted && decoy < decoy_tags_.size();
           decoy += groups, ++run) {
        if (!fits(rule, output, decoy_tags_[decoy])) continue;
        decoy_hits_.push_back({run, group_of[i], static_cast<std::uint32_t>(i)});
      }
      continue;
    }
    // The codes that the rule would accept lie at these positions.
    std::size_t first = 0;
    std::size_t last = 0;
    // A name can also be given a tag of another length.
    if (!one_length) {
      for (std::uint32_t g = 0; g < groups; ++g) {
        if (group_tags[g].size() != length && fits(rule, output, group_tags[g])) {
          hits[i].push_back(g);
        }
      }
    }
    if (output.size() < length || (rule.match == Match::exact && output.size() != length)) continue;
    if (rule.match == Match::suffix) first = last = output.size() - length;
    if (rule.match == Match::window) last = output.size() - length;
    std::set<std::uint64_t> seen;
    for (std::size_t at = first; at <= last; ++at) {
      const std::u32string_view code = std::u32string_view(output).substr(at, length);
      std::uint16_t in_alphabets = 0xFFFF;
      for (const char32_t character : code) {
        in_alphabets = static_cast<std::uint16_t>(in_alphabets & alphabets_of(character));
      }
      if (in_alphabets == 0) continue;
      const std::uint64_t key = key_of(code);
      keys[i] = key;
      if (!seen.insert(key).second) continue;
      for (std::size_t b = 0; b < alphabets.size(); ++b) accepted[i][b] += in_alphabets >> b & 1;
      if (letters_bit != 0 && (in_alphabets & letters_bit) != 0) {
        const auto& tokens = tokens_of_length.find(length)->second;
        if (tokens[letters_code(code)] == tokens[letters_code(tags[i])]) {
          ++accepted[i][*tokens_null];
        }
      }
      if (counted) reach(i, code, in_alphabets);
      look_up(key, length, [&](const WantedTag& tag) {
        if (tag.run == 0) {
          hits[i].push_back(tag.group);
        } else if (counted && tag.group == group_of[i]) {
          decoy_hits_.push_back({tag.run, tag.group, static_cast<std::uint32_t>(i)});
        }
      });
    }
  }

  const auto hits_tag = [&](std::size_t pair, std::uint32_t group) {
    return std::find(hits[pair].begin(), hits[pair].end(), group) != hits[pair].end();
  };
  bool every_name_hits = true;
  for (std::size_t i = 0; i < count; ++i) {
    if (hits_tag(i, group_of[i])) outcome.explained.push_back(static_cast<std::uint32_t>(i));
    every_name_hits = every_name_hits && !hits[i].empty();
  }
  outcome.pairs = static_cast<std::uint32_t>(outcome.explained.size());
  for (std::uint32_t g = 0; g < groups; ++g) {
    const bool whole = std::all_of(pairs_of[g].begin(), pairs_of[g].end(),
                                   [&](std::uint32_t i) { return hits_tag(i, g); });
    if (whole) ++outcome.groups;
  }

  bool different = true;
  if (outcome.single_codes) {
    std::set<std::pair<std::uint64_t, std::size_t>> codes;
    for (const auto& pairs : pairs_of) {
      different = codes.insert({keys[pairs[0]], tags[pairs[0]].size()}).second && different;
    }
  }
  for (std::size_t b = 0; b < nulls.size(); ++b) {
    const NullModel& null = nulls[b];
    std::uint64_t signature = 0;
    double product = 1;
    double largest = 0;
    std::uint32_t in_shape = 0;
    std::vector<double> drawn(null.class_size.size(), 0);
    for (std::size_t g = 0; g < groups; ++g) {
      double codes = accepted[pairs_of[g][0]][b];
      for (const std::uint32_t i : pairs_of[g]) {
        codes = std::min(codes, accepted[i][b]);
        if (outcome.single_codes && keys[i] != keys[pairs_of[g][0]]) codes = 0;
      }
      const std::uint32_t kind = null.class_of[g];
      const double size = null.class_size[kind];
      product *= std::min(1.0, codes / (size - drawn[kind]));
      ++drawn[kind];
      if (codes == 0) continue;
      ++in_shape;
      signature += null.stride[kind];
      largest = std::max(largest, std::min(1.0, codes / size));
    }
    if (!outcome.single_codes && in_shape != 0) signature = bounded_signature(largest, in_shape);
    outcome.signatures.push_back(signature);
    if (!counted) continue;
    if (outcome.single_codes) {
      if (in_shape == groups && different) ++tally.qualifying[b];
    } else {
      tally.chances[b].add(product);
    }
    if (signature == 0) continue;
    tally.signatures[b].add(signature);
    if (outcome.groups != 0) ++tally.seen[b][{signature, outcome.groups}];
  }
  if (!counted) return outcome;
  if (outcome.groups != 0) {
    tally.add_hit({outcome.groups, outcome.pairs, *counted});
    ++tally.hit_counts[outcome.groups];
  }
  if (every_name_hits && count > 1) {
    std::string pattern;
    for (auto& groups_of_pair : hits) {
      std::sort(groups_of_pair.begin(), groups_of_pair.end());
      append_tags(pattern, groups_of_pair);
    }
    tally.add_pattern(std::move(pattern));
  }
  conclude_decoys();
  return outcome;
}

// ---- The search ----

Result<Search> Search::open(Hypotheses hypotheses, const ClipVocabulary& vocabulary) {
  if (!hypotheses.claim.space) {
    return Error{
        .code = "no-space", .where = "space", .what = "is not set; there is none to search"};
  }
  auto space = require_space(*hypotheses.claim.space);
  if (!space) return std::move(space).error();
  return Search(std::make_unique<State>(std::move(hypotheses), vocabulary, **space));
}

Search::Search(std::unique_ptr<State> state) : state_(std::move(state)) {}
Search::Search(Search&& other) noexcept = default;
Search& Search::operator=(Search&& other) noexcept = default;
Search::~Search() = default;

const Claim& Search::claim() const { return state_->hypotheses.claim; }
const SearchPlan& Search::plan() const { return state_->plan; }
bool Search::covered() const { return state_->covered; }
std::uint64_t Search::tried() const { return state_->tally.tried; }

void Search::run(std::size_t unit) {
  if (unit >= state_->tally.done.size() || state_->tally.done[unit] != 0) return;
  const Unit& what = state_->plan.units()[unit];
  state_->run(what);
  state_->tally.done[unit] = 1;
  state_->tally.tried += state_->plan.recipes_of(what);
}

std::string Search::save() const { return state_->tally.save(state_->fingerprint); }

Status Search::merge(std::string_view saved) { return merge(saved, 1, 1, false); }

Status Search::merge_shard(std::string_view saved, std::size_t index, std::size_t of) {
  return merge(saved, index, of, !state_->covered);
}

Status Search::merge(std::string_view saved, std::size_t index, std::size_t of, bool all_units) {
  const auto bad = [](std::string what) {
    return Error{.code = "bad-part", .where = "part", .what = std::move(what)};
  };
  auto loaded = Tally::load(saved, state_->fingerprint, state_->empty_tally());
  if (!loaded) return std::move(loaded).error();
  for (std::size_t i = 0; i < loaded->done.size(); ++i) {
    const std::string unit = "unit " + std::to_string(i);
    if (all_units && loaded->done[i] == 0 && i % of == index - 1) return bad("lacks " + unit);
    if (loaded->done[i] == 0) continue;
    if (i % of != index - 1) return bad("holds " + unit + ", which is of another shard");
    if (state_->tally.done[i] != 0) return bad("holds " + unit + ", which was run here as well");
    loaded->tried += state_->plan.recipes_of(state_->plan.units()[i]);
  }
  for (const SearchHit& hit : loaded->hits) {
    if (!state_->plan.has(hit.id)) return bad("names a recipe that the space does not hold");
    // Hits are counted by the groups that they explain, at least one and at most all.
    if (!loaded->hit_counts.contains(hit.groups)) return bad("counts no hits of its own");
  }
  for (const auto& [groups, recipes] : loaded->hit_counts) {
    if (groups == 0 || groups > state_->pairs_of.size()) return bad("counts groups that are none");
  }
  // A signature stands for at most as many trials as there are groups.
  const std::size_t groups = state_->pairs_of.size();
  const auto is_signature = [groups](std::uint64_t signature) {
    return (signature >> 63) == 0 || (signature & 0xFFFFFF) <= groups;
  };
  for (std::size_t b = 0; b < loaded->signatures.size(); ++b) {
    for (const auto& [signature, recipes] : loaded->signatures[b].items()) {
      if (!is_signature(signature)) return bad("counts more groups than there are");
    }
    for (const auto& [key, recipes] : loaded->seen[b]) {
      if (!is_signature(key.first) || key.second > groups) {
        return bad("counts more groups than there are");
      }
    }
  }
  state_->tally.add(*loaded);
  return ok_status();
}

std::string Search::reached(std::size_t pair) const {
  std::string bytes;
  if (pair >= state_->tally.reached.size() || !state_->tally.reached[pair].by_bits) return bytes;
  for (const std::uint64_t word : state_->tally.reached[pair].bits.words()) {
    for (unsigned i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(word >> (8 * i)));
  }
  return bytes;
}

SearchEvidence Search::finish() const { return state_->report(); }

}  // namespace tagscope
