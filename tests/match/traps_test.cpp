// What other engines have got wrong, one test each. The random programs of tests/differential cover
// all of it again, without a name.

#include <algorithm>

#include "support/harness.h"

namespace match_traps_test {

using namespace reticle;
using namespace reticle::test;

namespace {

const char* const kTypes =
    "fact A { x: int y: int = 0 }\nfact B { x: int y: int = 0 }\nfact C { x: int y: int = 0 }\n";

struct Trap : Watched {
  explicit Trap(const std::string& rules) : Watched(compiled("trap.rules", kTypes + rules)) {}
  FactId a(int x, int y = 0) { return insert("A", {{"x", number(x)}, {"y", number(y)}}); }
  FactId b(int x, int y = 0) { return insert("B", {{"x", number(x)}, {"y", number(y)}}); }
  FactId c(int x, int y = 0) { return insert("C", {{"x", number(x)}, {"y", number(y)}}); }
  void set(FactId fact, const char* field, int value) {
    submit(update(fact, {{field, number(value)}}));
  }
  void drop(FactId fact) { submit(retract(fact)); }
  std::size_t ready() { return engine.agenda().size(); }
  // What the rules have logged since the last call.
  std::vector<std::string> said() {
    settle();
    std::vector<std::string> out(watch.log.begin() + static_cast<std::ptrdiff_t>(heard),
                                 watch.log.end());
    heard = watch.log.size();
    return out;
  }
  std::size_t heard = 0;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_SUITE("traps") {
  TEST_CASE("facts out of order: whatever comes first, the same matches are there") {
    const std::string rules =
        R"(rule r when { a: A b: B(x == a.x) not C(x == b.x) exists A(y == b.y) } then { log info t"{a.x} {b.x}" })";
    std::vector<int> order = {0, 1, 2, 3};
    do {
      Trap t(rules);
      FactId blocker = kNoFact;
      for (const int which : order) {
        if (which == 0) t.a(1, 5);
        if (which == 1) t.b(1, 5);
        if (which == 2) blocker = t.c(1);
        if (which == 3) t.b(2, 5);
      }
      CHECK(t.ready() == 0);
      t.drop(blocker);
      CHECK(t.said() == Texts{"1 1"});
    } while (std::next_permutation(order.begin(), order.end()));
  }

  TEST_CASE("one fact that enters both sides of a join meets itself once") {
    Trap t(R"(rule r when { a: A b: A(x == a.x) c: A(y == b.y) } then { log info "r" })");
    const FactId one = t.a(1);
    CHECK(t.ready() == 1);
    const FactId two = t.a(1);
    CHECK(t.ready() == 8);
    t.set(one, "x", 2);
    CHECK(t.ready() == 4);
    t.set(one, "x", 1);
    CHECK(t.ready() == 8);
    t.drop(two);
    CHECK(t.ready() == 1);
  }

  TEST_CASE(
      "a negation is right under update and retract of what blocks, and is not touched by what "
      "does not matter") {
    Trap t(R"(rule r when { a: A not B(x == a.x, y > 3) } then { log info t"free {a.x}" })");
    t.a(1);
    const FactId one = t.b(1, 5), two = t.b(1, 9);
    CHECK(t.said().empty());
    t.drop(one);
    CHECK(t.said().empty());  // the other one blocks still
    t.set(two, "y", 4);
    CHECK(t.said().empty());
    t.set(two, "y", 3);
    CHECK(t.said() == Texts{"free 1"});
    t.set(two, "y", 2);
    t.set(two, "x", 7);
    CHECK(t.said().empty());  // it was free all the time
    t.set(two, "y", 8);
    CHECK(t.said().empty());
    t.set(two, "x", 1);
    CHECK(t.ready() == 0);
    t.set(two, "x", 2);
    CHECK(t.said().empty());  // before anything fired it was as it had been
    t.set(two, "x", 1);
    CHECK(t.said().empty());
    t.set(two, "x", 2);
    CHECK(t.said() == Texts{"free 1"});
  }

  TEST_CASE("a blocker that goes in the same change as another comes leaves the negation alone") {
    Trap t(
        R"(rule swap salience 10 no-loop when { b: B(y == 1) } then { retract b  insert B{x: b.x, y: 2} }
rule r when { a: A not B(x == a.x) } then { log info "free" })");
    t.a(1);
    t.b(1, 1);
    // between the two changes of the firing nothing blocks, but then it is blocked again
    CHECK(t.said().empty());
    CHECK(t.engine.facts("B")[0].fields[1].second == number(2));
  }

  TEST_CASE("groups under not that begin alike are shared, and each is right") {
    Trap t(R"(rule one when { a: A not { b: B(x == a.x) c: C(x == b.y) } } then { log info "one" }
rule two when { a: A not { b: B(x == a.x) c: C(x == b.y, y > 0) } } then { log info "two" }
rule three when { a: A not { b: B(x == a.x) not { c: C(x == b.y) } } } then { log info "three" })");
    t.a(1);
    CHECK(t.said() == Texts{"one", "two", "three"});
    const FactId b = t.b(1, 2);
    CHECK(t.said().empty());
    const FactId c = t.c(2, 0);
    CHECK(t.said() == Texts{"three"});  // every B has its C now
    t.set(c, "y", 1);
    CHECK(t.said().empty());
    t.drop(c);
    CHECK(t.said() == Texts{"one", "two"});
    t.drop(b);
    CHECK(t.said() == Texts{"three"});
  }

  TEST_CASE("an update of a joined field moves the match, once") {
    Trap t(R"(rule r when { a: A b: B(x == a.x) } then { log info t"{a.y} {b.y}" })");
    t.a(1, 10);
    t.a(2, 20);
    const FactId b = t.b(1, 7);
    CHECK(t.said() == Texts{"10 7"});
    t.set(b, "x", 2);
    CHECK(t.said() == Texts{"20 7"});
    t.set(b, "y", 8);  // not read in `when`
    CHECK(t.said().empty());
    t.set(b, "x", 3);
    t.set(b, "x", 2);
    CHECK(t.said().empty());  // there and back before anything fired: nothing has changed
    t.set(b, "x", 3);
    CHECK(t.said().empty());
    t.set(b, "x", 2);
    CHECK(t.said() == Texts{"20 8"});
  }

  TEST_CASE("a rule's own insertion is seen by the rule, and ends where its conditions end it") {
    Trap t(
        R"(rule r when { a: A(x < 4) not A(x == a.x + 1) } then { insert A{x: a.x + 1}  log info t"{a.x}" })");
    t.a(1);
    CHECK(t.said() == Texts{"1", "2", "3"});
    CHECK(t.engine.facts("A").size() == 4);
  }

  TEST_CASE("what fires does not depend on memory that changes while it fires") {
    Trap t(
        R"(rule clear salience 5 when { a: A(y == 1) } then { set a.y = 2  log info t"clear {a.x}" }
rule pair when { a: A(y == 2) b: A(y == 2, x > a.x) } then { log info t"{a.x}<{b.x}" })");
    for (const int x : {1, 2, 3}) t.a(x, 1);
    CHECK(t.said() == Texts{"clear 3", "clear 2", "clear 1", "1<3", "1<2", "2<3"});
    // Actions see the state before the firing, all of it.
    Trap s(R"(rule swap no-loop when { a: A } then { set a.x = a.y  set a.y = a.x })");
    s.a(1, 2);
    s.settle();
    const Fields fields = s.engine.facts("A")[0].fields;
    CHECK(fields[0].second == number(2));
    CHECK(fields[1].second == number(1));
  }

  TEST_CASE("min and max are right when the extreme leaves") {
    Trap t(
        R"(rule r when { accumulate b: B into least = min(b.x), most = max(b.x), n = count() } then { log info t"{n}: {least} {most}" })");
    CHECK(t.said() == Texts{"0: null null"});
    const FactId five = t.b(5), one = t.b(1), nine = t.b(9);
    CHECK(t.said() == Texts{"3: 1 9"});
    t.drop(nine);
    CHECK(t.said() == Texts{"2: 1 5"});
    t.set(one, "x", 7);
    CHECK(t.said() == Texts{"2: 5 7"});
    t.drop(five);
    CHECK(t.said() == Texts{"1: 7 7"});
    t.set(one, "y", 3);
    CHECK(t.said().empty());
  }

  TEST_CASE("facts that support each other in a circle go when nothing else supports them") {
    Trap t(R"(rule down allow RL4003 when { a: A(x == 0) } then { insert logical B{x: a.y} }
rule there allow RL4003, RL4002 when { b: B } then { insert logical C{x: b.x} }
rule back allow RL4003, RL4002 when { c: C } then { insert logical B{x: c.x} })");
    const FactId a = t.a(0, 5);
    t.settle();
    CHECK(t.engine.facts("C").size() == 1);
    t.drop(a);
    CHECK(t.engine.facts("B").empty());
    CHECK(t.engine.facts("C").empty());
  }

  TEST_CASE("either holds once for what is known outside, whichever branches do") {
    Trap t(
        R"(rule r when { a: A either { B(x == a.x) } or { C(x == a.x) } } then { log info t"{a.x}" })");
    t.a(1);
    const FactId b = t.b(1);
    CHECK(t.said() == Texts{"1"});
    const FactId c = t.c(1);
    CHECK(t.said().empty());
    t.drop(b);
    CHECK(t.said().empty());  // the other branch holds it
    t.drop(c);
    t.c(1);
    CHECK(t.said() == Texts{"1"});
  }

  TEST_CASE("forall holds for nothing, and until one candidate fails") {
    Trap t(R"(rule r when { a: A forall b: B(x == a.x) satisfies (b.y > 3) } then { log info "all" }
rule s when { a: A forall b: B(x == a.x) satisfies { C(x == b.y) } } then { log info "each" })");
    t.a(1);
    CHECK(t.said() == Texts{"all", "each"});
    const FactId b = t.b(1, 3);
    CHECK(t.ready() == 0);
    t.set(b, "y", 4);
    CHECK(t.said() == Texts{"all"});
    t.c(4);
    CHECK(t.said() == Texts{"each"});
  }

  TEST_CASE("groups come, change and go with their members") {
    Trap t(
        R"(rule r when { accumulate b: B group by k = b.x into n = count(), total = sum(b.y) } then { log info t"{k}: {n} {total}" })");
    CHECK(t.said().empty());
    const FactId one = t.b(1, 10);
    t.b(2, 20);
    CHECK(t.said() == Texts{"2: 1 20", "1: 1 10"});
    t.b(1, 5);
    CHECK(t.said() == Texts{"1: 2 15"});
    t.set(one, "x", 2);
    CHECK(t.said() == Texts{"1: 1 5", "2: 2 30"});
    t.drop(one);
    CHECK(t.said() == Texts{"2: 1 20"});
  }

  TEST_CASE("a sum of doubles does not drift") {
    Watched w(compiled("sum.rules",
                       "fact D { v: double }\nrule r when { accumulate d: D into s = sum(d.v) } "
                       "then { log info t\"{s}\" }\n"));
    std::vector<FactId> facts;
    for (int i = 0; i < 10; ++i) facts.push_back(w.insert("D", {{"v", Value::real(0.1)}}));
    facts.push_back(w.insert("D", {{"v", Value::real(1e300)}}));
    w.settle();
    w.submit(retract(facts.back()));
    w.settle();
    CHECK(w.watch.log.back() == "1");
    for (int i = 0; i < 10; ++i) w.submit(retract(facts[static_cast<std::size_t>(i)]));
    w.settle();
    CHECK(w.watch.log.back() == "0");
  }
}

}  // namespace match_traps_test
