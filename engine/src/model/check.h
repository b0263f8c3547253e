// From trees to a checked program.
#pragma once

#include <optional>
#include <vector>

#include "model/model.h"
#include "reticle/diagnostic.h"
#include "syntax/tree.h"

namespace reticle {

// Resolves and types every name and expression of the modules and compiles the expressions. Reports all mistakes it finds (RL1xxx to RL7xxx), each
// cause once; answers nothing when one of them is an error. What the language has but this engine cannot carry out yet is an error of its own
// (RL0100) at its place, never accepted in silence.
std::optional<model::Program> checkProgram(std::vector<tree::Module> modules, std::vector<Diagnostic>& diagnostics);

}  // namespace reticle
