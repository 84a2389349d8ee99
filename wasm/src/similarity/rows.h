// Rows of float32, [rows, width], row-major, and the numbers that compare them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace tagscope {

// What two rows have in common.
enum class Measure : std::uint8_t {
  kDot,     // Σ aᵢ bᵢ
  kCosine,  // that of the rows scaled to length 1; NaN where one of them is zero
};

class Rows {
 public:
  // Zeros; nothing where memory does not suffice, or rows or width is 0.
  [[nodiscard]] static std::optional<Rows> allocate(std::size_t rows, std::size_t width);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::span<const float> row(std::size_t i) const {
    return {values_.get() + i * width_, width_};
  }
  [[nodiscard]] std::span<const float> values() const { return {values_.get(), rows_ * width_}; }

  // To be written to. What was known of the rows' lengths is forgotten.
  [[nodiscard]] std::span<float> writable();

  // out[i] = the measure of row i and the query. Preconditions: query.size() == width(),
  // out.size() == rows().
  //
  // Error, where no product or sum leaves the range of normal numbers: of a dot product at most
  // (⌈width/8⌉ + 4) · 2⁻²⁴ · Σ |aᵢ bᵢ|, of a cosine (⌈width/8⌉ + 9) · 2⁻²⁴, both times
  // 1 + 2⁻¹⁰ (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1: eight sums
  // side by side, then three steps that join them). Equal rows have equal scores.
  void score(std::span<const float> query, Measure measure, std::span<float> out);

  // The mean of all rows, summed in double.
  [[nodiscard]] std::vector<float> mean() const;

  // Takes `mean` from every row, in float32. Precondition: mean.size() == width().
  void centre(std::span<const float> mean);

 private:
  struct Freed {
    void operator()(float* values) const;
  };

  Rows(float* values, std::size_t rows, std::size_t width)
      : values_(values), rows_(rows), width_(width) {}

  std::unique_ptr<float, Freed> values_;
  std::size_t rows_;
  std::size_t width_;
  std::vector<float> inverse_lengths_;  // of every row; empty until they are needed
};

// Σ aᵢ bᵢ with the error that Rows::score() states. Precondition: both are as long.
[[nodiscard]] float dot(std::span<const float> a, std::span<const float> b);

// 1 / √Σ aᵢ², computed in double; infinity where all are 0.
[[nodiscard]] float inverse_length(std::span<const float> a);

// The sum of all values in float32, read as score() reads rows: what that costs, to compare with.
[[nodiscard]] float read_through(std::span<const float> values);

// One of the best.
struct Scored {
  std::uint32_t row;
  float score;
};

// The k largest scores, the largest first, of equal ones the lower row first; fewer where there
// are fewer. NaN is never among them.
[[nodiscard]] std::vector<Scored> best(std::span<const float> scores, std::size_t k);

}  // namespace tagscope
