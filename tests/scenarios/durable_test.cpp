// Scenarios A1: durable execution.

#include "support/harness.h"

namespace scenarios_durable_test {

using namespace reticle;
using namespace reticle::test;

TEST_SUITE("scenarios") {
  TEST_CASE("A1-8 simple engine: strictly one step at a time, every step once") {
    struct Expected {
      const char* flow;
      std::map<std::string, int> counts;
      std::int64_t seconds;
    };
    const Expected all[] = {
        {"S", {{"job.step_1", 1}, {"job.step_2", 2}, {"job.no_dep", 4}, {"job.step_3", 1}}, 8},
        {"H", {{"job.step_1", 1}, {"job.step_2", 2}, {"job.no_dep", 5}, {"job.step_3", 1}}, 9},
    };
    for (const Expected& expected : all) {
      CAPTURE(expected.flow);
      Watched w(compiledFile("tests/scenarios/A1-08-simple-engine.rules"));
      w.submit(start(expected.flow, {}));
      w.settle();
      std::map<std::string, int> counts;
      for (int turn = 0; turn < 50; ++turn) {
        auto outputs = w.engine.takeOutputs();
        if (outputs.empty()) break;
        REQUIRE(outputs.size() == 1);  // never two steps in flight
        const Call* call = std::get_if<Call>(&outputs[0]);
        REQUIRE(call != nullptr);
        ++counts[call->function];
        w.submit(advanceTo(w.engine.now() + 1'000'000));  // each step takes a second
        w.settle();
        w.submit(stepResult(call->id, call->attempt, text("ok")));
        w.settle();
      }
      CHECK(counts == expected.counts);
      CHECK(w.engine.now() == expected.seconds * 1'000'000);
      auto runs = w.engine.runs();
      REQUIRE(runs.size() == 1);
      CHECK(runs[0].status == "completed");
      CHECK(runs[0].steps.size() == static_cast<std::size_t>(expected.seconds));
      leaveDigest(std::string("A1-8 ") + expected.flow, w.engine.traceDigest());
    }
  }
}

}  // namespace scenarios_durable_test
