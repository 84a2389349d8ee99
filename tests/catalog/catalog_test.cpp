// Rules that hold for every method of the list, whatever it computes.
#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include <set>

#include "catalog/describe.h"
#include "recipe/recipe.h"
#include "support/byte_vocabularies.h"
#include "support/files.h"
#include "support/vocabulary.h"

namespace tagscope {
namespace {

class Catalog : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    testing::require_vocabulary();
    testing::require_byte_vocabularies();
  }
};

// A vector may write bytes as the text that they spell.
bool agrees(const Value& output, const Sample& sample) {
  const Value published = value_of(sample);
  if (output.kind == Kind::bytes && published.kind == Kind::text)
    return output.data == published.data;
  return output == published;
}

std::string step_of(const Method& method, const Vector& vector, bool inverse = false) {
  std::string step = (inverse ? "~" : "") + std::string(method.id);
  if (!vector.arguments.empty()) step += " " + std::string(vector.arguments);
  return step;
}

TEST_F(Catalog, IdsAreUniqueAndWellFormed) {
  std::set<std::string_view> ids;
  for (const Method* method : catalog()) {
    EXPECT_TRUE(ids.insert(method->id).second) << method->id;
    EXPECT_EQ(method->id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              std::string_view::npos)
        << method->id;
    EXPECT_EQ(find_method(method->id), method);
    EXPECT_FALSE(method->summary.ends_with('.')) << method->id;
  }
  EXPECT_EQ(find_method("no-such-method"), nullptr);
}

TEST_F(Catalog, HasTheMethodsOfTheFirstEdition) {
  for (const char* id :
       {"rot",   "rot47",  "atbash",      "xor",      "reverse", "hex",  "base64", "cp437",
        "lower", "spaces", "underscores", "keep",     "take",    "last", "crc32",  "crc64",
        "md5",   "sha1",   "sha256",      "blake2sp", "utf8",    "clip"}) {
    EXPECT_NE(find_method(id), nullptr) << id;
  }
}

TEST_F(Catalog, EveryVectorHolds) {
  for (const Method* method : catalog()) {
    for (const Vector& vector : method->vectors) {
      const std::string step = step_of(*method, vector);
      auto recipe = read_recipe(step);
      ASSERT_TRUE(recipe.ok()) << step << ": " << recipe.error().what;
      auto output = run(*recipe, value_of(vector.input));
      ASSERT_TRUE(output.ok()) << step << ": " << output.error().what;
      EXPECT_TRUE(agrees(*output, vector.output))
          << step << " of " << vector.input.written << " gives " << output->data;
    }
  }
}

// The inverse gives the vector's input back, or something that maps to the same output
// (the inverse of an encoding that reads leniently is not the only preimage).
TEST_F(Catalog, EveryInverseUndoesItsVectors) {
  for (const Method* method : catalog()) {
    if (!method->reversible) continue;
    for (const Vector& vector : method->vectors) {
      const std::string step = step_of(*method, vector, true);
      auto inverse = read_recipe(step);
      ASSERT_TRUE(inverse.ok()) << step << ": " << inverse.error().what;
      auto back = run(*inverse, value_of(vector.output));
      ASSERT_TRUE(back.ok()) << step << ": " << back.error().what;
      auto again = run(*read_recipe(step_of(*method, vector)), *back);
      ASSERT_TRUE(again.ok()) << step << ": " << again.error().what;
      EXPECT_TRUE(agrees(*again, vector.output)) << step << " gives " << again->data;
    }
  }
}

TEST_F(Catalog, UnknownArgumentsAreRefusedByEveryMethod) {
  for (const Method* method : catalog()) {
    auto recipe = read_recipe(std::string(method->id) + " no-such-argument=1");
    ASSERT_FALSE(recipe.ok()) << method->id;
    EXPECT_EQ(recipe.error().code, "unknown-argument") << method->id;
    EXPECT_EQ(recipe.error().where, "step 1, no-such-argument") << method->id;
  }
}

// What the canonical form writes is read back as the same step.
TEST_F(Catalog, CanonicalFormIsAFixedPoint) {
  for (const Method* method : catalog()) {
    for (const Vector& vector : method->vectors) {
      const std::string once = read_recipe(step_of(*method, vector))->canonical();
      auto again = read_recipe(once);
      ASSERT_TRUE(again.ok()) << once << ": " << again.error().what;
      EXPECT_EQ(again->canonical(), once);
    }
  }
}

TEST_F(Catalog, DigestsStreamAsTheyDigestAtOnce) {
  const std::string input = testing::pattern(1500);
  for (const Method* method : catalog()) {
    if (!method->is_digest) continue;
    auto prepared = method->prepare({}, false);
    ASSERT_TRUE(prepared.ok()) << method->id;
    const auto digest = prepared->start();
    for (std::size_t at = 0; at < input.size(); at += 37) {
      const std::string part = input.substr(at, 37);
      digest->update({reinterpret_cast<const std::uint8_t*>(part.data()), part.size()});
    }
    auto whole = prepared->apply(Value::bytes(input));
    ASSERT_TRUE(whole.ok());
    EXPECT_EQ(digest->finish(), whole->data) << method->id;
  }
}

TEST_F(Catalog, LengthPreservingMethodsKeepTheLength) {
  for (const Method* method : catalog()) {
    if (!method->length_preserving) continue;
    for (const Vector& vector : method->vectors) {
      const Value input = value_of(vector.input);
      const Value output = value_of(vector.output);
      if (input.kind == Kind::text && output.kind == Kind::text) continue;  // code points: below
      EXPECT_EQ(input.data.size(), output.data.size()) << method->id;
    }
  }
}

TEST_F(Catalog, OffersTheNearestId) {
  auto method = require_method("sha-256");
  ASSERT_FALSE(method.ok());
  EXPECT_EQ(method.error().code, "unknown-method");
  EXPECT_NE(method.error().what.find("did you mean \"sha256\"?"), std::string::npos);
}

TEST_F(Catalog, DescribesEveryMethodAndParameter) {
  const auto described = nlohmann::json::parse(write_canonical(describe_catalog()));
  ASSERT_EQ(described.size(), catalog().size());
  for (std::size_t i = 0; i < described.size(); ++i) {
    const Method& method = *catalog()[i];
    EXPECT_EQ(described[i]["id"], method.id);
    EXPECT_EQ(described[i]["params"].size(), method.fields.size());
    EXPECT_EQ(described[i]["vectors"].size(), method.vectors.size());
    for (const auto& param : described[i]["params"]) {
      EXPECT_TRUE(param["required"].get<bool>() || param.contains("default")) << param.dump();
    }
  }
}

}  // namespace
}  // namespace tagscope
