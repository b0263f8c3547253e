// Trace records and outputs as JSON, in the shapes of wasm/src/types.ts.
#pragma once

#include <string>

#include "reticle/output.h"
#include "reticle/trace.h"

namespace reticle {

// One object, its members in the order of types.ts: seq, cause, origin, kind, those of the header
// that say something, then the kind's own. The digest of the trace is taken over these texts.
std::string toJson(const TraceRecord& record);

// An output, as hosts get it and as a trace record holds it.
void appendJson(std::string& out, const Output& output);

}  // namespace reticle
