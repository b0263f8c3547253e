// The `test` blocks of a program, carried out: each with an engine of its own, a virtual clock and
// scripted host functions.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "reticle/diagnostic.h"
#include "reticle/program.h"
#include "reticle/zones.h"

namespace reticle {

// An expectation that was not met, and where it stands.
struct TestFailure {
  std::string message;
  Span span;
};

// One test block.
struct TestOutcome {
  std::string name;
  bool passed = false;
  std::string digest;  // of the trace of the whole test
  std::vector<TestFailure> failures;
  // the rules that fired, each once: the places of their names
  std::vector<Span> fired;
};

// Runs all test blocks, in the order of the sources.
std::vector<TestOutcome> runTests(std::shared_ptr<const Program> program,
                                  const ZoneOffsets& zones = {});

// Which rules the tests made fire. Rules that are disabled are not counted.
struct TestCoverage {
  std::size_t rules = 0, fired = 0;
  // RL7003 for each rule that no test made fire, unless it allows that.
  std::vector<Diagnostic> missed;
};
// `fired`: of all outcomes together, from running these sources.
TestCoverage testCoverage(const std::vector<Source>& sources, const std::vector<Span>& fired);

}  // namespace reticle
