// JSON text as values, for importing: members in the order written, at most kMaxDepth levels.
#pragma once

#include <string_view>

#include "reticle/result.h"
#include "reticle/value.h"

namespace reticle {

// The error's message says what is wrong and on which line.
Result<Value> readJson(std::string_view text);

}  // namespace reticle
