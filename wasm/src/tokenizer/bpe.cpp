#include "tokenizer/bpe.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

namespace tagscope {
namespace {

using Id = ClipVocabulary::Id;
constexpr Id kNoMerge = ClipVocabulary::kNoMerge;

// What merges lowest is what merges first: merged ids stand in the order of rank.
// With few symbols a scan for the minimum beats any queue. Returns the number of
// tokens, left at the front of `ids`.
std::size_t merge_short(const ClipVocabulary& vocabulary, std::string_view word,
                        std::array<Id, kShortWordBytes>& ids) {
  // candidates[i]: what ids[i] and ids[i + 1] merge into.
  std::array<Id, kShortWordBytes> candidates;
  std::size_t n = word.size();
  for (std::size_t i = 0; i < n; ++i) {
    ids[i] = ClipVocabulary::byte_symbol(static_cast<unsigned char>(word[i]), i + 1 == n);
    if (i > 0) candidates[i - 1] = vocabulary.merged(ids[i - 1], ids[i]);
  }
  while (n > 1) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < n; ++i) {
      if (candidates[i] < candidates[best]) best = i;
    }
    if (candidates[best] == kNoMerge) break;
    ids[best] = candidates[best];
    --n;
    for (std::size_t i = best + 1; i < n; ++i) ids[i] = ids[i + 1];
    for (std::size_t i = best + 1; i + 1 < n; ++i) candidates[i] = candidates[i + 1];
    if (best > 0) candidates[best - 1] = vocabulary.merged(ids[best - 1], ids[best]);
    if (best + 1 < n) candidates[best] = vocabulary.merged(ids[best], ids[best + 1]);
  }
  return n;
}

// A linked list of symbols and a queue of candidate merges, lowest rank and then
// leftmost first. An entry whose candidate has changed since is skipped when it
// surfaces: a changed pair is a longer one, so it never becomes the same again.
class LongWord {
 public:
  LongWord(const ClipVocabulary& vocabulary, std::string_view word)
      : vocabulary_(vocabulary), symbols_(word.size()) {
    const std::uint32_t n = static_cast<std::uint32_t>(word.size());
    for (std::uint32_t i = 0; i < n; ++i) {
      symbols_[i].id = ClipVocabulary::byte_symbol(static_cast<unsigned char>(word[i]), i + 1 == n);
      symbols_[i].previous = i - 1;  // of the first: kNone
      symbols_[i].next = i + 1 == n ? kNone : i + 1;
    }
    for (std::uint32_t i = 0; i < n; ++i) propose(i);
    std::make_heap(queue_.begin(), queue_.end(), std::greater<>());
  }

  void merge_all() {
    while (!queue_.empty()) {
      std::pop_heap(queue_.begin(), queue_.end(), std::greater<>());
      const std::uint64_t entry = queue_.back();
      queue_.pop_back();
      const auto at = static_cast<std::uint32_t>(entry);
      const auto id = static_cast<Id>(entry >> 32);
      if (symbols_[at].candidate != id) continue;
      merge(at, id);
    }
  }

  // The first symbol is never absorbed, so the list begins at 0.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::uint32_t i = 0; i != kNone; i = symbols_[i].next) visit(symbols_[i].id);
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  struct Symbol {
    Id id = 0;
    Id candidate = kNoMerge;  // of this symbol and the next
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
  };

  // Finds the candidate at `at`; queues it where there is one.
  bool propose(std::uint32_t at) {
    Symbol& symbol = symbols_[at];
    symbol.candidate =
        symbol.next == kNone ? kNoMerge : vocabulary_.merged(symbol.id, symbols_[symbol.next].id);
    if (symbol.candidate == kNoMerge) return false;
    queue_.push_back(std::uint64_t{symbol.candidate} << 32 | at);
    return true;
  }

  void propose_to_heap(std::uint32_t at) {
    if (propose(at)) std::push_heap(queue_.begin(), queue_.end(), std::greater<>());
  }

  void merge(std::uint32_t at, Id id) {
    Symbol& symbol = symbols_[at];
    Symbol& absorbed = symbols_[symbol.next];
    absorbed.candidate = kNoMerge;
    symbol.id = id;
    symbol.next = absorbed.next;
    if (symbol.next != kNone) symbols_[symbol.next].previous = at;
    propose_to_heap(at);
    if (symbol.previous != kNone) propose_to_heap(symbol.previous);
  }

  const ClipVocabulary& vocabulary_;
  std::vector<Symbol> symbols_;
  std::vector<std::uint64_t> queue_;
};

}  // namespace

void append_bpe(std::vector<Id>& ids, const ClipVocabulary& vocabulary, std::string_view word) {
  if (word.size() <= kShortWordBytes) {
    std::array<Id, kShortWordBytes> tokens;
    const std::size_t count = merge_short(vocabulary, word, tokens);
    ids.insert(ids.end(), tokens.data(), tokens.data() + count);
    return;
  }
  LongWord symbols(vocabulary, word);
  symbols.merge_all();
  symbols.for_each([&](Id id) { ids.push_back(id); });
}

std::size_t count_bpe(const ClipVocabulary& vocabulary, std::string_view word) {
  if (word.size() <= kShortWordBytes) {
    std::array<Id, kShortWordBytes> tokens;
    return merge_short(vocabulary, word, tokens);
  }
  LongWord symbols(vocabulary, word);
  symbols.merge_all();
  std::size_t count = 0;
  symbols.for_each([&](Id) { ++count; });
  return count;
}

MergeTree bpe_merge_tree(const ClipVocabulary& vocabulary, std::string_view word) {
  MergeTree tree;
  for (std::size_t i = 0; i < word.size(); ++i) {
    tree.symbols.push_back(
        ClipVocabulary::byte_symbol(static_cast<unsigned char>(word[i]), i + 1 == word.size()));
  }
  std::vector<Id> left = tree.symbols;
  for (;;) {
    MergeStep step{.at = 0, .left = 0, .right = 0, .merged = kNoMerge, .rank = 0};
    for (std::uint32_t i = 0; i + 1 < left.size(); ++i) {
      const Id merged = vocabulary.merged(left[i], left[i + 1]);
      if (merged < step.merged) {
        step = {i, left[i], left[i + 1], merged, merged - ClipVocabulary::kByteSymbols};
      }
    }
    if (step.merged == kNoMerge) return tree;
    left[step.at] = step.merged;
    left.erase(left.begin() + step.at + 1);
    tree.steps.push_back(step);
  }
}

}  // namespace tagscope
