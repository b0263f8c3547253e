// One order over all values, and one sameness: for what must come in a settled order although the
// language gives its values none.
#pragma once

#include "reticle/value.h"

namespace reticle {

// -1, 0 or 1. Agrees with compare() where that has an order; beyond it: null, bools, numbers (NaN
// last; of equal ones ints first), texts, bytes, lists and maps
// (element by element; the entries of a map by key), times, spans, types, facts by id, errors,
// optionals.
int totalOrder(const Value& a, const Value& b);

// Equal and of one kind (1 and 1.0 are two values); NaN is the same as itself.
bool sameValue(const Value& a, const Value& b);

}  // namespace reticle
