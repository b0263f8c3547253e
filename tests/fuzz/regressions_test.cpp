// What fuzzing once found stays found: every input in tests/fuzz/regressions/<target>/ is carried
// out as the fuzzer would.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fuzz/targets.h"
#include "support/files.h"

namespace fuzz_regressions_test {

using namespace reticle;

namespace {

const std::vector<fuzz::Target> kTargets = {{"parser", fuzz::parserBroken},
                                            {"checker", fuzz::checkerBroken},
                                            {"form", fuzz::formBroken},
                                            {"format", fuzz::formatBroken},
                                            {"expression", fuzz::expressionBroken},
                                            {"run", fuzz::runBroken}};

}  // namespace

TEST_SUITE("fuzz: regressions") {
  TEST_CASE("no input that was found breaks its target") {
    std::size_t tried = 0;
    for (const fuzz::Target& target : kTargets) {
      CAPTURE(target.name);
      const std::string folder = std::string("tests/fuzz/regressions/") + target.name;
      for (const std::string& name : test::filesOf(folder, ".input")) {
        CAPTURE(name);
        const std::string input = test::contentOf(folder + "/" + name);
        CHECK(!input.empty());
        CHECK(target.broken(input) == "");
        ++tried;
      }
    }
    CHECK(tried > 0);
  }

  // The oracles are no good if they return "" for everything.
  TEST_CASE("a diagnostic that points past the end of its text is seen") {
    Diagnostic d;
    d.code = "RL0001";
    d.message = "something";
    d.span = {0, 3, 9};
    CHECK(fuzz::diagnosticsBroken({d}, {{"a.rules", "fact"}}) != "");
    d.span = {0, 3, 4};
    CHECK(fuzz::diagnosticsBroken({d}, {{"a.rules", "fact"}}) == "");
    d.fixes.push_back({"write `x`", {}});
    CHECK(fuzz::diagnosticsBroken({d}, {{"a.rules", "fact"}}) != "");
  }
}

}  // namespace fuzz_regressions_test
