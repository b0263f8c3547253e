// A place in the rules.
#pragma once

#include <cstdint>

namespace reticle {

// A half-open range of UTF-8 bytes in one source file (by position in the list of sources handed to
// compile).
struct Span {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

}  // namespace reticle
