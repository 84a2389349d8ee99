#include "text/unicode.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "text/unicode_tables.h"

namespace tagscope::unicode_detail {
namespace {

constexpr std::size_t kCodePoints = 0x110000;
constexpr std::size_t kPageSize = 128;  // of 32 to 512, the smallest table

// Two stages: equal pages are kept once.
class PropertyTable {
 public:
  explicit PropertyTable(const std::uint8_t* runs) {
    unicode_tables::Reader reader(runs);
    std::array<std::uint8_t, 32> masks{};
    const std::size_t mask_count = reader.byte();
    for (std::size_t i = 0; i < mask_count; ++i) masks[i] = reader.byte();

    std::map<Page, std::uint16_t> known;
    Page page{};
    for (std::size_t at = 0; at < kCodePoints;) {
      const std::uint8_t head = reader.byte();
      std::size_t length = head & 7U;
      if (length == 0) length = reader.varint();
      while (length > 0) {
        const std::size_t in_page = std::min(length, kPageSize - at % kPageSize);
        std::fill_n(page.begin() + static_cast<std::ptrdiff_t>(at % kPageSize), in_page,
                    masks[head >> 3U]);
        at += in_page;
        length -= in_page;
        if (at % kPageSize == 0) add(page, at / kPageSize - 1, known);
      }
    }
  }

  [[nodiscard]] std::uint8_t at(char32_t code_point) const {
    return pages_[index_[code_point / kPageSize]][code_point % kPageSize];
  }

 private:
  using Page = std::array<std::uint8_t, kPageSize>;

  void add(const Page& page, std::size_t number, std::map<Page, std::uint16_t>& known) {
    const auto [entry, is_new] = known.emplace(page, static_cast<std::uint16_t>(pages_.size()));
    if (is_new) pages_.push_back(page);
    index_[number] = entry->second;
  }

  std::array<std::uint16_t, kCodePoints / kPageSize> index_{};
  std::vector<Page> pages_;
};

}  // namespace

std::uint8_t properties(char32_t code_point) {
  static const PropertyTable table(unicode_tables::packed(unicode_tables::Table::property_runs));
  return code_point < kCodePoints ? table.at(code_point) : std::uint8_t{0};
}

std::uint8_t category(char32_t code_point) {
  static const PropertyTable table(unicode_tables::packed(unicode_tables::Table::category_runs));
  return code_point < kCodePoints ? table.at(code_point) : std::uint8_t{0};
}

}  // namespace tagscope::unicode_detail
