// What evaluation costs: one unit for an operation, an item looked at or 64 bytes of text.
#pragma once

#include <cstdint>

#include "reticle/value.h"

namespace reticle {

constexpr std::int64_t kFuel = 100000;  // of one evaluation
constexpr std::int64_t kBytesPerUnit = 64;

inline Value outOfFuel() {
  return Value::error("RL9002", "this expression takes too long: more than 100,000 steps");
}

// What it costs to make or to read a value once, not looking into the items of a list.
std::int64_t units(const Value& value);
// What it costs to go through all of a value. Takes that from `fuel`; gives up when it is used up.
void spendOn(const Value& value, std::int64_t& fuel);

}  // namespace reticle
