#include "support/files.h"

#include <fstream>
#include <iterator>

namespace tagscope::testing {

std::string read_file(const std::string& path) {
  std::ifstream in(std::string(kTestsFolder) + "/" + path, std::ios::binary);
  EXPECT_TRUE(in.good()) << "cannot read tests/" << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

nlohmann::json read_json(const std::string& path) { return nlohmann::json::parse(read_file(path)); }

std::vector<nlohmann::json> read_json_lines(const std::string& path) {
  std::vector<nlohmann::json> lines;
  std::ifstream in(std::string(kTestsFolder) + "/" + path);
  EXPECT_TRUE(in.good()) << "cannot read tests/" << path;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(nlohmann::json::parse(line));
  }
  return lines;
}

}  // namespace tagscope::testing
