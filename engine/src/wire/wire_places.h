// Byte offsets of sources as the spans of types.ts: offsets in UTF-16 units for editors, lines and
// columns in code points for people.
#pragma once

#include <cstdint>
#include <vector>

#include "reticle/diagnostic.h"
#include "wire/wire_json.h"

namespace reticle::wire {

// Finds what positionOf() does, but remembers where lines begin: a schema has thousands of spans.
// Borrows the sources.
class Places {
 public:
  explicit Places(const std::vector<Source>& sources);
  void write(Json& json, const Span& span) const;

 private:
  struct Line {
    std::uint32_t byte, utf16;
  };
  Position at(std::uint32_t file, std::uint32_t byte) const;

  const std::vector<Source>& sources_;
  std::vector<std::vector<Line>> lines_;  // by file, ascending; the first begins at 0
};

}  // namespace reticle::wire
