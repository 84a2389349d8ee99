#include "tokenizer/linear_bpe.h"

#include <algorithm>

#include "tokenizer/byte_alphabet.h"

namespace tagscope {
namespace {

constexpr std::size_t kFirstTwo = std::size_t{1} << 16;

std::size_t first_two(std::string_view text) {
  return static_cast<std::size_t>(static_cast<unsigned char>(text[0])) << 8 |
         static_cast<unsigned char>(text[1]);
}

std::size_t shared_length(std::string_view a, std::string_view b) {
  const std::size_t n = std::min(a.size(), b.size());
  std::size_t i = 0;
  while (i < n && a[i] == b[i]) ++i;
  return i;
}

}  // namespace

LinearBpe::LinearBpe(const ByteVocabulary& vocabulary) : vocabulary_(vocabulary) {
  const Id tokens = vocabulary.tokens();
  // Bytes first, then buckets of equal first two bytes, each sorted.
  begins_.assign(kFirstTwo + 1, 0);
  for (Id id = ByteVocabulary::kByteSymbols; id < tokens; ++id) {
    ++begins_[first_two(vocabulary.bytes(id)) + 1];
  }
  for (std::size_t i = 0; i < kFirstTwo; ++i) begins_[i + 1] += begins_[i];
  sorted_.resize(tokens - ByteVocabulary::kByteSymbols);
  std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
  for (Id id = ByteVocabulary::kByteSymbols; id < tokens; ++id) {
    sorted_[next[first_two(vocabulary.bytes(id))]++] = id;
  }
  shorter_.assign(tokens, kNone);
  std::vector<Id> open;
  for (std::size_t i = 0; i < kFirstTwo; ++i) {
    const auto begin = sorted_.begin() + begins_[i];
    const auto end = sorted_.begin() + begins_[i + 1];
    std::sort(begin, end, [&](Id a, Id b) { return vocabulary.bytes(a) < vocabulary.bytes(b); });
    // In this order a token's beginnings stand before it; `open` are those of the one before.
    open.assign(1, kByteAlphabet.symbol_of_byte[i >> 8]);
    for (auto id = begin; id != end; ++id) {
      while (!vocabulary.bytes(*id).starts_with(vocabulary.bytes(open.back()))) open.pop_back();
      shorter_[*id] = open.back();
      open.push_back(*id);
    }
  }
}

LinearBpe::Id LinearBpe::longest_start(std::string_view text) const {
  const Id byte = kByteAlphabet.symbol_of_byte[static_cast<unsigned char>(text[0])];
  if (text.size() == 1) return byte;
  text = text.substr(0, ByteVocabulary::kMaxTokenBytes);
  const auto begin = sorted_.begin() + begins_[first_two(text)];
  const auto end = sorted_.begin() + begins_[first_two(text) + 1];
  const auto after = std::upper_bound(
      begin, end, text, [&](std::string_view a, Id b) { return a < vocabulary_.bytes(b); });
  if (after == begin) return byte;
  // The longest start lies between the text and what stands before it in the order, so it is a
  // beginning of that token.
  Id id = *(after - 1);
  const std::size_t shared = shared_length(vocabulary_.bytes(id), text);
  while (vocabulary_.length(id) > shared) id = shorter_[id];
  return id;
}

bool LinearBpe::stay_apart(Id left, Id right) const {
  // Both are unmerged along the border, the latest merge first. What stood at the border merges
  // if its rank is below that of the merge which took one of the two away; of equal ranks the
  // left one goes first.
  Id limit = kNone;
  for (;;) {
    if (vocabulary_.rank(left, right) < limit) return false;
    if (left > right && left >= ByteVocabulary::kByteSymbols) {
      limit = left;
      left = vocabulary_.split(left).second;
    } else if (right >= ByteVocabulary::kByteSymbols) {
      limit = right + 1;
      right = vocabulary_.split(right).first;
    } else {
      return true;
    }
  }
}

bool LinearBpe::append(std::vector<Id>& ids, std::string_view word) const {
  const std::size_t before = ids.size();
  // closed[i]: no tokens of the whole word have a border at byte i.
  std::vector<bool> closed(word.size() + 1, false);
  std::size_t at = 0;
  Id candidate = word.empty() ? kNone : longest_start(word);
  while (at < word.size()) {
    const bool is_first = ids.size() == before;
    const auto fits = [&](Id id) {
      return !closed[at + vocabulary_.length(id)] && (is_first || stay_apart(ids.back(), id));
    };
    while (candidate != kNone && !fits(candidate)) candidate = shorter_[candidate];
    if (candidate != kNone) {
      ids.push_back(candidate);
      at += vocabulary_.length(candidate);
      if (at < word.size()) candidate = longest_start(word.substr(at));
    } else {
      if (is_first) return false;
      closed[at] = true;
      candidate = ids.back();
      ids.pop_back();
      at -= vocabulary_.length(candidate);
    }
  }
  return true;
}

}  // namespace tagscope
