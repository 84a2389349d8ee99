// BLAKE2sp in lanes against the textbook: leaves by themselves, a word at a time.
#include "hash/blake2_rounds.h"
#include "hash/lanes.h"
#include "hash/streaming.h"
#include "reference/slow_blake2s.h"

namespace tagscope::testing {
namespace {

TEST(SlowBlake2sp, GivesTheOfficialVectors) {
  const auto file = read_json("vectors/kat_blake2sp.json");
  ASSERT_FALSE(file["cases"].empty());
  for (const auto& golden : file["cases"]) {
    std::string bytes(golden["in_len"].get<std::size_t>(), '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i);
    std::string key(golden["key"].get<std::string>().size() / 2, '\0');
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<char>(i);
    ASSERT_EQ(to_hex(reference::slow_blake2sp(key, 32, bytes)), golden["out"].get<std::string>())
        << bytes.size();
  }
}

TEST(Blake2sp, EqualsTheSlowOneAcrossTheBordersOfBlocksAndStripes) {
  std::mt19937 random(11);
  std::vector<std::size_t> lengths;
  for (std::size_t length = 0; length <= 300; ++length) lengths.push_back(length);
  for (std::size_t border = 320; border <= 2560; border += 64) {
    for (const std::size_t length : {border - 1, border, border + 1}) lengths.push_back(length);
  }
  for (const std::size_t length : lengths) {
    std::string bytes(length, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    std::string key(random() % 33, '\0');
    for (char& c : key) c = static_cast<char>(random());
    const unsigned size = 1 + random() % 32;
    for (const bool keyed : {false, true}) {
      const std::string used = keyed ? key : "";
      const std::string arguments =
          "size=" + std::to_string(size) + (used.empty() ? "" : " key=0x" + to_hex(used));
      const std::string expected = to_hex(reference::slow_blake2sp(used, size, bytes));
      ASSERT_EQ(digest_of("blake2sp", arguments, bytes), expected) << length << " " << arguments;
      const auto digest = start("blake2sp", arguments);
      for (int repeat = 0; repeat < 3; ++repeat) {
        ASSERT_EQ(digest_in_cuts(*digest, bytes, random), expected) << length << " " << arguments;
        digest->reset();
      }
    }
  }
}

// Counters beyond 4 GiB a leaf (32 GiB in all) can't be reached by feeding: the compression is
// asked directly, four lanes with four different positions against one word at a time.
TEST(Blake2Compression, LanesEqualWordsAtAnyPosition) {
  std::mt19937 random(13);
  for (int repeat = 0; repeat < 200; ++repeat) {
    std::array<hash::Lanes, 8> h_lanes;
    std::array<hash::Lanes, 16> m_lanes;
    hash::Blake2Position<hash::Lanes> at_lanes;
    const auto fill = [&](hash::Lanes& lanes) {
      for (int lane = 0; lane < 4; ++lane) lanes[lane] = static_cast<std::uint32_t>(random());
    };
    for (auto& lanes : h_lanes) fill(lanes);
    for (auto& lanes : m_lanes) fill(lanes);
    for (auto* lanes :
         {&at_lanes.count_low, &at_lanes.count_high, &at_lanes.last_block, &at_lanes.last_node}) {
      fill(*lanes);
    }
    auto result = h_lanes;
    hash::blake2_compress<hash::Blake2sNumbers>(result, m_lanes, at_lanes);
    for (int lane = 0; lane < 4; ++lane) {
      std::array<std::uint32_t, 8> h;
      std::array<std::uint32_t, 16> m;
      for (std::size_t i = 0; i < 8; ++i) h[i] = h_lanes[i][lane];
      for (std::size_t i = 0; i < 16; ++i) m[i] = m_lanes[i][lane];
      hash::blake2_compress<hash::Blake2sNumbers>(
          h, m,
          hash::Blake2Position<std::uint32_t>{at_lanes.count_low[lane], at_lanes.count_high[lane],
                                              at_lanes.last_block[lane], at_lanes.last_node[lane]});
      for (std::size_t i = 0; i < 8; ++i) ASSERT_EQ(result[i][lane], h[i]) << i << " " << lane;
    }
  }
}

}  // namespace
}  // namespace tagscope::testing
