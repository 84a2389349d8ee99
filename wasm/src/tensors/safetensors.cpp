#include "tensors/safetensors.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "text/utf8.h"

namespace tagscope {
namespace {

constexpr std::size_t kMaxQuotedBytes = 64;
constexpr std::size_t kMaxSkippedDepth = 64;
// PyTorch's and NumPy's own.
constexpr std::size_t kMaxRank = 64;
constexpr std::size_t kMaxMetadata = 100'000;
constexpr std::string_view kMetadataName = "__metadata__";

// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

// In quotation marks, cut between code points where it is long. Precondition: well-formed UTF-8.
std::string quoted(std::string_view name) {
  std::size_t end = std::min(name.size(), kMaxQuotedBytes);
  while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return '"' + std::string(name.substr(0, end)) + (end < name.size() ? "…\"" : "\"");
}

Error bad(std::string where, std::string what) {
  return {.code = "bad-safetensors", .where = std::move(where), .what = std::move(what)};
}

std::string byte_at(std::uint64_t offset) { return "byte " + grouped(offset); }

// A zip archive, as torch.save() writes it, or a bare pickle: protocols 2 to 5 begin with PROTO
// (pickletools.py). Precondition: 9 bytes.
bool is_pickle(std::string_view begin) {
  const bool zip = begin.starts_with("PK\x03\x04");
  const bool bare = begin[0] == '\x80' && begin[1] >= 2 && begin[1] <= 5;
  return (zip || bare) && begin[kHeaderLengthBytes] != '{';
}

// a × b, or nothing where 64 bits do not hold it.
std::optional<std::uint64_t> product(std::uint64_t a, std::uint64_t b) {
  if (b != 0 && a > std::numeric_limits<std::uint64_t>::max() / b) return std::nullopt;
  return a * b;
}

}  // namespace

// RFC 8259 by recursive descent, of the one document that a header may be. Every read_…() and
// take_…() returns false after a failure, and error_ says which.
class SafetensorsReader {
 public:
  SafetensorsReader(std::string header, std::uint64_t file_bytes) : file_bytes_(file_bytes) {
    file_.header_ = std::move(header);
    file_.data_begin_ = kHeaderLengthBytes + file_.header_.size();
    text_ = file_.header_;
  }

  Result<Safetensors> read() {
    if (const auto invalid = first_invalid_utf8(text_)) {
      at_ = *invalid;
      fail("is not UTF-8");
      return error_;
    }
    if (!read_header() || !order_names() || !order_data()) return error_;
    return std::move(file_);
  }

  Result<Safetensors::Metadata> read_metadata_alone() {
    skips_tensors_ = true;
    if (const auto invalid = first_invalid_utf8(text_)) {
      at_ = *invalid;
      fail("is not UTF-8");
      return error_;
    }
    if (!read_header()) return error_;
    return std::move(file_.metadata_);
  }

 private:
  using Text = Safetensors::Text;
  using Entry = Safetensors::Entry;

  bool fail(std::string what) { return fail_at(at_, std::move(what)); }

  bool fail_at(std::size_t at, std::string what) {
    std::string where = byte_at(kHeaderLengthBytes + at);
    if (inside_) where = "tensor " + quoted(file_.view(*inside_)) + ", " + where;
    error_ = bad(std::move(where), std::move(what));
    return false;
  }

  bool fail_tensor(const Text& name, std::string what) {
    error_ = bad("tensor " + quoted(file_.view(name)), std::move(what));
    return false;
  }

  // The byte to be read next; 0, which JSON holds nowhere, at the end.
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char c) {
    if (next() != c) return false;
    ++at_;
    return true;
  }

  void skip_blanks() {
    while (next() == ' ' || next() == '\t' || next() == '\n' || next() == '\r') ++at_;
  }

  bool expect(char c, const char* what) {
    skip_blanks();
    return take(c) || fail(what);
  }

  // Calls `read_member(name)` for each member of an object; it begins at the value.
  template <typename ReadMember>
  bool read_object(ReadMember read_member) {
    if (!expect('{', "an object must stand here")) return false;
    skip_blanks();
    if (take('}')) return true;
    do {
      skip_blanks();
      if (next() != '"') return fail("a name in quotation marks is missing");
      Text name;
      if (!read_string(name) || !expect(':', "\":\" is missing after a name")) return false;
      skip_blanks();
      if (!read_member(name)) return false;
      skip_blanks();
    } while (take(','));
    return take('}') || fail("an object goes on with \",\" or ends with \"}\"");
  }

  template <typename ReadItem>
  bool read_array(ReadItem read_item) {
    if (!expect('[', "an array must stand here")) return false;
    skip_blanks();
    if (take(']')) return true;
    do {
      skip_blanks();
      if (!read_item()) return false;
      skip_blanks();
    } while (take(','));
    return take(']') || fail("an array goes on with \",\" or ends with \"]\"");
  }

  bool read_header() {
    const bool read = read_object([&](const Text& name) {
      if (file_.view(name) == kMetadataName) return read_metadata();
      return skips_tensors_ ? skip_value(0) : read_tensor(name);
    });
    if (!read) return false;
    skip_blanks();
    return at_ == text_.size() || fail("something follows the end of the header's JSON");
  }

  bool read_metadata() {
    if (std::exchange(has_metadata_, true)) return fail("__metadata__ stands twice");
    std::vector<Text> names;
    const bool read = read_object([&](const Text& name) {
      if (next() != '"') {
        return fail("the value of " + quoted(file_.view(name)) +
                    " in __metadata__ is no string; all must be");
      }
      if (names.size() == kMaxMetadata) {
        return fail("__metadata__ has more than " + grouped(kMaxMetadata) + " entries, the limit");
      }
      Text value;
      if (!read_string(value)) return false;
      names.push_back(name);
      file_.metadata_.emplace_back(file_.view(name), file_.view(value));
      return true;
    });
    return read && refuse_repeated(std::move(names), " stands twice in __metadata__");
  }

  bool refuse_repeated(std::vector<Text> names, const char* what) {
    const auto by_text = [&](const Text& a, const Text& b) {
      return file_.view(a) < file_.view(b);
    };
    std::sort(names.begin(), names.end(), by_text);
    const auto repeated = std::adjacent_find(
        names.begin(), names.end(),
        [&](const Text& a, const Text& b) { return file_.view(a) == file_.view(b); });
    return repeated == names.end() || fail(quoted(file_.view(*repeated)) + what);
  }

  bool read_tensor(const Text& name) {
    inside_ = name;
    Entry entry;
    entry.name = name;
    bool has_dtype = false;
    bool has_shape = false;
    bool has_offsets = false;
    std::vector<Text> unknown;
    const bool read = read_object([&](const Text& field) {
      const std::string_view called = file_.view(field);
      const auto once = [&](bool& has) {
        return !std::exchange(has, true) || fail(std::string(called) + " stands twice");
      };
      if (called == "dtype") return once(has_dtype) && read_dtype(entry);
      if (called == "shape") return once(has_shape) && read_shape(entry);
      if (called == "data_offsets") return once(has_offsets) && read_offsets(entry);
      unknown.push_back(field);
      return skip_value(0);
    });
    if (!read || !refuse_repeated(std::move(unknown), " stands twice")) return false;
    if (!has_dtype) return fail_tensor(name, "has no dtype");
    if (!has_shape) return fail_tensor(name, "has no shape");
    if (!has_offsets) return fail_tensor(name, "has no data_offsets");
    if (!check_size(entry)) return false;
    inside_.reset();
    file_.entries_.push_back(entry);
    return true;
  }

  bool read_dtype(Entry& entry) {
    const std::size_t begin = at_;
    Text name;
    if (next() != '"') return fail("dtype is no string");
    if (!read_string(name)) return false;
    const auto dtype = find_dtype(file_.view(name));
    if (!dtype) return fail_at(begin, quoted(file_.view(name)) + " is no data type of the format");
    entry.dtype = *dtype;
    return true;
  }

  bool read_shape(Entry& entry) {
    entry.shape = static_cast<std::uint32_t>(file_.dimensions_.size());
    return read_array([&] {
      std::uint64_t dimension = 0;
      if (entry.rank == kMaxRank) return fail("the shape has more than 64 dimensions, the limit");
      if (!read_number(dimension)) return false;
      file_.dimensions_.push_back(dimension);
      ++entry.rank;
      return true;
    });
  }

  bool read_offsets(Entry& entry) {
    const std::size_t begin = at_;
    std::uint64_t offsets[2] = {};
    std::size_t count = 0;
    const bool read = read_array([&] {
      std::uint64_t offset = 0;
      if (!read_number(offset)) return false;
      if (count < 2) offsets[count] = offset;
      ++count;
      return true;
    });
    if (!read) return false;
    if (count != 2) return fail_at(begin, "data_offsets are " + grouped(count) + " numbers, not 2");
    entry.begin = offsets[0];
    entry.end = offsets[1];
    return true;
  }

  bool read_number(std::uint64_t& number) {
    const std::size_t begin = at_;
    while (next() >= '0' && next() <= '9') {
      const auto digit = static_cast<std::uint64_t>(next() - '0');
      const auto tens = product(number, 10);
      if (!tens || *tens > std::numeric_limits<std::uint64_t>::max() - digit) {
        return fail_at(begin, "a number is 2^64 or more");
      }
      number = *tens + digit;
      ++at_;
    }
    const bool leading_zero = at_ - begin > 1 && text_[begin] == '0';
    if (at_ == begin || leading_zero || next() == '.' || (next() | 0x20) == 'e') {
      return fail_at(begin, "a number must be a plain non-negative integer");
    }
    return true;
  }

  bool check_size(const Entry& entry) {
    if (entry.end < entry.begin) {
      return fail_tensor(entry.name, "data_offsets end at " + grouped(entry.end) +
                                         " before they begin at " + grouped(entry.begin));
    }
    const Tensor tensor = file_.described(entry);
    std::optional<std::uint64_t> elements = 1;
    for (const std::uint64_t dimension : tensor.shape) {
      elements = product(*elements, dimension);
      if (!elements) break;
    }
    const auto bits = elements ? product(*elements, bits_of(entry.dtype)) : std::nullopt;
    if (!bits) return fail_tensor(entry.name, "the shape takes 2^64 bits or more");
    if (*bits % 8 != 0) {
      return fail_tensor(entry.name, "takes " + grouped(*bits) + " bits, which are no whole bytes");
    }
    if (*bits / 8 == entry.end - entry.begin) return true;
    return fail_tensor(entry.name, "shape and dtype take " + grouped(*bits / 8) +
                                       " bytes; data_offsets give " +
                                       grouped(entry.end - entry.begin));
  }

  bool order_names() {
    auto& order = file_.by_name_;
    auto& entries = file_.entries_;
    // By data first, so that the indices are those of the final order.
    const auto by_data = [](const Entry& a, const Entry& b) {
      return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    };
    if (!std::is_sorted(entries.begin(), entries.end(), by_data)) {
      std::stable_sort(entries.begin(), entries.end(), by_data);
    }
    order.resize(entries.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto name = [&](std::uint32_t i) { return file_.view(entries[i].name); };
    const auto by_name = [&](std::uint32_t a, std::uint32_t b) { return name(a) < name(b); };
    if (!std::is_sorted(order.begin(), order.end(), by_name)) {
      std::sort(order.begin(), order.end(), by_name);
    }
    const auto repeated =
        std::adjacent_find(order.begin(), order.end(),
                           [&](std::uint32_t a, std::uint32_t b) { return name(a) == name(b); });
    return repeated == order.end() ||
           fail_tensor(entries[*repeated].name, "this name stands twice");
  }

  bool order_data() {
    const std::uint64_t data_bytes = file_bytes_ - file_.data_begin_;
    std::uint64_t expected = 0;
    for (Entry& entry : file_.entries_) {
      if (entry.begin < expected) {
        return fail_tensor(entry.name, "its data begin at " + grouped(entry.begin) +
                                           ", inside the tensor before it, which ends at " +
                                           grouped(expected));
      }
      if (entry.begin > expected) {
        return fail_tensor(entry.name, "its data begin at " + grouped(entry.begin) +
                                           ", after a hole of " + grouped(entry.begin - expected) +
                                           " bytes");
      }
      if (entry.end > data_bytes) {
        return fail_tensor(entry.name, "its data end at " + grouped(entry.end) + "; the file has " +
                                           grouped(data_bytes) + " bytes after its header");
      }
      expected = entry.end;
      entry.begin += file_.data_begin_;
      entry.end += file_.data_begin_;
    }
    if (expected == data_bytes) return true;
    error_ =
        bad(byte_at(file_.data_begin_ + expected),
            "after the last tensor " + grouped(data_bytes - expected) + " bytes are left over");
    return false;
  }

  bool read_string(Text& text) {
    const std::size_t opening = at_++;
    const std::size_t begin = at_;
    skip_plain();
    if (take('"')) {
      text = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_ - 1 - begin),
              false};
      return true;
    }
    std::string& out = file_.unescaped_;
    const std::size_t start = out.size();
    out.append(text_, begin, at_ - begin);
    for (;;) {
      if (at_ == text_.size()) return fail_at(opening, "a string is never closed");
      if (!take('\\')) return fail("a control character in a string must be escaped");
      if (!read_escape(out)) return false;
      const std::size_t plain = at_;
      skip_plain();
      out.append(text_, plain, at_ - plain);
      if (take('"')) break;
    }
    text = {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(out.size() - start),
            true};
    return true;
  }

  void skip_plain() {
    while (static_cast<unsigned char>(next()) >= 0x20 && next() != '"' && next() != '\\') ++at_;
  }

  bool read_escape(std::string& out) {
    static constexpr std::string_view kShort = "\"\\/bfnrt";
    static constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (take('u')) return read_code_point(out);
    const auto known = at_ < text_.size() ? kShort.find(next()) : std::string_view::npos;
    if (known == std::string_view::npos) return fail("is no escape of JSON");
    out.push_back(kMeant[known]);
    ++at_;
    return true;
  }

  bool read_code_point(std::string& out) {
    const std::size_t begin = at_ - 2;
    char32_t unit = 0;
    if (!read_code_unit(unit)) return false;
    if (unit - 0xD800 < 0x400) {
      char32_t low = 0;
      if (take('\\') && take('u') && !read_code_unit(low)) return false;
      // U+0000 where nothing was read, which is no low surrogate either.
      if (low - 0xDC00 < 0x400) unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    if (unit - 0xD800 < 0x800) return fail_at(begin, "a surrogate stands alone");
    append_utf8(out, unit);
    return true;
  }

  bool read_code_unit(char32_t& unit) {
    for (int i = 0; i < 4; ++i) {
      const char c = next();
      const char lower = static_cast<char>(c | 0x20);
      if (c >= '0' && c <= '9') {
        unit = unit << 4 | static_cast<char32_t>(c - '0');
      } else if (lower >= 'a' && lower <= 'f') {
        unit = unit << 4 | static_cast<char32_t>(lower - 'a' + 10);
      } else {
        return fail("\\u needs four hex digits");
      }
      ++at_;
    }
    return true;
  }

  // A value of a field that the format does not know: any JSON.
  bool skip_value(std::size_t depth) {
    if (depth == kMaxSkippedDepth) {
      return fail("is nested deeper than " + std::to_string(kMaxSkippedDepth));
    }
    switch (next()) {
      case '{': return read_object([&](const Text&) { return skip_value(depth + 1); });
      case '[': return read_array([&] { return skip_value(depth + 1); });
      case '"': {
        Text text;
        return read_string(text);
      }
      case 'n': return skip_word("null");
      case 't': return skip_word("true");
      case 'f': return skip_word("false");
      default: return skip_number();
    }
  }

  bool skip_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return fail("is no JSON value");
    at_ += word.size();
    return true;
  }

  bool skip_digits() {
    const std::size_t begin = at_;
    while (next() >= '0' && next() <= '9') ++at_;
    return at_ > begin || fail("is no JSON value");
  }

  bool skip_number() {
    take('-');
    if (!take('0') && !skip_digits()) return false;
    if (take('.') && !skip_digits()) return false;
    if (!take('e') && !take('E')) return true;
    if (!take('+')) take('-');
    return skip_digits();
  }

  Safetensors file_;
  std::uint64_t file_bytes_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<Text> inside_;  // the name of the tensor that is being read
  bool has_metadata_ = false;
  bool skips_tensors_ = false;
  Error error_{};
};

std::string_view Safetensors::view(const Text& text) const {
  return std::string_view(text.escaped ? unescaped_ : header_).substr(text.at, text.bytes);
}

Tensor Safetensors::described(const Entry& entry) const {
  return {.name = view(entry.name),
          .dtype = entry.dtype,
          .shape = std::span(dimensions_).subspan(entry.shape, entry.rank),
          .begin = entry.begin,
          .end = entry.end};
}

Tensor Safetensors::tensor(std::size_t i) const { return described(entries_[i]); }

std::optional<Tensor> Safetensors::find(std::string_view name) const {
  const auto found = std::lower_bound(
      by_name_.begin(), by_name_.end(), name,
      [&](std::uint32_t i, std::string_view wanted) { return view(entries_[i].name) < wanted; });
  if (found == by_name_.end() || view(entries_[*found].name) != name) return std::nullopt;
  return tensor(*found);
}

std::span<const std::uint32_t> Safetensors::with_prefix(std::string_view prefix) const {
  const auto cut = [&](std::uint32_t i) { return view(entries_[i].name).substr(0, prefix.size()); };
  const auto begin =
      std::lower_bound(by_name_.begin(), by_name_.end(), prefix,
                       [&](std::uint32_t i, std::string_view wanted) { return cut(i) < wanted; });
  const auto end =
      std::upper_bound(begin, by_name_.end(), prefix,
                       [&](std::string_view wanted, std::uint32_t i) { return wanted < cut(i); });
  return std::span(by_name_).subspan(static_cast<std::size_t>(begin - by_name_.begin()),
                                     static_cast<std::size_t>(end - begin));
}

Result<std::uint64_t> read_header_length(std::string_view begin, std::uint64_t file_bytes) {
  if (file_bytes < kHeaderLengthBytes + 2 || begin.size() <= kHeaderLengthBytes) {
    return bad("byte 0", "the file is " + grouped(file_bytes) +
                             " bytes long; the shortest .safetensors file has 10");
  }
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kHeaderLengthBytes; ++i) {
    length |= std::uint64_t{static_cast<unsigned char>(begin[i])} << 8 * i;
  }
  if (is_pickle(begin)) {
    return Error{.code = "pickle-refused",
                 .where = "byte 0",
                 .what =
                     "this is a pickle, as PyTorch's .pt, .bin and .ckpt are; reading one can "
                     "run any code that is in it. Convert it to .safetensors"};
  }
  if (begin[kHeaderLengthBytes] != '{') {
    return bad(byte_at(kHeaderLengthBytes),
               "a header must begin with \"{\"; this is no .safetensors file");
  }
  if (length > kMaxHeaderBytes) {
    return Error{.code = "too-large",
                 .where = "byte 0",
                 .what = "the header is " + grouped(length) + " bytes long; the limit is " +
                         grouped(kMaxHeaderBytes)};
  }
  if (length > file_bytes - kHeaderLengthBytes) {
    return bad("byte 0", "the header is " + grouped(length) + " bytes long; the file has " +
                             grouped(file_bytes - kHeaderLengthBytes) + " after its first 8");
  }
  return length;
}

Result<Safetensors> read_safetensors(std::string header, std::uint64_t file_bytes) {
  return SafetensorsReader(std::move(header), file_bytes).read();
}

Result<Safetensors::Metadata> read_metadata(std::string header) {
  return SafetensorsReader(std::move(header), 0).read_metadata_alone();
}

}  // namespace tagscope
