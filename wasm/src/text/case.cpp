#include "text/case.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "text/unicode.h"
#include "text/unicode_tables.h"
#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kFinalSigma = 0x3C2;

// One direction of case mapping. Precondition of append(): the code point has kHasCaseMapping,
// perhaps for the other direction.
class CaseMapping {
 public:
  explicit CaseMapping(const std::uint8_t* table) {
    unicode_tables::Reader reader(table);
    runs_.resize(reader.varint());
    char32_t end = 0;
    for (Run& run : runs_) {
      run.first = end + reader.varint();
      const std::uint32_t length_and_stride = reader.varint();
      run.stride = 1 + (length_and_stride & 1);
      run.last = run.first + ((length_and_stride >> 1) - 1) * run.stride;
      run.difference = reader.signed_varint();
      end = run.last + 1;
    }
    specials_.resize(reader.varint());
    char32_t previous = 0;
    for (Special& special : specials_) {
      special.code_point = previous + reader.varint();
      previous = special.code_point;
      const std::size_t length = reader.byte();
      for (std::size_t i = 0; i < length; ++i) append_utf8(special.target, reader.varint());
    }
  }

  void append(std::string& out, char32_t code_point) const {
    const auto special =
        std::lower_bound(specials_.begin(), specials_.end(), code_point,
                         [](const Special& entry, char32_t key) { return entry.code_point < key; });
    if (special != specials_.end() && special->code_point == code_point) {
      out += special->target;
      return;
    }
    const auto run =
        std::lower_bound(runs_.begin(), runs_.end(), code_point,
                         [](const Run& entry, char32_t key) { return entry.last < key; });
    const bool maps = run != runs_.end() && run->first <= code_point &&
                      (code_point - run->first) % run->stride == 0;
    append_utf8(out, maps ? code_point + static_cast<char32_t>(run->difference) : code_point);
  }

 private:
  struct Run {
    char32_t first;
    char32_t last;
    std::uint32_t stride;
    std::int32_t difference;
  };
  struct Special {
    char32_t code_point;
    std::string target;
  };
  std::vector<Run> runs_;
  std::vector<Special> specials_;
};

const CaseMapping& lower_case() {
  static const CaseMapping mapping(unicode_tables::packed(unicode_tables::Table::lower_case));
  return mapping;
}

const CaseMapping& upper_case() {
  static const CaseMapping mapping(unicode_tables::packed(unicode_tables::Table::upper_case));
  return mapping;
}

bool has_property(char32_t code_point, unicode_detail::Property property) {
  return (unicode_detail::properties(code_point) & property) != 0;
}

// The code point that ends before byte `end`. Precondition: end > 0.
std::size_t start_of_previous(std::string_view text, std::size_t end) {
  do {
    --end;
  } while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U);
  return end;
}

// Final_Sigma (The Unicode Standard, table 3-17): a cased letter before, none after, and
// case-ignorable characters, cased or not, do not count.
bool is_final_sigma(std::string_view text, std::size_t begin, std::size_t end) {
  bool cased_before = false;
  while (begin > 0) {
    begin = start_of_previous(text, begin);
    const char32_t code_point = decode_one(text, begin).code_point;
    if (has_property(code_point, unicode_detail::kCaseIgnorable)) continue;
    cased_before = has_property(code_point, unicode_detail::kCased);
    break;
  }
  if (!cased_before) return false;
  while (end < text.size()) {
    const Decoded decoded = decode_one(text, end);
    if (!has_property(decoded.code_point, unicode_detail::kCaseIgnorable)) {
      return !has_property(decoded.code_point, unicode_detail::kCased);
    }
    end += decoded.length;
  }
  return true;
}

bool is_ascii_letter(char32_t code_point, char32_t first) { return code_point - first < 26; }

}  // namespace

std::string to_lower(std::string_view well_formed) {
  std::string out;
  out.reserve(well_formed.size());
  for (std::size_t at = 0; at < well_formed.size();) {
    const Decoded decoded = decode_one(well_formed, at);
    const std::size_t end = at + decoded.length;
    if (decoded.code_point == kCapitalSigma && is_final_sigma(well_formed, at, end)) {
      append_utf8(out, kFinalSigma);
    } else {
      append_lower(out, decoded.code_point);
    }
    at = end;
  }
  return out;
}

std::string to_upper(std::string_view well_formed) {
  std::string out;
  out.reserve(well_formed.size());
  for (std::size_t at = 0; at < well_formed.size();) {
    const Decoded decoded = decode_one(well_formed, at);
    if (decoded.code_point < 0x80) {
      const bool is_lower = is_ascii_letter(decoded.code_point, U'a');
      out.push_back(static_cast<char>(is_lower ? decoded.code_point - 32 : decoded.code_point));
    } else if (has_property(decoded.code_point, unicode_detail::kHasCaseMapping)) {
      upper_case().append(out, decoded.code_point);
    } else {
      out.append(well_formed, at, decoded.length);
    }
    at += decoded.length;
  }
  return out;
}

void append_lower(std::string& out, char32_t code_point) {
  if (code_point < 0x80) {
    const bool is_upper = is_ascii_letter(code_point, U'A');
    out.push_back(static_cast<char>(is_upper ? code_point + 32 : code_point));
  } else if (has_property(code_point, unicode_detail::kHasCaseMapping)) {
    lower_case().append(out, code_point);
  } else {
    append_utf8(out, code_point);
  }
}

}  // namespace tagscope
