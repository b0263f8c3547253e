// Numbers as text and back, the same on every platform whatever the locale of the process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reticle {

void appendInt(std::string& out, std::int64_t value);

// The shortest digits that read back as the same double, always with a point or an exponent: 2.0,
// 0.1, 1e+21, NaN, -Infinity.
void appendDouble(std::string& out, double value);
// The same digits as JavaScript lays them out: 2, 0.1, 100000000000000000000, 1e+21, 1e-7. -0.0 is
// "0", as in JavaScript.
void appendDoubleAsScript(std::string& out, double value);

// Read the whole text or nothing. An optional sign, digits; for doubles also a fraction, an
// exponent, "NaN", "Infinity" and "-Infinity".
// An int that does not fit is nothing; a double that is too large is infinite.
std::optional<std::int64_t> parseInt(std::string_view text);
std::optional<double> parseDouble(std::string_view text);

// The double as an int if it stands for one exactly.
std::optional<std::int64_t> exactInt(double value);

}  // namespace reticle
