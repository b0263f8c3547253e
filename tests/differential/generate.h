// Random programs and random stories of changes, as the differential tests want them: few values,
// so that much matches; every condition of the language, nested; fields that may be null, missing
// or of another kind, so that much is unknown.
#pragma once

#include "differential/program.h"
#include "differential/random.h"

namespace reticle::test {

// What programs may hold. Everything, unless it is said otherwise.
struct Repertoire {
  bool groups = true, forall = true, either = true, each = true, groupBy = true;
  bool derive = true, doubles = true;
  int rules = 4, conditions = 4, depth = 2;
};

RuleProgram randomProgram(Random& random, const Repertoire& repertoire = {});

// Of a field of a host's fact.
Value randomValue(Random& random, Shape shape, bool doubles = true);

}  // namespace reticle::test
