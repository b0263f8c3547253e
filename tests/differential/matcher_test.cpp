// The matcher against the oracle: the same facts and the same agenda, in the same order, after
// every step of random stories.

#include <string>

#include "differential/story.h"
#include "support/harness.h"

namespace differential_matcher_test {

using namespace reticle;
using namespace reticle::test;

namespace {

constexpr std::uint64_t kPrograms = 2000;
constexpr int kSteps = 60;

}  // namespace

TEST_SUITE("differential") {
  TEST_CASE("the matcher agrees with the oracle on 2,000 random programs") {
    std::uint64_t agreed = 0;
    Tally tally;
    for (std::uint64_t seed = 1; seed <= kPrograms; ++seed) {
      std::string problem = disagreement(seed, kSteps, {}, tally);
      CHECK_MESSAGE(problem.empty(), "seed ", seed, "\n", problem);
      if (!problem.empty()) break;
      ++agreed;
    }
    CHECK(agreed == kPrograms);
    // A comparison of nothing would agree, too.
    CHECK(tally.firings > 3 * agreed);
    CHECK(tally.ready > 100 * agreed);
    MESSAGE("seeds 1 to ", kPrograms, ", ", kSteps, " steps each: ", tally.firings, " firings");
  }
}

}  // namespace differential_matcher_test
