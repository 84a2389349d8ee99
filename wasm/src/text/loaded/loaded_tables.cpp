#include "text/loaded/loaded_tables.h"

#include <array>
#include <string_view>
#include <utility>

#include "text/unicode_tables.h"

namespace tagscope {
namespace {

constexpr std::string_view kMagic{"TAGSTXT\1", 8};
constexpr std::size_t kHeaderBytes = kMagic.size() + 4 * unicode_tables::kTables;

struct Loaded {
  std::string file;
  std::array<std::size_t, unicode_tables::kTables> begins{};
};

Loaded& loaded() {
  static Loaded tables;
  return tables;
}

}  // namespace

Status load_text_tables(std::string packed) {
  Loaded read;
  std::size_t at = kHeaderBytes;
  if (packed.size() >= kHeaderBytes && packed.starts_with(kMagic)) {
    unicode_tables::Reader reader(reinterpret_cast<const std::uint8_t*>(packed.data()) +
                                  kMagic.size());
    for (std::size_t& begin : read.begins) {
      begin = at;
      for (unsigned shift = 0; shift < 32; shift += 8) at += std::size_t{reader.byte()} << shift;
    }
  }
  if (packed.size() < kHeaderBytes || at != packed.size()) {
    return Error{.code = "bad-tables",
                 .where = "text.tables",
                 .what = "is no file of text tables, or of another version"};
  }
  read.file = std::move(packed);
  loaded() = std::move(read);
  return ok_status();
}

namespace unicode_tables {

const std::uint8_t* packed(Table table) {
  const Loaded& tables = loaded();
  if (tables.file.empty()) __builtin_trap();
  return reinterpret_cast<const std::uint8_t*>(tables.file.data()) +
         tables.begins[static_cast<std::size_t>(table)];
}

}  // namespace unicode_tables
}  // namespace tagscope
