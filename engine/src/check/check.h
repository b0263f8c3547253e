// From trees to a checked program.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/index.h"
#include "model/model.h"
#include "reticle/diagnostic.h"
#include "syntax/tree.h"

namespace reticle {

struct CheckOptions {
  model::Index* index = nullptr;  // filled in when given, as far as the mistakes allow
  // by file of the spans: with them messages speak of lines
  const std::vector<Source>* sources = nullptr;
  // the same: what is known of the tables and of the rules together, for people, also what is
  // allowed
  std::string* analysis = nullptr;
};

// Resolves and types every name and expression of the modules and compiles the expressions. Reports
// all mistakes it finds (RL1xxx to RL7xxx), each cause once; returns nothing when one of them is an
// error.
std::optional<model::Program> checkProgram(const std::vector<tree::Module>& modules,
                                           std::vector<Diagnostic>& diagnostics,
                                           CheckOptions options = {});

}  // namespace reticle
