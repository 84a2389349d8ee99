// Open tables as faces ask about them, and prompts over CLIP's vocabulary.
#include "tokens/tables.h"

#include <gtest/gtest.h>

#include "support/vocabulary.h"
#include "tokens/query.h"
#include "tokens/tokenizers.h"

namespace tagscope {
namespace {

Json options(std::string_view text) {
  auto json = read_json(text);
  EXPECT_TRUE(json.ok());
  return *std::move(json);
}

std::string text_of(const Result<Json>& result) {
  return result.ok() ? write_canonical(*result) : result.error().code + " " + result.error().where;
}

// A table that is open as long as the object lives.
class Opened {
 public:
  explicit Opened(std::string bytes) {
    const auto opened = open_table(std::move(bytes), ',');
    EXPECT_TRUE(opened.ok());
    handle = static_cast<int>((*opened)["handle"].number());
    EXPECT_EQ(text_of(read_table(handle, 1 << 20)).substr(0, 8), R"({"bytes")");
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() { close_table(handle); }

  int handle = 0;
};

constexpr const char* kSheet =
    "name,tag\nhoushou_marine,aua\nsakimichan,zix\nhatsune_miku,\nx,aua\n";

TEST(Tables, DescribeAndArrange) {
  const Opened table(kSheet);
  const auto info = describe_table(table.handle, options("{}"));
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(write_canonical((*info)["pairing"]),
            R"({"by":"header","incomplete":1,"name":0,"pairs":3,"tag":1})");
  EXPECT_EQ(write_canonical((*info)["header"]), R"(["name","tag"])");
  EXPECT_EQ(text_of(arrange_table(table.handle, options(R"({"find":"AUA","column":1})"))),
            R"({"rows":2})");
  EXPECT_EQ(
      text_of(table_rows(table.handle, 0, 9, 5)),
      R"([{"cells":["housh…","aua"],"line":2,"row":1},{"cells":["x","aua"],"line":5,"row":4}])");
  EXPECT_EQ(text_of(place_of_row(table.handle, 4)), R"({"place":1})");
  EXPECT_EQ(text_of(place_of_row(table.handle, 2)), R"({"place":null})");
  EXPECT_EQ(text_of(table_pairs(table.handle, 0, 9, true)),
            R"([{"name":"houshou_marine","tag":"aua"},{"name":"x","tag":"aua"}])");
  EXPECT_EQ(text_of(table_records(table.handle, 3, 4)), R"([["hatsune_miku",""]])");
  const auto csv = export_table(table.handle, "csv", 0, 1);
  ASSERT_TRUE(csv.ok());
  EXPECT_EQ(*csv, "name,tag\nhoushou_marine,aua\n");
  EXPECT_EQ(text_of(arrange_table(table.handle, options(R"({"sort":0,"descending":true})"))),
            R"({"rows":4})");
  EXPECT_EQ(text_of(table_rows(table.handle, 0, 1, 99)),
            R"([{"cells":["x","aua"],"line":5,"row":4}])");
}

TEST(Tables, TokensOfAColumn) {
  ASSERT_TRUE(load_vocabulary("clip", testing::packed_clip_vocabulary()).ok());
  const Opened table(kSheet);
  ASSERT_TRUE(describe_table(table.handle, options("{}")).ok());
  EXPECT_EQ(text_of(arrange_table(table.handle, options(R"({"tokens":"one"})"))),
            "bad-argument tokens");
  EXPECT_EQ(text_of(tokenize_table(table.handle, options(R"({"column":1})"), 2)),
            R"({"done":false,"rows":2})");
  const auto done = tokenize_table(table.handle, options(R"({"column":1})"), 9);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(write_canonical((*done)["by_tokens"]), R"({"0":1,"1":2,"2":1})");
  EXPECT_EQ(write_canonical((*done)["shared"]), R"([{"id":45906,"rows":2,"text":"aua"}])");
  EXPECT_EQ(text_of(arrange_table(table.handle, options(R"({"tokens":"45906"})"))),
            R"({"rows":2})");
  EXPECT_EQ(text_of(arrange_table(table.handle, options(R"({"tokens":"many"})"))), R"({"rows":1})");
  EXPECT_EQ(text_of(arrange_table(table.handle, options(R"({"sort":"tokens","descending":true})"))),
            R"({"rows":4})");
  EXPECT_EQ(text_of(table_rows(table.handle, 1, 2, 99)),
            R"([{"cells":["houshou_marine","aua"],"line":2,"row":1,"tokens":[45906]}])");
  // Other letters have other tokens.
  ASSERT_TRUE(describe_table(table.handle, options(R"({"rot13":true})")).ok());
  EXPECT_EQ(text_of(arrange_table(table.handle, options(R"({"tokens":"one"})"))),
            "bad-argument tokens");
}

TEST(Tables, RefuseWhatIsNotThere) {
  EXPECT_EQ(text_of(read_table(-1, 1)), "bad-handle table");
  EXPECT_EQ(text_of(describe_table(0, options("{}"))), "bad-handle table");
  EXPECT_EQ(text_of(open_table("a", 'a')), "bad-argument delimiter");
  const auto opened = open_table("a\nb\n", ',');
  const int handle = static_cast<int>((*opened)["handle"].number());
  EXPECT_EQ(text_of(table_rows(handle, 0, 1, 1)), "bad-handle table");  // not read yet
  ASSERT_TRUE(read_table(handle, 99).ok());
  EXPECT_EQ(text_of(arrange_table(handle, options(R"({"sort":1})"))), "bad-argument sort");
  EXPECT_EQ(text_of(describe_table(handle, options(R"({"name":"9"})"))), "bad-argument name");
  EXPECT_FALSE(export_table(handle, "xls", 0, 1).ok());
  close_table(handle);
  EXPECT_EQ(text_of(table_rows(handle, 0, 1, 1)), "bad-handle table");
}

TEST(Prompt, TokenizesEachSegmentForItself) {
  ASSERT_TRUE(load_vocabulary("clip", testing::packed_clip_vocabulary()).ok());
  const auto read = query_prompt("cat (dog:1.5)", options(R"({"syntax":"a1111"})"));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(write_canonical((*read)["segments"]),
            R"([{"text":"cat ","weight":1},{"text":"dog","weight":1.5}])");
  const Json& chunk = (*read)["chunks"].items()[0];
  EXPECT_EQ(chunk["ids"].items()[1].number(), 2368);
  EXPECT_EQ(chunk["ids"].items()[2].number(), 1929);
  EXPECT_EQ(chunk["ids"].items()[76].number(), 49407);
  EXPECT_EQ(chunk["weights"].items()[2].number(), 1.5);
  const auto padded = query_prompt("cat", options(R"({"syntax":"comfy","profile":"open_clip"})"));
  ASSERT_TRUE(padded.ok());
  EXPECT_EQ((*padded)["chunks"].items()[0]["ids"].items()[76].number(), 0);
  EXPECT_EQ(text_of(query_prompt("cat", options(R"({"syntax":"plain"})"))), "bad-argument syntax");
  // A chunk each: as text they would be gigabytes.
  std::string many;
  for (int i = 0; i < 20'001; ++i) many += "AND ";
  EXPECT_EQ(text_of(query_prompt(many, options(R"({"syntax":"a1111"})"))), "too-large prompt");
  EXPECT_EQ(text_of(query_prompt("(a:1.2.3)", options(R"({"syntax":"a1111"})"))),
            "bad-weight prompt");
}

}  // namespace
}  // namespace tagscope
