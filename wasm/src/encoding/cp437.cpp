// What a Windows console with code page 437 draws for bytes.
#include <array>

#include "core/method.h"
#include "encoding/input_errors.h"

namespace tagscope {
namespace {

// The glyph of each byte. 80 to FF: Unicode's mapping of code page 437 (CP437.TXT); 01 to 1F and
// 7F: the graphic set of IBM's code page 437 (SC01234). NUL and BEL draw nothing.
constexpr std::array<std::string_view, 256> kGlyphs = {
    // clang-format off
    "", "☺", "☻", "♥", "♦", "♣", "♠", "", "◘", "○", "◙", "♂", "♀", "♪", "♫", "☼",
    "►", "◄", "↕", "‼", "¶", "§", "▬", "↨", "↑", "↓", "→", "←", "∟", "↔", "▲", "▼",
    " ", "!", "\"", "#", "$", "%", "&", "'", "(", ")", "*", "+", ",", "-", ".", "/",
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ":", ";", "<", "=", ">", "?",
    "@", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O",
    "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z", "[", "\\", "]", "^", "_",
    "`", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o",
    "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z", "{", "|", "}", "~", "⌂",
    "Ç", "ü", "é", "â", "ä", "à", "å", "ç", "ê", "ë", "è", "ï", "î", "ì", "Ä", "Å",
    "É", "æ", "Æ", "ô", "ö", "ò", "û", "ù", "ÿ", "Ö", "Ü", "¢", "£", "¥", "₧", "ƒ",
    "á", "í", "ó", "ú", "ñ", "Ñ", "ª", "º", "¿", "⌐", "¬", "½", "¼", "¡", "«", "»",
    "░", "▒", "▓", "│", "┤", "╡", "╢", "╖", "╕", "╣", "║", "╗", "╝", "╜", "╛", "┐",
    "└", "┴", "┬", "├", "─", "┼", "╞", "╟", "╚", "╔", "╩", "╦", "╠", "═", "╬", "╧",
    "╨", "╤", "╥", "╙", "╘", "╒", "╓", "╫", "╪", "┘", "┌", "█", "▄", "▌", "▐", "▀",
    "α", "ß", "Γ", "π", "Σ", "σ", "µ", "τ", "Φ", "Θ", "Ω", "δ", "∞", "φ", "ε", "∩",
    "≡", "±", "≥", "≤", "⌠", "⌡", "÷", "≈", "°", "∙", "·", "√", "ⁿ", "²", "■", "\u00a0",
    // clang-format on
};

// The glyphs in a row: every character that a picture can hold.
constexpr std::size_t kAlphabetBytes = [] {
  std::size_t bytes = 0;
  for (const std::string_view glyph : kGlyphs) bytes += glyph.size();
  return bytes;
}();
constexpr std::array<char, kAlphabetBytes> kAlphabet = [] {
  std::array<char, kAlphabetBytes> joined{};
  std::size_t at = 0;
  for (const std::string_view glyph : kGlyphs) {
    for (const char c : glyph) joined[at++] = c;
  }
  return joined;
}();

struct Options {};

Result<std::string> apply(const Options&, std::string_view bytes) {
  std::uint64_t length = 0;
  for (const char c : bytes) length += kGlyphs[static_cast<unsigned char>(c)].size();
  if (auto fits = encoding::check_output_size(length); !fits) return fits.error();
  std::string text;
  text.reserve(static_cast<std::size_t>(length));
  for (const char c : bytes) text += kGlyphs[static_cast<unsigned char>(c)];
  return text;
}

constexpr Vector kVectors[] = {
    {"", as_hex("314507060e004b2f0c1f011c1759"), as_text("1E♠♫K/♀▼☺∟↨Y"),
     "the observation of 2024 (a console's output)"},
    {"", as_hex("80e1eafbfe"), as_text("ÇßΩ√■"), "Unicode, VENDORS/MICSFT/PC/CP437.TXT"},
};

}  // namespace

TAGSCOPE_METHOD(cp437, transform<Options, apply>({
                           .id = "cp437",
                           .room = Room::encoding,
                           .summary = "Draws bytes as a Windows console with code page 437 does; "
                                      "NUL and BEL draw nothing",
                           .source = "Unicode, VENDORS/MICSFT/PC/CP437.TXT; IBM code page 437 for "
                                     "the glyphs of 01 to 1F and 7F",
                           .in = Kinds::bytes,
                           .out = Output::text,
                           .vectors = kVectors,
                           .alphabet = {kAlphabet.data(), kAlphabet.size()},
                       }));

}  // namespace tagscope
