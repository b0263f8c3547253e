// Values from hosts, made to fit the types that a program declares for them.
#pragma once

#include <string_view>

#include "expression/type.h"
#include "reticle/result.h"
#include "reticle/value.h"

namespace reticle {

// A host's value read by a declared type: integral doubles as int, ints as double, RFC 3339 strings
// as timestamps, "10m" as a duration, base64 as bytes, enum values checked, lists and maps element
// by element, null only where the type is optional. `where` begins the error's message:
// `the field "qty" of CartItem` gives `the field "qty" of CartItem needs an int, this is "three"`.
Result<Value> coerce(const Value& from, const Type& to, std::string_view where);
// The same in place, without words: false, and the value unchanged, where coerce() would return an
// error.
bool fit(Value& value, const Type& to);

}  // namespace reticle
