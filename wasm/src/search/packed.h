// Numbers and texts one after another in few bytes, and a reader for such bytes from anywhere: once
// something does not fit, everything that is read is 0 or empty, and failed() says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tagscope {

class PackedWriter {
 public:
  // 7 bits a byte, the lowest first.
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    bytes_.push_back(static_cast<char>(value));
  }
  void fixed(std::uint64_t value) {
    for (unsigned i = 0; i < 8; ++i) bytes_.push_back(static_cast<char>(value >> (8 * i)));
  }
  void text(std::string_view text) {
    number(text.size());
    bytes_ += text;
  }
  void raw(std::string_view text) { bytes_ += text; }
  std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class PackedReader {
 public:
  explicit PackedReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == bytes_.size()) return fail();
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      const std::uint64_t bits = byte & 0x7F;
      if (shift == 63 && bits > 1) return fail();
      value |= bits << shift;
      if ((byte & 0x80) == 0) return value;
    }
    return fail();
  }
  // A number that counts things of at least one byte each that follow.
  std::uint64_t length() {
    const std::uint64_t count = number();
    return count <= bytes_.size() - at_ ? count : fail();
  }
  std::uint64_t fixed() {
    if (bytes_.size() - at_ < 8) return fail();
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) {
      value |= std::uint64_t{static_cast<unsigned char>(bytes_[at_++])} << (8 * i);
    }
    return value;
  }
  std::string_view text() {
    const auto size = static_cast<std::size_t>(length());
    const std::string_view text = bytes_.substr(at_, size);
    at_ += size;
    return text;
  }
  bool expect(std::string_view wanted) {
    if (bytes_.substr(at_, wanted.size()) != wanted) return fail() != 0;
    at_ += wanted.size();
    return true;
  }
  std::uint64_t fail() {
    failed_ = true;
    at_ = bytes_.size();
    return 0;
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace tagscope
