// BLAKE3 in lanes, streamed, against the recursive tree of the paper, in its three modes.
#include "hash/streaming.h"
#include "recipe/recipe.h"
#include "reference/slow_blake3.h"

namespace tagscope::testing {
namespace {

// One mode, as arguments and as the reference computes it.
struct Mode {
  std::string arguments;
  std::string (*expected)(std::string_view message, std::size_t size);
};

constexpr const char* kKey = "whats-the-Elvish-word-for-friend";
constexpr const char* kContext = "2024-tagscope-test";
const Mode kModes[] = {
    {"", [](std::string_view m, std::size_t n) { return reference::slow_blake3(m, n); }},
    {std::string(" key=") + kKey,
     [](std::string_view m, std::size_t n) { return reference::slow_blake3_keyed(kKey, m, n); }},
    {std::string(" context=") + kContext,
     [](std::string_view m, std::size_t n) {
       return reference::slow_blake3_derived(kContext, m, n);
     }},
};

TEST(SlowBlake3, GivesTheOfficialVectors) {
  const auto file = read_json("vectors/kat_blake3.json");
  const auto key = file["key"].get<std::string>();
  const auto context = file["context_string"].get<std::string>();
  ASSERT_FALSE(file["cases"].empty());
  for (const auto& golden : file["cases"]) {
    const std::string bytes = pattern(golden["input_len"].get<std::size_t>());
    EXPECT_EQ(to_hex(reference::slow_blake3(bytes, 131)), golden["hash"].get<std::string>());
    EXPECT_EQ(to_hex(reference::slow_blake3_keyed(key, bytes, 131)),
              golden["keyed_hash"].get<std::string>());
    EXPECT_EQ(to_hex(reference::slow_blake3_derived(context, bytes, 131)),
              golden["derive_key"].get<std::string>());
  }
}

// The key and the context have blanks, so they are read as a recipe's.
TEST(Blake3, GivesTheOfficialVectors) {
  const auto file = read_json("vectors/kat_blake3.json");
  const std::pair<const char*, std::string> modes[] = {
      {"hash", ""},
      {"keyed_hash", " key=\"" + file["key"].get<std::string>() + "\""},
      {"derive_key", " context=\"" + file["context_string"].get<std::string>() + "\""}};
  ASSERT_FALSE(file["cases"].empty());
  for (const auto& golden : file["cases"]) {
    const std::string bytes = pattern(golden["input_len"].get<std::size_t>());
    for (const auto& [name, arguments] : modes) {
      const auto expected = golden[name].get<std::string>();
      for (const std::size_t size : {131U, 65U, 64U, 32U, 1U}) {
        const auto recipe = read_recipe("blake3 size=" + std::to_string(size) + arguments);
        ASSERT_TRUE(recipe.ok()) << recipe.error().what;
        const auto digest = run(*recipe, Value::bytes(bytes));
        ASSERT_TRUE(digest.ok());
        ASSERT_EQ(to_hex(digest->data), expected.substr(0, 2 * size)) << bytes.size() << arguments;
      }
    }
  }
}

TEST(Blake3, EqualsTheSlowOneAcrossTheBordersOfBlocksChunksAndGroups) {
  std::mt19937 random(23);
  std::vector<std::size_t> lengths;
  for (std::size_t length = 0; length <= 300; ++length) lengths.push_back(length);
  // All numbers of chunks at the end of the stream after 0, 1, 2 and 3 groups of 16.
  for (std::size_t chunks = 1; chunks <= 65; ++chunks) {
    for (const std::size_t length : {1024 * chunks - 1, 1024 * chunks, 1024 * chunks + 1}) {
      lengths.push_back(length);
    }
  }
  lengths.push_back(102400);
  for (const std::size_t length : lengths) {
    std::string bytes(length, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::size_t size = 1 + random() % 200;
    for (const Mode& mode : kModes) {
      const std::string arguments = "size=" + std::to_string(size) + mode.arguments;
      const std::string expected = to_hex(mode.expected(bytes, size));
      ASSERT_EQ(digest_of("blake3", arguments, bytes), expected) << length << " " << arguments;
      const auto digest = start("blake3", arguments);
      for (int repeat = 0; repeat < 2; ++repeat) {
        ASSERT_EQ(digest_in_cuts(*digest, bytes, random), expected) << length << " " << arguments;
        digest->reset();
      }
      ASSERT_EQ(digest_in_pieces(*digest, bytes, 16384), expected) << length << " " << arguments;
    }
  }
}

TEST(Blake3, ExtendsItsOutputToTheLimit) {
  const std::string bytes = pattern(3000);
  EXPECT_EQ(digest_of("blake3", "size=65536", bytes), to_hex(reference::slow_blake3(bytes, 65536)));
}

TEST(Blake3, RefusesWhatTheModesExclude) {
  const std::pair<std::string, const char*> wrong[] = {
      {"size=0", "size"},
      {"size=65537", "size"},
      {"key=0x" + std::string(62, '0'), "key"},
      {"key=0x" + std::string(66, '0'), "key"},
      {std::string("context=a key=") + kKey, "context"},
  };
  for (const auto& [arguments, where] : wrong) {
    const auto result = testing::run("blake3", arguments, Value::bytes(""));
    ASSERT_FALSE(result.ok()) << arguments;
    EXPECT_EQ(result.error().code, "bad-argument") << arguments;
    EXPECT_EQ(result.error().where, where) << arguments;
  }
}

}  // namespace
}  // namespace tagscope::testing
