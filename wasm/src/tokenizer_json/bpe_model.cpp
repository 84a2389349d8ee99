// {"type": "BPE"}. Source: Hugging Face tokenizers, src/models/bpe.
#include "text/utf8.h"
#include "tokenizer_json/model.h"

namespace tagscope {
namespace {

struct Options {
  std::optional<std::uint32_t> unknown;  // the id of unk_token
  std::string prefix;                    // of what does not begin a word
  std::string suffix;                    // of what ends one
  bool fuse_unknown = false;
  bool ignore_merges = false;
};

class Bpe final : public Model {
 public:
  Bpe(ModelVocabulary vocabulary, std::size_t merges) : pairs_(merges) {
    vocabulary_ = std::move(vocabulary);
    made_.reserve(merges);
  }

  [[nodiscard]] Status read(const Part& part) {
    if (auto options = read_options(part); !options) return options;
    TAGSCOPE_TAKE(merges, part.require("merges"));
    const Json::Array& items = merges.json().items();
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (auto added = add_merge(items[i]); !added) {
        return merges.bad("merge " + std::to_string(i) + " " + added.error().what);
      }
    }
    return ok_status();
  }

  [[nodiscard]] std::uint32_t rank(std::uint32_t left, std::uint32_t right) const {
    return pairs_.rank(left, right);
  }
  [[nodiscard]] std::uint32_t made(std::uint32_t rank) const { return made_[rank]; }

  [[nodiscard]] Status append(std::string_view word,
                              std::vector<PlacedSymbol>& tokens) const override {
    if (options_.ignore_merges) {
      if (const auto id = vocabulary_.id(word)) {
        tokens.push_back({*id, 0, static_cast<std::uint32_t>(word.size())});
        return ok_status();
      }
    }
    const std::size_t before = tokens.size();
    append_symbols(word, tokens);
    tokens.resize(before + merge_symbols(*this, std::span(tokens).subspan(before)));
    return ok_status();
  }

  [[nodiscard]] Result<MergeTree> merge_tree(std::string_view word) const override {
    std::vector<PlacedSymbol> symbols;
    append_symbols(word, symbols);
    MergeTree tree;
    for (const PlacedSymbol& symbol : symbols) tree.symbols.push_back(symbol.id);
    std::vector<std::uint32_t> left = tree.symbols;
    for (;;) {
      std::uint32_t lowest = PairTable::kNone;
      std::size_t at = 0;
      for (std::size_t i = 0; i + 1 < left.size(); ++i) {
        const std::uint32_t candidate = rank(left[i], left[i + 1]);
        if (candidate < lowest) {
          lowest = candidate;
          at = i;
        }
      }
      if (lowest == PairTable::kNone) return tree;
      tree.steps.push_back(
          {static_cast<std::uint32_t>(at), left[at], left[at + 1], made(lowest), lowest});
      left[at] = made(lowest);
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
  }

  [[nodiscard]] std::optional<std::uint32_t> merge_rank(std::uint32_t id) const override {
    if (id >= rank_of_.size() || rank_of_[id] == PairTable::kNone) return std::nullopt;
    return rank_of_[id];
  }

 private:
  [[nodiscard]] Status read_options(const Part& part) {
    if (const auto dropout = part.find("dropout")) {
      if (!dropout->json().is_number() || dropout->json().number() != 0) {
        return dropout->unsupported("dropout makes tokens a matter of chance");
      }
    }
    TAGSCOPE_TAKE(prefix, part.text_or("continuing_subword_prefix", ""));
    TAGSCOPE_TAKE(suffix, part.text_or("end_of_word_suffix", ""));
    TAGSCOPE_TAKE(fuse, part.boolean_or("fuse_unk", false));
    TAGSCOPE_TAKE(fallback, part.boolean_or("byte_fallback", false));
    TAGSCOPE_TAKE(ignore, part.boolean_or("ignore_merges", false));
    if (prefix.size() > kMaxAffixBytes || suffix.size() > kMaxAffixBytes) {
      return part.unsupported("prefixes and suffixes of more than " +
                              std::to_string(kMaxAffixBytes) + " bytes are not supported");
    }
    options_.prefix = std::move(prefix);
    options_.suffix = std::move(suffix);
    options_.fuse_unknown = fuse;
    options_.ignore_merges = ignore;
    byte_fallback_ = fallback;
    if (const auto unknown = part.find("unk_token")) {
      TAGSCOPE_TAKE(token, unknown->text());
      options_.unknown = vocabulary_.id(token);
      if (!options_.unknown && !token.empty()) return unknown->bad("is not in the vocabulary");
    }
    return ok_status();
  }

  // "left right", or [left, right].
  [[nodiscard]] Status add_merge(const Json& merge) {
    const auto flaw = [](std::string what) {
      return Error{.code = "bad-tokenizer", .where = "", .what = std::move(what)};
    };
    std::string_view left;
    std::string_view right;
    if (merge.is_string()) {
      const std::string_view pair = merge.string();
      const std::size_t space = pair.find(' ');
      if (space == pair.npos || pair.find(' ', space + 1) != pair.npos) {
        return flaw("is not two tokens with a space between");
      }
      left = pair.substr(0, space);
      right = pair.substr(space + 1);
    } else if (merge.is_array() && merge.items().size() == 2 && merge.items()[0].is_string() &&
               merge.items()[1].is_string()) {
      left = merge.items()[0].string();
      right = merge.items()[1].string();
    } else {
      return flaw("is not a pair of strings");
    }
    const auto left_id = vocabulary_.id(left);
    const auto right_id = vocabulary_.id(right);
    if (!left_id || !right_id) return flaw("joins a token that is not in the vocabulary");
    if (right.size() < options_.prefix.size()) return flaw("joins a token without the prefix");
    const auto made_id =
        vocabulary_.id(std::string(left).append(right.substr(options_.prefix.size())));
    if (!made_id) return flaw("makes a token that is not in the vocabulary");
    const auto rank = static_cast<std::uint32_t>(made_.size());
    pairs_.set(*left_id, *right_id, rank);
    made_.push_back(*made_id);
    if (rank_of_.size() <= *made_id) rank_of_.resize(*made_id + 1, PairTable::kNone);
    if (rank_of_[*made_id] == PairTable::kNone) rank_of_[*made_id] = rank;
    return ok_status();
  }

  // A symbol for each character. As the library does it, a character for which there is neither a
  // token nor one for the unknown is left out.
  void append_symbols(std::string_view word, std::vector<PlacedSymbol>& symbols) const {
    std::optional<PlacedSymbol> unknown;
    std::string symbol;
    for (std::size_t at = 0; at < word.size();) {
      const std::size_t end = at + decode_one(word, at).length;
      symbol.clear();
      if (at != 0) symbol += options_.prefix;
      symbol.append(word, at, end - at);
      if (end == word.size()) symbol += options_.suffix;
      const PlacedSymbol place = {0, static_cast<std::uint32_t>(at),
                                  static_cast<std::uint32_t>(end)};
      if (const auto id = vocabulary_.id(symbol)) {
        if (unknown) symbols.push_back(*unknown);
        unknown.reset();
        symbols.push_back({*id, place.begin, place.end});
      } else if (!byte_fallback_ || !append_bytes(symbol, place, symbols)) {
        add_unknown(place, unknown, symbols);
      }
      at = end;
    }
    if (unknown) symbols.push_back(*unknown);
  }

  void add_unknown(const PlacedSymbol& place, std::optional<PlacedSymbol>& pending,
                   std::vector<PlacedSymbol>& symbols) const {
    if (!options_.unknown) return;
    if (pending && options_.fuse_unknown) {
      pending->end = place.end;
      return;
    }
    if (pending) symbols.push_back(*pending);
    pending = PlacedSymbol{*options_.unknown, place.begin, place.end};
  }

  // False, and nothing appended, where the vocabulary lacks a byte.
  bool append_bytes(const std::string& symbol, const PlacedSymbol& place,
                    std::vector<PlacedSymbol>& symbols) const {
    const std::size_t before = symbols.size();
    for (std::size_t i = 0; i < symbol.size(); ++i) {
      const auto id = vocabulary_.id(byte_token(static_cast<unsigned char>(symbol[i])));
      if (!id) {
        symbols.resize(before);
        return false;
      }
      const auto begin = std::min(place.begin + static_cast<std::uint32_t>(i), place.end);
      symbols.push_back({*id, begin, std::min(begin + 1, place.end)});
    }
    return true;
  }

  static constexpr std::size_t kMaxAffixBytes = 64;

  PairTable pairs_;
  std::vector<std::uint32_t> made_;
  std::vector<std::uint32_t> rank_of_;  // of the first merge that makes an id
  Options options_;
};

}  // namespace

Result<std::unique_ptr<const Model>> read_bpe_model(const Part& part) {
  TAGSCOPE_TAKE(vocab, part.require("vocab"));
  TAGSCOPE_TAKE(vocabulary, ModelVocabulary::read(vocab));
  TAGSCOPE_TAKE(merges, part.require("merges"));
  if (!merges.json().is_array()) return merges.bad("is not an array");
  const std::size_t count = merges.json().items().size();
  if (count > kMaxModelId) {
    return merges.unsupported("are " + std::to_string(count) + "; the limit is " +
                              std::to_string(kMaxModelId));
  }
  auto model = std::make_unique<Bpe>(std::move(vocabulary), count);
  if (auto read = model->read(part); !read) return read.error();
  return std::unique_ptr<const Model>(std::move(model));
}

}  // namespace tagscope
