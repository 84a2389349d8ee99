// Vigenère's cipher: Caesar's with a shift that follows the letters of a word.
#include <vector>

#include "core/method.h"

namespace tagscope {
namespace {

constexpr int kLetters = 26;
constexpr std::size_t kMaxKeyBytes = 16384;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

// The key's letters as shifts; whatever else the key holds does not count.
std::vector<int> shifts_of(const Key& key) {
  std::vector<int> shifts;
  for (const char c : key.bytes) {
    if (is_letter(c)) shifts.push_back(c - (is_lower(c) ? 'a' : 'A'));
  }
  return shifts;
}

struct Options {
  Key key;

  [[nodiscard]] Status check() const {
    if (!shifts_of(key).empty()) return ok_status();
    return Error{.code = "bad-argument",
                 .where = "key",
                 .what = "has no letter in its " + std::to_string(key.bytes.size()) +
                         " bytes; it needs at least 1"};
  }
};

// `sign` is 1 to encipher, -1 to decipher.
std::string shift_letters(const Key& key, std::string_view text, int sign) {
  const std::vector<int> shifts = shifts_of(key);
  std::string out(text);
  std::size_t next = 0;
  for (char& c : out) {
    if (!is_letter(c)) continue;
    const char first = is_lower(c) ? 'a' : 'A';
    c = static_cast<char>(first + (c - first + sign * shifts[next] + kLetters) % kLetters);
    next = next + 1 == shifts.size() ? 0 : next + 1;
  }
  return out;
}

Result<std::string> apply(const Options& options, std::string_view text) {
  return shift_letters(options.key, text, 1);
}

Result<std::string> invert(const Options& options, std::string_view text) {
  return shift_letters(options.key, text, -1);
}

constexpr Field kFields[] = {
    key_field<&Options::key>("key",
                             "letters that say how far each letter moves; others are left out",
                             true, 1, kMaxKeyBytes),
};

constexpr Vector kVectors[] = {
    {"key=LEMON", as_text("attackatdawn"), as_text("lxfopvefrnhr"), "Wikipedia, Vigenère cipher"},
    {"key=ABCD", as_text("CRYPTOISSHORTFORCRYPTOGRAPHY"), as_text("CSASTPKVSIQUTGQUCSASTPIUAQJB"),
     "Wikipedia, Kasiski examination"},
};

}  // namespace

TAGSCOPE_METHOD(vigenere,
                transform<Options, apply, invert>({
                    .id = "vigenere",
                    .room = Room::cipher,
                    .summary = "Moves each letter by the next letter of the key, keeping case",
                    .source = "B. de Vigenère, Traicté des chiffres (1586); G. B. Bellaso (1553)",
                    .fields = kFields,
                    .vectors = kVectors,
                    .length_preserving = true,
                }));

}  // namespace tagscope
