// What the conclusions of a rule rest on beside its match.
#pragma once

#include <vector>

#include "model/model.h"

namespace reticle::model {

// What the conclusions of a rule (`insert logical`) depend on: their values, the conditions and
// lists of the blocks they stand in, and the `let`s that those use. Points into the actions.
std::vector<const Expression*> conclusionReads(const std::vector<Action>& actions);

// The same, said by what is known when the rule matches: a `let` is put in place, and what is asked
// of the elements of a `for` is asked of all of them, in a list. What rests on a fact that the
// actions insert, or would become too long, is left out.
std::vector<Expr> conclusionsAhead(const std::vector<Action>& actions,
                                   std::uint32_t conditionLocals);

}  // namespace reticle::model
