// Byte offsets of sources as the spans of types.ts: offsets in UTF-16 units for editors, lines and
// columns in code points for people.
#pragma once

#include <vector>

#include "base/text_places.h"
#include "reticle/diagnostic.h"
#include "wire/wire_json.h"

namespace reticle::wire {

// Borrows the sources, and goes through each of them once: a schema has thousands of spans.
class Places {
 public:
  explicit Places(const std::vector<Source>& sources);
  void write(Json& json, const Span& span) const;

 private:
  const std::vector<Source>& sources_;
  std::vector<TextPlaces> places_;  // by file
};

}  // namespace reticle::wire
