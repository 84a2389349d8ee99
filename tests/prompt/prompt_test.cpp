// Vectors: tests/prompt/generate_vectors.py, which states what the two programs do and where that
// is published. Weights are compared to the bit.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "prompt/a1111.h"
#include "prompt/comfy.h"
#include "prompt/python_float.h"
#include "support/files.h"

namespace tagscope {
namespace {

using Lists = std::vector<std::vector<std::uint32_t>>;

PromptIds special_of(const nlohmann::json& json) {
  return {json["start"], json["end"], json["pad"], json["comma"]};
}

nlohmann::json as_json(const std::vector<PromptSegment>& segments) {
  nlohmann::json json = nlohmann::json::array();
  for (const auto& [text, weight] : segments) json.push_back({text, weight});
  return json;
}

nlohmann::json as_json(const std::vector<PromptChunk>& chunks) {
  nlohmann::json json = nlohmann::json::array();
  for (const auto& [ids, weights] : chunks) json.push_back({ids, weights});
  return json;
}

void expect_equal(const Result<std::vector<PromptSegment>>& read, const nlohmann::json& expected,
                  const std::string& prompt) {
  if (expected.is_null()) {
    ASSERT_FALSE(read.ok()) << prompt;
    EXPECT_EQ(read.error().code, "bad-weight");
  } else {
    ASSERT_TRUE(read.ok()) << prompt << ": " << read.error().what;
    EXPECT_EQ(as_json(*read), expected) << prompt;
  }
}

TEST(A1111, SegmentsAndSubprompts) {
  const auto cases = testing::read_json("vectors/prompt_a1111.json")["cases"];
  for (const auto& example : cases) {
    const std::string prompt = example["prompt"];
    expect_equal(a1111_segments(prompt), example["segments"], prompt);
    expect_equal(a1111_subprompts(prompt), example["subprompts"], prompt);
  }
}

TEST(A1111, Chunks) {
  const auto chunked = testing::read_json("vectors/prompt_a1111.json")["chunked"];
  for (const auto& example : chunked) {
    std::vector<PromptSegment> segments;
    for (const auto& segment : example["segments"]) segments.push_back({segment[0], segment[1]});
    const auto [chunks, token_count, target] =
        a1111_chunks(segments, example["ids"].get<Lists>(), special_of(example["special"]),
                     example["backtrack"]);
    EXPECT_EQ(as_json(chunks), example["chunks"]);
    EXPECT_EQ(token_count, example["token_count"]);
    EXPECT_EQ(target, example["target"]);
  }
}

TEST(Comfy, SegmentsAndGroups) {
  const auto cases = testing::read_json("vectors/prompt_comfy.json")["cases"];
  for (const auto& example : cases) {
    const std::string prompt = example["prompt"];
    const auto segments = comfy_segments(prompt);
    expect_equal(segments, example["segments"], prompt);
    if (!segments.ok()) continue;
    nlohmann::json groups = nlohmann::json::array();
    for (const auto& [text, weight, embedding] : comfy_groups(*segments)) {
      groups.push_back({text, weight, embedding ? nlohmann::json(*embedding) : nullptr});
    }
    EXPECT_EQ(groups, example["groups"]) << prompt;
  }
}

TEST(Comfy, Chunks) {
  const auto chunked = testing::read_json("vectors/prompt_comfy.json")["chunked"];
  for (const auto& example : chunked) {
    std::vector<ComfyGroup> groups;
    for (const auto& group : example["groups"]) groups.push_back({group[0], group[1], {}});
    EXPECT_EQ(
        as_json(comfy_chunks(groups, example["ids"].get<Lists>(), special_of(example["special"]))),
        example["chunks"]);
  }
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

TEST(Prompts, LimitsAreKept) {
  const std::string large(kMaxPromptBytes + 1, 'a');
  EXPECT_EQ(a1111_segments(large).error().code, "too-large");
  EXPECT_EQ(a1111_subprompts(large).error().code, "too-large");
  EXPECT_EQ(comfy_segments(large).error().code, "too-large");

  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "a" + std::string(depth, ')');
  };
  EXPECT_TRUE(a1111_segments(nested(kMaxPromptNesting)).ok());
  EXPECT_TRUE(comfy_segments(nested(kMaxPromptNesting)).ok());
  const auto a1111 = a1111_segments(nested(kMaxPromptNesting + 1));
  const auto comfy = comfy_segments(nested(kMaxPromptNesting + 1));
  ASSERT_FALSE(a1111.ok());
  ASSERT_FALSE(comfy.ok());
  EXPECT_EQ(a1111.error().code, "too-deep");
  EXPECT_EQ(comfy.error().code, "too-deep");
  EXPECT_EQ(a1111.error().span->begin, kMaxPromptNesting);
}

// What costs the most within the limits ends.
TEST(Prompts, HostileShapesEnd) {
  const std::string hostile[] = {
      repeated("(", kMaxPromptNesting) + repeated(":", kMaxPromptBytes / 4),
      repeated("(a)", kMaxPromptBytes / 3),
      repeated(")(", kMaxPromptBytes / 2),
      repeated(" ", kMaxPromptBytes),
      repeated("BREAK ", kMaxPromptBytes / 6),
      repeated("AND", kMaxPromptBytes / 3),
      repeated(": 1", kMaxPromptBytes / 3),
      repeated("\\", kMaxPromptBytes),
      repeated(" embedding:", kMaxPromptBytes / 11),
  };
  for (const std::string& prompt : hostile) {
    (void)a1111_segments(prompt);
    (void)a1111_subprompts(prompt);
    const auto segments = comfy_segments(prompt);
    if (segments.ok()) (void)comfy_groups(*segments);
  }
}

TEST(PythonFloat, ReadsWhatPythonReads) {
  const std::pair<const char*, double> numbers[] = {
      {"1", 1},
      {" 1.5\n", 1.5},
      {"+.5", .5},
      {"-3.", -3},
      {"1e3", 1000},
      {"1.E+2", 100},
      {"1_000.0_1", 1000.01},
      {"1e-400", 0},
      {"4.9e-324", 4.9e-324},
      {"0.1000000000000000055511151231257827", 0.1},
      {"\u00a0１２\u2003", 12},
      {"1e400", HUGE_VAL},
      {"-inf", -HUGE_VAL},
      {"iNfInItY", HUGE_VAL},
  };
  for (const auto& [text, value] : numbers) EXPECT_EQ(python_float(text), value) << text;
  EXPECT_TRUE(std::signbit(*python_float("-0")));
  EXPECT_TRUE(std::isnan(*python_float("nan")));
  const char* const refused[] = {"",     " ",     ".",   "+",    "1.1.1", "1 2",    "0x10",
                                 "1__0", "_1",    "1_",  "1_.",  "1e",    "1e+",    "e1",
                                 "--1",  "1e1.5", "1e_", "infi", "½",     "1\u00e9"};
  for (const char* text : refused) EXPECT_EQ(python_float(text), std::nullopt) << text;
}

}  // namespace
}  // namespace tagscope
