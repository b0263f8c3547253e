// True, false, or unknown: what a condition can be. A test whose value is an error is unknown, and
// so is what depends on it alone.
#pragma once

#include <cstdint>

#include "reticle/value.h"

namespace reticle {

enum class Truth : std::uint8_t { False, True, Unknown };

inline Truth truthOf(const Value& value) {
  return value.isTrue() ? Truth::True : value.isFalse() ? Truth::False : Truth::Unknown;
}

inline Truth opposite(Truth truth) {
  return truth == Truth::True ? Truth::False : truth == Truth::False ? Truth::True : Truth::Unknown;
}

}  // namespace reticle
