#include "search/tally.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "search/packed.h"

namespace tagscope {
namespace {

constexpr std::string_view kMagic = "tagscope search part 1\n";

void save_codes(PackedWriter& out, const std::vector<ReachedCodes>& all) {
  for (const ReachedCodes& codes : all) {
    const auto& words = codes.by_bits ? codes.bits.words() : codes.keys.kept();
    if (!codes.by_bits) out.number(words.size());
    for (const std::uint64_t word : words) out.fixed(word);
  }
}

void load_codes(PackedReader& in, std::vector<ReachedCodes>& all) {
  for (ReachedCodes& codes : all) {
    if (codes.by_bits) {
      for (std::uint64_t& word : codes.bits.words()) word = in.fixed();
    } else {
      const std::uint64_t count = in.length();
      for (std::uint64_t i = 0; i < count && !in.failed(); ++i) codes.keys.add_hash(in.fixed());
    }
  }
}

void add_codes(std::vector<ReachedCodes>& all, const std::vector<ReachedCodes>& others) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].by_bits) {
      all[i].bits.add(others[i].bits);
    } else {
      all[i].keys.add(others[i].keys);
    }
  }
}

void save_numbers(PackedWriter& out, const std::vector<std::uint64_t>& numbers) {
  for (const std::uint64_t number : numbers) out.number(number);
}

}  // namespace

std::vector<std::pair<std::uint64_t, std::uint64_t>> KeyCounts::items() const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> items;
  for (std::size_t key = 0; key < dense_.size(); ++key) {
    if (dense_[key] != 0) items.emplace_back(key, dense_[key]);
  }
  items.insert(items.end(), sparse_.begin(), sparse_.end());
  return items;
}

void Tally::add_hit(const SearchHit& hit) {
  if (hits.size() == kKeptHits && !(hit < hits.back())) return;
  hits.insert(std::upper_bound(hits.begin(), hits.end(), hit), hit);
  if (hits.size() > kKeptHits) hits.pop_back();
}

void Tally::add_pattern(std::string pattern) {
  const std::size_t most = std::clamp<std::size_t>(
      kMostPatternBytes / std::max<std::size_t>(pattern.size(), 1), 1, kMostPatterns);
  patterns.insert(std::move(pattern));
  while (patterns.size() > most) {
    patterns.erase(std::prev(patterns.end()));
    patterns_left_out = true;
  }
}

void Tally::add(const Tally& other) {
  for (std::size_t i = 0; i < done.size(); ++i) done[i] |= other.done[i];
  tried += other.tried;
  for (std::size_t b = 0; b < qualifying.size(); ++b) {
    qualifying[b] += other.qualifying[b];
    chances[b].add(other.chances[b]);
    for (const auto& [key, count] : other.signatures[b].items()) signatures[b].add(key, count);
    for (const auto& [key, count] : other.seen[b]) seen[b][key] += count;
  }
  for (std::size_t i = 0; i < alphabet_sets.size(); ++i) alphabet_sets[i] += other.alphabet_sets[i];
  for (const SearchHit& hit : other.hits) add_hit(hit);
  for (const auto& [groups, count] : other.hit_counts) hit_counts[groups] += count;
  patterns_left_out = patterns_left_out || other.patterns_left_out;
  for (const std::string& pattern : other.patterns) add_pattern(pattern);
  for (std::size_t i = 0; i < decoys.size(); ++i) decoys[i] = std::max(decoys[i], other.decoys[i]);
  add_codes(reached, other.reached);
  add_codes(letters, other.letters);
}

std::string Tally::save(std::uint64_t fingerprint) const {
  PackedWriter out;
  out.raw(kMagic);
  out.fixed(fingerprint);
  for (const std::uint8_t unit : done) out.number(unit);
  save_numbers(out, qualifying);
  for (std::size_t b = 0; b < qualifying.size(); ++b) {
    out.number(chances[b].parts().size());
    for (const auto& [exponent, part] : chances[b].parts()) {
      out.number(static_cast<std::uint64_t>(exponent + (1 << 16)));
      out.number(static_cast<std::uint64_t>(part >> 64));
      out.number(static_cast<std::uint64_t>(part));
    }
    const auto items = signatures[b].items();
    out.number(items.size());
    for (const auto& [key, count] : items) {
      out.number(key);
      out.number(count);
    }
    out.number(seen[b].size());
    for (const auto& [key, count] : seen[b]) {
      out.number(key.first);
      out.number(key.second);
      out.number(count);
    }
  }
  save_numbers(out, alphabet_sets);
  out.number(hits.size());
  for (const SearchHit& hit : hits) {
    out.number(hit.groups);
    out.number(hit.pairs);
    out.number(hit.id.prefix);
    out.number(hit.id.selection);
  }
  out.number(hit_counts.size());
  for (const auto& [groups, count] : hit_counts) {
    out.number(groups);
    out.number(count);
  }
  out.number(patterns_left_out ? 1 : 0);
  out.number(patterns.size());
  for (const std::string& pattern : patterns) out.text(pattern);
  for (const std::uint32_t best : decoys) out.number(best);
  save_codes(out, reached);
  save_codes(out, letters);
  return std::move(out).take();
}

Result<Tally> Tally::load(std::string_view saved, std::uint64_t fingerprint, Tally empty) {
  PackedReader in(saved);
  const auto bad = [](std::string what) {
    return Error{.code = "bad-part", .where = "part", .what = std::move(what)};
  };
  if (!in.expect(kMagic)) return bad("is not a part of a search");
  if (in.fixed() != fingerprint || in.failed()) return bad("is of another claim or space");
  Tally tally = std::move(empty);
  for (std::uint8_t& unit : tally.done) {
    const std::uint64_t value = in.number();
    unit = static_cast<std::uint8_t>(value & 1);
    if (value > 1) in.fail();
  }
  for (std::uint64_t& count : tally.qualifying) count = in.number();
  for (std::size_t b = 0; b < tally.qualifying.size(); ++b) {
    const std::uint64_t parts = in.length();
    for (std::uint64_t i = 0; i < parts && !in.failed(); ++i) {
      // An exponent of a double, and some to spare.
      const std::uint64_t exponent = in.number();
      if (exponent < (1 << 16) - 1100 || exponent > (1 << 16) + 1100) in.fail();
      const std::uint64_t high = in.number();
      const std::uint64_t low = in.number();
      tally.chances[b].set_part(static_cast<int>(exponent) - (1 << 16),
                                (static_cast<WideCount>(high) << 64) + low);
    }
    const std::uint64_t signatures = in.length();
    for (std::uint64_t i = 0; i < signatures && !in.failed(); ++i) {
      const std::uint64_t key = in.number();
      tally.signatures[b].add(key, in.number());
    }
    const std::uint64_t seen = in.length();
    for (std::uint64_t i = 0; i < seen && !in.failed(); ++i) {
      const std::uint64_t key = in.number();
      const auto groups = static_cast<std::uint32_t>(std::min<std::uint64_t>(in.number(), 1 << 16));
      tally.seen[b][{key, groups}] = in.number();
    }
  }
  for (std::uint64_t& count : tally.alphabet_sets) count = in.number();
  const std::uint64_t hits = in.length();
  for (std::uint64_t i = 0; i < hits && !in.failed(); ++i) {
    SearchHit hit;
    hit.groups = static_cast<std::uint32_t>(in.number());
    hit.pairs = static_cast<std::uint32_t>(in.number());
    hit.id.prefix = in.number();
    hit.id.selection = static_cast<std::uint32_t>(in.number());
    tally.add_hit(hit);
  }
  const std::uint64_t counts = in.length();
  for (std::uint64_t i = 0; i < counts && !in.failed(); ++i) {
    const auto groups = static_cast<std::uint32_t>(in.number());
    tally.hit_counts[groups] = in.number();
  }
  tally.patterns_left_out = in.number() != 0;
  const std::uint64_t patterns = in.length();
  for (std::uint64_t i = 0; i < patterns && !in.failed(); ++i) {
    tally.add_pattern(std::string(in.text()));
  }
  for (std::uint32_t& best : tally.decoys) best = static_cast<std::uint32_t>(in.number());
  load_codes(in, tally.reached);
  load_codes(in, tally.letters);
  if (in.failed() || !in.at_end()) return bad("is cut short or damaged");
  return tally;
}

}  // namespace tagscope
