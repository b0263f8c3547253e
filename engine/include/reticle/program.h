// Compiling rule text. A program never changes; any number of engines, also on several threads, may
// share one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"
#include "reticle/value.h"
#include "reticle/zones.h"

namespace reticle {

class Program;  // opaque: the checked rules and their network

struct Compiled {
  std::shared_ptr<const Program> program;  // null when a diagnostic is an error
  std::vector<Diagnostic> diagnostics;     // in order of place
  std::vector<Source> sources;
  bool ok() const { return program != nullptr; }
  // All diagnostics as a terminal shows them.
  std::string text() const;
};

// Reads, checks and compiles rule modules (the text form). Never fails otherwise than by
// diagnostics.
Compiled compile(std::vector<Source> sources);
Compiled compile(std::string_view name, std::string_view text);

// As compile, but asks only whether the rules are right, not whether this engine can carry out
// everything they say: never RL0100, and `program` stays empty. What editors and `reticle check`
// show.
Compiled check(std::vector<Source> sources);

enum class Stage { Tree, Model, Network };
// The stable dump of a stage; Tree is available for texts with errors too.
std::string dump(const Compiled& compiled, Stage stage);

// A number that tells programs apart; part of every journal.
std::uint64_t programHash(const Program& program);

// One `test` block carried out.
struct TestFailure {
  std::string message;
  Span span;
};
struct TestOutcome {
  std::string name;
  bool passed = false;
  std::string digest;  // of the trace of the whole test
  std::vector<TestFailure> failures;
  // the rules that fired, each once: the places of their names
  std::vector<Span> fired;
};
// Runs all test blocks, each with an engine of its own, virtual clock and scripted host functions.
std::vector<TestOutcome> runTests(std::shared_ptr<const Program> program,
                                  const ZoneOffsets& zones = {});

}  // namespace reticle
