// Python's float("…"), by which both programs read weights.
#pragma once

#include <optional>
#include <string_view>

namespace tagscope {

// The value of a well-formed UTF-8 text, or nothing where Python raises ValueError. Decimal digits
// of any script, white space around and single underscores between digits are read; the result may
// be infinite or NaN. Source: The Python Language Reference 3.11, library/functions, float();
// CPython 3.11, Objects/floatobject.c, PyFloat_FromString.
[[nodiscard]] std::optional<double> python_float(std::string_view text);

}  // namespace tagscope
