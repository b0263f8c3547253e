// What accumulate's functions keep of their candidates, apart from any rule.
#include "match/aggregate.h"

#include <cmath>
#include <vector>

#include "differential/random.h"
#include "support/harness.h"

namespace match_aggregate_test {

using namespace reticle;
using namespace reticle::test;

namespace {

struct InOrder final : CandidateOrder {
  int compareCandidates(std::uint32_t a, std::uint32_t b) const override {
    return a < b ? -1 : a > b;
  }
};

model::AccumulateFunction function(AccumulateKind kind) {
  model::AccumulateFunction f;
  f.kind = kind;
  return f;
}

// The definition, in twice the precision.
double plainly(const std::vector<double>& values) {
  long double mean = 0, squares = 0;
  for (const double value : values) mean += value;
  mean /= static_cast<long double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  return static_cast<double>(squares / static_cast<long double>(values.size()));
}

}  // namespace

TEST_SUITE("aggregate") {
  TEST_CASE("a variance is the mean square distance from the mean, and forgets what has gone") {
    Random random(11);
    const InOrder order;
    for (int round = 0; round < 200; ++round) {
      const model::AccumulateFunction variance = function(AccumulateKind::Variance);
      Aggregate all(variance, order), fresh(variance, order);
      const double base = random.chance(50) ? 0 : 1e6 * random.below(1000);
      std::vector<double> kept, gone;
      for (int i = 1 + random.below(30); i > 0; --i)
        kept.push_back(base + random.below(1000) / 8.0);
      for (int i = random.below(30); i > 0; --i)
        gone.push_back(base * 3 + random.below(100000) / 7.0);
      std::uint32_t candidate = 0;
      for (const double value : gone) all.add(Value::real(value), candidate++);
      for (const double value : kept) all.add(Value::real(value), candidate++);
      candidate = 0;
      for (const double value : gone) all.remove(Value::real(value), candidate++);
      for (const double value : kept) fresh.add(Value::real(value), candidate++);
      const double is = all.result().asDouble(), expected = plainly(kept);
      CHECK(is == fresh.result().asDouble());
      CHECK(std::fabs(is - expected) <= 1e-9 * expected + 1e-12);
    }
  }

  TEST_CASE("what is no number has no variance, and what is too large none that is finite") {
    const InOrder order;
    const model::AccumulateFunction f = function(AccumulateKind::Stddev);
    Aggregate all(f, order);
    CHECK(all.result().isNull());
    all.add(Value::integer(3), 0);
    CHECK(all.result() == Value::real(0));
    all.add(Value::string("x"), 1);
    CHECK(all.result().isError());
    all.remove(Value::string("x"), 1);
    all.add(Value::real(1e300), 2);
    CHECK(!std::isfinite(all.result().asDouble()));
    all.remove(Value::real(1e300), 2);
    CHECK(all.result() == Value::real(0));
  }
}

}  // namespace match_aggregate_test
