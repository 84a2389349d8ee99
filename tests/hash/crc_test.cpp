// Folded and braided CRCs against one bit at a time.
#include "hash/streaming.h"
#include "reference/slow_crc.h"

namespace tagscope::testing {
namespace {

std::string to_hex(std::uint64_t value, unsigned width) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned shift = width; shift > 0; shift -= 4)
    hex.push_back(kDigits[value >> (shift - 4) & 15]);
  return hex;
}

// The catalogue's own check values prove the reference before it judges anything.
TEST(SlowCrc, GivesTheCheckValuesOfTheCatalogue) {
  std::size_t checked = 0;
  const auto file = read_json("vectors/crc.json");
  ASSERT_FALSE(file["catalogue"].empty());
  for (const auto& entry : file["catalogue"]) {
    const auto number = [&](const char* name) {
      return std::stoull(entry[name].get<std::string>(), nullptr, 16);
    };
    const reference::CrcParameters parameters{.width = entry["width"].get<unsigned>(),
                                              .polynomial = number("poly"),
                                              .initial = number("init"),
                                              .reflects_input = entry["refin"].get<bool>(),
                                              .reflects_output = entry["refout"].get<bool>(),
                                              .final_xor = number("xorout")};
    EXPECT_EQ(reference::slow_crc(parameters, "123456789"), number("check")) << entry["name"];
    ++checked;
  }
  EXPECT_EQ(checked, 11U);
}

struct Crc {
  const char* id;
  reference::CrcParameters parameters;
};

constexpr std::uint64_t kOnes32 = 0xFFFFFFFF;
constexpr std::uint64_t kOnes64 = ~std::uint64_t{0};
constexpr Crc kCrcs[] = {
    {"crc32", {32, 0x04C11DB7, kOnes32, true, true, kOnes32}},
    {"crc32c", {32, 0x1EDC6F41, kOnes32, true, true, kOnes32}},
    {"crc64", {64, 0x42F0E1EBA9EA3693, kOnes64, true, true, kOnes64}},
    {"crc64-ecma", {64, 0x42F0E1EBA9EA3693, 0, false, false, 0}},
};

TEST(Crc, EqualsTheSlowOneOnRandomBytesOfEveryLength) {
  std::mt19937 random(7);
  std::string bytes(300, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  for (const Crc& crc : kCrcs) {
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
      const std::string_view head = std::string_view(bytes).substr(0, length);
      const std::string expected =
          to_hex(reference::slow_crc(crc.parameters, head), crc.parameters.width);
      ASSERT_EQ(digest_of(crc.id, "", head), expected) << crc.id << " " << length;
      const auto digest = start(crc.id, "");
      ASSERT_EQ(digest_in_cuts(*digest, head, random), expected) << crc.id << " " << length;
    }
  }
}

// Long enough to be folded, in runs of 8 KiB, by whole updates and by parts of them.
TEST(Crc, EqualsTheSlowOneOnRunsThatAreFolded) {
  std::mt19937 random(9);
  std::string bytes(70'000, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  std::vector<std::size_t> lengths = {8191, 8192, 8193, 16'384, 65'536, bytes.size()};
  for (int i = 0; i < 40; ++i) lengths.push_back(random() % bytes.size());
  for (const Crc& crc : kCrcs) {
    for (const std::size_t length : lengths) {
      const std::string_view head = std::string_view(bytes).substr(0, length);
      const std::string expected =
          to_hex(reference::slow_crc(crc.parameters, head), crc.parameters.width);
      ASSERT_EQ(digest_of(crc.id, "", head), expected) << crc.id << " " << length;
      const std::size_t cut = random() % (length + 1);
      const auto digest = start(crc.id, "");
      feed(*digest, head.substr(0, cut));
      ASSERT_EQ(digest_in_pieces(*digest, head.substr(cut), head.size()), expected)
          << crc.id << " " << cut << " of " << length;
    }
  }
}

TEST(Adler32, EqualsTheTwoSumsTakenSlowly) {
  // Bytes of 255 come closest to overflowing the sums that are reduced only now and then.
  std::mt19937 random(8);
  for (const std::size_t length : {0, 1, 2, 5551, 5552, 5553, 11104, 20000}) {
    std::string bytes(length, '\xFF');
    std::uint64_t sum = 1;
    std::uint64_t sum_of_sums = 0;
    for (const char c : bytes) {
      sum = (sum + static_cast<unsigned char>(c)) % 65521;
      sum_of_sums = (sum_of_sums + sum) % 65521;
    }
    const std::string expected = to_hex(sum_of_sums << 16 | sum, 32);
    EXPECT_EQ(digest_of("adler32", "", bytes), expected) << length;
    const auto digest = start("adler32", "");
    EXPECT_EQ(digest_in_cuts(*digest, bytes, random), expected) << length;
  }
}

}  // namespace
}  // namespace tagscope::testing
