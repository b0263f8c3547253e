// What comes of actions: the names they bind, and whether they leave the run.
#pragma once

#include <vector>

#include "model/model.h"
#include "syntax/tree.h"

namespace reticle::model {

// Whether nothing after these actions is reached.
bool leaves(const std::vector<Action>& actions);
bool leavesHere(const Action& action);
// What an action names for those after it, and its parts for those after them.
std::vector<tree::Name> namesBoundBy(const tree::Action& action);
// Where a message about the action itself points.
Span keywordSpan(const tree::Action& action);

}  // namespace reticle::model
