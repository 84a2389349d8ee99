#include "table/table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "reference/slow_table.h"
#include "support/files.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Table table_of(std::string text, char delimiter = ',') {
  auto table = Table::open(std::move(text), delimiter);
  EXPECT_TRUE(table.ok());
  EXPECT_TRUE(table->read());
  return *std::move(table);
}

Rows rows_of(const Table& table) {
  Rows rows;
  for (std::size_t row = 0; row < table.rows(); ++row) rows.push_back(table.cells(row));
  return rows;
}

struct Place {
  std::size_t line;
  std::size_t column;
  TableFault fault;
  friend bool operator==(const Place&, const Place&) = default;
};

std::vector<Place> faults_of(const std::string& text) {
  std::vector<Place> places;
  const Table table = table_of(text);
  for (const TableProblem& problem : table.problems()) {
    places.push_back({problem.line, problem.column, problem.fault});
    EXPECT_FALSE(table.describe(problem).empty());
    EXPECT_FALSE(first_invalid_utf8(table.describe(problem)));
  }
  EXPECT_EQ(table.problem_count(), places.size());
  return places;
}

void PrintTo(const Place& place, std::ostream* out) {
  *out << place.line << ":" << place.column << " " << static_cast<int>(place.fault);
}

TEST(Table, ReadsAsPythonsCsv) {
  const auto cases = testing::read_json("vectors/table_csv.json")["cases"];
  for (const auto& example : cases) {
    const std::string text = example["text"];
    const char delimiter = example["delimiter"].get<std::string>()[0];
    const Table table = table_of(text, delimiter);
    EXPECT_EQ(rows_of(table), example["rows"].get<Rows>()) << nlohmann::json(text);
    EXPECT_EQ(reference::slow_table(text, delimiter), example["rows"].get<Rows>());
  }
}

TEST(Table, ReadsAsTheSlowReader) {
  std::mt19937 random(4180);
  const std::string_view parts[] = {
      "a",  "\"",    "\"\"", ",",        "\n",           "\r",     "\r\n",
      " ",  "\x01",  "\xff", "\xc3",     "\xef\xbf\xbd", "\u00e9", "x,y",
      "\0", "\"q\"", "\t",   "\"q\nr\"", "\xef\xbb\xbf", "\u0085"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (unsigned n = random() % 30; n > 0; --n) text += parts[random() % std::size(parts)];
    auto table = Table::open(text, ',');
    ASSERT_TRUE(table.ok());
    // In steps of any size.
    while (!table->read(1 + random() % 8)) {
    }
    EXPECT_EQ(rows_of(*table), reference::slow_table(text, ','));
    std::size_t widest = 0;
    for (const auto& row : rows_of(*table)) widest = std::max(widest, row.size());
    EXPECT_EQ(table->columns(), widest);
    for (std::size_t row = 0; row < table->rows(); ++row) {
      std::string scratch;
      for (std::size_t column = 0; column < widest + 1; ++column) {
        const auto cells = table->cells(row);
        EXPECT_EQ(table->cell(row, column, scratch), column < cells.size() ? cells[column] : "");
      }
    }
  }
}

TEST(Table, ReportsJunkWithItsPlace) {
  using enum TableFault;
  EXPECT_EQ(faults_of("a,b\nc,d\n"), (std::vector<Place>{}));
  EXPECT_EQ(faults_of("a,b\nc,\x02 d\x03\n"), (std::vector<Place>{{2, 2, control_character}}));
  EXPECT_EQ(faults_of("a,\x7f\n\xc2\x85,d\n"),
            (std::vector<Place>{{1, 2, control_character}, {2, 1, control_character}}));
  EXPECT_EQ(faults_of(std::string("a,\0b\n", 5)), (std::vector<Place>{{1, 2, control_character}}));
  EXPECT_EQ(faults_of("a\tb,c\n"), (std::vector<Place>{}));
  EXPECT_EQ(faults_of("a,b\r\nc,\xef\xbf\xbd\r\n"),
            (std::vector<Place>{{2, 2, replacement_character}}));
  EXPECT_EQ(faults_of("\xff,b\rc,\xe2\x82\r"),
            (std::vector<Place>{{1, 1, invalid_utf8}, {2, 2, invalid_utf8}}));
  EXPECT_EQ(faults_of("\"a\"b,c\n\"d\" ,e\n"),
            (std::vector<Place>{{1, 1, text_after_quote}, {2, 1, text_after_quote}}));
  EXPECT_EQ(faults_of("a,b\n\"c,d\ne,f\n"),
            (std::vector<Place>{{2, 1, unclosed_quote}, {2, 2, missing_cells}}));
  // The quote began on line 1, the junk lies on line 3.
  EXPECT_EQ(faults_of("\"a\n\n\x01\",b\nc,d\x02"),
            (std::vector<Place>{{3, 1, control_character}, {4, 2, control_character}}));
  EXPECT_EQ(faults_of("a,b\n" + std::string(kLongCellBytes + 1, 'x') + ",c\n"),
            (std::vector<Place>{{2, 1, long_cell}}));
  EXPECT_EQ(faults_of("a,b\n" + std::string(kLongCellBytes, 'x') + ",c\n"), (std::vector<Place>{}));
}

TEST(Table, ReportsRaggedRows) {
  using enum TableFault;
  EXPECT_EQ(faults_of("name,tag,notes\nx,y\n\nz,w,v,u\n"),
            (std::vector<Place>{{2, 3, missing_cells}, {4, 4, extra_cells}}));
  // Most rows have two.
  EXPECT_EQ(faults_of("a,b,c\nx,y\nz,w\n"), (std::vector<Place>{{1, 3, extra_cells}}));
  const Table table = table_of("a,b\nc\n");
  EXPECT_EQ(table.describe(table.problems()[0]), "the row has 1 cell; most have 2");
  EXPECT_EQ(table.problems()[0].row, 1u);
}

TEST(Table, CountsRecordsThatAreNotBlank) {
  const Table table = table_of("\xef\xbb\xbf\n\na,b\r\n\r\n \n\"\"\n\n");
  EXPECT_EQ(rows_of(table), (Rows{{"a", "b"}, {" "}, {""}}));
  EXPECT_EQ(table.line_of(0), 3u);
  EXPECT_EQ(table.line_of(1), 5u);
  EXPECT_EQ(table.line_of(2), 6u);
  EXPECT_EQ(table_of("").rows(), 0u);
  EXPECT_EQ(table_of("").columns(), 0u);
  EXPECT_EQ(table_of("\xef\xbb\xbf").rows(), 0u);
}

TEST(Table, TurnsLettersInPlace) {
  Table table = table_of("anzr,gnt\nubhfubh_znevar,nhn\n\"Fnl \"\"uv\"\"\",1\u00e9\n");
  table.rot13();
  EXPECT_EQ(rows_of(table),
            (Rows{{"name", "tag"}, {"houshou_marine", "aua"}, {"Say \"hi\"", "1\u00e9"}}));
  table.rot13();
  EXPECT_EQ(table.cells(0), (std::vector<std::string>{"anzr", "gnt"}));
}

TEST(Table, RefusesWhatItCannotRead) {
  EXPECT_EQ(Table::open(std::string("\xff\xfe"
                                    "a\0",
                                    4),
                        ',')
                .error()
                .code,
            "bad-encoding");
  EXPECT_EQ(Table::open(std::string("\xfe\xff\0a", 4), ',').error().code, "bad-encoding");
  for (const char delimiter : {'\0', '"', '\r', '\n', 'a', 'Z', '5', '\x7f', '\xc3'}) {
    EXPECT_EQ(Table::open("a", delimiter).error().code, "bad-argument");
  }
  EXPECT_EQ(rows_of(table_of("a;b\tc", ';')), (Rows{{"a", "b\tc"}}));
  EXPECT_EQ(rows_of(table_of("a;b\tc", '\t')), (Rows{{"a;b", "c"}}));
}

}  // namespace
}  // namespace tagscope
