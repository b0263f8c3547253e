// Values as JSON, as hosts write and read them.
//
// null, booleans, numbers, strings, lists and maps are themselves; doubles as JavaScript prints
// them (100.0 is 100). An int beyond ±2^53 is {"$int": "9223372036854775807"}, a double without a
// number {"$double": "NaN"}, a fact used as a value {"$fact": 12}, an error {"$error": {"code": …,
// "message": …}}. Timestamps are RFC 3339 strings, durations strings such as "1m30s", bytes base64,
// types their names, and map keys that are no strings are written as one. What comes back is
// therefore read by its declared type: see expression/coerce.h.
#pragma once

#include <string>
#include <string_view>

#include "reticle/result.h"
#include "reticle/value.h"

namespace reticle {

// Appends to `out`; no tree is built.
void writeJson(std::string& out, const Value& value);
// With its quotes; bytes that are not UTF-8 become U+FFFD, so that the result always parses.
void writeJsonString(std::string& out, std::string_view text);

// Takes JSON at its word: strings stay strings. Integral numbers within int64 are ints, others
// doubles; members keep their order until they are a map; with `tags`, `$int`, `$double` and
// `$fact` are resolved. Errors: BadInput for text that is no JSON (`where` is then "line 2, byte
// 17"), members that stand twice, and nesting beyond 100 levels. Bounded in depth and length, so
// that nothing a host sends is too much.
Result<Value> parseJson(std::string_view json, bool tags = true);

}  // namespace reticle
