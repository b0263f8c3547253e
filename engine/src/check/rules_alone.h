// What one checked rule comes to, taken by itself: patterns that nothing connects, a rule that sets
// itself off.
//
// Everything here is sound: it speaks only where the text leaves no doubt, and is silent about the
// rest.
#pragma once

#include "check/reporter.h"
#include "check/types_used.h"
#include "model/model.h"
#include "syntax/tree.h"

namespace reticle::model {

// Requires: the rule was checked without a mistake.
void warnUnconnected(const tree::Declaration& declaration, const Rule& rule, const Types& types,
                     Reporter& report);
void warnSelfFeeding(const tree::Declaration& declaration, const Rule& rule, const Types& types,
                     Reporter& report);

}  // namespace reticle::model
