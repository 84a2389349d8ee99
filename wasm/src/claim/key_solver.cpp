#include "claim/key_solver.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "claim/chance.h"

namespace tagscope {
namespace {

using Text = std::u32string;

// Where the distinct tags' characters stand when they are written one after another.
std::vector<std::size_t> starts_of(std::span<const Text> tags) {
  std::vector<std::size_t> starts;
  std::size_t next = 0;
  for (const Text& tag : tags) {
    starts.push_back(next);
    next += tag.size();
  }
  return starts;
}

std::size_t characters_of(std::span<const Text> tags) {
  return std::accumulate(tags.begin(), tags.end(), std::size_t{0},
                         [](std::size_t sum, const Text& tag) { return sum + tag.size(); });
}

KeySolution impossible(std::size_t positions) {
  return {.positions = positions, .freedoms = 0, .log_keys = kImpossible, .fits = false, .key = {}};
}

}  // namespace

std::string_view name_of(KeyFamily family) {
  switch (family) {
    case KeyFamily::exclusive_or: return "xor";
    case KeyFamily::vigenere: return "vigenere";
    case KeyFamily::affine: return "affine";
    case KeyFamily::substitution: return "substitution";
  }
  return "";
}

// ---- Solving one system ----

KeySolver::KeySolver(const Alphabet& alphabet) : alphabet_(alphabet) {
  std::array<bool, 256> held{};
  for (unsigned value = 0; value < 256; ++value) held[value] = alphabet.holds(value);
  byte_masks_.assign(256, Mask{});
  for (unsigned offset = 0; offset < 256; ++offset) {
    for (unsigned value = 0; value < 256; ++value) {
      byte_masks_[offset].words[value / 64] |= std::uint64_t{held[value ^ offset]} << value % 64;
    }
  }
  for (const bool lower : {false, true}) {
    letter_masks_[lower].assign(kCipherLetters, Mask{});
    for (unsigned offset = 0; offset < kCipherLetters; ++offset) {
      for (unsigned value = 0; value < kCipherLetters; ++value) {
        const char32_t letter = letter_of(lower, (value + offset) % kCipherLetters);
        letter_masks_[lower][offset].words[0] |= std::uint64_t{held[letter]} << value;
      }
    }
  }
}

std::uint8_t KeySolver::moved(std::uint8_t value, std::uint8_t by) const {
  if (bytes_) return static_cast<std::uint8_t>(value ^ by);
  return static_cast<std::uint8_t>((value + by) % kCipherLetters);
}

std::uint8_t KeySolver::difference(std::uint8_t of, std::uint8_t from) const {
  if (bytes_) return static_cast<std::uint8_t>(of ^ from);
  return static_cast<std::uint8_t>((of + kCipherLetters - from) % kCipherLetters);
}

// The root of a node, and how far the node's value is moved from the root's.
KeySolver::Link KeySolver::find(std::uint32_t node) {
  std::uint32_t root = node;
  std::uint8_t offset = 0;
  while (links_[root].parent != root) {
    offset = moved(offset, links_[root].offset);
    root = links_[root].parent;
  }
  // Every node on the way now points to the root, so that long chains do not come back.
  std::uint8_t left = offset;
  while (links_[node].parent != root && node != root) {
    const Link next = links_[node];
    links_[node] = {root, left};
    left = difference(left, next.offset);
    node = next.parent;
  }
  return {root, offset};
}

// symbol = key moved by plain; false where that contradicts what is joined already.
bool KeySolver::join(std::uint32_t key, std::uint32_t symbol, std::uint8_t plain) {
  const Link a = find(key);
  const Link b = find(symbol);
  const std::uint8_t wanted = moved(a.offset, plain);  // the symbol's value from the key's root
  if (a.parent == b.parent) return wanted == b.offset;
  links_[b.parent] = {a.parent, difference(wanted, b.offset)};
  return true;
}

KeySolution KeySolver::solve_periodic(const KeySystem& system) {
  bytes_ = system.family == KeyFamily::exclusive_or;
  const std::vector<std::size_t> starts = starts_of(system.tags);
  const std::size_t positions = characters_of(system.tags);
  const auto period = static_cast<std::uint32_t>(system.period);
  links_.resize(period + positions);
  for (std::uint32_t i = 0; i < links_.size(); ++i) links_[i] = {i, 0};

  // Of each tag character: what it has to be (fixed), or its letter's case.
  enum class Role : std::uint8_t { unknown, upper, lower, byte, fixed };
  std::vector<Role> roles(positions, Role::unknown);
  Text fixed(positions, U'\0');
  for (const PlainWindow& window : system.windows) {
    for (std::size_t t = 0; t < window.plain.size(); ++t) {
      const std::size_t symbol = starts[window.tag] + t;
      const char32_t plain = window.plain[t];
      Role role = Role::byte;
      if (!bytes_) {
        role = !is_cipher_letter(plain) ? Role::fixed : is_lower(plain) ? Role::lower : Role::upper;
      }
      if (roles[symbol] == Role::unknown) {
        roles[symbol] = role;
        fixed[symbol] = plain;
      }
      if (roles[symbol] != role) return impossible(positions);
      if (role == Role::fixed) {
        if (fixed[symbol] != plain) return impossible(positions);
        continue;
      }
      const auto value = bytes_ ? static_cast<std::uint8_t>(plain) : letter_number(plain);
      if (!join(window.classes[t], period + static_cast<std::uint32_t>(symbol), value)) {
        return impossible(positions);
      }
    }
  }

  KeySolution solution;
  solution.positions = positions;
  // By root: the values that lead into the alphabet, and the one that gives the tags.
  struct Component {
    Mask mask{{~0ULL, ~0ULL, ~0ULL, ~0ULL}};
    std::optional<std::uint8_t> value;
  };
  std::map<std::uint32_t, Component> components;
  solution.fits = true;
  for (std::size_t group = 0, symbol = 0; group < system.tags.size(); ++group) {
    for (const char32_t tag : system.tags[group]) {
      const Role role = roles[symbol];
      const auto node = period + static_cast<std::uint32_t>(symbol);
      if (role == Role::fixed) {
        if (!alphabet_.holds(fixed[symbol])) return impossible(positions);
        if (tag != fixed[symbol]) solution.fits = false;
      } else {
        const Link link = find(node);
        Component& component = components[link.parent];
        const Mask& mask =
            bytes_ ? byte_masks_[link.offset] : letter_masks_[role == Role::lower][link.offset];
        for (int w = 0; w < 4; ++w) component.mask.words[w] &= mask.words[w];
        const bool prints =
            bytes_ ? tag < 256 : is_cipher_letter(tag) && is_lower(tag) == (role == Role::lower);
        if (!prints) {
          solution.fits = false;
        } else {
          const auto written = bytes_ ? static_cast<std::uint8_t>(tag) : letter_number(tag);
          const std::uint8_t value = difference(written, link.offset);
          if (!component.value) component.value = value;
          if (*component.value != value) solution.fits = false;
        }
      }
      ++symbol;
    }
  }
  solution.freedoms = components.size();
  for (const auto& [root, component] : components) {
    int keys = 0;
    for (const std::uint64_t word : component.mask.words) keys += __builtin_popcountll(word);
    if (keys == 0) return impossible(positions);
    solution.log_keys += std::log(keys);
  }
  if (!solution.fits) return solution;
  solution.key.resize(period);
  for (std::uint32_t k = 0; k < period; ++k) {
    const Link link = find(k);
    const auto component = components.find(link.parent);
    if (component == components.end()) continue;
    solution.key[k] = moved(*component->second.value, link.offset);
  }
  return solution;
}

KeySolution KeySolver::solve_affine(const KeySystem& system) const {
  const std::vector<std::size_t> starts = starts_of(system.tags);
  KeySolution solution;
  solution.positions = characters_of(system.tags);
  std::set<Text> outputs;  // of all tags, one after another: different keys may give the same
  std::vector<std::pair<std::uint8_t, std::uint8_t>> fitting;
  Text wanted;
  for (const Text& tag : system.tags) wanted += tag;
  std::set<std::uint8_t> touched;
  for (const PlainWindow& window : system.windows) {
    for (const char32_t c : window.plain) {
      if (is_cipher_letter(c)) touched.insert(letter_number(c));
    }
  }
  for (const std::uint8_t a : kAffineFactors) {
    for (std::uint8_t b = 0; b < kCipherLetters; ++b) {
      Text output(solution.positions, U'\0');
      bool possible = true;
      for (const PlainWindow& window : system.windows) {
        for (std::size_t t = 0; t < window.plain.size() && possible; ++t) {
          char32_t c = window.plain[t];
          if (is_cipher_letter(c)) {
            c = letter_of(is_lower(c), (a * letter_number(c) + b) % kCipherLetters);
          }
          char32_t& out = output[starts[window.tag] + t];
          possible = (out == U'\0' || out == c) && alphabet_.holds(c);
          out = c;
        }
      }
      if (!possible) continue;
      if (output == wanted) fitting.emplace_back(a, b);
      outputs.insert(std::move(output));
    }
  }
  if (outputs.empty()) return impossible(solution.positions);
  solution.freedoms = std::min(std::min<std::size_t>(touched.size(), 2), solution.positions);
  solution.log_keys = std::log(static_cast<double>(outputs.size()));
  solution.fits = !fitting.empty();
  if (fitting.size() == 1) solution.key = {fitting[0].first, fitting[0].second};
  return solution;
}

KeySolution KeySolver::solve_substitution(const KeySystem& system) {
  const std::vector<std::size_t> starts = starts_of(system.tags);
  const std::size_t positions = characters_of(system.tags);
  Text plains(positions, U'\0');
  Text coded;
  for (const Text& tag : system.tags) coded += tag;
  for (const PlainWindow& window : system.windows) {
    for (std::size_t t = 0; t < window.plain.size(); ++t) {
      char32_t& plain = plains[starts[window.tag] + t];
      if (plain != U'\0' && plain != window.plain[t]) return impossible(positions);
      plain = window.plain[t];
    }
  }
  KeySolution solution;
  solution.positions = positions;
  solution.fits = true;
  std::map<char32_t, char32_t> forward;
  std::map<char32_t, char32_t> backward;
  for (std::size_t i = 0; i < positions; ++i) {
    if (forward.emplace(plains[i], coded[i]).first->second != coded[i]) solution.fits = false;
    if (backward.emplace(coded[i], plains[i]).first->second != plains[i]) solution.fits = false;
  }
  solution.freedoms = forward.size();
  if (static_cast<double>(forward.size()) > alphabet_.size()) return impossible(positions);
  solution.log_keys = log_falling_factorial(std::log(alphabet_.size()), forward.size());
  return solution;
}

KeySolution KeySolver::solve(const KeySystem& system) {
  switch (system.family) {
    case KeyFamily::exclusive_or:
    case KeyFamily::vigenere: return solve_periodic(system);
    case KeyFamily::affine: return solve_affine(system);
    case KeyFamily::substitution: return solve_substitution(system);
  }
  return impossible(0);
}

}  // namespace tagscope
