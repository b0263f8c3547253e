// The questions that may be asked of an engine by GET, and their answers in JSON.
#pragma once

#include <string>

#include "http.h"
#include "metrics.h"
#include "reticle/engine.h"
#include "reticle/schema.h"

namespace reticle::serve {

// Whether the path is one of these questions.
bool isView(const std::string& path);

// Requires isView(). Facts and subjects come a page at a time: `limit`, `after`.
Response look(const Engine& engine, const Schema& schema, const Request& request);

// What only the engine's thread can count, for /metrics.
void measure(const Engine& engine, Metrics& metrics);

}  // namespace reticle::serve
