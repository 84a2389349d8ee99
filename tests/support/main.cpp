#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>

// GoogleTest is told by the environment which shard to run; what Emscripten compiles does not see
// that: `--shard=INDEX/TOTAL` says the same.
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  constexpr std::string_view kShard = "--shard=";
  for (int i = 1; i < argc; ++i) {
    std::string_view shard = argv[i];
    if (!shard.starts_with(kShard)) continue;
    shard.remove_prefix(kShard.size());
    const auto slash = shard.find('/');
    setenv("GTEST_SHARD_INDEX", std::string(shard.substr(0, slash)).c_str(), 1);
    setenv("GTEST_TOTAL_SHARDS", std::string(shard.substr(slash + 1)).c_str(), 1);
  }
  return RUN_ALL_TESTS();
}
