// The digests of other programs (tests/vectors) against every way of feeding ours.
#include <cstdlib>

#include "hash/streaming.h"

namespace tagscope::testing {
namespace {

struct Column {
  const char* file;
  const char* name;  // in the file
  const char* id;
};

// GoogleTest's own picture of a parameter would be its addresses.
void PrintTo(const Column& column, std::ostream* out) { *out << column.id; }

constexpr Column kPatternColumns[] = {
    {"hashlib_pattern", "md5", "md5"},
    {"hashlib_pattern", "sha1", "sha1"},
    {"hashlib_pattern", "sha224", "sha224"},
    {"hashlib_pattern", "sha256", "sha256"},
    {"hashlib_pattern", "sha384", "sha384"},
    {"hashlib_pattern", "sha512", "sha512"},
    {"hashlib_pattern", "sha512_256", "sha512-256"},
    {"hashlib_pattern", "sha3_224", "sha3-224"},
    {"hashlib_pattern", "sha3_256", "sha3-256"},
    {"hashlib_pattern", "sha3_384", "sha3-384"},
    {"hashlib_pattern", "sha3_512", "sha3-512"},
    {"blake2_pattern", "blake2s", "blake2s"},
    {"blake2_pattern", "blake2b", "blake2b"},
    {"blake2_pattern", "blake2sp", "blake2sp"},
    {"blake2_pattern", "blake2bp", "blake2bp"},
    {"blake3_pattern", "blake3", "blake3"},
    {"crc", "crc32", "crc32"},
    {"crc", "crc32c", "crc32c"},
    {"crc", "crc64_xz", "crc64"},
    {"crc", "crc64_ecma", "crc64-ecma"},
    {"xxh64", "xxh64", "xxh64"},
};

class Pattern : public ::testing::TestWithParam<Column> {};

TEST_P(Pattern, AtOnceInPiecesAndAfterReset) {
  const Column column = GetParam();
  std::mt19937 random(20240607);
  std::size_t cases = 0;
  const auto file = read_json(std::string("vectors/") + column.file + ".json");
  ASSERT_FALSE(file["cases"].empty());
  for (const auto& golden : file["cases"]) {
    if (!golden.contains(column.name)) continue;
    ++cases;
    const auto length = golden["len"].get<std::size_t>();
    const auto expected = golden[column.name].get<std::string>();
    const std::string bytes = pattern(length);
    ASSERT_EQ(digest_of(column.id, "", bytes), expected) << length;
    const auto digest = start(column.id, "");
    for (const std::size_t piece : {1, 63, 64, 65, 4096}) {
      if (piece == 1 && length > 70000) continue;
      ASSERT_EQ(digest_in_pieces(*digest, bytes, piece), expected) << length << " by " << piece;
      digest->reset();
    }
    for (int repeat = 0; repeat < 4; ++repeat) {
      ASSERT_EQ(digest_in_cuts(*digest, bytes, random), expected) << length;
      feed(*start(column.id, ""), bytes);
      digest->reset();
    }
    feed(*digest, "abandoned");
    digest->reset();
    ASSERT_EQ(digest_in_pieces(*digest, bytes, 1 << 16), expected) << length;
  }
  EXPECT_GE(cases, 20U);
}

INSTANTIATE_TEST_SUITE_P(Goldens, Pattern, ::testing::ValuesIn(kPatternColumns),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Texts, EqualHashlibAndZlib) {
  const auto file = read_json("vectors/hash_texts.json");
  ASSERT_FALSE(file["cases"].empty());
  for (const auto& golden : file["cases"]) {
    const auto text = golden["text"].get<std::string>();
    for (const char* id :
         {"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-256", "sha3-224",
          "sha3-256", "sha3-384", "sha3-512", "blake2s", "blake2b", "crc32"}) {
      std::string name = id;
      std::replace(name.begin(), name.end(), '-', '_');
      EXPECT_EQ(digest_of(id, "", text), golden[name].get<std::string>()) << id << " of " << text;
    }
  }
}

// Not a length is left out from 0 to 300, keyed, shortened or plain, nor around any border.
TEST(Lengths, EqualHashlibAtEveryOneAtOnceInCutsAndAfterReset) {
  const auto file = read_json("vectors/hash_lengths.json");
  ASSERT_GE(file["cases"].size(), 20U);
  std::mt19937 random(20261126);
  for (const auto& golden : file["cases"]) {
    const auto id = golden["id"].get<std::string>();
    const auto arguments = golden["arguments"].get<std::string>();
    const auto digest = start(id, arguments);
    std::string at_once;
    std::string in_cuts;
    for (const auto& length : file["lengths"]) {
      const std::string bytes = pattern(length.get<std::size_t>());
      at_once += digest_of(id, arguments, bytes);
      in_cuts += digest_in_cuts(*digest, bytes, random);
      feed(*digest, bytes.substr(0, random() % 70));
      digest->reset();
    }
    const auto expected = golden["sha256_of_digests"].get<std::string>();
    EXPECT_EQ(digest_of("sha256", "", at_once), expected) << id << " " << arguments;
    EXPECT_EQ(in_cuts, at_once) << id << " " << arguments;
  }
}

class Kat : public ::testing::TestWithParam<const char*> {};

TEST_P(Kat, OfficialVectorsKeyedAndUnkeyed) {
  const std::string id = GetParam();
  std::size_t keyed = 0;
  const auto file = read_json("vectors/kat_" + id + ".json");
  ASSERT_FALSE(file["cases"].empty());
  for (const auto& golden : file["cases"]) {
    std::string bytes(golden["in_len"].get<std::size_t>(), '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i);
    const auto key = golden["key"].get<std::string>();
    const auto expected = golden["out"].get<std::string>();
    const std::string arguments = key.empty() ? "" : "key=0x" + key;
    keyed += key.empty() ? 0 : 1;
    ASSERT_EQ(digest_of(id, arguments, bytes), expected) << bytes.size() << " " << arguments;
    const auto digest = start(id, arguments);
    for (const std::size_t piece : {1, 63, 64, 65}) {
      ASSERT_EQ(digest_in_pieces(*digest, bytes, piece), expected) << bytes.size() << " " << piece;
      digest->reset();
    }
  }
  EXPECT_GE(keyed, 100U);
}

INSTANTIATE_TEST_SUITE_P(Goldens, Kat,
                         ::testing::Values("blake2s", "blake2b", "blake2sp", "blake2bp"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Arguments, BlakeSizeBelongsToTheParameterBlock) {
  // Python 3.11: hashlib.blake2b(b"abc", digest_size=20), blake2s(b"abc", digest_size=16,
  // key=b"k").
  EXPECT_EQ(digest_of("blake2b", "size=20", "abc"), "384264f676f39536840523f284921cdc68b6846b");
  EXPECT_EQ(digest_of("blake2s", "size=16 key=k", "abc"), "f335237426ff5582d0c607ef240684b5");
}

TEST(Arguments, SizesAndKeysOutOfRangeAreErrors) {
  for (const char* arguments : {"size=0", "size=33", "size=-1"}) {
    const auto result = run("blake2sp", arguments, Value::bytes(""));
    ASSERT_FALSE(result.ok()) << arguments;
    EXPECT_EQ(result.error().code, "bad-argument");
    EXPECT_EQ(result.error().where, "size");
  }
  const auto result = run("blake2sp", "key=0x" + std::string(66, '0'), Value::bytes(""));
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().what.find("33 bytes; the limit is 32"), std::string::npos);
}

// 4 GiB + 3 bytes take a minute, so it runs where TAGSCOPE_LONG_TESTS is set. Expected values:
// Python 3.11 hashlib (blake2sp in its tree mode) and zlib, OpenSSL 3 (sha3-256), b3sum 1.2.0 and
// xxhsum 0.8.1 over the same bytes.
TEST(Long, CountersPassFourGibibytes) {
  if (std::getenv("TAGSCOPE_LONG_TESTS") == nullptr) GTEST_SKIP() << "TAGSCOPE_LONG_TESTS unset";
  const std::string mebibyte = pattern(1 << 20);
  const std::pair<const char*, const char*> expected[] = {
      {"crc32", "9a5b335b"},
      {"xxh64", "fd5733d7ec2a8b3a"},
      {"md5", "97cf9234f72d3cc10fb02e9658f46fa6"},
      {"sha1", "a9ab5192c6ebdea5b1913e35dc9a042ff3880843"},
      {"sha256", "0913d1943b5d19df51207d2c75751dca97b526be31bcb00ad890771cc241a652"},
      {"sha512",
       "63f2ed81a10b2ba7b597ec4ca8becce9557b0a5034fd186ef482348801dd62f6cf55c52ba6610ec77de47101f45"
       "8c1638d6bf46b03d6c8a68ff9c26df4aea7a7"},
      {"blake2s", "e6989b1ec461e939e227786dc44bd92d956fa4466f303bfcebe58dfc9177cc70"},
      {"blake2b",
       "96b936e249c2378eaa3e0ac8bbeb57e1fd7304381a0bf96cc6db1ade25d411d65537579f0d3bf8981436b6fd999"
       "fb26798c1faa55c0e03c8710291869a0c3f73"},
      {"sha3-256", "d05d8bb28e2384e041983014afd56b47c2233c9b2dddb7e73eabea5c03d4d603"},
      {"blake2sp", "b956e7efd2f8f3b7711c05a99f0a3fff5d5c93d2a71a11098c14909d741936a4"},
      {"blake3", "2f0f01406bf3c11afd2b0ca61d26572e2c755448eaca24663fa0c1b994406846"}};
  for (const auto& [id, hex] : expected) {
    const auto digest = start(id, "");
    for (int i = 0; i < 4096; ++i) feed(*digest, mebibyte);
    feed(*digest, "abc");
    EXPECT_EQ(to_hex(digest->finish()), hex) << id;
  }
}

}  // namespace
}  // namespace tagscope::testing
