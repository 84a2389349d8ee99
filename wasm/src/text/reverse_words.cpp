// Words in the opposite order.
#include <vector>

#include "core/method.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

struct Options {};

struct Piece {
  std::string_view text;
  bool is_word;
};

// Words and the separators between them, in turn.
std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    const bool is_word = decoded.code_point != U'_' && !is_python_space(decoded.code_point);
    if (pieces.empty() || pieces.back().is_word != is_word) {
      pieces.push_back({text.substr(at, 0), is_word});
    }
    Piece& piece = pieces.back();
    piece.text = {piece.text.data(), piece.text.size() + decoded.length};
    at += decoded.length;
  }
  return pieces;
}

// Its own inverse: the separators stay, so the words fall back into their places.
Result<std::string> apply(const Options&, std::string_view text) {
  const std::vector<Piece> pieces = pieces_of(text);
  std::string out;
  out.reserve(text.size());
  auto from_back = pieces.rbegin();
  for (const Piece& piece : pieces) {
    if (!piece.is_word) {
      out += piece.text;
      continue;
    }
    if (!from_back->is_word) ++from_back;
    out += (from_back++)->text;
  }
  return out;
}

constexpr Vector kVectors[] = {
    {"", as_text("houshou_marine"), as_text("marine_houshou"), "Danbooru, help:tags (name order)"},
    {"", as_text(" one_two  three"), as_text(" three_two  one"), "Python 3.11, re.split and join"},
};

}  // namespace

TAGSCOPE_METHOD(
    reverse_words,
    transform<Options, apply, apply>({
        .id = "reverse-words",
        .room = Room::text,
        .summary = "Puts the words in the opposite order; _ and white space stay where they are",
        .source = "common usage: surname and given name exchanged",
        .vectors = kVectors,
        .length_preserving = true,
    }));

}  // namespace tagscope
