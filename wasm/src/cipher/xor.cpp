// Exclusive or with a key that repeats.
#include "core/method.h"

namespace tagscope {
namespace {

constexpr std::size_t kMaxKeyBytes = 16384;

struct Options {
  Key key;
};

Result<std::string> apply(const Options& options, std::string_view bytes) {
  const std::string& key = options.key.bytes;
  std::string out(bytes);
  std::size_t next = 0;
  for (char& c : out) {
    c = static_cast<char>(c ^ key[next]);
    next = next + 1 == key.size() ? 0 : next + 1;
  }
  return out;
}

constexpr Field kFields[] = {
    key_field<&Options::key>("key", "text (its UTF-8 bytes) or 0xHEX, repeated over the input",
                             true, 1, kMaxKeyBytes),
};

constexpr Vector kVectors[] = {
    {"key=ICE",
     as_text("Burning 'em, if you ain't quick and nimble\nI go crazy when I hear a cymbal"),
     as_hex("0b3637272a2b2e63622c2e69692a23693a2a3c6324202d623d63343c2a26226324272765272"
            "a282b2f20430a652e2c652a3124333a653e2b2027630c692b20283165286326302e27282f"),
     "Cryptopals, set 1, challenge 5"},
    {"key=0x686974207468652062756c6c277320657965", as_hex("1c0111001f010100061a024b53535009181c"),
     as_text("the kid don't play"), "Cryptopals, set 1, challenge 2 (input and key exchanged)"},
};

}  // namespace

TAGSCOPE_METHOD(xor, transform<Options, apply, apply>({
                         .id = "xor",
                         .room = Room::cipher,
                         .summary = "Combines each byte with the repeating key by exclusive or",
                         .source = "G. S. Vernam, US patent 1,310,719 (1919), with a repeating key",
                         .in = Kinds::bytes,
                         .out = Output::bytes,
                         .inverse_in = Kinds::bytes,
                         .inverse_out = Output::bytes,
                         .fields = kFields,
                         .vectors = kVectors,
                         .length_preserving = true,
                     }));

}  // namespace tagscope
