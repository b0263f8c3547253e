// Rules that take the place of others in a test: `replace rules with "new.rules"`.
//
// A program is compiled for each of these actions: the file, with the modules that the test's own
// module stands beside, takes the place of that module. The rest of the test belongs to it, and is
// checked against it; of what comes before only the names count.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check/check.h"
#include "model/model.h"
#include "reticle/diagnostic.h"
#include "syntax/tree.h"

namespace reticle {

// The modules of sources, without rows of tables.
struct ReadModules {
  std::vector<tree::Module> own;           // the program
  std::vector<tree::Module> replacements;  // files that tests replace the rules with
};
ReadModules readModules(const std::vector<Source>& sources, std::vector<Diagnostic>& diagnostics);

// The files that tests of a module replace the rules with, as sources are called.
std::vector<std::string> replacementFiles(const tree::Module& module, const Source& source);

// A checked program for each action that replaces rules, with the place of that action. Reports
// what is wrong in the file, and in the rest of the test.
struct CheckedReplacement {
  Span action;
  std::optional<model::Program> program;
};
std::vector<CheckedReplacement> checkReplacements(const ReadModules& modules,
                                                  const std::vector<Source>& sources,
                                                  std::vector<Diagnostic>& diagnostics,
                                                  const CheckOptions& options);

}  // namespace reticle
