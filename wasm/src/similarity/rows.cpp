#include "similarity/rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

namespace tagscope {
namespace {

// GCC's and Clang's vector extension serves every target: SIMD128 in WebAssembly, SSE or NEON
// natively.
using Floats = float __attribute__((vector_size(16)));
using Doubles = double __attribute__((vector_size(16)));

constexpr std::size_t kLanes = 4;
constexpr std::size_t kSums = 2;
constexpr std::size_t kStep = kLanes * kSums;
// Places of memory that are read side by side. Each has its own pages to be fetched ahead, so
// that four give nearly twice the bytes a second of one; rows next to each other do not.
constexpr std::size_t kStreams = 4;

Floats load(const float* from) {
  Floats floats;
  std::memcpy(&floats, from, sizeof floats);
  return floats;
}

float joined(const std::array<Floats, kSums>& sums) {
  const Floats all = sums[0] + sums[1];
  return (all[0] + all[1]) + (all[2] + all[3]);
}

// The dot products of `query` and N rows that lie `apart` floats from each other. A row's sum has
// the same order whatever N is: equal rows have equal scores.
template <std::size_t N>
std::array<float, N> dots(const float* rows, std::size_t apart, const float* query,
                          std::size_t width) {
  std::array<std::array<Floats, kSums>, N> sums{};
  std::size_t i = 0;
  for (; i + kStep <= width; i += kStep) {
    for (std::size_t s = 0; s < kSums; ++s) {
      const Floats of_query = load(query + i + s * kLanes);
      for (std::size_t n = 0; n < N; ++n) {
        sums[n][s] += load(rows + n * apart + i + s * kLanes) * of_query;
      }
    }
  }
  std::array<float, N> found;
  for (std::size_t n = 0; n < N; ++n) {
    if (i < width) {
      // The rest as one more step, filled up with zeros.
      std::array<float, kStep> of_row{};
      std::array<float, kStep> of_query{};
      std::copy(rows + n * apart + i, rows + n * apart + width, of_row.begin());
      std::copy(query + i, query + width, of_query.begin());
      for (std::size_t s = 0; s < kSums; ++s) {
        sums[n][s] += load(of_row.data() + s * kLanes) * load(of_query.data() + s * kLanes);
      }
    }
    found[n] = joined(sums[n]);
  }
  return found;
}

// Of every row, to `out`.
void all_dots(const float* rows, std::size_t count, const float* query, std::size_t width,
              float* out) {
  const std::size_t part = count / kStreams;
  for (std::size_t i = 0; i < part; ++i) {
    const auto found = dots<kStreams>(rows + i * width, part * width, query, width);
    for (std::size_t n = 0; n < kStreams; ++n) out[n * part + i] = found[n];
  }
  for (std::size_t i = kStreams * part; i < count; ++i) {
    out[i] = dots<1>(rows + i * width, 0, query, width)[0];
  }
}

}  // namespace

void Rows::Freed::operator()(float* values) const { delete[] values; }

std::optional<Rows> Rows::allocate(std::size_t rows, std::size_t width) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max() / sizeof(float) / 2;
  if (rows == 0 || width == 0 || rows > kMost / width) return std::nullopt;
  float* values = new (std::nothrow) float[rows * width]();
  if (values == nullptr) return std::nullopt;
  return Rows(values, rows, width);
}

std::span<float> Rows::writable() {
  inverse_lengths_.clear();
  return {values_.get(), rows_ * width_};
}

void Rows::score(std::span<const float> query, Measure measure, std::span<float> out) {
  all_dots(values_.get(), rows_, query.data(), width_, out.data());
  if (measure == Measure::kDot) return;
  if (inverse_lengths_.empty()) {
    inverse_lengths_.resize(rows_);
    for (std::size_t i = 0; i < rows_; ++i) inverse_lengths_[i] = inverse_length(row(i));
  }
  const float of_query = inverse_length(query);
  // Of a zero row: 0 × ∞, which is NaN.
  for (std::size_t i = 0; i < rows_; ++i) out[i] = out[i] * inverse_lengths_[i] * of_query;
}

std::vector<float> Rows::mean() const {
  std::vector<double> sums(width_);
  const float* at = values_.get();
  for (std::size_t i = 0; i < rows_; ++i, at += width_) {
    for (std::size_t j = 0; j < width_; ++j) sums[j] += static_cast<double>(at[j]);
  }
  std::vector<float> mean(width_);
  for (std::size_t j = 0; j < width_; ++j) {
    mean[j] = static_cast<float>(sums[j] / static_cast<double>(rows_));
  }
  return mean;
}

void Rows::centre(std::span<const float> mean) {
  inverse_lengths_.clear();
  float* at = values_.get();
  for (std::size_t i = 0; i < rows_; ++i, at += width_) {
    for (std::size_t j = 0; j < width_; ++j) at[j] -= mean[j];
  }
}

float dot(std::span<const float> a, std::span<const float> b) {
  return dots<1>(a.data(), 0, b.data(), a.size())[0];
}

float inverse_length(std::span<const float> a) {
  std::array<Doubles, 2> sums{};
  std::size_t i = 0;
  for (; i + kLanes <= a.size(); i += kLanes) {
    for (std::size_t s = 0; s < 2; ++s) {
      const Doubles two = {static_cast<double>(a[i + 2 * s]),
                           static_cast<double>(a[i + 2 * s + 1])};
      sums[s] += two * two;
    }
  }
  double sum = (sums[0][0] + sums[0][1]) + (sums[1][0] + sums[1][1]);
  for (; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(a[i]);
  return static_cast<float>(1.0 / std::sqrt(sum));
}

float read_through(std::span<const float> values) {
  const std::size_t part = values.size() / (kStreams * kStep) * kStep;
  std::array<Floats, kStreams> sums{};
  for (std::size_t i = 0; i < part; i += kStep) {
    for (std::size_t s = 0; s < kSums; ++s) {
      for (std::size_t n = 0; n < kStreams; ++n) {
        sums[n] += load(values.data() + n * part + i + s * kLanes);
      }
    }
  }
  float sum = joined({sums[0] + sums[1], sums[2] + sums[3]});
  for (std::size_t i = kStreams * part; i < values.size(); ++i) sum += values[i];
  return sum;
}

std::vector<Scored> best(std::span<const float> scores, std::size_t k) {
  const auto better = [](const Scored& a, const Scored& b) {
    return a.score != b.score ? a.score > b.score : a.row < b.row;
  };
  std::vector<Scored> heap;  // the worst of the best on top
  k = std::min(k, scores.size());
  if (k == 0) return heap;
  heap.reserve(k);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const float score = scores[i];
    // Rows come in order, so an equal score loses against those that are there.
    if (heap.size() == k && !(score > heap.front().score)) continue;
    if (std::isnan(score)) continue;
    if (heap.size() == k) {
      std::pop_heap(heap.begin(), heap.end(), better);
      heap.pop_back();
    }
    heap.push_back({static_cast<std::uint32_t>(i), score});
    std::push_heap(heap.begin(), heap.end(), better);
  }
  std::sort_heap(heap.begin(), heap.end(), better);
  return heap;
}

}  // namespace tagscope
