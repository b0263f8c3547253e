// What `reticle run` says when it is asked why, at the end of a run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "arguments.h"
#include "command.h"
#include "reticle/engine.h"
#include "reticle/schema.h"

namespace reticle::cli {

// The options of it, for help and reading.
const std::vector<Option>& whyOptions();

// Something that cannot be asked this way; nothing when all is well.
std::optional<std::string> wrongWhy(const Arguments& arguments);

// Prints what each question asks for, in order. False when there is nothing (no such rule, no such
// fact), which is said on the error stream.
bool sayWhy(const Engine& engine, const Schema& schema, const Arguments& arguments);

// Nanoseconds, for EngineOptions::stopwatch.
std::uint64_t stopwatch();

}  // namespace reticle::cli
