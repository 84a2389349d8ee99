// Bytes read as UTF-8 text; backwards, the UTF-8 of a text.
#include "text/utf8.h"

#include "core/method.h"

namespace tagscope {
namespace {

struct Options {};

std::string hex_of(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex += {' ', kDigits[static_cast<unsigned char>(c) >> 4U],
            kDigits[static_cast<unsigned char>(c) & 15U]};
  }
  return hex;
}

Result<std::string> apply(const Options&, std::string_view bytes) {
  const auto invalid = first_invalid_utf8(bytes);
  if (!invalid) return std::string(bytes);
  const std::size_t length = decode_one(bytes, *invalid).length;
  return Error{.code = "invalid-utf8",
               .where = "byte " + std::to_string(*invalid),
               .what = "the bytes are not UTF-8 at offset " + std::to_string(*invalid) + " of " +
                       std::to_string(bytes.size()) + ":" + hex_of(bytes.substr(*invalid, length))};
}

Result<std::string> invert(const Options&, std::string_view text) { return std::string(text); }

constexpr Vector kVectors[] = {
    {"", as_hex("41e289a2ce912e"), as_text("A≢Α."), "RFC 3629, section 7"},
    {"", as_hex("ed959ceab5adec96b4"), as_text("한국어"), "RFC 3629, section 7"},
    {"", as_hex("efbbbff0a38eb4"), as_text("\xEF\xBB\xBF\U000233B4"), "RFC 3629, section 7"},
};

}  // namespace

TAGSCOPE_METHOD(utf8, transform<Options, apply, invert>({
                          .id = "utf8",
                          .room = Room::encoding,
                          .summary = "Reads bytes as UTF-8 text; ill-formed bytes are an error",
                          .source = "RFC 3629; The Unicode Standard, section 3.9",
                          .in = Kinds::bytes,
                          .out = Output::text,
                          .inverse_in = Kinds::text,
                          .inverse_out = Output::bytes,
                          .vectors = kVectors,
                      }));

}  // namespace tagscope
