#include "tensors/safetensors.h"

#include <gtest/gtest.h>

#include <set>

#include "reference/slow_safetensors.h"
#include "support/files.h"
#include "support/safetensors.h"

namespace tagscope {
namespace {

using testing::read_file;
using testing::safetensors_file;
using testing::slow_safetensors;

std::string name_at(const Safetensors& file, std::size_t i) {
  return std::string(file.tensor(i).name);
}

void expect_as_reference(const std::string& bytes) {
  const auto file = testing::read_whole(bytes);
  const auto slow = slow_safetensors(bytes, bytes.size());
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(slow.has_value());
  ASSERT_EQ(file->size(), slow->size());
  for (const auto& expected : *slow) {
    const auto tensor = file->find(expected.name);
    ASSERT_TRUE(tensor.has_value()) << expected.name;
    EXPECT_EQ(tensor->name, expected.name);
    EXPECT_EQ(name_of(tensor->dtype), expected.dtype);
    EXPECT_EQ(std::vector(tensor->shape.begin(), tensor->shape.end()), expected.shape);
    EXPECT_EQ(tensor->begin, expected.begin);
    EXPECT_EQ(tensor->end, expected.end);
  }
}

// Judged by the reference validator (huggingface/safetensors, commit 24b0b285), or, where it is
// looser than its own README, by that.
TEST(Safetensors, JudgesTheCorpusAsTheReferenceDoes) {
  const auto index = testing::read_json("attacks/safetensors/index.json");
  ASSERT_EQ(index["cases"].size(), 32U);
  for (const auto& item : index["cases"]) {
    const std::string name = item["file"];
    SCOPED_TRACE(name);
    const std::string bytes = read_file("attacks/safetensors/" + name);
    ASSERT_EQ(bytes.size(), item["bytes"]);
    const auto file = testing::read_whole(bytes);
    // A name that stands twice is refused: README, "Duplicate keys are disallowed".
    EXPECT_EQ(file.ok(), item["judge"] == "accept");
    if (!file) {
      EXPECT_TRUE(file.error().where.find("tensor \"") != std::string::npos ||
                  file.error().where.find("byte ") != std::string::npos)
          << file.error().where;
      continue;
    }
    EXPECT_EQ(file->size(), item["tensors"]);
    expect_as_reference(bytes);
  }
}

TEST(Safetensors, SaysWhichTensorOrByteIsWrong) {
  const std::pair<const char*, std::pair<const char*, const char*>> cases[] = {
      {"byte_count_wrong", {"tensor \"a\"", "shape and dtype take"}},
      {"data_missing", {"tensor \"a\"", "the file has 0 bytes after its header"}},
      {"dtype_unknown", {"tensor \"a\", byte ", "\"F128\" is no data type"}},
      {"duplicate_key_same_entry", {"tensor \"a\"", "stands twice"}},
      {"empty_file", {"byte 0", "0 bytes long"}},
      {"header_claims_100MB", {"byte 0", "the header is 100,000,000 bytes long"}},
      {"header_claims_u64_max",
       {"byte 0", "18,446,744,073,709,551,615 bytes long; the limit is 100,000,000"}},
      {"json_deep", {"tensor \"a\", byte 13", "an object must stand here"}},
      {"json_nul_padding", {"byte 120", "something follows"}},
      {"metadata_not_string", {"byte ", "in __metadata__ is no string"}},
      {"missing_dtype", {"tensor \"a\"", "has no dtype"}},
      {"not_utf8", {"byte 10", "is not UTF-8"}},
      {"offsets_hole", {"tensor \"b\"", "after a hole of"}},
      {"offsets_negative", {"tensor \"a\", byte ", "plain non-negative integer"}},
      {"offsets_out_of_range", {"tensor \"a\"", "its data end at"}},
      {"offsets_overlap", {"tensor \"b\"", "inside the tensor before it"}},
      {"offsets_reversed", {"tensor \"a\"", "before they begin"}},
      {"shape_negative", {"tensor \"a\", byte ", "plain non-negative integer"}},
      {"shape_overflow", {"tensor \"a\"", "2^64 bits or more"}},
      {"shape_overflow_32bit", {"tensor \"a\"", "take 4,294,967,296 bytes"}},
      {"trailing_bytes", {"byte 142", "1 bytes are left over"}},
  };
  for (const auto& [name, expected] : cases) {
    SCOPED_TRACE(name);
    const auto file =
        testing::read_whole(read_file(std::string("attacks/safetensors/") + name + ".safetensors"));
    ASSERT_FALSE(file.ok());
    EXPECT_TRUE(file.error().where.starts_with(expected.first)) << file.error().where;
    EXPECT_NE(file.error().what.find(expected.second), std::string::npos) << file.error().what;
  }
}

// Beyond the corpus. "a" is one byte of U8 unless the case says otherwise.
TEST(Safetensors, RefusesWhatTheFormatDoesNotAllow) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}})",
       "shape stands twice"},
      {R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "stands twice"},
      {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"data_offsets":[0,1]}})",
       "stands twice"},
      {R"({"a":{"x":1,"dtype":"U8","shape":[1],"data_offsets":[0,1],"\u0078":1}})",
       "\"x\" stands twice"},
      {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}})",
       "stands twice"},
      {R"({"__metadata__":{"a":"1","\u0061":"2"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
       "stands twice in __metadata__"},
      {R"({"__metadata__":{},"__metadata__":{},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
       "__metadata__ stands twice"},
      {R"({"__metadata__":null,"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
       "an object must stand here"},
      {R"({"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})", "plain non-negative"},
      {R"({"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}})", "plain non-negative"},
      {R"({"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}})", "plain non-negative"},
      {R"({"a":{"dtype":"U8","shape":[-0],"data_offsets":[0,1]}})", "plain non-negative"},
      {R"({"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}})", "plain non-negative"},
      {R"({"a":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,1]}})", "2^64"},
      {R"({"a":{"dtype":"U8","shape":[99999999999999999999999],"data_offsets":[0,1]}})", "2^64"},
      {R"({"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}})", "an array must stand here"},
      {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}})", "are 1 numbers, not 2"},
      {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}})", "are 3 numbers, not 2"},
      {R"({"a":{"dtype":"F4","shape":[1],"data_offsets":[0,1]}})", "4 bits, which are no whole"},
      {R"({"a":{"dtype":"f32","shape":[1],"data_offsets":[0,1]}})", "\"f32\" is no data type"},
      {R"({"a":{"dtype":"","shape":[1],"data_offsets":[0,1]}})", "\"\" is no data type"},
      {R"({"a":{"dtype":8,"shape":[1],"data_offsets":[0,1]}})", "dtype is no string"},
      {R"({"a":{"dtype":"U8","data_offsets":[0,1]}})", "has no shape"},
      {R"({"a":{"dtype":"U8","shape":[1]}})", "has no data_offsets"},
      {R"({"a":null})", "an object must stand here"},
      {R"({"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "a surrogate stands alone"},
      {R"({"\q":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "is no escape of JSON"},
      {"{\"a\n\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", "control character"},
      {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":nul}})", "is no JSON value"},
      {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1.}})", "is no JSON value"},
      {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],}})", "a name in quotation marks"},
      {R"({"a":{"dtype":"U8","shape":[1,],"data_offsets":[0,1]}})", "plain non-negative"},
      {R"({"a)", "a string is never closed"},
  };
  for (const auto& [header, what] : cases) {
    SCOPED_TRACE(header);
    const auto file = testing::read_whole(safetensors_file(header, 1));
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().code, "bad-safetensors");
    EXPECT_NE(file.error().what.find(what), std::string::npos) << file.error().what;
  }
}

TEST(Safetensors, RefusesAByteOrderMarkAndSpaceBeforeTheHeader) {
  for (const char* begin : {"\xEF\xBB\xBF", " ", "["}) {
    const auto file = testing::read_whole(safetensors_file(std::string(begin) + "{}", 0));
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().where, "byte 8");
  }
}

TEST(Metadata, IsReadWhateverTheTensorsAre) {
  const auto metadata =
      read_metadata(R"({"a":{"dtype":"none"},"__metadata__":{"k":"v"},"a":[[1.5e3]]})");
  ASSERT_TRUE(metadata.ok());
  EXPECT_EQ(*metadata, (Safetensors::Metadata{{"k", "v"}}));
  for (const char* header : {"{", R"({"a":})", R"({"__metadata__":{"k":1}})",
                             R"({"__metadata__":{"k":"","k":""}})", "{\"\xFF\":1}"}) {
    EXPECT_FALSE(read_metadata(header).ok()) << header;
  }
}

TEST(Safetensors, RefusesPicklesByName) {
  for (const char* begin : {"PK\x03\x04          ", "\x80\x02}q           "}) {
    const auto file = testing::read_whole(begin);
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().code, "pickle-refused");
  }
}

TEST(Safetensors, LimitsRankNestingAndMetadata) {
  const auto with_field = [](const std::string& field) {
    return safetensors_file(
        R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],)" + field + "}}", 1);
  };
  const std::string brackets(64, '[');
  EXPECT_TRUE(testing::read_whole(with_field("\"x\":" + brackets + std::string(64, ']'))).ok());
  const auto deep = testing::read_whole(with_field("\"x\":[" + brackets));
  ASSERT_FALSE(deep.ok());
  EXPECT_EQ(deep.error().what, "is nested deeper than 64");

  const auto of_rank = [](std::size_t rank) {
    std::string shape = "1";
    for (std::size_t i = 1; i < rank; ++i) shape += ",1";
    return testing::read_whole(safetensors_file(
        R"({"a":{"dtype":"U8","shape":[)" + shape + R"(],"data_offsets":[0,1]}})", 1));
  };
  EXPECT_TRUE(of_rank(64).ok());
  EXPECT_FALSE(of_rank(65).ok());

  const auto of_metadata = [](int count) {
    std::string header = R"({"__metadata__":{)";
    for (int i = 0; i < count; ++i) {
      header += (i > 0 ? ",\"" : "\"") + std::to_string(i) + R"(":"")";
    }
    return testing::read_whole(safetensors_file(header + "}}", 0));
  };
  EXPECT_TRUE(of_metadata(100'000).ok());
  EXPECT_FALSE(of_metadata(100'001).ok());
}

TEST(Safetensors, SkipsFieldsThatTheFormatDoesNotKnow) {
  const auto file = testing::read_whole(safetensors_file(
      R"({"a":{"dtype":"U8","x":{"y":[true,null,-1.5e+3,"]"]},"shape":[1],"data_offsets":[0,1],"":{}}})",
      1));
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->size(), 1U);
}

TEST(Safetensors, ReadsEscapesOrderAndMetadata) {
  const std::string bytes = safetensors_file(
      R"({"b\u00e9\ud83d\ude00":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},)"
      R"("__metadata__":{"k\n":"\"v\"","":""},"a":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]},)"
      R"("e":{"dtype":"F64","shape":[3,0],"data_offsets":[3,3]}} )",
      3);
  expect_as_reference(bytes);
  const auto file = testing::read_whole(bytes);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(name_at(*file, 0), "a");
  EXPECT_EQ(name_at(*file, 1), "bé😀");
  EXPECT_EQ(name_at(*file, 2), "e");
  const Safetensors::Metadata expected = {{"k\n", "\"v\""}, {"", ""}};
  EXPECT_EQ(file->metadata(), expected);
  EXPECT_EQ(file->data_begin(), bytes.size() - 3);
  EXPECT_FALSE(file->find("c").has_value());
}

TEST(Safetensors, FindsByPrefix) {
  const auto file = testing::read_whole(
      safetensors_file(R"({"b.2":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
                       R"("a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
                       R"("b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
                       R"("b.1":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
                       R"("c":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
                       0));
  ASSERT_TRUE(file.ok());
  std::vector<std::string> names;
  for (const auto i : file->with_prefix("b.")) names.push_back(name_at(*file, i));
  EXPECT_EQ(names, (std::vector<std::string>{"b.1", "b.2"}));
  EXPECT_EQ(file->with_prefix("").size(), 5U);
  EXPECT_TRUE(file->with_prefix("d").empty());
  EXPECT_TRUE(file->with_prefix("b.3").empty());
}

TEST(Safetensors, CutsALongNameInAnErrorBetweenCodePoints) {
  std::string name = "x";
  for (int i = 0; i < 100; ++i) name += "é";
  const auto file =
      testing::read_whole(safetensors_file("{\"" + name + R"(":{"dtype":"U8","shape":[1]}})", 1));
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().where, "tensor \"" + name.substr(0, 63) + "…\"");
}

// The data are never looked at: they are not there.
TEST(Safetensors, ReadsTheGoldenCheckpointsFromTheirHeadersAlone) {
  const auto index = testing::read_json("vectors/encoder/index.json");
  for (const auto& [name, item] : index["files"].items()) {
    SCOPED_TRACE(name);
    std::string bytes = read_file("vectors/encoder/" + name);
    const auto file_bytes = bytes.size();
    ASSERT_EQ(file_bytes, item["bytes"]);
    const auto length = read_header_length(bytes.substr(0, 9), file_bytes);
    ASSERT_TRUE(length.ok());
    const auto file = read_safetensors(bytes.substr(8, *length), file_bytes);
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(file->size(), item["tensors"]);
    expect_as_reference(bytes);
  }
}

TEST(DTypes, AreThoseOfTheFormat) {
  std::size_t known = 0;
  for (const char* name :
       {"F4",      "F6_E2M3",     "F6_E3M2",     "BOOL", "U8",  "I8",  "F8_E5M2", "F8_E4M3",
        "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "I16",  "U16", "F16", "BF16",    "I32",
        "U32",     "F32",         "C64",         "F64",  "I64", "U64"}) {
    const auto dtype = find_dtype(name);
    ASSERT_TRUE(dtype.has_value()) << name;
    EXPECT_EQ(name_of(*dtype), name);
    ++known;
  }
  EXPECT_EQ(known, 22U);
  EXPECT_EQ(bits_of(DType::kF6E3M2), 6U);
  EXPECT_FALSE(find_dtype("F128").has_value());
}

}  // namespace
}  // namespace tagscope
