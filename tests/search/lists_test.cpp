// Searches of lists: every hit and every count against a search that runs each recipe as text.
#include "search/lists.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "claim/shape.h"
#include "reference/slow_search.h"
#include "support/vocabulary.h"
#include "tokenizer/bpe.h"

namespace tagscope {
namespace {

using Parsed = nlohmann::json;
using Texts = std::vector<std::string>;

class ListSearching : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { testing::require_vocabulary(); }
};

ListSearch open(const Texts& names, const Texts& tags, const std::string& space = "quick@1",
                bool hits = true) {
  auto lists = read_lists({{"names", Json::array(names)},
                           {"tags", Json::array(tags)},
                           {"space", space},
                           {"hits", hits}});
  EXPECT_TRUE(lists.ok());
  return ListSearch::open(*std::move(lists), **require_clip_vocabulary());
}

std::string record_of(ListSearch& search, std::size_t unit) {
  while (!search.run(unit, 1)) {
  }
  return search.record();
}

// The hits of all units, in the order of the units.
std::string run_all(ListSearch& search) {
  std::string lines;
  for (std::size_t unit = 0; unit < search.plan().units().size(); ++unit) {
    auto hits = search.add(unit, record_of(search, unit));
    EXPECT_TRUE(hits.ok());
    lines += search.hit_lines(0, *hits);
  }
  return lines;
}

std::string text_of(const Json& json) { return write_canonical(json); }

// ---- The slow search ----

struct Slow {
  std::string lines;
  std::map<std::string, std::uint64_t> hits_by_tag;
  // Outputs by null and length; of tokens by their number as well.
  std::map<std::string, std::map<std::size_t, std::uint64_t>> outputs;
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> tokens;
  std::map<std::string, std::uint64_t> hits_by_recipe;
};

bool all_letters(const std::u32string& text) {
  return text.find_first_not_of(U"abcdefghijklmnopqrstuvwxyz") == std::u32string::npos;
}

// What `n=` says at the end of a selection; 0 of none.
std::size_t length_in(const std::string& selection) {
  const std::size_t at = selection.rfind("n=");
  return selection.empty() ? 0 : std::stoul(selection.substr(at + 2));
}

Slow search_slowly(const Texts& names, const Texts& tags,
                   const std::vector<reference::Block>& blocks) {
  std::vector<std::u32string> codes;
  std::set<std::uint32_t> lengths;
  std::map<std::u32string, std::string> tag_of;
  for (const std::string& tag : tags) {
    codes.push_back(code_points(tag));
    lengths.insert(static_cast<std::uint32_t>(codes.back().size()));
    tag_of[codes.back()] = tag;
  }
  const auto alphabets = alphabets_holding(codes);
  const bool letters = std::all_of(codes.begin(), codes.end(), [](const std::u32string& code) {
    return code.size() <= 4 && all_letters(code);
  });
  std::map<std::string, Recipe> selections;
  Slow slow;
  reference::each_prefix(
      blocks, {lengths.begin(), lengths.end()},
      [&](const std::string& prefix, const reference::Texts& all) {
        auto recipe = read_recipe(prefix);
        std::vector<Value> values;
        for (const std::string& name : names) values.push_back(*run(*recipe, Value::text(name)));
        for (const std::string& selection : all) {
          const bool none = prefix == "rot n=0" && !selection.empty();
          std::string text;
          for (std::size_t i = 0; i < names.size(); ++i) {
            std::string data = values[i].data;
            if (!selection.empty()) {
              auto known = selections.find(selection);
              if (known == selections.end()) {
                known = selections.emplace(selection, *read_recipe(selection)).first;
              }
              data = run(known->second, values[i])->data;
            }
            const std::u32string output = symbols(data);
            const std::size_t n = length_in(selection);
            if (n == 0 ? !lengths.contains(static_cast<std::uint32_t>(output.size()))
                       : output.size() != n) {
              continue;
            }
            for (const Alphabet& alphabet : alphabets) {
              const bool in = std::all_of(output.begin(), output.end(),
                                          [&](char32_t c) { return alphabet.holds(c); });
              if (in) ++slow.outputs[std::string(alphabet.name)][output.size()];
            }
            if (letters && all_letters(output)) {
              ++slow.tokens[{output.size(),
                             count_bpe(**require_clip_vocabulary(), to_utf8(output))}];
            }
            const auto tag = tag_of.find(output);
            if (tag == tag_of.end()) continue;
            if (text.empty()) {
              text = read_recipe(none ? selection : reference::joined({prefix, selection}))
                         ->canonical();
            }
            ++slow.hits_by_tag[tag->second];
            ++slow.hits_by_recipe[text];
            slow.lines +=
                write_canonical(
                    {{"kind", "hit"}, {"name", names[i]}, {"recipe", text}, {"tag", tag->second}}) +
                "\n";
          }
        }
      });
  return slow;
}

// Tags of `tag`'s length and number of tokens, one by one.
double class_size(std::size_t letters, std::size_t tokens) {
  double size = 0;
  std::string code(letters, 'a');
  for (;;) {
    size += count_bpe(**require_clip_vocabulary(), code) == tokens ? 1 : 0;
    std::size_t at = letters;
    while (at > 0 && code[at - 1] == 'z') code[--at] = 'a';
    if (at == 0) return size;
    ++code[at - 1];
  }
}

double slow_expected(const Slow& slow, const Texts& tags, const std::string& tag) {
  std::vector<std::u32string> codes;
  for (const std::string& each : tags) codes.push_back(code_points(each));
  const std::size_t length = code_points(tag).size();
  double largest = 0;
  for (const Alphabet& alphabet : alphabets_holding(codes)) {
    const auto counted = slow.outputs.find(std::string(alphabet.name));
    if (counted == slow.outputs.end() || !counted->second.contains(length)) continue;
    largest = std::max(largest, static_cast<double>(counted->second.at(length)) /
                                    std::pow(alphabet.size(), static_cast<double>(length)));
  }
  const std::size_t tokens = count_bpe(**require_clip_vocabulary(), tag);
  if (const auto counted = slow.tokens.find({length, tokens}); counted != slow.tokens.end()) {
    largest = std::max(largest, static_cast<double>(counted->second) / class_size(length, tokens));
  }
  return largest;
}

void compare_with_slow(const Texts& names, const Texts& tags, const std::string& space = "quick@1",
                       const std::vector<reference::Block>& blocks = reference::quick()) {
  SCOPED_TRACE(Parsed(tags).dump());
  const Slow slow = search_slowly(names, tags, blocks);
  ListSearch search = open(names, tags, space);
  EXPECT_EQ(run_all(search), slow.lines);
  const Parsed found = Parsed::parse(text_of(search.summary()));
  std::uint64_t hits = 0;
  ASSERT_EQ(found["tags"].size(), tags.size());
  for (std::size_t t = 0; t < tags.size(); ++t) {
    const Parsed& row = found["tags"][t];
    EXPECT_EQ(row["tag"], tags[t]);
    const auto counted = slow.hits_by_tag.find(tags[t]);
    EXPECT_EQ(row["hits"], counted == slow.hits_by_tag.end() ? 0 : counted->second);
    const double expected = slow_expected(slow, tags, tags[t]);
    EXPECT_NEAR(row["expected"].get<double>(), expected, expected * 1e-5);
    hits += row["hits"].get<std::uint64_t>();
  }
  EXPECT_EQ(found["total"]["hits"], hits);
  EXPECT_EQ(found["total"]["exhausted"], true);
  EXPECT_EQ(found["recipes"].size(), std::min<std::size_t>(slow.hits_by_recipe.size(), 20));
  for (const Parsed& row : found["recipes"]) {
    EXPECT_EQ(row["hits"], slow.hits_by_recipe.at(row["recipe"])) << row["recipe"];
  }
}

TEST_F(ListSearching, FindsWhatTheSlowSearchFinds) {
  const Texts names = {"houshou_marine", "sakimichan",  "wlop", "Greg_Rutkowski",
                       "a b c",          "zix",         "x",    "mid_aua_x",
                       "ünï_cöde",       "日本_語 name"};
  compare_with_slow(names, {"aua", "zix", "hou", "puk", "qqq", "5d4"});
  compare_with_slow(names, {"aua", "zix", "hou", "puk", "wlo"});
  // Of several lengths; the value of a short name is the whole of it.
  compare_with_slow(names, {"x", "zi", "zix", "wlop", "k", "ab"});
  // Longer than what is compared at once.
  compare_with_slow(names, {"houshou_marine", "enaim_kas", "rutkowski", "Rutkowski", "utkowski"});
  compare_with_slow(names, {"nï_", "日本_", "語", "cöd"});
  compare_with_slow(names, {"a b", "+/=", "a-_"});
}

TEST_F(ListSearching, FindsWhatTheSlowSearchFindsInStandard) {
  compare_with_slow({"wlop"}, {"aua", "zix", "plo"}, "standard@1", reference::standard());
}

TEST_F(ListSearching, WalksMoreNamesThanABatchHolds) {
  Texts names;
  for (int i = 0; i < 300; ++i) names.push_back("name_" + std::to_string(i * 7919) + "x");
  compare_with_slow(names, {"791", "ame", "nam", "9x", "000"});
}

// ---- Whoever runs what and when ----

TEST_F(ListSearching, GivesTheSameWhoeverRunsWhatAndWhen) {
  Texts names;
  for (int i = 0; i < 300; ++i) names.push_back("name " + std::to_string(i));
  const Texts tags = {"nam", "ame", "eab", "12", "ab3"};
  ListSearch whole = open(names, tags);
  run_all(whole);
  const std::string expected = text_of(whole.summary());
  std::vector<std::size_t> units(whole.plan().units().size());
  for (std::size_t i = 0; i < units.size(); ++i) units[i] = i;
  std::mt19937 random(3);
  std::shuffle(units.begin(), units.end(), random);
  std::vector<ListSearch> workers;
  for (int w = 0; w < 3; ++w) workers.push_back(open(names, tags));
  ListSearch sum = open(names, tags);
  for (std::size_t i = 0; i < units.size(); ++i) {
    // In slices of another size; a unit that was left is begun anew.
    ListSearch& worker = workers[i % workers.size()];
    worker.run(units[(i + 1) % units.size()], 1);
    while (!worker.run(units[i], 300)) {
    }
    EXPECT_EQ(worker.share_done(), 1);
    ASSERT_TRUE(sum.add(units[i], worker.record()).ok());
  }
  EXPECT_EQ(text_of(sum.summary()), expected);
}

TEST_F(ListSearching, CountsTheSameWithoutKeepingHits) {
  const Texts names = {"houshou_marine", "sakimichan", "wlop", "mid"};
  const Texts tags = {"mid", "aki", "zix"};
  ListSearch keeping = open(names, tags);
  ListSearch counting = open(names, tags, "quick@1", false);
  EXPECT_NE(run_all(keeping), "");
  EXPECT_EQ(run_all(counting), "");
  EXPECT_EQ(text_of(counting.summary()), text_of(keeping.summary()));
}

TEST_F(ListSearching, TellsHitsInSlices) {
  ListSearch search = open({"houshou_marine", "marine", "submarine"}, {"mar", "ari", "ine"});
  std::string sliced;
  std::string whole;
  for (std::size_t unit = 0; unit < search.plan().units().size(); ++unit) {
    auto hits = search.add(unit, record_of(search, unit));
    ASSERT_TRUE(hits.ok());
    whole += search.hit_lines(0, *hits);
    for (std::size_t at = 0; at < *hits; at += 2) sliced += search.hit_lines(at, at + 2);
    EXPECT_EQ(search.hit_lines(*hits, *hits + 1), "");
  }
  EXPECT_NE(whole, "");
  EXPECT_EQ(sliced, whole);
}

TEST_F(ListSearching, DropsRepetitionsAndDrawsKeysFromTheNames) {
  ListSearch search = open({"a_pony", "a_pony", "hill"}, {"abc", "abc"}, "deep@1");
  EXPECT_EQ(search.lists().names, (Texts{"a_pony", "hill"}));
  EXPECT_EQ(search.lists().tags, Texts{"abc"});
  EXPECT_EQ(search.plan().words(), (Texts{"pony", "hill"}));
}

TEST_F(ListSearching, RefusesWhatAreNoLists) {
  const auto fault = [](const std::string& text) {
    auto lists = read_lists(*read_json(text));
    return lists ? std::string() : lists.error().where + ": " + lists.error().what;
  };
  EXPECT_EQ(fault(R"({"tags":["a"],"space":"quick@1","hits":true})"),
            "names: is not an array of texts");
  EXPECT_EQ(fault(R"({"names":[],"tags":["a"],"space":"quick@1","hits":true})"), "names: is empty");
  EXPECT_EQ(fault(R"({"names":["a",""],"tags":["a"],"space":"quick@1","hits":true})"),
            "names[1]: is empty");
  EXPECT_EQ(fault(R"({"names":["a"],"tags":["a",2],"space":"quick@1","hits":true})"),
            "tags[1]: is not a text");
  EXPECT_NE(fault(R"({"names":["a"],"tags":["a"],"space":"nowhere","hits":true})"), "");
  EXPECT_EQ(fault(R"({"names":["a"],"tags":["a"],"space":"quick@1"})"),
            "hits: is not true or false");
  EXPECT_EQ(fault(R"({"names":["a"],"tags":[")" + std::string(1025, 'x') +
                  R"("],"space":"quick@1","hits":true})"),
            "tags[0]: is 1025 bytes; the limit is 1024");
}

// ---- Records from anywhere ----

TEST_F(ListSearching, RefusesRecordsThatAreNone) {
  const Texts names = {"houshou_marine", "marine", "submarine"};
  const Texts tags = {"mar", "ari", "ine"};
  ListSearch search = open(names, tags);
  const std::string record = record_of(search, 0);
  const std::string before = text_of(search.summary());
  for (std::size_t cut = 0; cut < record.size(); ++cut) {
    EXPECT_FALSE(search.add(0, record.substr(0, cut)).ok()) << cut;
  }
  EXPECT_FALSE(search.add(0, record + '\0').ok());
  EXPECT_FALSE(search.add(1, record).ok());
  EXPECT_FALSE(search.add(search.plan().units().size(), record).ok());
  EXPECT_EQ(text_of(search.summary()), before);
  ASSERT_TRUE(search.add(0, record).ok());
  auto twice = search.add(0, record);
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().code, "bad-part");
  EXPECT_EQ(twice.error().what, "is there twice");
}

TEST_F(ListSearching, TakesDamagedRecordsOrRefusesThem) {
  const Texts names = {"houshou_marine", "marine", "submarine"};
  const Texts tags = {"mar", "ari", "ine"};
  ListSearch search = open(names, tags);
  const std::string record = record_of(search, 0);
  std::mt19937 random(5);
  for (int round = 0; round < 600; ++round) {
    std::string damaged = record;
    const std::size_t at = random() % damaged.size();
    damaged[at] = static_cast<char>(random());
    if (random() % 2 == 0) damaged[random() % damaged.size()] = static_cast<char>(random());
    auto hits = search.add(0, damaged);
    if (!hits) continue;
    // What is taken can be told.
    const std::string lines = search.hit_lines(0, *hits);
    EXPECT_EQ(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')), *hits);
    (void)search.summary();
    search = open(names, tags);
  }
}

}  // namespace
}  // namespace tagscope
