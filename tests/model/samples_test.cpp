// The diagnostics that the language reference shows, each beside a program that brings it about: tests/scripts/diagnostics-samples/<code>.rules and
// <code>.expected. RETICLE_BLESS=1 in the environment writes the expected texts anew; hold them against the reference before keeping them.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "model/check.h"
#include "syntax/files.h"
#include "syntax/parser.h"

using namespace reticle;

namespace {

const std::string kFolder = "tests/scripts/diagnostics-samples";

}  // namespace

TEST_SUITE("model: samples of the reference") {
  TEST_CASE("each sample is told as the reference shows it, and nothing else is") {
    const std::vector<std::string> names = test::filesOf(kFolder, ".rules");
    CHECK(names.size() >= 11);
    const bool bless = std::getenv("RETICLE_BLESS") != nullptr;
    for (const std::string& name : names) {
      CAPTURE(name);
      const std::vector<Source> sources{{name, test::readFile(kFolder + "/" + name)}};
      std::vector<Diagnostic> diagnostics;
      std::vector<tree::Module> modules;
      modules.push_back(parseModule(sources[0], 0, diagnostics));
      checkProgram(std::move(modules), diagnostics, {.forRun = false});
      REQUIRE(diagnostics.size() == 1);
      CHECK(diagnostics[0].code == name.substr(0, 6));
      const std::string expected = kFolder + "/" + name.substr(0, 6) + ".expected";
      const std::string text = render(diagnostics[0], sources);
      if (bless) CHECK(test::writeFile(expected, text));
      else CHECK(text == test::readFile(expected));
    }
  }
}
