// Rule files with test blocks as tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reticle/test.h"
#include "support/harness.h"

namespace reticle::test {

// Berlin, for the years that the tests are about: two hours east of UTC from the last Sunday of March
// to that of October, else one.
inline std::optional<std::int32_t> berlin(std::string_view zone, std::int64_t seconds) {
  if (zone != "Europe/Berlin") return std::nullopt;
  constexpr std::int64_t kSummers[][2] = {{1679792400, 1698541200},   // 2023
                                          {1711846800, 1729990800},   // 2024
                                          {1743296400, 1761440400}};  // 2025
  for (const auto& [begins, ends] : kSummers) {
    if (seconds >= begins && seconds < ends) return 7200;
  }
  return 3600;
}

// With the files that the text names, from a folder.
inline void runTestBlocksOf(const std::string& name, const std::string& text, std::size_t count,
                            const std::string& folder = "") {
  std::vector<Source> sources = {{name, text}};
  for (const std::string& file : namedFiles(sources)) {
    sources.push_back({file, readFile(folder + file)});
  }
  const Compiled result = compile(std::move(sources));
  CHECK_MESSAGE(result.ok(), result.text());
  const auto program = result.program;
  if (!program) return;
  const std::vector<TestOutcome> outcomes = runTests(program, berlin);
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
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const std::string name = path.substr(folder.size());
  runTestBlocksOf(name, text, count, folder);
  const std::string end = "}\n  expect";
  for (std::size_t at = 0; (at = text.find(end, at)) != std::string::npos; at += end.size() + 6) {
    text.insert(at, "crash ");
  }
  runTestBlocksOf(name + " with crashes", text, count, folder);
}

}  // namespace reticle::test
