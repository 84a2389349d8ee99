// Pairs, ROT13, the order of rows, and exports.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "table/export.h"
#include "table/pairing.h"
#include "table/rot13_evidence.h"
#include "table/row_order.h"

namespace tagscope {
namespace {

using Order = std::vector<std::uint32_t>;

Table table_of(std::string text, char delimiter = ',') {
  auto table = Table::open(std::move(text), delimiter);
  EXPECT_TRUE(table.ok());
  EXPECT_TRUE(table->read());
  return *std::move(table);
}

Order all_rows(const Table& table, std::uint32_t first = 0) {
  Order rows(table.rows() - first);
  std::iota(rows.begin(), rows.end(), first);
  return rows;
}

TEST(Pairing, ByTheHeader) {
  const Pairing pairing = find_pairing(table_of("id,Tag , FULL-NAME\n1,aua,houshou_marine\n"));
  EXPECT_TRUE(pairing.header);
  EXPECT_EQ(pairing.name, 2u);
  EXPECT_EQ(pairing.tag, 1u);
  EXPECT_EQ(pairing.by, PairedBy::header);
}

TEST(Pairing, ByPositionWithoutAHeader) {
  const Pairing pairing = find_pairing(table_of("houshou_marine,aua\nsakimichan,zix\n"));
  EXPECT_FALSE(pairing.header);
  EXPECT_EQ(pairing.name, 0u);
  EXPECT_EQ(pairing.tag, 1u);
  EXPECT_EQ(pairing.by, PairedBy::position);
}

TEST(Pairing, NotWhereThereIsNone) {
  for (const char* text :
       {"", "aua\nzix\n", "houshou_marine,4\nsakimichan,1\n", "1girl,0,4225150,\"1girls\"\n",
        "name,count\nx,5\n", "tag,category\nx,5\n"}) {
    EXPECT_EQ(find_pairing(table_of(text)).by, PairedBy::nothing) << text;
  }
  EXPECT_TRUE(find_pairing(table_of("tag\naua\n")).header);
  EXPECT_FALSE(find_pairing(table_of("aua\nzix\n")).header);
}

TEST(Pairing, ByHand) {
  const Table table = table_of("wer,was,x\nhoushou_marine,aua,1\n");
  const auto by_word = pairing_by_hand(table, "WER", "was");
  ASSERT_TRUE(by_word.ok());
  EXPECT_EQ(by_word->name, 0u);
  EXPECT_EQ(by_word->tag, 1u);
  EXPECT_TRUE(by_word->header);
  EXPECT_EQ(by_word->by, PairedBy::hand);
  const auto by_number = pairing_by_hand(table, "2", "1");
  ASSERT_TRUE(by_number.ok());
  EXPECT_EQ(by_number->name, 1u);
  EXPECT_FALSE(by_number->header);
  EXPECT_EQ(pairing_by_hand(table, "0", "").error().where, "name");
  EXPECT_EQ(pairing_by_hand(table, "", "4").error().where, "tag");
  EXPECT_EQ(pairing_by_hand(table, "", "nowhere").error().code, "bad-argument");
  EXPECT_EQ(pairing_by_hand(table, "1", "")->by, PairedBy::nothing);
}

std::string turned(std::string text) {
  Table table = table_of(std::move(text), '\x1f');
  table.rot13();
  std::string all;
  std::string scratch;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    all += table.cell(row, 0, scratch);
    all += '\n';
  }
  return all;
}

constexpr const char* kNames =
    "houshou_marine\nhatsune_miku\nsakimichan\nkizuna_ai\ngawr_gura\nrem_(re:zero)\nusada_pekora\n"
    "amelia_watson\ninugami_korone\ntakanashi_kiara\nasuka_langley_soryu\nayanami_rei\nzero_two\n"
    "princess_celestia\ntwilight_sparkle\nrainbow_dash\nfluttershy\ngreg_rutkowski\nwlop\nilya_"
    "kuvshinov\n";
constexpr const char* kTags =
    "long_hair\nblue_eyes\nlooking_at_viewer\nsimple_background\nschool_uniform\nopen_mouth\n"
    "thighhighs\nbangs\nsitting\nponytail\nnight_sky\nwhite_shirt\nholding_weapon\n";

TEST(Rot13, IsOfferedWhereItReadsBetter) {
  for (const char* text : {kNames, kTags}) {
    const Rot13Evidence plain = rot13_evidence(text);
    const Rot13Evidence cipher = rot13_evidence(turned(text));
    EXPECT_FALSE(plain.offered);
    EXPECT_TRUE(cipher.offered) << cipher.gain_bits << " bits, " << cipher.letters << " letters";
    EXPECT_NEAR(plain.gain_bits, -cipher.gain_bits, 1e-9);
    EXPECT_GT(cipher.gain_bits, 1.5);
  }
}

TEST(Rot13, IsNotOfferedWithoutEvidence) {
  EXPECT_FALSE(rot13_evidence("").offered);
  EXPECT_EQ(rot13_evidence("123,456\n").letters, 0u);
  EXPECT_FALSE(rot13_evidence("nhn\nmvk\n").offered);  // aua, zix: too few letters
  EXPECT_TRUE(rot13_evidence("ubhfubh_znevar,nhn\nungfhar_zvxh,ck\nfnxvzvpuna,mvk\n").offered);
  std::mt19937 random(13);
  int offered = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string letters;
    for (int i = 0; i < 600; ++i) letters += static_cast<char>('a' + random() % 26);
    offered += rot13_evidence(letters).offered ? 1 : 0;
  }
  EXPECT_LE(offered, 5);  // of 1,000: once in 740, seeded
}

TEST(RowOrder, FindsCellsInEitherCase) {
  const Table table = table_of("Name,Tag\nMarine,aua\nmiku,\"the \"\"AuA\"\"\"\nx,y,aua\n");
  const Order rows = all_rows(table, 1);
  EXPECT_EQ(rows_holding(table, rows, "AUA", {}), (Order{1, 2, 3}));
  EXPECT_EQ(rows_holding(table, rows, "\"aua", {}), (Order{2}));
  EXPECT_EQ(rows_holding(table, rows, "aua", 1), (Order{1, 2}));
  EXPECT_EQ(rows_holding(table, rows, "m", 0), (Order{1, 2}));
  EXPECT_EQ(rows_holding(table, rows, "", {}), rows);
  EXPECT_EQ(rows_holding(table, rows, "e,a", {}), (Order{}));
}

TEST(RowOrder, SortsNumbersAndTextsStably) {
  const Table table = table_of("b,10\nA,9\n,x\na,-1.5\nhoushou_marine_b,\nHoushou_marine_A,9\n");
  Order rows = all_rows(table);
  sort_rows(table, rows, 0, false);
  EXPECT_EQ(rows, (Order{1, 3, 0, 5, 4, 2}));
  sort_rows(table, rows, 0, true);
  EXPECT_EQ(rows, (Order{4, 5, 0, 1, 3, 2}));
  rows = all_rows(table);
  sort_rows(table, rows, 1, false);
  EXPECT_EQ(rows, (Order{3, 1, 5, 0, 2, 4}));
  sort_rows(table, rows, 1, true);
  EXPECT_EQ(rows, (Order{0, 1, 5, 3, 2, 4}));
}

// Against the obvious comparison of whole cells.
TEST(RowOrder, AgreesWithASlowSort) {
  std::mt19937 random(7);
  std::string text;
  for (int row = 0; row < 2000; ++row) {
    for (unsigned n = random() % 14; n > 0; --n) text += "abAB_\u00e9"[random() % 5];
    text += ",\n";
  }
  const Table table = table_of(text);
  const auto lowered = [&](std::uint32_t row) {
    std::string cell = table.cells(row)[0];
    for (char& c : cell) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return cell;
  };
  Order expected = all_rows(table);
  std::stable_sort(expected.begin(), expected.end(), [&](auto a, auto b) {
    const std::string first = lowered(a);
    const std::string second = lowered(b);
    if (first.empty() || second.empty()) return !first.empty() && second.empty();
    return first < second;
  });
  Order rows = all_rows(table);
  sort_rows(table, rows, 0, false);
  EXPECT_EQ(rows, expected);
}

TEST(Export, CsvReadsBackAsItself) {
  const Table table = table_of("a;b,c;\"d\"\"e\"\n\"\"\n;\n\"x\ny\";z\r\n", ';');
  const std::string csv = export_csv(table, all_rows(table));
  EXPECT_EQ(csv, "a,\"b,c\",\"d\"\"e\"\n\"\"\n,\n\"x\ny\",z\n");
  const Table again = table_of(csv);
  ASSERT_EQ(again.rows(), table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row)
    EXPECT_EQ(again.cells(row), table.cells(row));
}

// Found by tests/fuzz/table_fuzz.cpp: what was exported began like a file of another encoding.
TEST(Export, ACellThatBeginsLikeAByteOrderMark) {
  for (const std::string mark : {"\xef\xbb\xbf", "\xfe\xff", "\xff\xfe"}) {
    const Table table = table_of("\n" + mark + "a,b\n");
    const Table again = table_of(export_csv(table, all_rows(table)));
    ASSERT_EQ(again.rows(), 1u);
    EXPECT_EQ(again.cells(0), table.cells(0));
  }
}

std::string tagcomplete(const std::string& text) {
  const Table table = table_of(text);
  return export_tagcomplete(table, all_rows(table),
                            tagcomplete_columns(table, find_pairing(table)));
}

TEST(Export, TagcompleteForm) {
  EXPECT_EQ(tagcomplete("aua\nzix\n"), "aua,0,0,\"\"\nzix,0,0,\"\"\n");
  EXPECT_EQ(tagcomplete("name,tag\nhoushou_marine,aua\n,x\n"), "houshou_marine,0,0,\"aua\"\n");
  EXPECT_EQ(tagcomplete("houshou_marine,aua\n"), "houshou_marine,0,0,\"aua\"\n");
  const std::string already = "1girl,0,4225150,\"1girls,sole_female\"\n\"a,\"\"b\"\"\",4,12,\"\"\n";
  EXPECT_EQ(tagcomplete(already), already);
  EXPECT_EQ(tagcomplete("aliases,category,tag,post_count\n\"x,y\",4,miku,many\n"),
            "miku,4,0,\"x,y\"\n");
}

TEST(Export, TagcompleteCountsAreWholeNumbers) {
  const auto count = [](std::string_view written) {
    const std::string row = tagcomplete("tag,post_count\nmiku,\"" + std::string(written) + "\"\n");
    return row.substr(7, row.size() - 7 - 4);
  };
  EXPECT_EQ(count("1022"), "1022");
  for (const std::string_view grouped : {"1,022", "1 022", "1'022", "1_022", "1\u00a0022"}) {
    EXPECT_EQ(count(grouped), "1022") << grouped;
  }
  EXPECT_EQ(count("12,345,678"), "12345678");
  for (const std::string_view none : {"", "many", "-5", "1.022", "1,02", "1,0222", "1022,333",
                                      ",022", "1,022 333", "1,022,", "1e3", "1,022x"}) {
    EXPECT_EQ(count(none), "0") << none;
  }
}

}  // namespace
}  // namespace tagscope
