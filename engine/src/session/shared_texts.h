// Texts that hosts hand in again and again ("red", "true", a customer's name) stand in memory once:
// facts share them, and comparing two of them mostly ends at their addresses. Only the texts seen
// last are remembered, so this stays small whatever passes through.
#pragma once

#include <cstddef>
#include <vector>

#include "reticle/value.h"

namespace reticle {

class SharedTexts {
 public:
  // Gives a short text the memory of an equal one seen before.
  void share(Value& value) {
    if (value.kind() != ValueKind::String || value.asString().size() > kLongest) return;
    if (seen_.empty()) seen_.resize(kRemembered);
    Value& seen = seen_[value.hash() & (kRemembered - 1)];
    if (seen == value) {
      value = seen;
    } else {
      seen = value;
    }
  }

 private:
  static constexpr std::size_t kRemembered = 1024, kLongest = 64;
  std::vector<Value> seen_;  // by hash; null: none yet
};

}  // namespace reticle
