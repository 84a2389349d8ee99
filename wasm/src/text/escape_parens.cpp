// Parentheses that a prompt takes literally.
#include "core/method.h"

namespace tagscope {
namespace {

struct Options {};

bool is_paren(char c) { return c == '(' || c == ')'; }

Result<std::string> apply(const Options&, std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_paren(c)) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

Result<std::string> invert(const Options&, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && is_paren(text[i + 1])) continue;
    out.push_back(text[i]);
  }
  return out;
}

constexpr Vector kVectors[] = {
    {"", as_text("ganyu (genshin impact)"), as_text("ganyu \\(genshin impact\\)"),
     "AUTOMATIC1111 wiki, Features: attention"},
};

}  // namespace

TAGSCOPE_METHOD(
    escape_parens,
    transform<Options, apply, invert>({
        .id = "escape-parens",
        .room = Room::text,
        .summary = "Writes \\( for ( and \\) for ), so that a prompt takes them literally",
        .source = "AUTOMATIC1111/stable-diffusion-webui, wiki, Features: attention/emphasis",
        .vectors = kVectors,
    }));

}  // namespace tagscope
