// reticle test: runs the test blocks of rules.
#include <iostream>

#include "command.h"
#include "files.h"
#include "reticle/test.h"

namespace reticle::cli {
namespace {

// A failure as diagnostics are shown, without their code.
std::string rendered(const TestFailure& failure, const std::vector<Source>& sources) {
  Diagnostic diagnostic;
  diagnostic.message = failure.message;
  diagnostic.span = failure.span;
  const std::string text = render(diagnostic, sources);
  std::string result;
  for (std::size_t at = std::string("error[]: ").size(); at < text.size();) {
    std::size_t end = text.find('\n', at);
    if (end == std::string::npos) end = text.size();
    result += "    " + text.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return result;
}

// The rules that no test made fire, as the checker reports things (RL7003); and how many did, of
// how many.
std::string coverageOf(const std::vector<Source>& sources, const std::vector<Span>& fired) {
  const TestCoverage coverage = testCoverage(sources, fired);
  std::string text;
  for (const Diagnostic& missed : coverage.missed) text += render(missed, sources);
  return text + std::to_string(coverage.fired) + " of " + std::to_string(coverage.rules) +
         " rules fired in tests\n";
}

// A program that does not compile counts as one failed test.
int test(const Arguments& arguments) {
  if (arguments.files.empty()) return misused("test", "it needs a file of rules");
  std::vector<std::vector<std::string>> programs;
  if (arguments.has("--together")) {
    programs.push_back(arguments.files);
  } else {
    for (const std::string& file : arguments.files) programs.push_back({file});
  }

  const bool withDigest = arguments.has("--digest");
  std::size_t passed = 0, failed = 0;
  for (const std::vector<std::string>& files : programs) {
    std::optional<std::vector<Source>> sources = readSources(files);
    std::optional<Compiled> compiled;
    if (sources) compiled = compileOrComplain(*std::move(sources));
    if (!compiled) {
      std::cout << "failed  " << files.front() << " does not compile\n";
      ++failed;
      continue;
    }
    std::vector<Span> fired;
    for (const TestOutcome& outcome : runTests(compiled->program, systemZones())) {
      std::cout << (outcome.passed ? "passed  " : "failed  ") << outcome.name;
      if (withDigest) std::cout << "  " << outcome.digest;
      std::cout << "\n";
      for (const TestFailure& failure : outcome.failures) {
        std::cout << rendered(failure, compiled->sources);
      }
      ++(outcome.passed ? passed : failed);
      fired.insert(fired.end(), outcome.fired.begin(), outcome.fired.end());
    }
    if (arguments.has("--coverage")) std::cout << coverageOf(compiled->sources, fired);
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? kDone : kFailed;
}

}  // namespace

Command testCommand() {
  return {
      "test",
      "FILE… [--together] [--digest] [--coverage]",
      "Runs the test blocks of rules. Exits with 1 when one fails.",
      "A file that does not compile counts as one failed test. The last line is `N passed, N "
      "failed`.\n",
      {{"--together", "", "the files belong to one program; otherwise each is tested by itself"},
       {"--digest", "", "shows the digest of each test's trace: the same in every build"},
       {"--coverage", "", "also tells which rules no test made fire (RL7003)"}},
      test};
}

}  // namespace reticle::cli
