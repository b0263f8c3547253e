// What the analyses find in whole programs: the scenarios with their gaps and conflicts, and that sound programs are left in peace.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "model/check.h"
#include "syntax/parser.h"

namespace {

using namespace reticle;

struct Outcome {
  bool good = false;
  std::vector<Diagnostic> diagnostics;
  std::string text;        // as the author reads them
  std::string analysis;    // what is known, allowed or not
};

Outcome analysed(const std::string& text) {
  Outcome outcome;
  const std::vector<Source> sources = {{"a.rules", text}};
  std::vector<tree::Module> modules;
  modules.push_back(parseModule(sources[0], 0, outcome.diagnostics));
  outcome.good = checkProgram(std::move(modules), outcome.diagnostics, {.analysis = &outcome.analysis}).has_value();
  for (const Diagnostic& d : outcome.diagnostics) outcome.text += render(d, sources) + "\n";
  return outcome;
}

}  // namespace

TEST_SUITE("analysis") {
  // A1-6: the cells follow from the decisions that the scenario lists.
  TEST_CASE("the credit decision has three gaps and no overlap, and can be run") {
    const Outcome outcome = analysed(R"(
table credit(utilization: double, customer_age: int) -> string hit unique {
  | < 0.80                                       | > 180  => "Approve"
  | < 0.50                                       | <= 180 => "Approve"
  | if utilization > 0.80 && utilization < 1.00  | _      => "Refer"
  | > 1.00                                       | _      => "Decline"
}
)");
    CHECK(outcome.good);
    CHECK(outcome.analysis == R"(table credit: 4 rows, 3 gaps, 0 overlaps
  no row matches 0.5 <= utilization <= 0.8 with customer_age <= 180
  no row matches utilization = 0.8 with customer_age > 180
  no row matches utilization = 1.0
)");
    if (outcome.diagnostics.size() == 1) CHECK(outcome.diagnostics[0].code == "RL5001");
    else FAIL_CHECK(outcome.text);
  }
}
