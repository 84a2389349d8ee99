// Spaces: that they hold what is promised, each recipe once, and stay as they are.
#include "search/space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "catalog/catalog.h"
#include "reference/slow_search.h"

namespace tagscope {
namespace {

const Space& space(std::string_view id) { return **require_space(id); }

std::vector<std::string> texts_of(const SearchPlan& plan) {
  std::vector<std::string> texts;
  for (const Unit& unit : plan.units()) {
    const SpaceBlock& block = plan.blocks()[unit.block];
    for (std::uint32_t c = unit.cipher_begin; c < unit.cipher_end; ++c) {
      for (std::uint32_t e = 0; e < block.encodings.size(); ++e) {
        const SelectionList& list = plan.selections(unit.block, unit.digest, e);
        for (std::uint32_t s = 0; s < list.size(); ++s) {
          texts.push_back(plan.text({plan.prefix_of(unit, c, e), s}));
        }
      }
    }
  }
  return texts;
}

std::uint64_t slow_count(const std::vector<reference::Block>& blocks,
                         const std::vector<std::uint32_t>& lengths) {
  std::uint64_t count = 0;
  reference::each_prefix(blocks, lengths, [&](const std::string&, const reference::Texts& all) {
    count += all.size();
  });
  return count;
}

TEST(Space, AreFoundByNameAndVersion) {
  EXPECT_EQ(space("standard@1").id, "standard@1");
  EXPECT_EQ(space("standard").id, "standard@1");
  const auto unknown = require_space("standard@2");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, "unknown-space");
}

TEST(Space, QuickIsWhatIsPromised) {
  const std::vector<std::vector<std::uint32_t>> all = {{3}, {1}, {8}, {2, 3}};
  for (const auto& lengths : all) {
    std::vector<std::string> slow;
    reference::each_prefix(
        reference::quick(), lengths,
        [&](const std::string& prefix, const reference::Texts& selections) {
          for (const std::string& selection : selections) {
            const bool none = prefix == "rot n=0" && !selection.empty();
            auto recipe = read_recipe(none ? selection : reference::joined({prefix, selection}));
            slow.push_back(recipe->canonical());
          }
        });
    const SearchPlan plan(space("quick@1"), lengths, {}, 1);
    EXPECT_EQ(texts_of(plan), slow);
    EXPECT_EQ(plan.recipes(), slow.size());
  }
}

TEST(Space, StandardHoldsAsManyAsAreCountedIndependently) {
  for (const std::uint32_t length : {1U, 2U, 3U, 4U, 5U, 8U, 16U, 40U, 64U, 200U}) {
    const SearchPlan plan(space("standard@1"), {length}, {}, 1);
    EXPECT_EQ(plan.recipes(), slow_count(reference::standard(), {length})) << length;
  }
  const SearchPlan two(space("standard@1"), {2, 3}, {}, 1);
  EXPECT_EQ(two.recipes(), slow_count(reference::standard(), {2, 3}));
}

TEST(Space, UnitsHoldEveryRecipeOnceHoweverTheyAreCut) {
  for (const std::size_t names : {1U, 7U, 1000U}) {
    const SearchPlan plan(space("standard@1"), {3}, {}, names);
    std::uint64_t recipes = 0;
    std::uint64_t next = 0;
    for (const Unit& unit : plan.units()) {
      recipes += plan.recipes_of(unit);
      EXPECT_EQ(plan.prefix_of(unit, unit.cipher_begin, 0), next);
      const auto encodings = static_cast<std::uint32_t>(plan.blocks()[unit.block].encodings.size());
      next = plan.prefix_of(unit, unit.cipher_end - 1, encodings - 1) + 1;
    }
    EXPECT_EQ(recipes, plan.recipes());
  }
}

// Two recipes of a space are never provably the same function.
TEST(Space, HoldsNoRecipeTwice) {
  for (const std::string_view id : {"substitution@1", "quick@1", "standard@1", "deep@1"}) {
    // Selections of two characters from one prefix of each kind of length, and all prefixes whole.
    const SearchPlan plan(space(id), {2}, {"word"}, 1);
    std::set<std::string> forms;
    std::size_t count = 0;
    const auto add = [&](const std::string& text) {
      auto recipe = read_recipe(text);
      ASSERT_TRUE(recipe.ok()) << text;
      std::string form;
      for (const std::string& step : normal_form(*recipe)) form += step + " | ";
      EXPECT_TRUE(forms.insert(form).second) << text << " is there twice, as " << form;
      ++count;
    };
    std::set<std::pair<std::uint32_t, std::uint32_t>> selected;
    for (const Unit& unit : plan.units()) {
      // Of deep's hundred thousand prefixes a share will do.
      if (id == "deep@1" && unit.digest % 11 != 0) continue;
      const SpaceBlock& block = plan.blocks()[unit.block];
      for (std::uint32_t c = unit.cipher_begin; c < unit.cipher_end; ++c) {
        for (std::uint32_t e = 0; e < block.encodings.size(); ++e) {
          const SelectionList& list = plan.selections(unit.block, unit.digest, e);
          const bool first = selected.insert({unit.block * 100 + unit.digest, e}).second;
          for (std::uint32_t s = 0; s < (first ? list.size() : 1); ++s) {
            add(plan.text({plan.prefix_of(unit, c, e), s}));
          }
        }
      }
    }
    EXPECT_EQ(forms.size(), count);
    EXPECT_GT(count, 400u);
  }
}

TEST(Space, KnowsEveryMethodOfTheCatalog) {
  std::set<std::string, std::less<>> known;
  for (const Space* each : spaces()) {
    const SearchPlan plan(*each, {3}, {"word"}, 1);
    for (const SpaceBlock& block : plan.blocks()) {
      for (const auto* stage :
           {&block.normalisations, &block.ciphers, &block.digests, &block.encodings}) {
        for (const Fragment& fragment : *stage) {
          for (const Step& step : fragment.steps) known.insert(std::string(step.method->id));
        }
      }
    }
  }
  for (const char* selection : {"take", "last", "window", "every"}) known.insert(selection);
#define TAGSCOPE_NEXT(symbol, why)                      \
  {                                                     \
    std::string id = #symbol;                           \
    std::replace(id.begin(), id.end(), '_', '-');       \
    EXPECT_FALSE(known.contains(id)) << id << ": used"; \
    known.insert(id);                                   \
  }
#include "search/spaces/next.def"
#undef TAGSCOPE_NEXT
  for (const Method* method : catalog()) {
    EXPECT_TRUE(known.contains(method->id))
        << method->id << " is in no space: name it in wasm/src/search/spaces/next.def";
  }
}

// Every line of a frozen file reads: none is lost silently.
TEST(Space, EveryFrozenLineReads) {
  for (const Space* each : spaces()) {
    for (const SpaceLine& line : each->lines) {
      if (line.part <= SpaceLine::Part::block || line.text.empty()) continue;
      std::string text(line.text);
      if (const auto at = text.find("WORDS"); at != std::string::npos) text.replace(at, 5, "word");
      if (const auto at = text.find(".."); at != std::string::npos) {
        text.erase(at, std::min(text.find(' ', at), text.size()) - at);
      }
      EXPECT_TRUE(read_recipe(text).ok()) << each->id << ": " << line.text;
    }
  }
}

TEST(Space, LengthsAreThoseOfTheValues) {
  const SearchPlan plan(space("deep@1"), {3}, {}, 1);
  const SpaceBlock& block = plan.blocks()[1];
  for (const Fragment& digest : block.digests) {
    for (const Fragment& encoding : block.encodings) {
      KnownLength length;
      for (const Step& step : digest.steps) length = length_after(step, length);
      for (const Step& step : encoding.steps) length = length_after(step, length);
      const std::string text =
          encoding.text.empty() ? digest.text : digest.text + " | " + encoding.text;
      auto recipe = read_recipe(text);
      for (int i = 0; i < 64; ++i) {
        auto value = run(*recipe, Value::text("name" + std::to_string(i)));
        ASSERT_TRUE(value.ok());
        if (length.fixed) {
          EXPECT_EQ(value->data.size(), length.most) << text;
        } else {
          EXPECT_LE(value->data.size(), length.most) << text;
        }
      }
    }
  }
}

struct Question {
  const char* space;
  const char* recipe;
  const char* as;  // nullptr: not contained
};

TEST(Space, SaysWhatItHolds) {
  const Question questions[] = {
      {"standard@1", "rot n=13", "rot n=13"},
      {"standard@1", "rot n=39", "rot n=13"},
      {"standard@1", "~rot n=13", "rot n=13"},
      {"standard@1", "rot n=26", "rot n=0"},
      {"standard@1", "rot n=20 | rot n=19", "rot n=13"},
      {"standard@1", "reverse | reverse", "rot n=0"},
      {"standard@1", "rot n=3 | reverse", "reverse | rot n=3"},
      {"standard@1", "atbash | reverse", nullptr},
      {"deep@1", "atbash | reverse", "reverse | atbash"},
      {"deep@1", "rot n=3 | atbash", "atbash | rot n=23"},
      {"deep@1", "affine a=1 b=5", "rot n=5"},
      {"deep@1", "affine a=25 b=25", "atbash"},
      {"deep@1", "~affine a=3 b=0", "affine a=9 b=0"},
      {"standard@1", "rot47 n=10 | rot47 n=10 | sha256 | hex | take n=3", nullptr},
      {"standard@1", "rot47 | rot47 | sha256 | hex | take n=3", "sha256 | hex | take n=3"},
      {"deep@1", "xor key=A", "xor key=0x41"},
      {"deep@1", "xor key=0x4141", "xor key=0x41"},
      {"deep@1", "xor key=pony", "xor key=\"pony\""},
      {"deep@1", "xor key=horse", nullptr},
      {"standard@1", "sha256 | hex | take n=3", "sha256 | hex | take n=3"},
      {"standard@1", "sha256 | hex | window at=0 n=3", "sha256 | hex | take n=3"},
      {"standard@1", "sha256 | hex | window at=61 n=3", "sha256 | hex | last n=3"},
      {"standard@1", "sha256 | hex | window at=62 n=3", "sha256 | hex | last n=2"},
      {"standard@1", "sha256 | hex | drop n=61", "sha256 | hex | last n=3"},
      {"standard@1", "sha256 | hex | lower | take n=64", "sha256 | hex"},
      {"standard@1", "crc32 | hex | take n=9", "crc32 | hex"},
      {"standard@1", "lower | reverse | sha1 | base64 | lower | window at=7 n=4",
       "lower | reverse | sha1 | base64 | lower | window at=7 n=4"},
      {"standard@1", "md5 | hex | take n=1025", "md5 | hex"},
      {"standard@1", "hex | take n=1025", nullptr},
      {"standard@1", "window at=255 n=3", "window at=255 n=3"},
      {"standard@1", "window at=256 n=3", nullptr},
      {"standard@1", "strip chars=__", "strip chars=\"_\""},
      {"standard@1", "md5 | base58", nullptr},
      {"deep@1", "sha1 | hex | every step=2 from=0 | take n=3",
       "sha1 | hex | every step=2 from=0 | take n=3"},
      {"deep@1", "sha1 | hex | every step=3 from=2 | take n=1", "sha1 | hex | window at=2 n=1"},
      {"quick@1", "sha256 | hex | window at=5 n=3", nullptr},
  };
  for (const Question& question : questions) {
    const auto answer = describe_membership(question.space, question.recipe, {"pony"});
    ASSERT_TRUE(answer.ok()) << question.recipe;
    EXPECT_EQ((*answer)["contains"].boolean(), question.as != nullptr) << question.recipe;
    if (question.as != nullptr && (*answer)["as"].is_string()) {
      EXPECT_EQ((*answer)["as"].string(), question.as) << question.recipe;
    }
  }
  EXPECT_FALSE(describe_membership("standard@1", "rot |", {}).ok());
  EXPECT_FALSE(describe_membership("nowhere@1", "rot", {}).ok());
}

// The rules hold: a recipe and its normal form give the same of any text.
TEST(Equivalence, NormalFormsAreEqualFunctions) {
  const char* recipes[] = {
      "rot n=30 | atbash | rot n=2",
      "atbash | reverse | rot n=5 | reverse | atbash",
      "rot47 | reverse | rot47",
      "rot47 n=10 | rot47 n=10",
      "~rot47 n=10 | rot47 n=10 | ~rot47",
      "~affine a=7 b=3 | rot n=1",
      "reverse-words | reverse-words",
      "xor key=0x20202020 | ~xor key=0x20 | hex",
      "strip chars=\"_a_\" | rot5 | reverse",
      "md5 | hex | lower | window at=0 n=5",
      "md5 | hex | window at=20 n=12",
      "md5 | hex | drop n=29",
      "md5 | letters | lower | every step=1 from=4",
      "every step=5 from=2 | take n=1",
      "drop n=0 | take n=4",
      "md5 | hex | take n=99",
  };
  const char* names[] = {"houshou_marine", "Ünïcode_Ñame", "a", "", "x_y z (w)", "日本_語"};
  for (const char* source : recipes) {
    auto recipe = read_recipe(source);
    ASSERT_TRUE(recipe.ok()) << source;
    const auto form = normal_form(*recipe);
    auto again = read_recipe(reference::joined(form));
    ASSERT_TRUE(again.ok()) << source;
    EXPECT_EQ(normal_form(*again), form) << source;
    for (const char* name : names) {
      const auto expected = run(*recipe, Value::text(name));
      const auto actual = run(*again, Value::text(name));
      ASSERT_TRUE(expected.ok() && actual.ok());
      EXPECT_EQ(*expected, *actual) << source << " of " << name;
    }
  }
}

TEST(Space, WordsOfAClaimAreItsRunsOfLetters) {
  const std::vector<std::string> texts = {"houshou_marine", "a marine (Ponies)", "x2y"};
  EXPECT_EQ(words_of(texts), (std::vector<std::string>{"houshou", "marine", "Ponies"}));
}

}  // namespace
}  // namespace tagscope
