// Not, exists and forall over a range: against queries, which look at every fact, and how much work
// they are in orders of coming and going that are bad for one blocker a match.

#include <algorithm>
#include <cmath>
#include <vector>

#include "differential/random.h"
#include "support/harness.h"

namespace ranges_test {

using namespace reticle;
using namespace reticle::test;

namespace {

const char* const kTypes = R"(
fact A { x: int y: int = 0 d: double = 0.0 t: string = "" v: any = 0 }
fact B { x: int y: int = 0 d: double = 0.0 t: string = "" v: any = 0 }
)";

// Conditions that bind nothing but what can be told apart by its facts.
const char* const kConditions[] = {
    "a: A not B(x > a.x)",
    "a: A not B(x >= a.x)",
    "a: A not B(x < a.x)",
    "a: A not B(x <= a.x)",
    "a: A not B(a.x < x)",
    "a: A not B(x > a.x, x < a.y)",
    "a: A not B(x >= a.x, x < a.y)",
    "a: A not B(x in a.x..a.y)",
    "a: A not B(x in a.x..<a.y)",
    "a: A not B(y == a.y, x > a.x)",
    "a: A not B(y == a.y, t == a.t, x > a.x, x <= a.y + 0)",
    "a: A not B(d == a.d, x <= a.x)",
    "a: A not B(d > a.d)",
    "a: A not B(d == a.x, x > a.y)",
    "a: A not B(t > a.t)",
    "a: A not B(v > a.x)",
    "a: A not B(x > a.v)",
    "a: A not B(x > a.x + 1)",
    "a: A not B(x > a.v, x < a.y + 1)",
    "a: A not B(x in a.v..a.y)",
    "a: A not B(y == a.y, x > a.v)",
    "a: A not B(t <= a.v, t > a.t)",
    "a: A not B(x > a.d, x < a.v)",
    "a: A not B(d > a.d, d < a.v)",
    "a: A not B(x > a.x / a.y)",
    "a: A exists B(x > a.v)",
    "a: A exists B(x > a.v, x <= a.y)",
    "a: A exists B(x > 3 / a.y, x <= a.v)",
    "a: A not { b: B(y == a.y) not A(x > b.v, x < b.x) }",
    "a: A not { b: B(y == a.y) exists A(x > b.v) }",
    "a: A not { b: B(y == a.y) let half = b.x / a.x not A(x > half) }",
    "a: A forall b: B satisfies (b.x <= a.v)",
    "a: A not B(x > a.x, y != a.y)",
    "a: A not B(x > a.x, y > 3)",
    "a: A not B(y == a.y)",
    "a: A not A(x > a.x)",
    "a: A not A(y == a.y, x < a.x)",
    "a: A exists B(x > a.x)",
    "a: A exists B(x > a.x, x < a.y)",
    "a: A exists B(y == a.y, x >= a.x)",
    "a: A exists B(x > a.x, y != a.y)",
    "a: A exists B(v > a.x)",
    "a: A forall b: B satisfies (b.x <= a.x)",
    "a: A forall b: B satisfies (b.x <= a.x || b.x > a.y)",
    "a: A forall b: B(y == a.y) satisfies (b.x >= a.x)",
    "a: A forall b: B satisfies (b.d <= a.d)",
    "a: A forall b: B satisfies (b.x != a.x)",
    "a: A forall b: B satisfies (b.v < a.x)",
    "a: A not { b: B(y == a.y) not A(x > b.x) }",
    "a: A not { b: B(x > a.x) not B(x > b.x, v > 2) }",
    "a: A exists { b: B(y == a.y) not A(y == b.y, x > b.x) }",
    "a: A not B(x > a.x) b: B(y == a.y) not A(x > b.x)",
    "accumulate { b: B let half = b.x / b.y A(x < half) } into n = count()",
    ("accumulate { accumulate b: B group by w = b.x / b.y into n = count() A(x < w) } "
     "into m = count()"),
    "a: A not { b: B(x / y == a.x) not A(x > b.x) }",
    "a: A not { b: B not A(x / y == 1, x > b.x) }",
};

std::string programOf(const char* conditions) {
  return std::string(kTypes) + "rule r when { " + conditions + " } then { log debug \"r\" }\n" +
         "query q() { " + conditions + " }\n";
}

// Every node's tests, tokens and what came to it on either side.
std::uint64_t workOf(const Engine& engine) {
  std::uint64_t work = 0;
  for (const Counters::Node& node : engine.counters().nodes) {
    work += node.tests + node.tokens + node.left + node.right;
  }
  return work;
}

}  // namespace

TEST_SUITE("ranges") {
  TEST_CASE("what a range decides is what a query finds, whatever comes, changes and goes") {
    for (const char* conditions : kConditions) {
      CAPTURE(conditions);
      const auto program = compiled("ranges.rules", programOf(conditions));
      REQUIRE(program);
      for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        Random random(seed);
        Engine engine(program, {});
        std::vector<FactId> facts;
        const auto value = [&] { return number(random.below(7)); };
        const auto real = [&] {
          const int which = random.below(8);
          return Value::real(which == 0 ? std::nan("") : which);
        };
        const auto word = [&] {
          return text(std::string(1, static_cast<char>('a' + random.below(5))));
        };
        const auto some = [&] {
          const int which = random.below(4);
          return which == 0 ? word() : which == 1 ? real() : value();
        };
        for (int step = 0; step < 120; ++step) {
          const int what = random.below(10);
          Result<Accepted> accepted = Error{};
          if (what < 5 || facts.empty()) {
            accepted = engine.submit(insert(
                random.chance(50) ? "A" : "B",
                {{"x", value()}, {"y", value()}, {"d", real()}, {"t", word()}, {"v", some()}}));
            REQUIRE(accepted.ok());
            facts.push_back(accepted->fact);
          } else {
            const std::size_t at =
                static_cast<std::size_t>(random.below(static_cast<int>(facts.size())));
            if (what < 8) {
              Fields fields;
              if (random.chance(60)) fields.emplace_back("x", value());
              if (random.chance(30)) fields.emplace_back("y", value());
              if (random.chance(30)) fields.emplace_back("d", real());
              if (random.chance(30)) fields.emplace_back("t", word());
              if (random.chance(30)) fields.emplace_back("v", some());
              if (fields.empty()) continue;
              accepted = engine.submit(update(facts[at], fields));
            } else {
              accepted = engine.submit(retract(facts[at]));
              facts.erase(facts.begin() + static_cast<std::ptrdiff_t>(at));
            }
            REQUIRE(accepted.ok());
          }
          const auto found = engine.query("q", {});
          REQUIRE(found.ok());
          REQUIRE(engine.agenda().size() == found->size());
        }
      }
    }
  }

  TEST_CASE("a fact that comes or goes is work for the logarithm of how many there are") {
    const char* const rules = R"(
fact Day { city: int temp: int night: int }
rule above when { d: Day not Day(temp > d.temp) } then { log debug "" }
rule below when { d: Day not Day(temp < d.temp) } then { log debug "" }
rule "in a city"
when { d: Day not Day(city == d.city, temp >= d.night, temp < d.temp) }
then { log debug "" }
rule "a city's last" when { d: Day not Day(city == d.city, temp > d.temp) } then { log debug "" }
rule some when { d: Day exists Day(temp < d.night) } then { log debug "" }
rule all when { d: Day forall e: Day satisfies (e.temp <= d.temp) } then { log debug "" }
)";
    const auto program = compiled("days.rules", rules);
    REQUIRE(program);
    enum Order { Ascending, Descending, Mixed, Equal };
    for (const Order order : {Ascending, Descending, Mixed, Equal}) {
      for (const bool oldestFirst : {true, false}) {
        // The worst of them at several sizes.
        const bool all = order == Descending && oldestFirst;
        for (const int size :
             all ? std::vector<int>{5'000, 10'000, 20'000} : std::vector<int>{5'000}) {
          CAPTURE(order);
          CAPTURE(oldestFirst);
          CAPTURE(size);
          Engine engine(program, {});
          std::vector<FactId> facts;
          for (int i = 0; i < size; ++i) {
            const int temp = order == Ascending    ? i
                             : order == Descending ? size - i
                             : order == Mixed      ? static_cast<int>(std::int64_t{i} * 7919 % size)
                                                   : 7;
            const auto accepted = engine.submit(insert(
                "Day",
                {{"city", number(i % 3)}, {"temp", number(temp)}, {"night", number(temp - 5)}}));
            REQUIRE(accepted.ok());
            facts.push_back(accepted->fact);
          }
          // One fact changes again and again (where that does not decide all the others), then all
          // go.
          if (!oldestFirst) std::reverse(facts.begin(), facts.end());
          for (int i = 0; order != Equal && i < 500; ++i) {
            REQUIRE(
                engine.submit(update(facts.back(), {{"temp", number(i % 2 == 0 ? 2 * size : -1)}}))
                    .ok());
          }
          for (const FactId fact : facts) REQUIRE(engine.submit(retract(fact)).ok());
          const double changes = 2.0 * size + 500;
          CHECK(static_cast<double>(workOf(engine)) <= 30 * changes * std::log2(size));
        }
      }
    }
  }
}

}  // namespace ranges_test
