// The inside of a search, which the engine fills and the report reads. Internal to the room.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "search/engine.h"
#include "search/nulls.h"
#include "search/tally.h"
#include "search/walk.h"

namespace tagscope {

// A tag that is looked for: the claim's (run 0), or a decoy's (run 1 … kDecoys).
struct WantedTag {
  std::uint64_t key = 0;  // key_of
  std::uint32_t length = 0;
  std::uint32_t run = 0;
  std::uint32_t group = 0;
};

// A code as a number: its bytes where they are at most eight ASCII characters, else 64 bits of a
// hash.
[[nodiscard]] std::uint64_t key_of(std::u32string_view code);

// What a recipe makes of every pair, judged.
struct Outcome {
  bool single_codes = true;               // every group accepts at most one code
  std::vector<std::uint64_t> signatures;  // by null model
  std::uint32_t groups = 0;               // explained in full
  std::uint32_t pairs = 0;
  std::vector<std::uint32_t> explained;  // indices of the pairs
};

struct Search::State {
  State(Hypotheses stated, const ClipVocabulary& vocabulary, const Space& space);

  Hypotheses hypotheses;
  SearchPlan plan;
  Walk walk;
  bool covered = false;
  std::uint64_t fingerprint = 0;

  // Of each pair: its tag (folded where case is ignored), its length and its group.
  std::vector<std::u32string> tags;
  std::vector<std::uint32_t> group_of;
  std::vector<std::vector<std::uint32_t>> pairs_of;  // by group
  std::vector<std::u32string> group_tags;
  MatchRule rule;  // what is left once case is folded
  bool folds = false;
  bool one_length = true;
  bool ascii_tags = true;

  std::vector<Alphabet> alphabets;  // bit b of a set of alphabets: alphabets[b]; 0 is the shape
  std::vector<NullModel> nulls;     // the alphabets in the same order, then perhaps tokens
  std::optional<std::size_t> tokens_null;
  std::map<std::size_t, std::vector<std::uint8_t>> tokens_of_length;
  std::uint32_t letters_bit = 0;                    // of a–z, where tokens are a null model
  std::array<std::uint16_t, 256> byte_alphabets{};  // of an ASCII character; 0 from 0x80 on
  std::array<std::uint8_t, 256> shape_index{};      // of a character of the shape
  std::size_t shape_size = 0;
  bool decoys_run = true;

  std::vector<WantedTag> wanted;      // ascending by key
  std::vector<std::uint64_t> filter;  // bits by mixed key
  unsigned filter_shift = 0;

  Tally tally;

  [[nodiscard]] Tally empty_tally() const;
  void run(const Unit& unit);
  [[nodiscard]] Outcome judge(std::span<const std::optional<std::u32string>> outputs,
                              const std::optional<RecipeId>& counted);
  // Recipes that qualify under a null model, over what was run.
  [[nodiscard]] std::uint64_t qualifying(std::size_t null) const;
  [[nodiscard]] SearchEvidence report();

 private:
  // A candidate of the fast way: a window of bytes of the tag's length.
  struct Candidate {
    std::uint16_t nulls = 0;  // a bit for each null model whose codes it is of
    std::uint64_t key = 0;
    std::int32_t hit = -1;  // group of the claim's tag that it is
  };
  // One name's encoded value, with the sets of alphabets of its windows.
  struct Swept {
    std::vector<std::uint8_t> bytes;  // and padding
    std::vector<std::uint16_t> single;
    std::vector<std::uint16_t> windows;
    std::size_t size = 0;
  };

  void choose_decoys();
  [[nodiscard]] bool is_tag_length(std::size_t length) const;
  void visit(const PrefixValues& values);
  void sweep(Swept& swept, std::string_view data) const;
  void sweep_windows(Swept& swept, std::uint32_t n) const;
  void sweep_single(const PrefixValues& values, const SelectionList::Group& group);
  void sweep_several(const PrefixValues& values, const SelectionList::Group& group);
  void sweep_mixed(const PrefixValues& values, const SelectionList::Group& group);
  void sweep_columns(const SelectionList::Group& group, std::size_t windows);
  void count_column(std::uint64_t low, std::uint64_t high);
  void flush_columns();
  [[nodiscard]] bool different_at(std::size_t at, std::uint32_t n) const;
  void sweep_slowly(const PrefixValues& values, const SelectionList::Group& group);
  void try_slowly(const PrefixValues& values, std::uint32_t index, const Selection& selection);
  [[nodiscard]] Candidate inspect(std::size_t pair, const std::uint8_t* window, std::uint32_t n,
                                  std::uint16_t alphabets);
  void conclude(const RecipeId& id);
  [[nodiscard]] std::uint16_t alphabets_of(char32_t character) const;
  template <typename Seen>
  void look_up(std::uint64_t key, std::size_t length, Seen seen) const;
  void reach(std::size_t pair, std::u32string_view code, std::uint16_t alphabets);

  std::vector<Swept> swept_;
  std::vector<Candidate> candidates_;
  std::vector<std::uint16_t> group_nulls_;
  std::vector<std::uint64_t> strides_;  // by null model and group
  // For quick counting: a byte for each null model, 1 where its bit is set. Sums of up to 255
  // groups are then signatures, but where a null model has several classes.
  struct Spread {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    [[nodiscard]] std::uint64_t lane(std::size_t null) const {
      return (null < 8 ? low >> (8 * null) : high >> (8 * (null - 8))) & 0xFF;
    }
  };
  std::vector<Spread> spread_;  // by set of null models; empty past 255 groups
  // The same windows of all names, where every name has a tag of its own.
  struct Column {
    Spread sums;
    std::uint16_t all = 0;    // null models whose codes all names' windows are
    bool is_special = false;  // something was hit: to be looked at name by name
  };
  std::vector<Column> columns_;
  // Columns of equal sums waiting to be counted together.
  struct Waiting {
    Spread sums;
    std::uint64_t count = 0;
  };
  std::array<Waiting, 256> waiting_{};
  void flush(Waiting& waiting);
  // By set of null models: recipes whose columns qualify under just these, not yet in the tally.
  std::vector<std::uint64_t> qualifying_sets_;
  bool any_hit_ = false;                     // of the recipe in hand, of any tag
  std::vector<const std::uint8_t*> tokens_;  // by pair: of all codes of its length, and its own
  std::vector<std::uint8_t> own_tokens_;
  // Decoys that the recipe in hand hits: run, group, pair.
  struct DecoyHit {
    std::uint32_t run;
    std::uint32_t group;
    std::uint32_t pair;
  };
  std::vector<DecoyHit> decoy_hits_;
  void conclude_decoys();
  std::vector<std::u32string> decoy_tags_;  // by run and group; only of `subsequence`
};

}  // namespace tagscope
