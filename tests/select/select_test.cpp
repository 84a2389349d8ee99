// Selections against slices of a list of code points.
#include <random>
#include <vector>

#include "support/files.h"
#include "support/methods.h"

namespace tagscope::testing {
namespace {

std::string joined(const std::vector<std::string>& units) {
  std::string out;
  for (const std::string& unit : units) out += unit;
  return out;
}

// The slice that Python would take: positions begin, begin + step, … below end.
std::vector<std::string> slice(const std::vector<std::string>& units, std::size_t begin,
                               std::size_t end, std::size_t step = 1) {
  std::vector<std::string> out;
  for (std::size_t i = begin; i < end && i < units.size(); i += step) out.push_back(units[i]);
  return out;
}

TEST(Selections, TheirVectorsHold) {
  std::size_t methods = 0;
  for (const Method* method : catalog()) {
    if (method->room != Room::select) continue;
    ++methods;
    for (const Vector& vector : method->vectors) {
      const auto result = run(method->id, vector.arguments, value_of(vector.input));
      ASSERT_TRUE(result.ok()) << method->id;
      EXPECT_EQ(*result, value_of(vector.output)) << method->id;
    }
  }
  EXPECT_EQ(methods, 5U);
}

TEST(Selections, EqualSlicesOfTextsAndOfBytes) {
  static const std::string kCharacters[] = {"a", "é", "€", "😀", "\u0301", "_"};
  std::mt19937 random(17);
  for (int repeat = 0; repeat < 2000; ++repeat) {
    const bool is_text = repeat % 2 == 0;
    std::vector<std::string> units(random() % 12);
    for (std::string& unit : units) {
      unit = is_text ? kCharacters[random() % std::size(kCharacters)]
                     : std::string(1, static_cast<char>(random()));
    }
    const Value input = is_text ? Value::text(joined(units)) : Value::bytes(joined(units));
    const std::size_t n = random() % 15;
    const std::size_t at = random() % 15;
    const std::size_t step = 1 + random() % 5;
    const std::string written_n = "n=" + std::to_string(n);
    const auto expect = [&](std::string_view id, const std::string& arguments,
                            const std::vector<std::string>& expected) {
      const auto result = run(id, arguments, input);
      ASSERT_TRUE(result.ok()) << id;
      EXPECT_EQ(result->data, joined(expected)) << id << " " << arguments;
      EXPECT_EQ(result->kind, input.kind);
    };
    expect("take", written_n, slice(units, 0, n));
    expect("drop", written_n, slice(units, n, units.size()));
    expect("last", written_n, slice(units, units.size() - std::min(n, units.size()), units.size()));
    expect("window", "at=" + std::to_string(at) + " " + written_n, slice(units, at, at + n));
    expect("every", "step=" + std::to_string(step) + " from=" + std::to_string(at),
           slice(units, at, units.size(), step));
  }
}

TEST(Selections, TheLargestPositionsReachTheEnd) {
  const std::string most = "18446744073709551615";
  const Value input = Value::text("aé😀");
  EXPECT_EQ(run("take", "n=" + most, input)->data, "aé😀");
  EXPECT_EQ(run("last", "n=" + most, input)->data, "aé😀");
  EXPECT_EQ(run("drop", "n=" + most, input)->data, "");
  EXPECT_EQ(run("window", "at=1 n=" + most, input)->data, "é😀");
  EXPECT_EQ(run("window", "at=" + most + " n=" + most, input)->data, "");
  EXPECT_EQ(run("every", "step=" + most, input)->data, "a");
}

TEST(Selections, NegativeAndMissingArgumentsAreErrors) {
  for (const char* id : {"take", "drop", "last", "window"}) {
    EXPECT_EQ(run(id, "n=-1", Value::text("a")).error().code, "bad-argument") << id;
    EXPECT_EQ(run(id, "", Value::text("a")).error().code, "missing-argument") << id;
  }
  EXPECT_EQ(run("every", "step=0", Value::text("a")).error().where, "step");
  EXPECT_EQ(run("every", "step=1 from=-1", Value::text("a")).error().where, "from");
}

}  // namespace
}  // namespace tagscope::testing
