#include "recipe/recipe.h"

#include <gtest/gtest.h>

#include <random>

#include "support/files.h"

namespace tagscope {
namespace {

constexpr char kPonies[] =
    "rot n=42 | xor key=\"I love ponies, they are the best, there is nothing better than a cute "
    "pony in the whole world\"";

Value must_run(std::string_view source, Value input) {
  auto recipe = read_recipe(source);
  EXPECT_TRUE(recipe.ok()) << source << ": " << (recipe.ok() ? "" : recipe.error().what);
  if (!recipe.ok()) return {};
  auto output = run(*recipe, std::move(input));
  EXPECT_TRUE(output.ok()) << source << ": " << (output.ok() ? "" : output.error().what);
  return output.ok() ? *output : Value{};
}

// The observation of 2024, step by step.
TEST(Recipe, TheWorkedCase) {
  const Value name = Value::text("houshou_marine");
  EXPECT_EQ(must_run("rot n=42", name), Value::text("xekixek_cqhydu"));
  const Value bytes = must_run(kPonies, name);
  EXPECT_EQ(bytes.kind, Kind::bytes);
  EXPECT_EQ(testing::to_hex(bytes.data), "314507060e004b2f0c1f011c1759");
  EXPECT_EQ(must_run(std::string(kPonies) + " | cp437", name), Value::text("1E♠♫K/♀▼☺∟↨Y"));
}

TEST(Recipe, CanonicalFormWritesEveryArgument) {
  const std::pair<const char*, const char*> cases[] = {
      {"rot", "rot n=13"},
      {"  rot\tn=0x2a|xor\nkey=abc ", "rot n=42 | xor key=\"abc\""},
      {"xor key=0x61FF", "xor key=0x61ff"},
      {"xor key=42", "xor key=\"42\""},
      {R"(xor key="0x61")", R"(xor key="0x61")"},
      {R"(xor key="a\u0062\"\n")", R"(xor key="ab\"\n")"},
      {"~hex", "~hex"},
      {"rot n=-9223372036854775808", "rot n=-9223372036854775808"},
      {"rot n=18446744073709551615", "rot n=18446744073709551615"},
  };
  for (const auto& [source, canonical] : cases) {
    auto recipe = read_recipe(source);
    ASSERT_TRUE(recipe.ok()) << source << ": " << recipe.error().what;
    EXPECT_EQ(recipe->canonical(), canonical);
  }
}

struct Bad {
  std::string source;
  const char* code;
  const char* where;
};

TEST(Recipe, BadSourceIsAnErrorThatSaysWhere) {
  const Bad cases[] = {
      {"", "bad-recipe", "step 1"},
      {"rot |", "bad-recipe", "step 2"},
      {"rot || hex", "bad-recipe", "step 2"},
      {"rto", "unknown-method", "step 1"},
      {"hex | nothing-here", "unknown-method", "step 2"},
      {"ROT", "bad-recipe", "step 1"},
      {"rot n", "bad-recipe", "step 1"},
      {"rot n=", "bad-recipe", "step 1, n"},
      {"rot n=13 n=14", "repeated-argument", "step 1, n"},
      {"rot k=13", "unknown-argument", "step 1, k"},
      {"rot n=thirteen", "bad-argument", "step 1, n"},
      {"rot n=\"13\"", "bad-argument", "step 1, n"},
      {"rot n=18446744073709551616", "bad-argument", "step 1, n"},
      {"rot n=-9223372036854775809", "bad-argument", "step 1, n"},
      {"rot n=" + std::string(400, '9'), "bad-argument", "step 1, n"},
      {"xor", "missing-argument", "step 1, key"},
      {"xor key=\"\"", "bad-argument", "step 1, key"},
      {"xor key=0x", "bad-recipe", "step 1, key"},
      {"xor key=0xabc", "bad-argument", "step 1, key"},
      {"xor key=0xzz", "bad-recipe", "step 1, key"},
      {"xor key=\"abc", "bad-recipe", "step 1, key"},
      {"xor key=\"abc\\", "bad-recipe", "step 1, key"},
      {"xor key=\"\\ud800\"", "bad-recipe", "step 1, key"},
      {"xor key=\"a\"b", "bad-recipe", "step 1, key"},
      {"xor key=a\"b\"", "bad-recipe", "step 1, key"},
      {"~sha256", "not-reversible", "step 1"},
      {"sha256 | rot", "type-mismatch", "step 2"},
      {"xor key=a | lower", "type-mismatch", "step 2"},
      {"keep class=vowels", "bad-argument", "step 1, class"},
      {std::string(17000, ' ') + "rot", "too-long", ""},
  };
  for (const Bad& bad : cases) {
    auto recipe = read_recipe(bad.source);
    ASSERT_FALSE(recipe.ok()) << bad.source;
    EXPECT_EQ(recipe.error().code, bad.code) << bad.source << ": " << recipe.error().what;
    EXPECT_EQ(recipe.error().where, bad.where) << bad.source;
    EXPECT_FALSE(recipe.error().what.empty()) << bad.source;
    EXPECT_LE(recipe.error().span.value_or(Span{}).end, bad.source.size()) << bad.source;
  }
}

TEST(Recipe, BoundsTheNumberOfSteps) {
  std::string source = "reverse";
  for (int i = 1; i < 64; ++i) source += "|reverse";
  EXPECT_TRUE(read_recipe(source).ok());
  auto recipe = read_recipe(source + "|reverse");
  ASSERT_FALSE(recipe.ok());
  EXPECT_EQ(recipe.error().code, "too-long");
}

TEST(Recipe, TypeMismatchNamesStepAndBothKinds) {
  auto recipe = read_recipe("sha256 | take n=3 | rot n=1");
  ASSERT_FALSE(recipe.ok());
  EXPECT_EQ(recipe.error().where, "step 3");
  EXPECT_EQ(recipe.error().what,
            "rot takes text, but gets bytes; hex, base64 or utf8 make text of bytes");
  auto output = run(*read_recipe("rot"), Value::bytes("abc"));
  ASSERT_FALSE(output.ok());
  EXPECT_EQ(output.error().code, "type-mismatch");
}

TEST(Recipe, KindsFollowTheValueThroughSelections) {
  EXPECT_EQ(*kind_after(*read_recipe("take n=3"), Kind::text), Kind::text);
  EXPECT_EQ(*kind_after(*read_recipe("take n=3"), Kind::bytes), Kind::bytes);
  EXPECT_EQ(*kind_after(*read_recipe("sha256 | take n=3"), Kind::text), Kind::bytes);
  EXPECT_EQ(*kind_after(*read_recipe("sha256 | hex | reverse"), Kind::text), Kind::text);
}

TEST(Recipe, GrowthIsBounded) {
  std::string source = "hex";
  for (int i = 1; i < 64; ++i) source += "|hex";
  auto output = run(*read_recipe(source), Value::text("abc"));
  ASSERT_FALSE(output.ok());
  EXPECT_EQ(output.error().code, "too-large");
}

TEST(Recipe, AFailingStepIsNamed) {
  auto output = run(*read_recipe("reverse | ~hex"), Value::text("xyz"));
  ASSERT_FALSE(output.ok());
  EXPECT_TRUE(output.error().where.starts_with("step 2")) << output.error().where;
}

// Any text is read or refused; it never crashes or hangs.
TEST(Recipe, RandomSourcesAreReadOrRefused) {
  std::mt19937 random(2024);
  const std::string alphabet = "rot xor|~hex key=\"n\\u0=61_-éZ\n\t";
  for (int i = 0; i < 50000; ++i) {
    std::string source;
    const auto length = random() % 40;
    for (unsigned at = 0; at < length; ++at) source += alphabet[random() % alphabet.size()];
    auto recipe = read_recipe(source);
    if (recipe.ok()) {
      EXPECT_EQ(read_recipe(recipe->canonical())->canonical(), recipe->canonical()) << source;
    }
  }
}

}  // namespace
}  // namespace tagscope
