// The functions of `accumulate` over the candidates that match.
#pragma once

#include <vector>

#include "model/model.h"
#include "reticle/value.h"

namespace reticle {

// `values` are the function's arguments, in order of the facts' ids (for count: one of any kind for each fact). Empty: count and sum are 0,
// min, max, avg, first and last are null, collect and distinct are empty lists. An error value when a sum overflows or values have no order.
Value aggregate(const model::AccumulateFunction& function, const std::vector<Value>& values);

}  // namespace reticle
