// reticle conformance: runs cases of the conformance suite of CEL.
#include <algorithm>
#include <iostream>
#include <vector>

#include "command.h"
#include "files.h"
#include "reticle/conformance.h"

namespace reticle::cli {
namespace {

struct Count {
  std::string profile;
  std::size_t passed = 0, all = 0;
};

// In the order in which profiles first come.
std::vector<Count> countByProfile(const std::vector<ConformanceCase>& results) {
  std::vector<Count> counts;
  for (const ConformanceCase& result : results) {
    auto count = std::find_if(counts.begin(), counts.end(),
                              [&](const Count& each) { return each.profile == result.profile; });
    if (count == counts.end()) count = counts.insert(counts.end(), {result.profile});
    ++count->all;
    if (result.passed) ++count->passed;
  }
  return counts;
}

// Each case that failed, then how many passed of each profile.
void printSummary(const std::string& path, const std::vector<ConformanceCase>& results) {
  for (const ConformanceCase& result : results) {
    if (result.passed) continue;
    std::cout << path << ":" << result.line << ": " << result.file << "/" << result.section << "/"
              << result.name << "\n    " << result.expression << "\n    wanted " << result.wanted
              << "\n    got " << result.got << "\n";
  }
  for (const Count& count : countByProfile(results)) {
    std::cout << (count.profile.empty() ? "(no profile)" : count.profile) << ": " << count.passed
              << " of " << count.all << " passed\n";
  }
}

// All files, one summary each; a file that is none stops everything.
int runConformanceFiles(const Arguments& arguments) {
  if (arguments.files.empty()) return misused("conformance", "it needs a file of cases");
  bool failed = false;
  for (const std::string& path : arguments.files) {
    const std::optional<std::string> text = readFile(path);
    if (!text) return kFailed;
    const Result<std::vector<ConformanceCase>> results = runConformance(*text, systemZones());
    if (!results) {
      std::cerr << path << ": " << results.error().message << "\n";
      return kFailed;
    }
    failed = failed || std::any_of(results->begin(), results->end(),
                                   [](const ConformanceCase& result) { return !result.passed; });
    if (!arguments.has("--json")) {
      printSummary(path, *results);
      continue;
    }
    for (const ConformanceCase& result : *results) std::cout << toJson(result) << "\n";
  }
  return failed && arguments.has("--strict") ? kFailed : kDone;
}

}  // namespace

Command conformanceCommand() {
  return {"conformance",
          "FILE… [--json]",
          "Runs cases of the conformance suite of CEL, the expression language.",
          "A file holds one case a line, as JSON (engine/include/reticle/conformance.h says how). "
          "The expressions are plain CEL: what the rule\n"
          "language adds to it is switched off. Prints the cases that fail and how many passed of "
          "each profile; ends with 0 when the files could\n"
          "be read, whatever passed.\n",
          {{"--json", "",
            "instead, one object for each case: file, section, name, profile, passed, got"},
           {"--strict", "", "end with 1 when a case fails"}},
          runConformanceFiles};
}

}  // namespace reticle::cli
