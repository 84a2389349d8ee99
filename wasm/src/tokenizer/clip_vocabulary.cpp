#include "tokenizer/clip_vocabulary.h"

#include <array>
#include <memory>

#include "tokenizer/byte_alphabet.h"

namespace tagscope {
namespace {

constexpr std::string_view kMagic("TAGSBPE\x01", 8);
constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kPackedBytes = kHeaderBytes + 4 * std::size_t{ClipVocabulary::kMerges};

constexpr std::string_view kStartLiteral = "<|startoftext|>";
constexpr std::string_view kEndLiteral = "<|endoftext|>";
constexpr std::string_view kWordEnd = "</w>";

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

Status check_header(std::string_view packed) {
  if (packed.substr(0, kMagic.size()) != kMagic) {
    return bad_vocabulary("byte 0", "is no packed CLIP vocabulary of format 1 (magic TAGSBPE)");
  }
  if (packed.size() != kPackedBytes) {
    return bad_vocabulary("size", "is " + std::to_string(packed.size()) + " bytes; must be " +
                                      std::to_string(kPackedBytes));
  }
  const auto check_count = [&](std::size_t at, std::string_view name,
                               std::uint32_t expected) -> Status {
    const std::uint32_t count = u32_at(packed, at);
    if (count == expected) return ok_status();
    return bad_vocabulary("byte " + std::to_string(at), std::string(name) + " are " +
                                                            std::to_string(count) + "; must be " +
                                                            std::to_string(expected));
  };
  if (auto checked = check_count(8, "byte symbols", ClipVocabulary::kByteSymbols); !checked) {
    return checked;
  }
  return check_count(12, "merges", ClipVocabulary::kMerges);
}

// The distinct tokens so far: an open-addressing set of ids, compared by content where the hashes
// agree.
class TokenSet {
 public:
  explicit TokenSet(const ClipVocabulary& vocabulary)
      : vocabulary_(vocabulary), slots_(std::size_t{1} << kSlotBits) {}

  // False where a token of the same bytes and word end is there already.
  bool insert(ClipVocabulary::Id id) {
    const std::string_view token = vocabulary_.bytes(id);
    const bool ends = vocabulary_.ends_word(id);
    std::uint64_t hash = ends ? 1 : 0;
    for (const char c : token) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    hash *= 0x9E3779B97F4A7C15U;
    const auto tag = static_cast<std::uint32_t>(hash);
    constexpr std::size_t kMask = (std::size_t{1} << kSlotBits) - 1;
    std::size_t i = static_cast<std::size_t>(hash >> (64 - kSlotBits));
    for (; slots_[i].id != kFree; i = (i + 1) & kMask) {
      if (slots_[i].tag == tag && vocabulary_.bytes(slots_[i].id) == token &&
          vocabulary_.ends_word(slots_[i].id) == ends) {
        return false;
      }
    }
    slots_[i] = {tag, id};
    return true;
  }

 private:
  static constexpr unsigned kSlotBits = 17;
  static constexpr ClipVocabulary::Id kFree = ClipVocabulary::kNoMerge;
  struct Slot {
    std::uint32_t tag = 0;
    ClipVocabulary::Id id = kFree;
  };
  const ClipVocabulary& vocabulary_;
  std::vector<Slot> slots_;
};

std::unique_ptr<const ClipVocabulary>& loaded() {
  static std::unique_ptr<const ClipVocabulary> vocabulary;
  return vocabulary;
}

std::uint64_t& loads() {
  static std::uint64_t count = 0;
  return count;
}

}  // namespace

bool ClipVocabulary::insert_merge(Id left, Id right, Id id) {
  const std::uint32_t key = left << 16 | right;
  std::size_t i = slot_of(key);
  for (; slots_[i].key != kFree; i = (i + 1) & (slots_.size() - 1)) {
    if (slots_[i].key == key) return false;
  }
  slots_[i] = {key, id};
  return true;
}

void ClipVocabulary::append_token(std::string_view token_bytes, bool ends) {
  pool_ += token_bytes;
  offsets_.push_back(static_cast<std::uint32_t>(pool_.size()));
  ends_word_.push_back(ends);
}

void ClipVocabulary::append_joined(Id left, Id right) {
  pool_.append(pool_, offsets_[left], offsets_[left + 1] - offsets_[left]);
  pool_.append(pool_, offsets_[right], offsets_[right + 1] - offsets_[right]);
  offsets_.push_back(static_cast<std::uint32_t>(pool_.size()));
  ends_word_.push_back(ends_word(right));
}

Result<ClipVocabulary> ClipVocabulary::parse(std::string_view packed) {
  if (auto checked = check_header(packed); !checked) return checked.error();

  ClipVocabulary vocabulary;
  vocabulary.slots_.resize(std::size_t{1} << kSlotBits);
  vocabulary.merges_.reserve(kMerges);
  vocabulary.offsets_.reserve(kSize + 1);
  vocabulary.ends_word_.reserve(kSize);
  vocabulary.pool_.reserve(8 * std::size_t{kSize});
  vocabulary.offsets_.push_back(0);
  TokenSet tokens(vocabulary);
  for (Id id = 0; id < kByteSymbols; ++id) {
    const char byte = static_cast<char>(kByteAlphabet.byte_of_symbol[id % 256]);
    vocabulary.append_token({&byte, 1}, id >= 256);
    tokens.insert(id);
  }

  const auto plane = [&](std::size_t index, Id rank) {
    return byte_at(packed, kHeaderBytes + index * kMerges + rank);
  };
  for (Id rank = 0; rank < kMerges; ++rank) {
    const Id left = plane(0, rank) << 8 | plane(2, rank);
    const Id right = plane(1, rank) << 8 | plane(3, rank);
    const Id id = kByteSymbols + rank;
    const auto flaw = [&](std::string what) {
      return bad_vocabulary("merge " + std::to_string(rank), std::move(what));
    };
    if (left >= id || right >= id) {
      return flaw("joins ids " + std::to_string(left) + " and " + std::to_string(right) +
                  "; only ids below " + std::to_string(id) + " exist at this rank");
    }
    if (vocabulary.ends_word(left)) {
      return flaw("continues id " + std::to_string(left) + ", which ends a word");
    }
    const std::size_t length = vocabulary.bytes(left).size() + vocabulary.bytes(right).size();
    if (length > kMaxTokenBytes) {
      return flaw("makes a token of " + std::to_string(length) + " bytes; the limit is " +
                  std::to_string(kMaxTokenBytes));
    }
    vocabulary.merges_.emplace_back(static_cast<std::uint16_t>(left),
                                    static_cast<std::uint16_t>(right));
    vocabulary.append_joined(left, right);
    if (!tokens.insert(id) || !vocabulary.insert_merge(left, right, id)) {
      return flaw("makes a token that an earlier merge makes");
    }
  }
  vocabulary.append_token(kStartLiteral, false);
  vocabulary.append_token(kEndLiteral, false);
  return vocabulary;
}

ClipVocabulary::Id ClipVocabulary::byte_symbol(unsigned char byte, bool ends_word) {
  return kByteAlphabet.symbol_of_byte[byte] + (ends_word ? Id{256} : Id{0});
}

std::string ClipVocabulary::piece(Id id) const {
  std::string written = written_bytes(bytes(id));
  if (ends_word(id)) written += kWordEnd;
  return written;
}

std::string ClipVocabulary::merge_list() const {
  std::string list;
  for (const auto& [left, right] : merges_) {
    list += piece(left);
    list += ' ';
    list += piece(right);
    list += '\n';
  }
  return list;
}

Status load_clip_vocabulary(std::string_view packed) {
  auto parsed = ClipVocabulary::parse(packed);
  if (!parsed) return std::move(parsed).error();
  loaded() = std::make_unique<const ClipVocabulary>(*std::move(parsed));
  ++loads();
  return ok_status();
}

std::uint64_t clip_vocabulary_loads() { return loads(); }

const ClipVocabulary* clip_vocabulary() { return loaded().get(); }

Result<const ClipVocabulary*> require_clip_vocabulary() {
  if (const ClipVocabulary* vocabulary = clip_vocabulary()) return vocabulary;
  return Error{.code = "asset-missing",
               .where = "tokenizer clip",
               .what = "the CLIP vocabulary is not loaded"};
}

}  // namespace tagscope
