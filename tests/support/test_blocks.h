// Rule files with test blocks as tests.
#pragma once

#include <string>

#include "reticle/test.h"
#include "support/harness.h"

namespace reticle::test {

inline void runTestBlocksOf(const std::string& name, const std::string& text, std::size_t count) {
  const auto program = compiled(name, text);
  if (!program) return;
  const std::vector<TestOutcome> outcomes = runTests(program);
  CHECK(outcomes.size() == count);
  for (const TestOutcome& outcome : outcomes) {
    std::string told;
    for (const auto& failure : outcome.failures) told += "\n  " + failure.message;
    CHECK_MESSAGE(outcome.passed, name, ": ", outcome.name, told);
    leaveDigest(name + ": " + outcome.name, outcome.digest);
  }
}

// Once as they stand, and once with a crash in front of everything that is expected.
inline void runTestBlocks(const std::string& path, std::size_t count) {
  std::string text = readFile(path);
  const std::string name = path.substr(path.rfind('/') + 1);
  runTestBlocksOf(name, text, count);
  const std::string end = "}\n  expect";
  for (std::size_t at = 0; (at = text.find(end, at)) != std::string::npos; at += end.size() + 6) {
    text.insert(at, "crash ");
  }
  runTestBlocksOf(name + " with crashes", text, count);
}

}  // namespace reticle::test
