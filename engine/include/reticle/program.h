// Compiling rule text. A program never changes; any number of engines, also on several threads, may
// share one. What it declares is in reticle/schema.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"

namespace reticle {

class Program;  // opaque: the checked rules and their network

struct Compiled {
  std::shared_ptr<const Program> program;  // null when a diagnostic is an error
  std::vector<Diagnostic> diagnostics;     // in order of place, at most so many (see limit())
  std::vector<Source> sources;
  bool ok() const { return program != nullptr; }
  // All diagnostics as a terminal shows them.
  std::string text() const;
};

// Reads, checks and compiles rule modules (the text form). Never fails otherwise than by
// diagnostics.
Compiled compile(std::vector<Source> sources);

// The files that these sources name: tables for their rows (`table … from "rates.csv"`), tests for
// the rules that they go on with (`replace rules with "new.rules"`). Each by the name under which
// it must be among the sources: beside the module that names it.
std::vector<std::string> namedFiles(const std::vector<Source>& sources);
Compiled compile(std::string_view name, std::string_view text);

// As compile, but asks only whether the rules are right: `program` stays empty. What editors and
// `reticle check` show.
Compiled check(std::vector<Source> sources);

// Every gap and overlap of the tables, and rules that work against each other, allowed or not: one
// paragraph each. Empty for sources with errors.
std::string analyze(const std::vector<Source>& sources);

// A number that tells programs apart; part of every journal.
std::uint64_t programHash(const Program& program);

}  // namespace reticle
