// The packed Unicode tables, as scripts/generate-unicode.py writes them. They are small in the
// module and expanded on first use; nobody but the files of this room reads them.
//
// Readers ask packed() for them: most modules have them built in (built_in_tables.cpp); the one
// that the page waits for leaves them out until a text needs them (loaded/loaded_tables.h).
//
// A varint holds 7 bits a byte, the lowest first; bit 7 says that more follow. Signed numbers
// are zigzagged. A gap counts the code points between the end of the entry before and this one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tagscope::unicode_tables {

// "15.0.0"
extern const char kVersion[];

// Count of distinct masks (unicode.h, Property), the masks, then runs that cover all code
// points: a byte (index of the mask << 3 | length), the length as a varint where it reads 0.
extern const std::uint8_t kPropertyRuns[];

// The same of the general categories (unicode.h, Category) in place of masks.
extern const std::uint8_t kCategoryRuns[];

// Count of runs; each: gap, length, Canonical_Combining_Class (a byte).
extern const std::uint8_t kCombiningClasses[];

// Count of entries in the order of their code points; each: a byte (Decomposition | length << 2
// | (gap + 1) << 5), gap + 1 and length as varints where they read 0, the target's code points.
// In a run, `length` counts neighbours that map to neighbours, and one target is written.
extern const std::uint8_t kDecompositions[];
enum class Decomposition : std::uint8_t {
  canonical,
  canonical_excluded,  // listed in CompositionExclusions.txt
  compatibility,
  compatibility_run,
};

// Count of runs; each: gap, length << 1 | (stride is 2), difference (signed). Then the count of
// mappings to several code points; each: gap from the one before, length, the code points.
extern const std::uint8_t kLowerCase[];
extern const std::uint8_t kUpperCase[];

// The named character references of HTML, sorted. An entry a name; its first byte: bits 0-4, how
// many characters the name shares with the one before it (0 at each new first letter); bit 5, the
// name also stands without a semicolon; bit 6, two code points. Then the rest of the name, its last
// byte with bit 7 set, then the value in UTF-8.
extern const std::uint8_t kHtmlEntities[];

// In the order in which scripts/pack-text-tables.mjs packs them.
enum class Table : std::uint8_t {
  property_runs,
  category_runs,
  combining_classes,
  decompositions,
  lower_case,
  upper_case,
  html_entities,
};
inline constexpr std::size_t kTables = 7;

// The table's bytes. Where the tables are loaded and have not been, it traps: no answer is better
// than a wrong one, and ASCII asks for none.
[[nodiscard]] const std::uint8_t* packed(Table table);

// Reads a packed table from its beginning.
class Reader {
 public:
  explicit Reader(const std::uint8_t* table) : next_(table) {}

  std::uint8_t byte() { return *next_++; }
  std::uint32_t varint() {
    std::uint32_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint32_t read = byte();
      value |= (read & 0x7F) << shift;
      if (read < 0x80) return value;
    }
  }
  std::int32_t signed_varint() {
    const std::uint32_t value = varint();
    return static_cast<std::int32_t>(value >> 1) * ((value & 1) != 0 ? -1 : 1) -
           static_cast<std::int32_t>(value & 1);
  }

 private:
  const std::uint8_t* next_;
};

}  // namespace tagscope::unicode_tables
