// Known plaintext by trying all keys: what the fast solver has to say of small systems.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "claim/key_solver.h"

namespace tagscope::reference {

struct TriedKeys {
  std::size_t outputs = 0;  // different tags, written in the alphabet, that some key gives
  bool fits = false;        // some key gives the tags of the system
};

// One character under one key value; as docs say it: bytes by XOR, letters by shifting.
inline char32_t under_key(KeyFamily family, char32_t plain, unsigned value) {
  if (family == KeyFamily::exclusive_or) return plain ^ value;
  if (plain >= 'a' && plain <= 'z') return 'a' + (plain - 'a' + value) % 26;
  if (plain >= 'A' && plain <= 'Z') return 'A' + (plain - 'A' + value) % 26;
  return plain;
}

// exclusive_or and vigenere with at most `period` classes: 256^period or 26^period keys are tried.
inline TriedKeys try_all_keys(const KeySystem& system, const Alphabet& alphabet) {
  const unsigned values = system.family == KeyFamily::exclusive_or ? 256 : 26;
  std::vector<unsigned> key(system.period, 0);
  std::set<std::vector<std::u32string>> outputs;
  TriedKeys tried;
  for (bool more = true; more;) {
    std::vector<std::u32string> tags(system.tags.size());
    bool possible = true;
    for (const PlainWindow& window : system.windows) {
      std::u32string output;
      for (std::size_t t = 0; t < window.plain.size(); ++t) {
        output.push_back(under_key(system.family, window.plain[t], key[window.classes[t]]));
        possible = possible && alphabet.holds(output.back());
      }
      std::u32string& tag = tags[window.tag];
      if (!tag.empty() && tag != output) possible = false;  // one tag, one draw
      tag = output;
    }
    if (possible) {
      outputs.insert(tags);
      tried.fits = tried.fits || std::equal(tags.begin(), tags.end(), system.tags.begin());
    }
    more = false;
    for (unsigned& value : key) {
      if (++value < values) {
        more = true;
        break;
      }
      value = 0;
    }
  }
  tried.outputs = outputs.size();
  return tried;
}

}  // namespace tagscope::reference
