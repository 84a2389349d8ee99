// Keccak in lanes of 64 bits against FIPS 202 bit by bit.
#include <numeric>

#include "hash/streaming.h"
#include "reference/slow_keccak.h"

namespace tagscope::testing {
namespace {

constexpr std::size_t kDigestBits[] = {224, 256, 384, 512};

TEST(SlowSha3, GivesHashlibsDigests) {
  std::size_t checked = 0;
  const auto file = read_json("vectors/hash_texts.json");
  for (const auto& golden : file["cases"]) {
    const auto text = golden["text"].get<std::string>();
    for (const std::size_t bits : kDigestBits) {
      ASSERT_EQ(to_hex(reference::slow_sha3(bits, text)),
                golden["sha3_" + std::to_string(bits)].get<std::string>())
          << text;
      ++checked;
    }
  }
  EXPECT_GE(checked, 20U);
}

TEST(Sha3, EqualsTheSlowOneAcrossTheBordersOfBlocks) {
  std::mt19937 random(17);
  for (const std::size_t bits : kDigestBits) {
    const std::string id = "sha3-" + std::to_string(bits);
    const std::size_t rate_bytes = 200 - bits / 4;
    std::vector<std::size_t> lengths(301);
    std::iota(lengths.begin(), lengths.end(), std::size_t{0});
    for (std::size_t border = 3 * rate_bytes; border <= 8 * rate_bytes; border += rate_bytes) {
      for (const std::size_t length : {border - 1, border, border + 1}) lengths.push_back(length);
    }
    for (const std::size_t length : lengths) {
      std::string bytes(length, '\0');
      for (char& c : bytes) c = static_cast<char>(random());
      const std::string expected = to_hex(reference::slow_sha3(bits, bytes));
      ASSERT_EQ(digest_of(id, "", bytes), expected) << id << " " << length;
      const auto digest = start(id, "");
      for (int repeat = 0; repeat < 3; ++repeat) {
        ASSERT_EQ(digest_in_cuts(*digest, bytes, random), expected) << id << " " << length;
        digest->reset();
      }
    }
  }
}

}  // namespace
}  // namespace tagscope::testing
