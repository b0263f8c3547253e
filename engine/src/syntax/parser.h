// Reads the text form of a rule module.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"
#include "syntax/tree.h"

namespace reticle {

// Reads one source file into a tree. Never fails: what cannot be read is reported (RL0xxx) and
// skipped up to the next place where an item can begin, so that later mistakes are still found and
// none is an echo. `file` is the position of the source among all sources.
tree::Module parseModule(const Source& source, std::uint32_t file,
                         std::vector<Diagnostic>& diagnostics);

// Reads a single CEL expression (the whole text), for hosts and tests.
Expr parseExpression(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics,
                     Dialect dialect = Dialect::Rules);

// Parts of a module that stand alone, as in its JSON form: each is the whole text. Spans are those
// of the text; what cannot be read is reported, and returned as Poison or not at all.
struct ConditionOf {
  std::string binding;
};  // the pattern's, for what is said about `=`
Expr parseCondition(const Source& source, const ConditionOf& of,
                    std::vector<Diagnostic>& diagnostics);
std::optional<tree::TypeUse> parseType(const Source& source, std::vector<Diagnostic>& diagnostics);
std::optional<Span64> parseDuration(const Source& source, std::vector<Diagnostic>& diagnostics);
std::vector<tree::Cell> parseCell(const Source& source, std::vector<Diagnostic>& diagnostics);

}  // namespace reticle
