// The header of a .safetensors file, read strictly (huggingface/safetensors, README "Format"): a
// length N of 8 bytes, little-endian; N bytes of JSON that begin with "{"; then the tensors'
// data. Only the header is looked at, and how long the file is.
//
// Refused beyond the grammar of JSON: invalid UTF-8; a name that stands twice, of a tensor, of
// a field, or in __metadata__; numbers that are not plain non-negative integers below 2^64;
// shapes of more than 64 dimensions; more than 100,000 entries of __metadata__; tensors that
// overlap, leave a hole, lie outside the file, do not fill whole bytes, or are not as long as shape
// and data type say. Fields of a tensor that the format does not know are skipped, as the reference
// reader does.
//
// Errors: `bad-safetensors`, where = `tensor "NAME"`, "byte 123" (counted from the start of the
// file) or both; `too-large` where the header exceeds its limit; `pickle-refused` where the file is
// PyTorch's own format.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "tensors/dtype.h"

namespace tagscope {

// The format's own limit (safetensors/src/tensor.rs, MAX_HEADER_SIZE).
inline constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
inline constexpr std::uint64_t kHeaderLengthBytes = 8;

// One tensor. The texts and numbers are the header's.
struct Tensor {
  std::string_view name;  // UTF-8
  DType dtype{};
  std::span<const std::uint64_t> shape;  // empty for a scalar
  // Its bytes are [begin, end) of the file.
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

class Safetensors {
 public:
  using Metadata = std::vector<std::pair<std::string, std::string>>;

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  // The i-th in the order of the data. Precondition: i < size().
  [[nodiscard]] Tensor tensor(std::size_t i) const;
  // The tensor of that name, or nothing.
  [[nodiscard]] std::optional<Tensor> find(std::string_view name) const;
  // The indices of all tensors whose name begins so, in the order of their names.
  [[nodiscard]] std::span<const std::uint32_t> with_prefix(std::string_view prefix) const;

  // __metadata__ as it is ordered in the file; empty where there is none.
  [[nodiscard]] const Metadata& metadata() const { return metadata_; }
  // First byte after the header.
  [[nodiscard]] std::uint64_t data_begin() const { return data_begin_; }

 private:
  friend class SafetensorsReader;

  // A string of the header: a part of it, or of `unescaped_` where it was written with escapes.
  struct Text {
    std::uint32_t at = 0;
    std::uint32_t bytes = 0;
    bool escaped = false;
  };

  // A header of 100 MB can hold two million: their names stay where they are.
  struct Entry {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    Text name;
    std::uint32_t shape = 0;  // index into dimensions_
    std::uint8_t rank = 0;
    DType dtype{};
  };

  [[nodiscard]] std::string_view view(const Text& text) const;
  [[nodiscard]] Tensor described(const Entry& entry) const;

  std::string header_;
  std::string unescaped_;
  std::vector<std::uint64_t> dimensions_;
  std::vector<Entry> entries_;          // in the order of the data
  std::vector<std::uint32_t> by_name_;  // indices of entries_
  Metadata metadata_;
  std::uint64_t data_begin_ = 0;
};

// How many bytes of JSON follow the first 8 bytes. `begin` is what the file begins with, 9 bytes
// unless it is shorter. Nothing has to be read or allocated before this has said yes.
[[nodiscard]] Result<std::uint64_t> read_header_length(std::string_view begin,
                                                       std::uint64_t file_bytes);

// Reads the JSON of the header. Precondition: read_header_length() allowed for its length.
[[nodiscard]] Result<Safetensors> read_safetensors(std::string header, std::uint64_t file_bytes);

// __metadata__ alone, of a header whose tensors are any JSON: a file's content can be hashed
// whatever is wrong with them.
[[nodiscard]] Result<Safetensors::Metadata> read_metadata(std::string header);

}  // namespace tagscope
