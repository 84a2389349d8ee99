// Many short texts at once against one at a time, and the family that has lanes for it against its
// standards read literally.
#include "catalog/digests.h"
#include "hash/streaming.h"
#include "reference/slow_merkle_damgard.h"

namespace tagscope::testing {
namespace {

struct Slow {
  const char* id;
  std::string (*digest)(std::string_view);
};
constexpr Slow kSlow[] = {{"md5", reference::slow_md5},
                          {"sha1", reference::slow_sha1},
                          {"sha256", reference::slow_sha256}};

std::string random_bytes(std::mt19937& random, std::size_t length) {
  std::string bytes(length, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

std::string digests_in_hex(std::string_view id, const std::vector<std::string>& texts) {
  const std::vector<std::string_view> inputs(texts.begin(), texts.end());
  return to_hex(digests_of(*find_digest(id), inputs));
}

TEST(SlowMerkleDamgard, GivesHashlibsDigests) {
  const auto file = read_json("vectors/hashlib_pattern.json");
  ASSERT_FALSE(file["cases"].empty());
  for (const auto& golden : file["cases"]) {
    const std::string bytes = pattern(golden["len"].get<std::size_t>());
    for (const Slow& slow : kSlow) {
      ASSERT_EQ(to_hex(slow.digest(bytes)), golden[slow.id].get<std::string>()) << bytes.size();
    }
  }
}

TEST(MerkleDamgard, EqualsTheSlowOneAtEveryLength) {
  std::mt19937 random(29);
  for (std::size_t length = 0; length <= 300; ++length) {
    const std::string bytes = random_bytes(random, length);
    for (const Slow& slow : kSlow) {
      const std::string expected = to_hex(slow.digest(bytes));
      ASSERT_EQ(digest_of(slow.id, "", bytes), expected) << slow.id << " " << length;
      const auto digest = start(slow.id, "");
      ASSERT_EQ(digest_in_cuts(*digest, bytes, random), expected) << slow.id << " " << length;
    }
  }
}

TEST(Many, EqualsOneByOneForEveryDigest) {
  std::mt19937 random(31);
  for (const Method* method : digests()) {
    for (std::size_t size = 0; size <= 9; ++size) {
      for (int repeat = 0; repeat < 10; ++repeat) {
        std::vector<std::string> texts;
        std::string expected;
        for (std::size_t i = 0; i < size; ++i) {
          texts.push_back(random_bytes(random, random() % 201));
          expected += digest_of(method->id, "", texts.back());
        }
        ASSERT_EQ(digests_in_hex(method->id, texts), expected) << method->id << " of " << size;
      }
    }
  }
}

// From the lanes into the lengths that go one by one, every lane with another length.
TEST(Many, EqualsTheSlowOneAcrossTheBordersOfBlocks) {
  std::mt19937 random(37);
  std::vector<std::string> texts;
  for (std::size_t length = 0; length <= 700; ++length) {
    texts.push_back(random_bytes(random, length));
  }
  std::shuffle(texts.begin(), texts.end(), random);
  for (const Slow& slow : kSlow) {
    ASSERT_NE(find_digest(slow.id)->digest_many, nullptr) << slow.id;
    std::string expected;
    for (const std::string& text : texts) expected += to_hex(slow.digest(text));
    EXPECT_EQ(digests_in_hex(slow.id, texts), expected) << slow.id;
  }
}

}  // namespace
}  // namespace tagscope::testing
