// Which types rules and flows of a program are for: those that stand in a condition, as a trigger
// or under a wait.
#pragma once

#include <vector>

#include "model/model.h"

namespace reticle::model {

// By type.
std::vector<bool> listenedTypes(const Program& program);

}  // namespace reticle::model
