// The diagnostics that the language reference shows, each beside a program that brings it about:
// tests/scripts/diagnostics-samples/<code>.rules and <code>.expected; for a sample in JSON
// <code>.json and <code>.json.expected. RETICLE_BLESS=1 in the environment writes the expected
// texts anew; hold them against the reference before keeping them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "reticle/program.h"
#include "support/files.h"

namespace check_samples_test {

using namespace reticle;

namespace {

const std::string kFolder = "tests/scripts/diagnostics-samples";

}  // namespace

TEST_SUITE("model: samples of the reference") {
  TEST_CASE("each sample is reported as the reference shows it, and nothing else is") {
    std::vector<std::string> names = test::filesOf(kFolder, ".rules");
    for (const std::string& name : test::filesOf(kFolder, ".json")) names.push_back(name);
    CHECK(names.size() >= 17);
    const bool bless = std::getenv("RETICLE_BLESS") != nullptr;
    for (const std::string& name : names) {
      CAPTURE(name);
      const std::vector<Source> sources{{name, test::contentOf(kFolder + "/" + name)}};
      const std::vector<Diagnostic> diagnostics = reticle::check(sources).diagnostics;
      REQUIRE(diagnostics.size() == 1);
      CHECK(diagnostics[0].code == name.substr(0, 6));
      const bool document = name.ends_with(".json");
      const std::string expected =
          kFolder + "/" + (document ? name : name.substr(0, 6)) + ".expected";
      const std::string text = render(diagnostics[0], sources);
      if (bless) {
        CHECK(test::writeFile(expected, text));
      } else {
        CHECK(text == test::contentOf(expected));
      }
    }
  }

  TEST_CASE("each edit that a sample offers takes its mistake away") {
    std::size_t applied = 0;
    for (const std::string& name : test::filesOf(kFolder, ".rules")) {
      CAPTURE(name);
      const std::vector<Source> before{{name, test::contentOf(kFolder + "/" + name)}};
      const std::vector<Diagnostic> told = reticle::check(before).diagnostics;
      REQUIRE(told.size() == 1);
      for (const Fix& fix : told[0].fixes) {
        CAPTURE(fix.title);
        std::vector<Edit> edits = fix.edits;
        std::sort(edits.begin(), edits.end(),
                  [](const Edit& a, const Edit& b) { return a.span.begin > b.span.begin; });
        std::string text = before[0].text;
        for (const Edit& edit : edits) {
          text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.text);
        }
        CAPTURE(text);
        // Where one mistake shows in several places each fix mends one of them.
        const Compiled after = reticle::check({{name, text}});
        for (const Diagnostic& d : after.diagnostics) CHECK(d.message != told[0].message);
        CHECK_FALSE(after.text().find("[RL0") != std::string::npos);
        ++applied;
      }
    }
    CHECK(applied >= 19);
  }
}

}  // namespace check_samples_test
