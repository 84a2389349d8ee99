// The room's small methods beyond their published vectors.
#include "support/methods.h"

#include "support/files.h"

namespace tagscope::testing {
namespace {

std::string text_of(std::string_view id, std::string_view arguments, std::string input,
                    bool inverse = false) {
  const auto result = run(id, arguments, Value::text(std::move(input)), inverse);
  EXPECT_TRUE(result.ok()) << id << ": " << (result.ok() ? "" : result.error().what);
  return result.ok() ? result->data : "";
}

TEST(TextMethods, PublishedVectors) {
  std::size_t checked = 0;
  for (const Method* method : catalog()) {
    if (method->room != Room::text && method->id != "utf8") continue;
    for (const Vector& vector : method->vectors) {
      const auto result = run(method->id, vector.arguments, value_of(vector.input));
      ASSERT_TRUE(result.ok()) << method->id;
      EXPECT_EQ(*result, value_of(vector.output)) << method->id << ": " << result->data;
      ++checked;
    }
  }
  EXPECT_GE(checked, 30U);
}

TEST(TextMethods, EmptyTextStaysEmpty) {
  for (const char* id : {"lower", "upper", "trim", "nfc", "nfkc", "keep", "spaces", "underscores",
                         "html-unescape", "initials", "reverse-words", "escape-parens"}) {
    EXPECT_EQ(text_of(id, "", ""), "") << id;
  }
  EXPECT_EQ(text_of("trim", "", " \t\u3000\u001F"), "");
}

TEST(TextMethods, KeepDefaultsToLetters) {
  EXPECT_EQ(text_of("keep", "", "a1_é²"), "aé");
  EXPECT_FALSE(run("keep", "class=vowels", Value::text("a")).ok());
}

TEST(TextMethods, StripNeedsItsCharacters) {
  const auto result = run("strip", "", Value::text("a"));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "missing-argument");
}

TEST(TextMethods, ReverseWordsUndoesItself) {
  for (const char* text : {"", "_", "a", "a_b", "__a  b_c", "a_b_ ", "é_カナ\u3000😀"}) {
    EXPECT_EQ(text_of("reverse-words", "", text_of("reverse-words", "", text), true), text);
  }
  EXPECT_EQ(text_of("reverse-words", "", "__a  bc_d "), "__d  bc_a ");
}

TEST(TextMethods, EscapeParensComesBack) {
  for (const char* text : {"(a)", "\\(a\\)", "\\\\((", "a\\", "((b)"}) {
    EXPECT_EQ(text_of("escape-parens", "", text_of("escape-parens", "", text), true), text);
  }
  EXPECT_EQ(text_of("escape-parens", "", "(a"), "\\(a");
}

}  // namespace
}  // namespace tagscope::testing
