// The frame that MD5, SHA-1 and SHA-2 share: whole blocks are compressed into a state, the end is
// padded with a one bit, zeros, and the length in bits. Internal to the room.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace tagscope::hash {

enum class ByteOrder : std::uint8_t { little_endian, big_endian };

// Compression: void operator()(const std::uint8_t* blocks, std::size_t count), reading `count`
// blocks of kBlockBytes each. The length field is an eighth of a block, in the given order.
template <typename Compression, std::size_t kBlockBytes, ByteOrder kOrder>
class MerkleDamgard {
 public:
  explicit MerkleDamgard(const Compression& compression) : compression_(compression) {}

  void update(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return;
    const auto held = static_cast<std::size_t>(total_bytes_ % kBlockBytes);
    total_bytes_ += bytes.size();
    if (held != 0) {
      const std::size_t taken = std::min(bytes.size(), kBlockBytes - held);
      std::memcpy(buffer_.data() + held, bytes.data(), taken);
      bytes = bytes.subspan(taken);
      if (held + taken < kBlockBytes) return;
      compression_(buffer_.data(), 1);
    }
    const std::size_t blocks = bytes.size() / kBlockBytes;
    if (blocks != 0) compression_(bytes.data(), blocks);
    bytes = bytes.subspan(blocks * kBlockBytes);
    if (!bytes.empty()) std::memcpy(buffer_.data(), bytes.data(), bytes.size());
  }

  // Pads and returns the compression, whose state is then the digest. Ends the stream.
  const Compression& finish() {
    constexpr std::size_t kLengthBytes = kBlockBytes / 8;
    auto held = static_cast<std::size_t>(total_bytes_ % kBlockBytes);
    buffer_[held++] = 0x80;
    if (held > kBlockBytes - kLengthBytes) {
      std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(held), buffer_.end(),
                std::uint8_t{0});
      compression_(buffer_.data(), 1);
      held = 0;
    }
    std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(held), buffer_.end(), std::uint8_t{0});
    // The length in bits has up to 67 bits; a field of 8 bytes holds it modulo 2^64.
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
      const std::uint64_t byte = i < 8    ? (total_bytes_ << 3) >> (8 * i)
                                 : i == 8 ? total_bytes_ >> 61
                                          : 0;
      const std::size_t place =
          kOrder == ByteOrder::little_endian ? kBlockBytes - kLengthBytes + i : kBlockBytes - 1 - i;
      buffer_[place] = static_cast<std::uint8_t>(byte);
    }
    compression_(buffer_.data(), 1);
    return compression_;
  }

 private:
  Compression compression_;
  std::uint64_t total_bytes_ = 0;
  std::array<std::uint8_t, kBlockBytes> buffer_{};
};

}  // namespace tagscope::hash
