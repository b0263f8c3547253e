// Values by name: the fields of a fact, the arguments of a call, what the conditions bind.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reticle/value.h"

namespace reticle {

// In the order in which they were given or declared.
using Fields = std::vector<std::pair<std::string, Value>>;

// The same as a map of texts. Requires distinct names.
inline Value mapOf(const Fields& fields) {
  Value::Map map;
  map.reserve(fields.size());
  for (const auto& [name, value] : fields) map.emplace_back(Value::string(name), value);
  return Value::map(std::move(map));
}

}  // namespace reticle
