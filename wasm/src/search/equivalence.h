// Which recipes are provably the same function, so that a space holds one of them.
//
//   letter ciphers  rot, atbash and affine are x ↦ ax + b modulo 26; in a row they are one such
//                   map, written rot n (a = 1), atbash | rot n (a = 25) or affine; the identity
//                   is left out
//   involutions     reverse, rot5, rot18, rot47, reverse-words and xor undo themselves: ~ is the
//                   same as without; twice in a row is left out (xor is not: it leaves bytes)
//   reverse         commutes with ciphers of single characters and is written before them
//   lower           after hex, letters, decimal, binary or lower changes nothing
//   xor             a key that repeats itself is its shortest period, written as 0xHEX
//   strip           is by the set of its characters
//   selections      window at=0 is take; every step=1 is drop; every … | take n=1 is a window of
//                   one; of a value of fixed length D, what takes D or more is left out, a window
//                   that reaches the end is last, and so is drop
#pragma once

#include <string>
#include <vector>

#include "recipe/recipe.h"

namespace tagscope {

// The recipe's normal form, step by step. Recipes with equal normal forms are equal functions of
// a text; nothing is said of others. Normalising twice changes nothing.
[[nodiscard]] std::vector<std::string> normal_form(const Recipe& recipe);

// How long, in positions, the value after `steps` is.
struct KnownLength {
  bool fixed = false;
  std::size_t most = 0;  // the length where fixed; else an upper bound, 0 for none
};

// The length of what a step makes of a value of that length.
[[nodiscard]] KnownLength length_after(const Step& step, KnownLength input);

}  // namespace tagscope
