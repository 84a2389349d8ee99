// XXH64 against its specification read literally, under any seed.
#include "hash/streaming.h"
#include "reference/slow_xxh64.h"

namespace tagscope::testing {
namespace {

std::string canonical(std::uint64_t hash) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(hash >> shift));
  return to_hex(bytes);
}

TEST(SlowXxh64, GivesTheLibrarysDigests) {
  const auto file = read_json("vectors/xxh64.json");
  std::size_t checked = 0;
  for (const auto& golden : file["cases"]) {
    const std::string bytes = pattern(golden["len"].get<std::size_t>());
    ASSERT_EQ(canonical(reference::slow_xxh64(0, bytes)), golden["xxh64"].get<std::string>());
    ++checked;
  }
  EXPECT_GE(checked, 300U);
}

TEST(Xxh64, TakesEverySeedOfSixtyFourBits) {
  const auto file = read_json("vectors/xxh64.json");
  std::size_t checked = 0;
  for (const auto& golden : file["cases"]) {
    if (!golden.contains("seeded")) continue;
    const std::string bytes = pattern(golden["len"].get<std::size_t>());
    for (std::size_t i = 0; i < file["seeds"].size(); ++i) {
      const std::string arguments = "seed=" + file["seeds"][i].get<std::string>();
      const auto expected = golden["seeded"][i].get<std::string>();
      ASSERT_EQ(digest_of("xxh64", arguments, bytes), expected) << bytes.size() << arguments;
      const auto digest = start("xxh64", arguments);
      feed(*digest, "abandoned");
      digest->reset();
      ASSERT_EQ(digest_in_pieces(*digest, bytes, 7), expected) << bytes.size() << arguments;
      ++checked;
    }
  }
  EXPECT_GE(checked, 300U);
}

TEST(Xxh64, RefusesSeedsOutOfRange) {
  for (const char* arguments : {"seed=-1", "seed=18446744073709551616"}) {
    const auto result = run("xxh64", arguments, Value::bytes(""));
    ASSERT_FALSE(result.ok()) << arguments;
    EXPECT_EQ(result.error().code, "bad-argument");
    EXPECT_EQ(result.error().where, "seed");
  }
}

TEST(Xxh64, EqualsTheSlowOneAcrossTheBordersOfStripes) {
  std::mt19937 random(19);
  for (std::size_t length = 0; length <= 300; ++length) {
    std::string bytes(length, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::uint64_t seed = std::uint64_t{random()} << 32 | random();
    const std::string arguments = "seed=" + std::to_string(seed);
    const std::string expected = canonical(reference::slow_xxh64(seed, bytes));
    ASSERT_EQ(digest_of("xxh64", arguments, bytes), expected) << length << " " << arguments;
    const auto digest = start("xxh64", arguments);
    ASSERT_EQ(digest_in_cuts(*digest, bytes, random), expected) << length << " " << arguments;
  }
}

}  // namespace
}  // namespace tagscope::testing
