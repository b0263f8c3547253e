// Long lives: what came and went leaves nothing behind. RETICLE_SOAK_STEPS makes the churn longer
// than the suite does.

#include <malloc.h>

#include <cstdlib>
#include <deque>

#include "differential/random.h"
#include "support/harness.h"

namespace match_soak_test {

using namespace reticle;
using namespace reticle::test;

namespace {

// Bytes of the heap that are in use.
std::size_t heldBytes() {
#ifdef __EMSCRIPTEN__
  return static_cast<std::size_t>(mallinfo().uordblks);
#else
  return mallinfo2().uordblks;
#endif
}

// The journal is kept elsewhere, as a host that stores it would: what is soaked here is the
// session.
struct Soaked {
  explicit Soaked(const std::string& rules) : engine(compiled("soak.rules", rules)) {}
  FactId insert(const char* type, int a, int b) {
    auto accepted = engine.submit(reticle::insert(type, {{"a", number(a)}, {"b", number(b)}}));
    REQUIRE(accepted.ok());
    return accepted->fact;
  }
  void take(const Input& input) { REQUIRE(engine.submit(input).ok()); }
  void settle() {
    engine.settle({});
    engine.takeOutputs();
    engine.takeJournal();
    engine.journalDurable();
  }
  std::uint64_t memories() const {
    std::uint64_t sum = 0;
    for (const std::uint32_t count : engine.memoryCounts()) sum += count;
    return sum;
  }
  Engine engine;
};

const char* const kRules = R"(
fact A { a: int b: int }
fact B { a: int b: int }
fact L { a: int }
rule join when { x: A y: B(a == x.a) } then { log debug t"{x.b} {y.b}" }
rule order when { x: A y: B(b < x.b, b > x.b - 3) } then { log debug t"{x.b} {y.b}" }
rule lonely when { x: A not B(a == x.a) } then { insert logical L{a: x.a} }
rule known when { x: L exists A(a == x.a, b > 2) } then { log debug t"{x.a}" }
rule group when { x: A not { y: B(a == x.a) A(b == y.b, a != x.a) } } then { log debug t"{x.a}" }
rule every allow RL3005 when { x: A(b == 1) forall y: B(a == x.a) satisfies (y.b > x.b) } then { log debug t"{x.a}" }
rule oneOf when { x: A either { B(a == x.a, b == 1) } or { B(b == x.b, a == 1) } } then { log debug t"{x.a}" }
rule sums when { accumulate y: B group by k = y.a into n = count(), least = min(y.b), all = collect(y.b), s = sum(y.b) } then { log debug t"{k} {n} {least} {all} {s}" }
rule walk when { x: A each e in [x.a, x.b] B(a == e, b == 2) } then { log debug t"{e}" }
)";

}  // namespace

TEST_SUITE("soak") {
  TEST_CASE("1,000,000 facts come and go, and nothing stays") {
    Soaked s(
        "fact A { a: int b: int }\nfact B { a: int b: int }\nrule r when { x: A y: B(a == x.a) not "
        "B(a == x.b) } then { log debug t\"{y.b}\" }\n");
    s.insert("B", 1, 1);
    const auto pairs = [&](int count) {
      for (int i = 0; i < count; ++i) {
        s.take(retract(s.insert("A", i % 7, i % 5)));
        if (i % 64 == 0) s.settle();
      }
      s.settle();
    };
    pairs(10'000);
    const std::size_t before = heldBytes();
    const std::uint64_t memories = s.memories();
    pairs(1'000'000);
    CHECK(heldBytes() <= before + 64 * 1024);
    CHECK(s.memories() == memories);
    CHECK(s.engine.facts("A").empty());
  }

  TEST_CASE(
      "random changes over every condition: the memory follows what is held, not what has been") {
    Soaked s(kRules);
    Random random(42);
    std::deque<FactId> held;
    const auto churn = [&](int steps, std::size_t most) {
      for (int i = 0; i < steps; ++i) {
        const bool grow = held.size() < most / 2 || (held.size() < most && random.chance(50));
        if (grow) {
          held.push_back(
              s.insert(random.chance(50) ? "A" : "B", random.below(12), random.below(9)));
        } else if (random.chance(50)) {
          std::swap(held.front(),
                    held[static_cast<std::size_t>(random.below(static_cast<int>(held.size())))]);
          s.take(retract(held.front()));
          held.pop_front();
        } else {
          s.take(update(held[static_cast<std::size_t>(random.below(static_cast<int>(held.size())))],
                        {{random.chance(50) ? "a" : "b", number(random.below(12))}}));
        }
        if (i % 16 == 0) s.settle();
      }
      while (!held.empty()) {
        s.take(retract(held.back()));
        held.pop_back();
      }
      s.settle();
    };
    const std::uint64_t empty = s.memories();
    const char* wanted = std::getenv("RETICLE_SOAK_STEPS");
    const int rounds = 5, steps = (wanted ? std::atoi(wanted) : 50'000) / rounds;
    // The slabs grow to what is ever held at once, which differs a little from round to round.
    churn(steps, 60);
    churn(steps / 4, 90);
    const std::size_t after = heldBytes();
    for (int round = 1; round < rounds; ++round) {
      churn(steps, 60);
      CHECK(s.memories() == empty);
      CHECK(heldBytes() <= after + after / 5);
    }
    CHECK(s.engine.facts("L").empty());
  }
}

}  // namespace match_soak_test
