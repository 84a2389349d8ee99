// Back to front: a text by code points, bytes by bytes.
#include <algorithm>

#include "core/method.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

struct Options {};

Result<Value> apply(const Options&, const Value& input) {
  Value out = input;
  std::reverse(out.data.begin(), out.data.end());
  if (input.kind == Kind::text) {
    // Reversing the bytes put each code point's own bytes back to front.
    std::size_t end = out.data.size();
    for (std::size_t at = 0; at < input.data.size();) {
      const std::size_t length = decode_one(input.data, at).length;
      const auto last = out.data.begin() + static_cast<std::ptrdiff_t>(end);
      std::reverse(last - static_cast<std::ptrdiff_t>(length), last);
      at += length;
      end -= length;
    }
  }
  return out;
}

constexpr Vector kVectors[] = {
    {"", as_text("wizard"), as_text("draziw"), "Wikipedia, Atbash (words that it reverses)"},
    {"", as_hex("0102ff"), as_hex("ff0201"), "by definition"},
    {"", as_text("aé€😀"), as_text("😀€éa"), "by definition (code points of 1 to 4 bytes)"},
};

}  // namespace

TAGSCOPE_METHOD(reverse,
                transform<Options, apply, apply>({
                    .id = "reverse",
                    .room = Room::cipher,
                    .summary = "Turns a text's code points, or bytes, back to front",
                    .source = "The Unicode Standard, section 3.4, D10 (code point) for the unit",
                    .in = Kinds::text_or_bytes,
                    .out = Output::same,
                    .inverse_in = Kinds::text_or_bytes,
                    .inverse_out = Output::same,
                    .vectors = kVectors,
                    .length_preserving = true,
                }));

}  // namespace tagscope
