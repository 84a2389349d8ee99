#include "text/case.h"

#include "support/files.h"
#include "text/text_support.h"

namespace tagscope::testing {
namespace {

TEST(Case, EveryCodePointAsPython) {
  const auto vectors = read_json("vectors/text_case.json");
  expect_checksums(vectors["lower_crc32"], [](char32_t c) { return to_lower(utf8_of(c)); });
  expect_checksums(vectors["upper_crc32"], [](char32_t c) { return to_upper(utf8_of(c)); });
}

TEST(Case, SampleTextsAsPython) {
  const auto samples = read_json("vectors/text_case.json")["samples"];
  for (const auto& sample : samples) {
    const std::string text = sample[0];
    EXPECT_EQ(to_lower(text), sample[1]) << sample[0];
    EXPECT_EQ(to_upper(text), sample[2]) << sample[0];
  }
}

TEST(Case, OneCodePointTakenAloneHasNoFinalSigma) {
  std::string out;
  for (const char32_t c : U"ΟΔΟΣ") {
    if (c != 0) append_lower(out, c);
  }
  EXPECT_EQ(out, "οδοσ");
  EXPECT_EQ(to_lower("ΟΔΟΣ"), "οδος");
}

}  // namespace
}  // namespace tagscope::testing
