// The streaming interface that every digest method offers beside its one-shot form.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace tagscope {

// update() any number of times, then finish() once; reset() starts over with
// the same key, seed and size. The caller owns the bytes passed to update().
class Digest {
 public:
  Digest() = default;
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  virtual ~Digest() = default;

  virtual void update(std::span<const std::uint8_t> bytes) = 0;
  // The digest's bytes in the order in which they are printed (checksums big-endian).
  virtual std::string finish() = 0;
  virtual void reset() = 0;
};

}  // namespace tagscope
