// Values by name: the fields of a fact, the arguments of a call, what the conditions bind.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reticle/value.h"

namespace reticle {

// In the order in which they were given or declared.
using Fields = std::vector<std::pair<std::string, Value>>;

}  // namespace reticle
