// Engines of the command: opened on a journal or on none, with the functions of a script.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "host.h"
#include "reticle/engine.h"
#include "reticle/schema.h"

namespace reticle::cli {

// Functions that nobody gives, and how often they were asked.
using Missing = std::map<std::string, std::uint64_t>;

// Without a journal nothing is kept, and everything is faster.
Result<Engine> openEngine(const std::shared_ptr<const Program>& program,
                          const std::optional<std::string>& journal, EngineOptions options);

// A copy of a journal, which is only read: another process may have it. Errors: Closed when there
// is none; those of Engine::recover().
Result<Engine> openCopy(const std::shared_ptr<const Program>& program, const std::string& journal,
                        EngineOptions options);

// Gives the options the `host pure` functions of the program, from the scripts. One without a
// script is an error to whoever asks it, and `missing`, which is borrowed, counts it; under
// ReturnNull it is null.
void addPureFunctions(EngineOptions& options, const Schema& schema, const Scripts& scripts,
                      Unscripted unscripted, Missing& missing);

// Says what went wrong on the error stream, with its code, where, and what would help.
void complain(const Error& error);

// Says which functions nobody gives.
void printMissing(const Missing& missing);

// Goes to the error stream: it is no result of the rules.
void printRecovery(const Recovery& recovery);

// Reads a file of scripts (`--answers`), held against the functions that the program has. What is
// wrong is said on the error stream.
std::optional<Scripts> readAnswers(const std::string& path, const Schema& schema);

}  // namespace reticle::cli
