// What can be said of the text of a `format` before it runs.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "reticle/value.h"

namespace reticle {

// The error with which `format` ends for this text, whatever its values are. With `values` also for
// so many of them, of such kinds; an empty one may be anything. Null when it may end well.
Value formatFailure(std::string_view text, const std::vector<std::optional<Value>>* values);

}  // namespace reticle
