// insertAll: all rows or none, and then the same as one after another.

#include "support/harness.h"

namespace session_bulk_test {

using namespace reticle;
using namespace reticle::test;

namespace {

const char* const kRules = R"(
fact Order { key id: int total: int where total >= 0 text: string? rush: bool = false rate: double = 0.5 }
fact Big { id: int }
fact Sum { n: int = 0 }
subject Room as "room|{id}" { key id: string }
event Told { n: int }
rule big when { o: Order(total > 100) } then { insert Big{id: o.id} }
rule pair when { a: Order(rush) b: Order(total == a.total, id > a.id) } then { insert Sum{n: a.id + b.id} }
)";

std::vector<Value> rows(std::initializer_list<Value> values) { return values; }

}  // namespace

TEST_SUITE("bulk insert") {
  TEST_CASE("many facts at once are the facts inserted one after another") {
    const auto program = compiled("bulk.rules", kRules);
    REQUIRE(program);
    Watched one(program), all(program);
    std::vector<Value> values;
    std::vector<FactId> ids;
    for (int i = 0; i < 300; ++i) {
      const bool rush = i % 7 == 0;
      ids.push_back(one.insert(
          "Order",
          {{"id", number(i)}, {"total", number(i % 110)}, {"rush", Value::boolean(rush)}}));
      // another order; ints that come as doubles
      for (const Value& value : {Value::boolean(rush), Value::real(i), number(i % 110)}) {
        values.push_back(value);
      }
    }
    const auto accepted = all.engine.submit(insertAll("Order", {"rush", "id", "total"}, values));
    REQUIRE(accepted.ok());
    CHECK(accepted->facts == ids);
    CHECK(all.engine.digest() == one.engine.digest());
    CHECK(all.settle() == one.settle());
    CHECK(all.engine.digest() == one.engine.digest());
    CHECK(all.engine.facts("Sum").size() > 10);
    CHECK(all.engine.fact(ids[5])->fields[4].second == Value::real(0.5));
  }

  TEST_CASE("columns in the order of the declaration give the same") {
    const auto program = compiled("bulk.rules", kRules);
    REQUIRE(program);
    Engine engine(program);
    const auto accepted = engine.submit(
        insertAll("Order", {"id", "total", "text", "rush", "rate"},
                  rows({number(1), number(5), Value(), Value::boolean(true), number(2), number(2),
                        number(6), text("x"), Value::boolean(false), Value::real(0.25)})));
    REQUIRE(accepted.ok());
    REQUIRE(accepted->facts.size() == 2);
    CHECK(engine.fact(accepted->facts[0])->fields == Fields{{"id", number(1)},
                                                            {"total", number(5)},
                                                            {"text", Value()},
                                                            {"rush", Value::boolean(true)},
                                                            {"rate", Value::real(2.0)}});
    CHECK(engine.fact(accepted->facts[1])->fields[2].second == text("x"));
  }

  TEST_CASE("one bad row refuses all, and says which and why") {
    const auto program = compiled("bulk.rules", kRules);
    REQUIRE(program);
    struct Case {
      const char* type;
      std::vector<std::string> fields;
      std::vector<Value> values;
      const char* message;
    };
    const Case cases[] = {
        {"Order",
         {"id", "total"},
         rows({number(1), number(2), number(3), text("x")}),
         "the field \"total\" of Order in row 1 needs an int, this is \"x\""},
        {"Order",
         {"id", "total"},
         rows({number(1), number(-2)}),
         "row 0: the field \"total\" of Order must satisfy `total >= 0`, this is -2"},
        {"Order",
         {"id", "total"},
         rows({number(1), number(2), number(1), number(3)}),
         "row 1: an earlier row has this key already"},
        {"Order",
         {"id", "total"},
         rows({number(1), number(2), number(9), number(3)}),
         "row 1: there is a Order with this key already: fact 1, Order{id: 9, total: 0, text: "
         "null, rush: false, rate: 0.5}"},
        {"Order", {"id", "total"}, rows({number(1)}), "1 values do not make rows of 2"},
        {"Order",
         {"id"},
         rows({number(1)}),
         "the field \"total\" of Order is missing; it has no default, so it must be given"},
        {"Order", {"id", "id"}, {}, "the field \"id\" is given twice"},
        {"Order", {"id", "sum"}, {}, "Order has no field \"sum\""},
        {"Order", {}, rows({number(1)}), "1 values do not make rows of 0"},
        {"Room",
         {"id"},
         rows({text("a")}),
         "Room is a subject: its properties are set one subject at a time"},
        {"Told",
         {"n"},
         rows({number(1)}),
         "Told is an event: it happens and goes, so it is emitted, not inserted"},
        {"Odor", {"id"}, {}, "there is no fact or subject type \"Odor\""},
    };
    Engine engine(program);
    REQUIRE(engine.submit(insert("Order", {{"id", number(9)}, {"total", number(0)}})).ok());
    const std::string before = engine.digest();
    for (const Case& each : cases) {
      const auto refused = engine.submit(insertAll(each.type, each.fields, each.values));
      REQUIRE_FALSE(refused.ok());
      CHECK(refused.error().message == each.message);
      CHECK(engine.digest() == before);
    }
  }

  TEST_CASE("types to which the engine adds fields of its own take rows of the declared ones") {
    const auto program = compiled("held.rules", R"(
fact Level { n: int high: bool }
fact Alarm { n: int }
rule alarm when { l: Level(high) held 5m } then { insert Alarm{n: l.n} }
)");
    REQUIRE(program);
    Engine one(program), all(program);
    std::vector<Value> values;
    for (int i = 0; i < 5; ++i) {
      REQUIRE(one.submit(insert("Level", {{"n", number(i)}, {"high", Value::boolean(i % 2 == 0)}}))
                  .ok());
      values.push_back(number(i));
      values.push_back(Value::boolean(i % 2 == 0));
    }
    REQUIRE(all.submit(insertAll("Level", {"n", "high"}, values)).ok());
    CHECK(all.digest() == one.digest());
    for (Engine* engine : {&one, &all}) {
      REQUIRE(engine->submit(advanceTo(600'000'000)).ok());
      engine->settle();
      CHECK(engine->facts("Alarm").size() == 3);
    }
    CHECK(all.digest() == one.digest());
  }

  TEST_CASE("it is one entry of the journal, and comes back from it") {
    const auto program = compiled("bulk.rules", kRules);
    REQUIRE(program);
    Engine engine(program);
    REQUIRE(engine
                .submit(insertAll("Order", {"id", "total"},
                                  rows({number(1), number(200), number(2), number(300)})))
                .ok());
    engine.settle();
    const Result<Engine> again = Engine::recover(program, engine.takeJournal());
    REQUIRE(again.ok());
    CHECK(again->recovery()->entries == 3);
    CHECK(again->digest() == engine.digest());
    CHECK(again->facts("Big").size() == 2);
  }
}

}  // namespace session_bulk_test
