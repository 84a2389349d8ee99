#include "text/html_unescape.h"

#include "support/files.h"
#include "text/text_support.h"

namespace tagscope::testing {
namespace {

TEST(HtmlUnescape, EveryNameOfTheStandard) {
  const auto names = read_json("vectors/text_html.json")["names"];
  ASSERT_EQ(names.size(), 2231U);
  for (const auto& [name, value] : names.items()) {
    EXPECT_EQ(html_unescape("&" + name), value) << name;
    EXPECT_EQ(html_unescape("a&" + name + "&"), "a" + value.get<std::string>() + "&") << name;
  }
}

// Names from the standard's list, tried in the obvious way: each of them, the longest first.
std::string reference_named(const nlohmann::json& names, const std::string& text) {
  if (names.contains(text)) return names[text];
  for (std::size_t length = text.size() - 1; length > 1; --length) {
    const std::string head = text.substr(0, length);
    if (names.contains(head)) return names[head].get<std::string>() + text.substr(length);
  }
  return "&" + text;
}

TEST(HtmlUnescape, EveryPrefixOfEveryName) {
  const auto names = read_json("vectors/text_html.json")["names"];
  for (const auto& [name, value] : names.items()) {
    for (std::size_t length = 1; length <= name.size(); ++length) {
      const std::string head = name.substr(0, length);
      ASSERT_EQ(html_unescape("&" + head), reference_named(names, head));
      if (head.back() != ';') {
        ASSERT_EQ(html_unescape("&" + head + "Z;"), reference_named(names, head + "Z;"));
      }
    }
  }
}

TEST(HtmlUnescape, EveryNumberAsPython) {
  expect_checksums(read_json("vectors/text_html.json")["decimal_crc32"], [](char32_t c) {
    return html_unescape("&#" + std::to_string(static_cast<std::uint32_t>(c)) + ";");
  });
}

TEST(HtmlUnescape, SampleTextsAsPython) {
  const auto samples = read_json("vectors/text_html.json")["samples"];
  for (const auto& sample : samples) {
    EXPECT_EQ(html_unescape(sample[0].get<std::string>()), sample[1]) << sample[0];
  }
}

TEST(HtmlUnescape, NumbersOfAnyLength) {
  EXPECT_EQ(html_unescape("&#x41;&#X41&#65;&#0000000000000000000065;"), "AAAA");
  EXPECT_EQ(html_unescape("&#xD800;&#x110000;&#" + std::string(100000, '9') + ";"),
            "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(html_unescape("&#;&#x;&#xg;&"), "&#;&#x;&#xg;&");
}

}  // namespace
}  // namespace tagscope::testing
