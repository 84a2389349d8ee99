#include "tokenizer/byte_vocabulary.h"

#include <array>
#include <memory>

#include "tokenizer/byte_alphabet.h"

namespace tagscope {
namespace {

// tiktoken_ext/openai_public.py: gpt2, cl100k_base, o200k_base.
constexpr SpecialToken kGpt2Special[] = {{"<|endoftext|>", 50256}};
constexpr SpecialToken kCl100kSpecial[] = {
    {"<|endoftext|>", 100257},  {"<|fim_prefix|>", 100258},  {"<|fim_middle|>", 100259},
    {"<|fim_suffix|>", 100260}, {"<|endofprompt|>", 100276},
};
constexpr SpecialToken kO200kSpecial[] = {{"<|endoftext|>", 199999}, {"<|endofprompt|>", 200018}};

constexpr ByteEncodingRules kEncodings[] = {
    {"gpt2", 50000, 50257, BytePattern::gpt2, kGpt2Special},
    {"cl100k", 100000, 100277, BytePattern::cl100k, kCl100kSpecial},
    {"o200k", 199742, 200019, BytePattern::o200k, kO200kSpecial},
};

constexpr std::string_view kMagic("TAGSBYT\x01", 8);
constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kPlanes = 6;

unsigned byte_at(std::string_view packed, std::size_t at) {
  return static_cast<unsigned char>(packed[at]);
}

std::uint32_t u32_at(std::string_view packed, std::size_t at) {
  return byte_at(packed, at) | byte_at(packed, at + 1) << 8 | byte_at(packed, at + 2) << 16 |
         byte_at(packed, at + 3) << 24;
}

Error bad_vocabulary(std::string where, std::string what) {
  return {.code = "bad-vocabulary", .where = std::move(where), .what = std::move(what)};
}

Status check_header(std::string_view packed, const ByteEncodingRules& rules) {
  if (packed.substr(0, kMagic.size()) != kMagic) {
    return bad_vocabulary("byte 0", "is no packed byte vocabulary of format 1 (magic TAGSBYT)");
  }
  const std::size_t size = kHeaderBytes + kPlanes * rules.merges;
  if (packed.size() != size) {
    return bad_vocabulary("size", "is " + std::to_string(packed.size()) + " bytes; that of " +
                                      std::string(rules.name) + " has " + std::to_string(size));
  }
  const auto check_count = [&](std::size_t at, std::string_view name,
                               std::uint32_t expected) -> Status {
    const std::uint32_t count = u32_at(packed, at);
    if (count == expected) return ok_status();
    return bad_vocabulary("byte " + std::to_string(at), std::string(name) + " are " +
                                                            std::to_string(count) + "; must be " +
                                                            std::to_string(expected));
  };
  auto symbols = check_count(8, "byte symbols", ByteVocabulary::kByteSymbols);
  return symbols ? check_count(12, "merges", rules.merges) : symbols;
}

std::unique_ptr<const ByteVocabulary>& loaded(ByteEncoding encoding) {
  static std::array<std::unique_ptr<const ByteVocabulary>, std::size(kEncodings)> vocabularies;
  return vocabularies[static_cast<std::size_t>(encoding)];
}

}  // namespace

const ByteEncodingRules& rules_of(ByteEncoding encoding) {
  return kEncodings[static_cast<std::size_t>(encoding)];
}

ByteVocabulary::ByteVocabulary(ByteEncoding encoding)
    : encoding_(encoding),
      pairs_(rules_of(encoding).merges),
      byte_pairs_(std::size_t{kByteSymbols} * kByteSymbols, PairTable::kNone) {
  const std::size_t merges = rules_of(encoding).merges;
  splits_.reserve(merges);
  offsets_.reserve(kByteSymbols + merges + 1);
  offsets_.push_back(0);
  for (const std::uint8_t byte : kByteAlphabet.byte_of_symbol) {
    pool_.push_back(static_cast<char>(byte));
    offsets_.push_back(static_cast<std::uint32_t>(pool_.size()));
  }
}

Result<ByteVocabulary> ByteVocabulary::parse(ByteEncoding encoding, std::string_view packed) {
  const ByteEncodingRules& rules = rules_of(encoding);
  if (auto checked = check_header(packed, rules); !checked) return checked.error();

  ByteVocabulary vocabulary(encoding);
  // Planes: bits 16–23 of each merge's left id, of its right id, bits 8–15, bits 0–7.
  const auto part = [&](std::size_t side, Id merge) -> Id {
    const auto plane = [&](std::size_t index) {
      return byte_at(packed, kHeaderBytes + (2 * index + side) * rules.merges + merge);
    };
    return plane(0) << 16 | plane(1) << 8 | plane(2);
  };
  for (Id merge = 0; merge < rules.merges; ++merge) {
    const Id left = part(0, merge);
    const Id right = part(1, merge);
    const Id id = kByteSymbols + merge;
    const auto flaw = [&](std::string what) {
      return bad_vocabulary("merge " + std::to_string(merge), std::move(what));
    };
    if (left >= id || right >= id) {
      return flaw("joins ids " + std::to_string(left) + " and " + std::to_string(right) +
                  "; only ids below " + std::to_string(id) + " exist at this rank");
    }
    const std::size_t length = vocabulary.length(left) + vocabulary.length(right);
    if (length > kMaxTokenBytes) {
      return flaw("makes a token of " + std::to_string(length) + " bytes; the limit is " +
                  std::to_string(kMaxTokenBytes));
    }
    if (!vocabulary.pairs_.set(left, right, id)) return flaw("joins a pair that merges earlier");
    if ((left | right) < kByteSymbols) vocabulary.byte_pairs_[left * kByteSymbols + right] = id;
    vocabulary.splits_.emplace_back(left, right);
    vocabulary.pool_.append(vocabulary.pool_, vocabulary.offsets_[left], vocabulary.length(left));
    vocabulary.pool_.append(vocabulary.pool_, vocabulary.offsets_[right], vocabulary.length(right));
    vocabulary.offsets_.push_back(static_cast<std::uint32_t>(vocabulary.pool_.size()));
  }
  return vocabulary;
}

std::string ByteVocabulary::merge_list() const {
  std::string list;
  for (const auto& [left, right] : splits_) {
    list += written_bytes(bytes(left));
    list += ' ';
    list += written_bytes(bytes(right));
    list += '\n';
  }
  return list;
}

Status load_byte_vocabulary(ByteEncoding encoding, std::string_view packed) {
  auto parsed = ByteVocabulary::parse(encoding, packed);
  if (!parsed) return std::move(parsed).error();
  loaded(encoding) = std::make_unique<const ByteVocabulary>(*std::move(parsed));
  return ok_status();
}

Result<const ByteVocabulary*> require_byte_vocabulary(ByteEncoding encoding) {
  if (const ByteVocabulary* vocabulary = loaded(encoding).get()) return vocabulary;
  const std::string name(rules_of(encoding).name);
  return Error{.code = "asset-missing",
               .where = "tokenizer " + name,
               .what = "the vocabulary of " + name + " is not loaded"};
}

}  // namespace tagscope
