// What the conclusions of a rule rest on beside its match.
#pragma once

#include <vector>

#include "model/model.h"

namespace reticle::model {

// What the conclusions of a rule (`insert logical`) depend on: their values, the conditions and
// lists of the blocks they stand in, and the `let`s that those use. Points into the actions.
std::vector<const Expression*> conclusionReads(const std::vector<Action>& actions);

}  // namespace reticle::model
