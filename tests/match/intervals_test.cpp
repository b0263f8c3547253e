// Which intervals a point changes that comes or goes: against looking at all of them, and in how many
// steps.
#include "match/intervals.h"

#include <cmath>
#include <iterator>
#include <optional>
#include <set>
#include <vector>

#include "differential/random.h"
#include "support/harness.h"

namespace intervals_test {

using namespace reticle;
using namespace reticle::test;

namespace {

struct Interval {
  std::optional<std::int64_t> low, high;
  std::uint32_t place = 0;
};

// Intervals and points as they are, and the same as Intervals sees them.
struct Both {
  Both(bool strictLow, bool strictHigh)
      : strictLow(strictLow), strictHigh(strictHigh), intervals(strictLow, strictHigh) {}

  bool holds(const Interval& in, std::int64_t point) const {
    return (!in.low || (strictLow ? *in.low < point : *in.low <= point)) &&
           (!in.high || (strictHigh ? point < *in.high : point <= *in.high));
  }
  bool met(const Interval& in) const {
    for (const std::int64_t point : points) {
      if (holds(in, point)) return true;
    }
    return false;
  }
  void add(std::optional<std::int64_t> low, std::optional<std::int64_t> high) {
    const Value lowest = number(low.value_or(0)), highest = number(high.value_or(0));
    Interval fresh{low, high};
    fresh.place = intervals.insert(0, low ? &lowest : nullptr, high ? &highest : nullptr,
                                   static_cast<std::uint32_t>(all.size()), met(fresh));
    all.push_back(fresh);
  }
  void remove(std::size_t at) {
    intervals.erase(all[at].place);
    gone.insert(at);
  }
  std::uint32_t comes(std::int64_t point) {
    turned.clear();
    points.insert(point);
    return intervals.pointComes(0, number(point), turned);
  }
  std::uint32_t goes(std::int64_t point) {
    turned.clear();
    points.erase(points.find(point));
    const auto after = points.lower_bound(point);
    const Value next = number(after == points.end() ? 0 : *after);
    const Value previous = number(after == points.begin() ? 0 : *std::prev(after));
    return intervals.pointGoes(0, number(point), after == points.begin() ? nullptr : &previous,
                               after == points.end() ? nullptr : &next, turned);
  }
  bool agree() const {
    for (std::size_t at = 0; at < all.size(); ++at) {
      if (!gone.count(at) && intervals.met(all[at].place) != met(all[at])) return false;
    }
    return true;
  }

  bool strictLow, strictHigh;
  Intervals intervals;
  std::vector<Interval> all;
  std::set<std::size_t> gone;
  std::multiset<std::int64_t> points;
  std::vector<std::uint32_t> turned;
};

}  // namespace

TEST_SUITE("intervals") {
  TEST_CASE("what is met is what holds a point, whatever comes and goes") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      Random random(seed);
      Both both(seed % 2 == 0, seed % 4 < 2);
      const bool lows = seed % 3 != 0, highs = seed % 3 != 1;
      const auto value = [&] { return std::int64_t{random.below(20)}; };
      for (int step = 0; step < 400; ++step) {
        const auto what = random.below(8);
        if (what < 3) {
          std::optional<std::int64_t> low, high;
          if (lows && random.below(5) != 0) low = value();
          if (highs && random.below(5) != 0) high = value();
          both.add(low, high);
        } else if (what == 3 && !both.all.empty()) {
          const auto at = static_cast<std::size_t>(random.below(static_cast<int>(both.all.size())));
          if (!both.gone.count(at)) both.remove(at);
        } else if (what < 6 || both.points.empty()) {
          both.comes(value());
        } else {
          auto point = both.points.begin();
          std::advance(point, random.below(static_cast<int>(both.points.size())));
          both.goes(*point);
        }
        REQUIRE(both.agree());
      }
    }
  }

  TEST_CASE("a point looks at few intervals beside those that it changes") {
    for (const std::int64_t size : {1'000, 10'000}) {
      const double most = 12 * std::log2(static_cast<double>(size));
      Both both(true, true);
      // Narrow ones, wide ones around them all, and many that are equal.
      for (std::int64_t i = 0; i < size; ++i) {
        both.add(10 * i, 10 * i + 10);
        both.add(-10 * i, 20 * size - 10 * i);
        both.add(5 * size, 5 * size + 40);
      }
      const auto paid = [&](std::uint32_t visits) {
        return visits <= most * static_cast<double>(1 + both.turned.size());
      };
      CHECK(paid(both.comes(5 * size + 5)));
      CHECK(both.turned.size() > static_cast<std::size_t>(size));
      std::uint64_t visits = 0, turned = 0;
      for (std::int64_t i = 0; i < size; i += 7) {
        visits += both.comes(10 * i + 3);
        turned += both.turned.size();
      }
      for (std::int64_t i = 0; i < size; i += 7) {
        visits += both.goes(10 * i + 3);
        turned += both.turned.size();
      }
      const double changes = 2 * static_cast<double>(size) / 7;
      CHECK(static_cast<double>(visits) <= most * (changes + static_cast<double>(turned)));
    }
  }
}

}  // namespace intervals_test
