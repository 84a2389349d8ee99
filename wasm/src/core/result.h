// Result<T>: a value or an Error. A small stand-in for std::expected, which the
// C++ library shipped with Emscripten 3.1.6 (libc++ 13) does not have.
#pragma once

#include <cstdlib>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/error.h"

namespace tagscope {

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Precondition: ok(). A breach is a defect of the engine and aborts.
  T& value() & { return *checked<0>(); }
  const T& value() const& { return *checked<0>(); }
  T&& value() && { return std::move(*checked<0>()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return checked<0>(); }
  const T* operator->() const { return checked<0>(); }

  // Precondition: !ok().
  Error& error() & { return *checked<1>(); }
  const Error& error() const& { return *checked<1>(); }
  Error&& error() && { return std::move(*checked<1>()); }

 private:
  template <std::size_t Index>
  auto* checked() {
    auto* held = std::get_if<Index>(&state_);
    if (held == nullptr) std::abort();
    return held;
  }
  template <std::size_t Index>
  const auto* checked() const {
    const auto* held = std::get_if<Index>(&state_);
    if (held == nullptr) std::abort();
    return held;
  }

  std::variant<T, Error> state_;
};

// A Result without a value: "it worked", or an Error.
using Status = Result<std::monostate>;
inline Status ok_status() { return Status(std::monostate{}); }

}  // namespace tagscope
