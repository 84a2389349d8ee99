// Byte-pair encoding as its definition says, slow and obvious.
//
// Sennrich, Haddow, Birch: "Neural Machine Translation of Rare Words with Subword
// Units" (ACL 2016), algorithm 1, as openai/CLIP applies it: while any two
// neighbours are a pair of the merge list, take the pair that stands first in the
// list and replace all its occurrences, from left to right, by their concatenation.
#pragma once

#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tagscope::reference {

using Pieces = std::vector<std::string>;
using Ranks = std::map<std::pair<std::string, std::string>, std::size_t>;

// From the lines "left right" of a merge list.
inline Ranks read_ranks(const std::string& merge_list) {
  Ranks ranks;
  std::istringstream lines(merge_list);
  for (std::string left, right; lines >> left >> right;) {
    ranks.emplace(std::pair(left, right), ranks.size());
  }
  return ranks;
}

// `word`: its symbols; the last one carries "</w>".
inline Pieces slow_bpe(Pieces word, const Ranks& ranks) {
  for (;;) {
    auto first = ranks.end();
    for (std::size_t i = 0; i + 1 < word.size(); ++i) {
      const auto found = ranks.find({word[i], word[i + 1]});
      if (found == ranks.end()) continue;
      if (first == ranks.end() || found->second < first->second) first = found;
    }
    if (first == ranks.end()) return word;
    Pieces merged;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (i + 1 < word.size() && word[i] == first->first.first &&
          word[i + 1] == first->first.second) {
        merged.push_back(word[i] + word[i + 1]);
        ++i;
      } else {
        merged.push_back(word[i]);
      }
    }
    word = std::move(merged);
  }
}

}  // namespace tagscope::reference
