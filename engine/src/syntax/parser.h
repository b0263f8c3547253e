// Reads the text form of a rule module.
#pragma once

#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"
#include "syntax/tree.h"

namespace reticle {

// Reads one source file into a tree. Never fails: what cannot be read is reported (RL0xxx) and skipped up to the next place where an item
// can begin, so that later mistakes are still found and none is an echo. `file` is the position of the source among all sources.
tree::Module parseModule(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics);

// Reads a single CEL expression (the whole text), for hosts and tests.
Expr parseExpression(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics, Dialect dialect = Dialect::Rules);

// The stable dump of a tree, one node a line, indented: for tests, the command line and the playground.
std::string dump(const tree::Module& module);

}  // namespace reticle
