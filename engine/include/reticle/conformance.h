// Runs cases of the conformance suite of CEL, the expression language inside the rule language,
// with the conformance switch on: no durations, templates, `??` or ranges as literals of the
// language, no int literal that becomes a double, but unsigned numbers, which rule text has not.
//
// A file of cases is JSON lines, one case a line:
//   { "file", "section", "name": where it stands in the suite; "profile": what it belongs to, for
//   counting
//     "expr": the expression
//     "container": "a.b"                    where names are looked up from
//     "env": { name: type }                 declared variables; { "function": [{ "params",
//                                           "result", "method" }] } declares a function
//     "bindings": { name: value }           and what they are
//     "check": false                        run without checking; "checkOnly": true: check without
//                                           running
//     "value": value | "error": message     what is expected (true, when neither stands there); the
//                                           message is for people
//     "type": type }                        the type that the checker finds
// Types are "int", "list(int)", "map(string, dyn)", "optional_type(int)", …. Values are tagged:
// {"int": "1"}, {"uint": "1"}, {"double": 1.5} (or "NaN", "Infinity", "-Infinity"), {"bool": true},
// {"string": ""}, {"bytes": base64}, {"list": […]}, {"map": [[key, value], …]}, {"timestamp": RFC
// 3339}, {"duration": "1.5s"}, {"type": "int"}, {"null": null}. Members not named here are of no
// concern.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/result.h"
#include "reticle/zones.h"

namespace reticle {

struct ConformanceCase {
  std::size_t line = 0;  // in its file, from 1
  std::string file, section, name, profile;
  std::string expression;
  bool passed = false;
  std::string wanted;  // in words: a value, "an error", "the type int"
  std::string got;     // likewise; for errors what they say
};

// All cases of a file, in its order. A line that is no case (no JSON, no `expr`) is an error that
// names it; a case with a value or type that is unknown here is a failed case that says so.
Result<std::vector<ConformanceCase>> runConformance(std::string_view text,
                                                    const ZoneOffsets& zones = {});

// {"file", "section", "name", "profile", "passed", "got"} on one line, without a line break.
std::string toJson(const ConformanceCase& result);

}  // namespace reticle
