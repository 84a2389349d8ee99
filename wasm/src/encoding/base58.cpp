// Base58 as Bitcoin writes it: the bytes as one number in base 58, a leading zero byte as a "1".
#include <algorithm>
#include <vector>

#include "core/method.h"
#include "encoding/input_errors.h"

namespace tagscope {
namespace {

constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

// Changing the base of a number takes time quadratic in its length.
constexpr std::size_t kMaxBytes = 4096;
constexpr std::size_t kMaxCharacters = 5594;  // of kMaxBytes bytes: 4096 · log 256 / log 58

struct Options {};

// `digits` is the number built so far, in base `base` and with its lowest digit first.
void multiply_add(std::vector<std::uint8_t>& digits, unsigned base, unsigned factor,
                  unsigned addend) {
  unsigned carry = addend;
  for (std::uint8_t& digit : digits) {
    carry += digit * factor;
    digit = static_cast<std::uint8_t>(carry % base);
    carry /= base;
  }
  for (; carry != 0; carry /= base) digits.push_back(static_cast<std::uint8_t>(carry % base));
}

Result<std::string> apply(const Options&, std::string_view bytes) {
  if (auto fits = encoding::check_input_size(bytes.size(), kMaxBytes); !fits) return fits.error();
  const std::size_t zeros = std::min(bytes.find_first_not_of('\0'), bytes.size());
  std::vector<std::uint8_t> digits;
  for (const char c : bytes.substr(zeros)) {
    multiply_add(digits, 58, 256, static_cast<unsigned char>(c));
  }
  std::string text(zeros, kAlphabet[0]);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    text.push_back(kAlphabet[*digit]);
  }
  return text;
}

Result<std::string> invert(const Options&, std::string_view text) {
  if (auto fits = encoding::check_input_size(text.size(), kMaxCharacters); !fits) {
    return fits.error();
  }
  const std::size_t ones = std::min(text.find_first_not_of(kAlphabet[0]), text.size());
  std::vector<std::uint8_t> digits;
  for (std::size_t at = ones; at < text.size(); ++at) {
    const std::size_t value = kAlphabet.find(text[at]);
    if (value == std::string_view::npos) return encoding::foreign_character(text, at, "Base58");
    multiply_add(digits, 256, 58, static_cast<unsigned>(value));
  }
  std::string bytes(ones, '\0');
  bytes.append(digits.rbegin(), digits.rend());
  return bytes;
}

constexpr Vector kVectors[] = {
    {"", as_text("Hello World!"), as_text("2NEpo7TZRRrLZSi2U"), "draft-msporny-base58, section 5"},
    {"", as_text("The quick brown fox jumps over the lazy dog."),
     as_text("USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"),
     "draft-msporny-base58, section 5"},
    {"", as_hex("0000287fb4cd"), as_text("11233QC4"), "draft-msporny-base58, section 5"},
};

}  // namespace

TAGSCOPE_METHOD(base58, transform<Options, apply, invert>({
                            .id = "base58",
                            .room = Room::encoding,
                            .summary = "Writes up to 4,096 bytes as one number in base 58, each "
                                       "leading zero byte as 1",
                            .source = "Bitcoin, src/base58.cpp; draft-msporny-base58",
                            .in = Kinds::bytes,
                            .out = Output::text,
                            .inverse_in = Kinds::text,
                            .inverse_out = Output::bytes,
                            .vectors = kVectors,
                            .alphabet = kAlphabet,
                        }));

}  // namespace tagscope
