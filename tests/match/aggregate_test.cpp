// What accumulate's functions keep of their candidates, apart from any rule.
#include "match/aggregate.h"

#include <algorithm>
#include <cmath>
#include <utility>
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

  TEST_CASE("a percentile is the value of the nearest rank, whatever came and went") {
    Random random(5);
    const InOrder order;
    struct Share {
      std::int64_t share, whole;
    };
    for (const Share& p : {Share{0, 100}, Share{50, 100}, Share{95, 100}, Share{999, 1000},
                           Share{100, 100}, Share{125, 1000}}) {
      model::AccumulateFunction f = function(AccumulateKind::Percentile);
      f.share = p.share;
      f.whole = p.whole;
      Aggregate all(f, order);
      CHECK(all.result().isNull());
      std::vector<std::pair<std::int64_t, std::uint32_t>> kept;
      for (std::uint32_t candidate = 0; candidate < 400; ++candidate) {
        if (!kept.empty() && random.chance(40)) {
          const auto at = kept.begin() + random.below(static_cast<int>(kept.size()));
          all.remove(Value::integer(at->first), at->second);
          kept.erase(at);
        } else {
          kept.emplace_back(random.below(50), candidate);
          all.add(Value::integer(kept.back().first), candidate);
        }
        if (kept.empty()) {
          CHECK(all.result().isNull());
          continue;
        }
        std::vector<std::int64_t> values;
        for (const auto& each : kept) values.push_back(each.first);
        std::sort(values.begin(), values.end());
        // The least value that at least this part of all do not exceed.
        std::size_t rank = 0;
        while (static_cast<std::int64_t>(rank + 1) * p.whole <
               p.share * static_cast<std::int64_t>(values.size())) {
          ++rank;
        }
        REQUIRE(all.result() == Value::integer(values[rank]));
      }
    }
  }

  TEST_CASE("a percentile of values without an order is unknown, until they have gone") {
    const InOrder order;
    model::AccumulateFunction f = function(AccumulateKind::Percentile);
    f.share = 1;
    f.whole = 2;
    Aggregate all(f, order);
    all.add(Value::integer(3), 0);
    all.add(Value::string("x"), 1);
    all.add(Value::real(std::nan("")), 2);
    CHECK(all.result().isError());
    all.remove(Value::string("x"), 1);
    CHECK(all.result().isError());
    all.remove(Value::real(std::nan("")), 2);
    CHECK(all.result() == Value::integer(3));
  }

  TEST_CASE("distinct takes 1 and 1.0 as two values, and each as one") {
    const InOrder order;
    const model::AccumulateFunction f = function(AccumulateKind::Distinct);
    Aggregate all(f, order);
    all.add(Value::integer(1), 0);
    all.add(Value::real(1), 1);
    all.add(Value::integer(1), 2);
    all.add(Value::real(std::nan("")), 3);
    all.add(Value::real(std::nan("")), 4);
    REQUIRE(all.result().asList().size() == 3);
    CHECK(all.result().asList()[1].kind() == ValueKind::Double);
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
