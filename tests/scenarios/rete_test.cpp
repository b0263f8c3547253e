// Scenarios A0: the basics of matching, under their numbers.

#include <algorithm>
#include <set>

#include "support/harness.h"

namespace scenarios_rete_test {

using namespace reticle;
using namespace reticle::test;

namespace {

std::string path(const std::string& name) { return "tests/scenarios/" + name + ".rules"; }

FactId only(Engine& engine, const std::string& type) {
  auto facts = engine.facts(type);
  CHECK(facts.size() == 1);
  return facts.empty() ? kNoFact : facts[0].id;
}

}  // namespace

TEST_SUITE("scenarios") {
  TEST_CASE("A0-1 red: a match fires once, and again only after its fact came back") {
    Watched w(compiledFile(path("A0-01-red")));
    FactId ball = w.insert("Thing", {{"name", text("ball")}, {"color", text("red")}});
    CHECK(w.settle(1) == 1);
    CHECK(w.watch.log == std::vector<std::string>{"I found something red: ball"});
    CHECK(w.settle(10) == 0);
    CHECK(w.watch.log.size() == 1);
    w.submit(retract(ball));
    w.insert("Thing", {{"name", text("ball")}, {"color", text("red")}});
    CHECK(w.settle(1) == 1);
    CHECK(w.watch.log.size() == 2);
    w.insert("Thing", {{"name", text("sky")}, {"color", text("blue")}});
    CHECK(w.settle() == 0);
    leaveDigest("A0-1", w.engine.traceDigest());
  }

  TEST_CASE("A0-2 red or blue, no green: one match for each satisfied branch") {
    Watched w(compiledFile(path("A0-02-red-or-blue")));
    w.insert("Thing", {{"color", text("red")}});
    CHECK(w.engine.agenda().size() == 1);
    w.insert("Thing", {{"color", text("blue")}});
    CHECK(w.engine.agenda().size() == 2);
    FactId green = w.insert("Thing", {{"color", text("green")}});
    CHECK(w.engine.agenda().size() == 0);
    w.submit(retract(green));
    CHECK(w.engine.agenda().size() == 2);
    leaveDigest("A0-2", w.engine.traceDigest());
  }

  TEST_CASE("A0-3 three values: exactly the descending triples") {
    Watched w(compiledFile(path("A0-03-three-values")));
    for (int value : {3, 1, 2, 4}) w.insert("Number", {{"value", number(value)}});
    CHECK(w.settle() == 4);
    CHECK(std::set<std::string>(w.watch.log.begin(), w.watch.log.end()) ==
          std::set<std::string>{"3 2 1", "4 3 1", "4 3 2", "4 2 1"});
    leaveDigest("A0-3", w.engine.traceDigest());
  }

  TEST_CASE("A0-4 light: two rules toggle one fact, and the waiting match can be fired by hand") {
    Watched w(compiledFile(path("A0-04-light")));
    w.insert("Light", {{"id", text("l")}, {"color", text("red")}});
    CHECK(w.settle(5) == 5);
    CHECK(w.watch.log == std::vector<std::string>{"making green", "making red", "making green",
                                                  "making red", "making green"});
    auto agenda = w.engine.agenda();
    REQUIRE(agenda.size() == 1);
    w.engine.settle({.maxFirings = 1, .activation = agenda[0].id});
    CHECK(w.watch.log.back() == "making red");
    CHECK(w.watch.log.size() == 6);
    leaveDigest("A0-4", w.engine.traceDigest());
  }

  TEST_CASE("A0-5 a join on a variable") {
    for (bool same : {true, false}) {
      Watched w(compiledFile(path("A0-05-join")));
      w.insert("Named", {{"firstname", text("Chris")}, {"lastname", text("M")}});
      w.insert("Known", {{"first", text("John")}, {"lastname", text(same ? "M" : "S")}});
      CHECK(w.engine.agenda().size() == (same ? 1 : 0));
      leaveDigest(same ? "A0-5 same" : "A0-5 different", w.engine.traceDigest());
    }
  }

  TEST_CASE("A0-6 counting: one successor each, never two") {
    Watched w(compiledFile(path("A0-06-counting")));
    w.insert("Number", {{"number", number(1)}});
    for (int k = 1; k <= 5; ++k) {
      CHECK(w.settle(1) == 1);
      std::size_t triples = 0;  // one for being a fact, one for each field that has a value
      for (const FactView& fact : w.engine.facts()) {
        ++triples;
        for (const auto& field : fact.fields) triples += !field.second.isNull();
      }
      CHECK(triples == static_cast<std::size_t>(3 * k + 2));
      CHECK(w.engine.facts().size() == static_cast<std::size_t>(k + 1));
    }
    std::vector<std::int64_t> numbers;
    for (const FactView& fact : w.engine.facts()) numbers.push_back(fact.fields[0].second.asInt());
    CHECK(numbers == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6});
    CHECK(w.engine.agenda().size() == 1);  // only 6 has no successor
    leaveDigest("A0-6", w.engine.traceDigest());
  }

  TEST_CASE("A0-10 errors: what is refused changes nothing") {
    Watched w(compiledFile(path("A0-01-red")));
    FactId ball = w.insert("Thing", {{"name", text("ball")}, {"color", text("red")}});
    std::string before = w.engine.digest();

    auto variable = w.engine.submit(insert(
        "Thing", {{"name", text("kite")}, {"color", Value::error("RL1004", "`x` is not bound")}}));
    REQUIRE(!variable.ok());
    CHECK(variable.error().code == ErrorCode::NotAFact);
    CHECK(w.engine.digest() == before);

    auto twice = w.engine.submit(insert("Thing", {{"name", text("ball")}, {"color", text("red")}}));
    REQUIRE(!twice.ok());
    CHECK(twice.error().code == ErrorCode::DuplicateKey);
    CHECK(w.engine.digest() == before);

    w.submit(retract(ball));
    before = w.engine.digest();
    auto gone = w.engine.submit(retract(ball));
    REQUIRE(!gone.ok());
    CHECK(gone.error().code == ErrorCode::UnknownFact);
    CHECK(w.engine.digest() == before);

    // The same mistake in rule text: an unbound variable where a value should stand.
    Compiled bad = compile(
        "bad.rules",
        "fact Thing { color: string }\nrule r\nwhen { Thing }\nthen { insert Thing{color: x} }\n");
    CHECK(!bad.ok());
    leaveDigest("A0-10", w.engine.traceDigest());
  }
}

namespace {

// Percentages of the discounts that are there, and the one that counts.
struct Offer {
  std::set<std::int64_t> discounts;
  std::int64_t best = -1;
  bool operator==(const Offer&) const = default;
};

Offer offer(const Engine& engine) {
  Offer out;
  for (const FactView& fact : engine.facts("Discount")) {
    out.discounts.insert(fact.fields[1].second.asInt());
  }
  auto best = engine.facts("Best");
  CHECK(best.size() == 1);
  if (best.size() == 1) out.best = best[0].fields[0].second.asInt();
  return out;
}

std::size_t factChanges(const Watcher& watch, std::size_t from) {
  return watch.count<trace::Assert>(from) + watch.count<trace::Retract>(from);
}

}  // namespace

TEST_SUITE("scenarios") {
  TEST_CASE("A0-12 discounts: the table") {
    struct Row {
      bool loggedIn;
      int items;
      const char* weekday;
      Offer expected;
    };
    const Row rows[] = {
        {false, 2, "Thursday", {{}, 0}},    {true, 2, "Thursday", {{20}, 20}},
        {false, 3, "Thursday", {{30}, 30}}, {true, 3, "Thursday", {{20, 30}, 30}},
        {false, 2, "Friday", {{}, 0}},      {true, 2, "Friday", {{}, 0}},
        {false, 3, "Friday", {{}, 0}},      {true, 3, "Friday", {{}, 0}},
    };
    auto program = compiledFile(path("A0-12-discount"));
    auto products = compiledFile(path("A0-12-products"));
    auto sum = compiledFile(path("A0-12-sum"));
    for (const Row& row : rows) {
      CAPTURE(row.loggedIn);
      CAPTURE(row.items);
      CAPTURE(row.weekday);
      Watched w(program);
      w.insert("Cart", {{"items", number(row.items)}});
      w.insert("Visit", {{"loggedIn", Value::boolean(row.loggedIn)}});
      w.insert("Today", {{"weekday", text(row.weekday)}});
      w.settle();
      CHECK(offer(w.engine) == row.expected);

      // One fact for each product, counted by `accumulate`, gives the same table.
      Watched p(products);
      for (int i = 0; i < row.items; ++i) {
        p.insert("Product", {{"sku", text("p" + std::to_string(i))}});
      }
      p.insert("Visit", {{"loggedIn", Value::boolean(row.loggedIn)}});
      p.insert("Today", {{"weekday", text(row.weekday)}});
      p.settle();
      CHECK(offer(p.engine) == row.expected);

      // Adding the discounts up instead of taking the best.
      Watched s(sum);
      s.insert("Cart", {{"items", number(row.items)}});
      s.insert("Visit", {{"loggedIn", Value::boolean(row.loggedIn)}});
      s.insert("Today", {{"weekday", text(row.weekday)}});
      s.settle();
      std::int64_t total = 0;
      for (std::int64_t percent : row.expected.discounts) total += percent;
      CHECK(offer(s.engine).best == total);
      leaveDigest(
          std::string("A0-12 ") + (row.loggedIn ? "yes " : "no ") + std::to_string(row.items) +
              " " + row.weekday,
          w.engine.traceDigest() + " " + p.engine.traceDigest() + " " + s.engine.traceDigest());
    }
  }

  TEST_CASE("A0-12 discounts: step by step, with exactly the changes that follow") {
    Watched w(compiledFile(path("A0-12-discount")));
    FactId cart = w.insert("Cart", {{"items", number(3)}});
    FactId visit = w.insert("Visit", {{"loggedIn", Value::boolean(true)}});
    FactId today = w.insert("Today", {{"weekday", text("Thursday")}});
    w.settle();
    CHECK(offer(w.engine) == Offer{{20, 30}, 30});

    std::size_t from = w.watch.records.size();
    w.submit(update(today, {{"weekday", text("Friday")}}));
    w.settle();
    CHECK(offer(w.engine) == Offer{{}, 0});
    CHECK(factChanges(w.watch, from) == 4);  // 20, 30 and best 30 go, best 0 comes

    w.submit(update(today, {{"weekday", text("Saturday")}}));
    w.settle();
    CHECK(offer(w.engine) == Offer{{20, 30}, 30});

    FactId twenty = kNoFact;
    for (const FactView& fact : w.engine.facts("Discount")) {
      if (fact.fields[1].second.asInt() == 20) twenty = fact.id;
    }
    from = w.watch.records.size();
    w.submit(update(cart, {{"items", number(2)}}));
    w.settle();
    CHECK(offer(w.engine) == Offer{{20}, 20});
    CHECK(factChanges(w.watch, from) == 3);  // 30 and best 30 go, best 20 comes
    // the rule of the 20 reads no cart: its fact never flickers
    CHECK(w.engine.fact(twenty).has_value());
    for (std::size_t i = from; i < w.watch.records.size(); ++i) {
      if (w.watch.records[i].as<trace::Retract>()) CHECK(w.watch.records[i].fact != twenty);
    }

    from = w.watch.records.size();
    w.submit(update(visit, {{"loggedIn", Value::boolean(false)}}));
    w.settle();
    CHECK(offer(w.engine) == Offer{{}, 0});
    CHECK(factChanges(w.watch, from) == 3);  // 20 and best 20 go, best 0 comes
    leaveDigest("A0-12 steps", w.engine.traceDigest());
  }

  TEST_CASE("A0-12 discounts: all six orders of insertion end alike") {
    auto program = compiledFile(path("A0-12-discount"));
    std::vector<int> order{0, 1, 2};
    do {
      Watched w(program);
      for (int which : order) {
        if (which == 0) w.insert("Cart", {{"items", number(3)}});
        if (which == 1) w.insert("Visit", {{"loggedIn", Value::boolean(true)}});
        if (which == 2) w.insert("Today", {{"weekday", text("Thursday")}});
        w.settle();
      }
      CHECK(offer(w.engine) == Offer{{20, 30}, 30});
      CHECK(w.engine.facts().size() == 6);
    } while (std::next_permutation(order.begin(), order.end()));
  }

  TEST_CASE(
      "A0-12 why not: on a Friday the 30 is blocked by the day, with the cart as partial match") {
    Watched w(compiledFile(path("A0-12-discount")));
    w.insert("Cart", {{"items", number(3)}});
    w.insert("Visit", {{"loggedIn", Value::boolean(true)}});
    FactId today = w.insert("Today", {{"weekday", text("Friday")}});
    w.settle();
    auto why = w.engine.whyNot("d30");
    REQUIRE(why.ok());
    CHECK(!why->fires);
    REQUIRE(why->conditions.size() == 2);
    CHECK(why->conditions[0].partial == 1);
    CHECK(!why->conditions[1].holds);
    CHECK(why->conditions[1].blockedBy == std::vector<FactId>{today});
    CHECK(only(w.engine, "Today") == today);
  }
}

}  // namespace scenarios_rete_test
