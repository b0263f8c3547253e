// Reading numbers and durations, and saying what is wrong with those that are neither.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "reticle/ids.h"

namespace reticle {

struct Numeral {
  enum class Kind { Int, Double, Duration } kind = Kind::Int;
  std::uint32_t length = 0;  // bytes, at least 1
  Span64 duration = 0;
  // When it is wrong: what, and what would be right.
  std::string code, message, replacement, help;
};

// The number that begins at `at`. Requires: a digit there, or a point and a digit.
Numeral readNumeral(std::string_view text, std::size_t at);

// The unit that a word means: "min" and "minutes" are "m". Empty for other words.
std::string_view unitMeantBy(std::string_view word);

}  // namespace reticle
