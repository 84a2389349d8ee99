// Native = WebAssembly: a digest over what every method makes of one seeded corpus,
// and over the evidence of some claims. The test runner compares the property
// between the builds (scripts/test.mjs, stage parity); here it must only be stable.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "catalog/catalog.h"
#include "claim/verify.h"
#include "recipe/recipe.h"
#include "support/byte_vocabularies.h"
#include "support/files.h"
#include "support/vocabulary.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

std::string random_text(std::mt19937& random) {
  static constexpr char32_t kCharacters[] = {
      'a', 'B',  'z',   '7',   '_',   ' ',    '\'',   '&',   ';',    '#',    '=',    'f',
      '0', 0xE9, 0x130, 0x3A3, 0x5D0, 0x1100, 0x1161, 0x301, 0xFB01, 0x3042, 0x1F600};
  std::string text;
  for (auto length = random() % 40; length > 0; --length) {
    append_utf8(text, kCharacters[random() % std::size(kCharacters)]);
  }
  return text;
}

std::string corpus_digest() {
  std::string seen;
  std::mt19937 random(20241124);
  std::vector<Value> inputs;
  for (int i = 0; i < 40; ++i) {
    inputs.push_back(Value::text(random_text(random)));
    std::string bytes;
    for (auto length = random() % 300; length > 0; --length) {
      bytes.push_back(static_cast<char>(random()));
    }
    inputs.push_back(Value::bytes(std::move(bytes)));
    inputs.push_back(Value::of_ids({static_cast<std::uint32_t>(random() % 50000)}));
  }
  for (const Method* method : catalog()) {
    for (const Vector& vector : method->vectors) {
      for (const bool inverse : {false, true}) {
        if (inverse && !method->reversible) continue;
        std::string source = (inverse ? "~" : "") + std::string(method->id);
        if (!vector.arguments.empty()) source += " " + std::string(vector.arguments);
        const auto recipe = read_recipe(source);
        for (const Value& input : inputs) {
          const auto output = run(*recipe, input);
          seen += write_canonical(output ? to_json(*output) : to_json(output.error())) + "\n";
        }
      }
    }
  }
  for (const char* claim : {R"({"pairs":[{"name":"hello","tag":"uryyb"}],"recipe":"rot n=13"})",
                            R"({"pairs":[{"name":"a_b","tag":"é"},{"name":"c","tag":"fff"}],
                                "population":123456789,"match":"subsequence","ignore_case":true,
                                "recipe":"sha256 | base64"})"}) {
    const auto verified = verify(*read_claim(*read_json(claim)));
    seen += verified->document() + "\n";
  }
  auto digest = run(*read_recipe("sha256 | hex"), Value::bytes(std::move(seen)));
  return digest->data;
}

TEST(Parity, CorpusDigest) {
  testing::require_vocabulary();
  testing::require_byte_vocabularies();
  const std::string digest = corpus_digest();
  EXPECT_EQ(digest.size(), 64u);
  EXPECT_EQ(digest, corpus_digest());
  RecordProperty("corpus_digest", digest);
}

}  // namespace
}  // namespace tagscope
