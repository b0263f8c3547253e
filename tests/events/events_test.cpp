// Events as hosts and the world see them: those that wait, how far they go, those that come twice,
// the chain they stand in; and subjects as hosts change them. Scenarios A3-3, A3-6, A3-13 to A3-15,
// A3-17, A3-19 and A3-21.

#include <algorithm>

#include "reticle/dump.h"
#include "support/harness.h"
#include "support/test_blocks.h"

namespace events_test {

using namespace reticle;
using namespace reticle::test;

namespace {

// A session that was read back gives its outputs only when they are durable; `journal` keeps it.
std::vector<CloudEvent> eventsOf(Engine& engine, std::string* journal = nullptr) {
  std::vector<CloudEvent> out;
  if (journal) {
    *journal += engine.takeJournal();
    engine.journalDurable();
  }
  for (Output& output : engine.takeOutputs()) {
    if (auto* event = std::get_if<CloudEvent>(&output)) out.push_back(std::move(*event));
  }
  return out;
}

Value member(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return Value::string("(missing)");
}

constexpr Time kSecond = 1'000'000;

// The same session, read back from its journal.
Engine reopened(Engine& engine, std::string& journal, std::shared_ptr<const Program> program,
                EngineOptions options = {}) {
  journal += engine.takeJournal();
  engine.journalDurable();
  auto again = Engine::recover(std::move(program), journal, options);
  REQUIRE_MESSAGE(again.ok(), (again.ok() ? "" : again.error().message));
  CHECK(again->digest() == engine.digest());
  return std::move(*again);
}

// The rows of a file without quotes, each a map by the names of its columns.
Value rowsOf(const std::string& file) {
  std::vector<std::vector<std::string>> lines(1, {""});
  for (const char c : readFile(file)) {
    if (c == '\n') {
      lines.push_back({""});
    } else if (c == ',') {
      lines.back().push_back("");
    } else {
      lines.back().back() += c;
    }
  }
  Value::List rows;
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    Value::Map row;
    for (std::size_t column = 0; column < lines[0].size(); ++column) {
      row.emplace_back(text(lines[0][column]), text(lines[i][column]));
    }
    rows.push_back(Value::map(std::move(row)));
  }
  return Value::list(std::move(rows));
}

const char* const kThings = R"(
module things
subject Thing as "things/{id}" open { key id: string  ext fleet: string? }
subject Closed as "closed/{id}" { key id: string  n: int = 0  note: string? }
event Ping { n: int }
event Pong { n: int }
fact Got { key n: int  from: string? }
rule "pong" on p: Pong then { insert Got{n: p.n, from: p.meta.subject} }
rule "ping" on p: Ping then { emit Pong{n: p.n} after 10s replacing "pong" }
)";

}  // namespace

TEST_SUITE("events") {
  // --- scenarios

  TEST_CASE("A3-3 a thousand increments, each seeing the one before") {
    Watched w(compiled("things.rules", kThings));
    w.submit(setProperty("things/foo", "moo", number(1)));
    w.settle();
    eventsOf(w.engine);
    const auto increment = [&] {
      auto done = w.engine.updateProperty(
          "things/foo", "moo", [](const Value& value) { return number(value.asInt() + 1); });
      REQUIRE(done.ok());
    };
    for (int i = 0; i < 1000; ++i) {
      increment();
      if (i % 7 == 0) w.settle();
    }
    w.settle();
    CHECK(*w.engine.property("things/foo", "moo") == number(1001));
    const auto told = eventsOf(w.engine);
    REQUIRE(told.size() == 1000);
    for (int i = 0; i < 1000; ++i) CHECK(member(told[i].data, "old_value") == number(i + 1));
  }

  TEST_CASE("A3-1 a property that is missing is an error of that name, and begins nothing") {
    Watched w(compiled("things.rules", kThings));
    auto unknown = w.engine.property("things/foo", "moo");
    REQUIRE(!unknown.ok());
    CHECK(unknown.error().code == ErrorCode::UnknownSubject);
    w.submit(setProperty("things/foo", "other", number(1)));
    auto missing = w.engine.property("things/foo", "moo");
    REQUIRE(!missing.ok());
    CHECK(missing.error().code == ErrorCode::MissingProperty);
    CHECK(missing.error().message.find("moo") != std::string::npos);
    CHECK(w.engine.subjects().size() == 1);
    w.submit(setProperty("closed/a", "n", number(1)));
    CHECK(w.engine.property("closed/a", "moo").error().code == ErrorCode::UnknownField);
  }

  TEST_CASE("A3-6 deletion and flush") {
    Watched w(compiled("things.rules", kThings));
    w.submit(setProperties("things/foo", {{"moo", number(10)}, {"fleet", text("f1")}}));
    w.settle();
    eventsOf(w.engine);
    w.submit(unsetProperty("things/foo", "moo"));
    w.settle();
    auto told = eventsOf(w.engine);
    REQUIRE(told.size() == 1);
    CHECK(told[0].type == "subject-property-deleted");
    CHECK(told[0].propertyName == "moo");
    CHECK(member(told[0].extensions, "fleet") == text("f1"));
    CHECK(told[0].data.size() == 2);
    CHECK(member(told[0].data, "property_name") == text("moo"));
    CHECK(member(told[0].data, "old_value") == number(10));
    CHECK(w.engine.property("things/foo", "moo").error().code == ErrorCode::MissingProperty);
    auto again = w.engine.submit(unsetProperty("things/foo", "moo"));
    REQUIRE(!again.ok());
    CHECK(again.error().code == ErrorCode::MissingProperty);

    w.submit(setProperties("things/foo", {{"a", number(1)}, {"b", number(2)}, {"c", number(3)}}));
    w.settle();
    eventsOf(w.engine);
    w.submit(deleteSubject("things/foo"));
    w.settle();
    told = eventsOf(w.engine);
    REQUIRE(told.size() == 5);
    for (int i = 0; i < 4; ++i) CHECK(told[i].type == "subject-property-deleted");
    CHECK(told[4].type == "subject-deleted");
    CHECK(told[4].subject == "things/foo");
    CHECK(member(told[4].data, "props").asMap().size() == 3);
    CHECK(member(told[4].data, "ext_props").asMap().size() == 1);
    CHECK(!w.engine.subject("things/foo"));
    CHECK(w.engine.submit(deleteSubject("things/foo")).error().code == ErrorCode::UnknownSubject);
    leaveDigest("A3-6", w.engine.traceDigest());
  }

  TEST_CASE("A3-17 what rules make of an event") {
    runTestBlocks("tests/scenarios/A3-17-processing.rules", 3);
  }
  TEST_CASE("A3-6 in rules") { runTestBlocks("tests/scenarios/A3-06-deletion.rules", 1); }
  TEST_CASE("A3-7 forms of what changes") {
    runTestBlocks("tests/scenarios/A3-07-property-changed.rules", 1);
  }
  TEST_CASE("A3-11 devices come by a file") {
    runTestBlocks("examples/devices/onboarding.rules", 4);
    const auto upload = [](Watched& w, const std::string& place, const char* kind) {
      const std::string file = "examples/devices/" + place.substr(place.rfind('/') + 1);
      w.submit(input::Emit{.type = "storage-finalize",
                           .data = {{"contentType", text(kind)}, {"rows", rowsOf(file)}},
                           .subject = place,
                           .id = "upload-1",
                           .source = "storage"});
      w.settle();
      return eventsOf(w.engine);
    };
    Watched w(compiledFile("examples/devices/onboarding.rules"), {.source = "my-ruleset"});
    const auto told = upload(w, "onboarding/import/class-a/devicesA.csv", "text/csv");
    REQUIRE(told.size() == 10);
    for (int i = 0; i < 5; ++i) {
      CAPTURE(i);
      const std::string name = "00000" + std::to_string(i + 1);
      CHECK(told[i].type == "onboard-device");
      CHECK(told[i].subject == name);
      CHECK(told[i].originId == "upload-1");
      CHECK(member(told[i].data, "class") == text("class-a"));
      CHECK(toText(member(told[i].data, "data")) ==
            R"({"rate": "10", "temp_min": "20", "temp_max": "30"})");
      CHECK(told[5 + i].type == "subject-property-changed");
      CHECK(told[5 + i].subject == name);
      CHECK(told[5 + i].propertyName == "status");
      CHECK(member(told[5 + i].data, "old_value").isNull());
      CHECK(member(told[5 + i].data, "value") == text("READY"));
      CHECK(member(told[5 + i].extensions, "deviceclass") == text("class-a"));
      CHECK(*w.engine.property(name, "temp_min") == text("20"));
    }
    CHECK(w.engine.subjects().size() == 5);
    leaveDigest("A3-11", w.engine.traceDigest());

    Watched other(compiledFile("examples/devices/onboarding.rules"));
    CHECK(upload(other, "onboarding/import/class-a/devicesA.csv", "text/plain").empty());
    Watched b(compiledFile("examples/devices/onboarding.rules"));
    CHECK(upload(b, "onboarding/import/class-b/devicesB.csv", "text/csv").size() == 10);
    CHECK(*b.engine.property("000006", "tolerance") == text("100"));
    CHECK(b.engine.property("000006", "temp_min").error().code == ErrorCode::MissingProperty);
  }
  TEST_CASE("A3-18 a file that is no list of devices is told of once, and deleted") {
    CHECK(readFile("examples/devices/nonsense.csv").size() == 60);
    Watched w(compiledFile("examples/devices/onboarding.rules"), {.source = "my-ruleset"});
    const std::string place = "onboarding/import/class-b/nonsense.csv";
    w.submit(input::Emit{.type = "storage-finalize",
                         .data = {{"contentType", text("text/csv")},
                                  {"rows", rowsOf("examples/devices/nonsense.csv")}},
                         .subject = place});
    w.settle();
    int errors = 0, deletions = 0;
    for (const Output& output : w.engine.takeOutputs()) {
      if (const auto* event = std::get_if<CloudEvent>(&output)) {
        CHECK(event->type == "my-ruleset-errors");
        CHECK(event->subject == place);
        CHECK(member(event->data, "rule") == text("on-csv-upload-import-devices"));
        CHECK(member(event->data, "message").asString().find("deviceid") != std::string::npos);
        ++errors;
      } else {
        const Call& call = std::get<Call>(output);
        CHECK(call.function == "delete");
        CHECK(member(call.arguments, "bucket") == text("krules-dev-demo-02"));
        CHECK(member(call.arguments, "path") == text(place));
        ++deletions;
      }
    }
    CHECK(errors == 1);
    CHECK(deletions == 1);
    CHECK(w.engine.subjects().empty());
  }
  TEST_CASE("A3-13 bad status followed up") {
    runTestBlocks("tests/scenarios/A3-13-bad-status.rules", 1);
    // The exact times.
    Watched w(compiledFile("tests/scenarios/A3-13-bad-status.rules"));
    w.insert("Device", {{"id", text("d")}});
    const auto at = [&](Time seconds, double tempc, const char* status) {
      w.submit(advanceTo(seconds * kSecond));
      w.settle();
      w.submit(emit("Report", {{"tempc", Value::real(tempc)}, {"status", text(status)}}, "d"));
      w.settle();
    };
    at(0, 25, "NORMAL");
    at(10, 32, "WARM");
    at(20, 33, "WARM");
    at(60, 25, "NORMAL");
    at(100, 10, "COLD");
    at(110, 32, "WARM");
    w.submit(advanceTo(155 * kSecond));
    w.settle();
    std::string log;
    for (const FactView& line : w.engine.facts("Log")) {
      log += std::string(member(line.fields, "text").asString()) + "\n";
    }
    CHECK(log ==
          "10 bad WARM 32\n40 still WARM 30\n55 still WARM 45\n60 normal\n"
          "100 bad COLD 10\n110 bad WARM 32\n140 still WARM 30\n155 still WARM 45\n");
    REQUIRE(w.engine.waitingEvents().size() == 1);
    CHECK(w.engine.waitingEvents()[0].name == "recheck");
    CHECK(w.engine.waitingEvents()[0].due == 170 * kSecond);
  }
  TEST_CASE("A3-14 active and inactive") { runTestBlocks("tests/scenarios/A3-14-active.rules", 2); }
  TEST_CASE("A3-15 how far events go") {
    struct Row {
      const char* policy;
      std::pair<int, int> evt1, evt2, other;  // handled here, sent outside
    };
    const Row rows[] = {{"DEFAULT", {1, 0}, {0, 0}, {0, 1}},
                        {"ALWAYS", {1, 1}, {0, 1}, {0, 1}},
                        {"NEVER", {1, 0}, {0, 0}, {0, 0}},
                        {"DIRECT", {0, 1}, {0, 1}, {0, 1}}};
    for (const Row& row : rows) {
      CAPTURE(row.policy);
      const auto went = [&](const char* of, std::int64_t x) {
        Watched w(compiledFile("tests/scenarios/A3-15-dispatch.rules"));
        w.submit(emit("Ask", {{"policy", text(row.policy)}, {"of", text(of)}, {"x", number(x)}}));
        w.settle();
        return std::pair(static_cast<int>(w.engine.facts("Handled").size()),
                         static_cast<int>(eventsOf(w.engine).size()));
      };
      CHECK(went("evt", 1) == row.evt1);
      CHECK(went("evt", 2) == row.evt2);
      CHECK(went("other", 1) == row.other);
    }
  }
  TEST_CASE("A3-19 a busy side is asked again") {
    runTestBlocks("tests/scenarios/A3-19-retry.rules", 2);
  }
  TEST_CASE("A3-21 an event that comes back is no new one") {
    const auto program = compiledFile("tests/scenarios/A3-21-loop.rules");
    const auto comeBack = [](Watched& w, const CloudEvent& event) {
      Fields extensions = event.extensions;
      extensions.emplace_back("hops", number(event.hops));
      extensions.emplace_back("originid", text(event.originId));
      return w.engine.submit(input::Emit{.type = "tempc-propagated",
                                         .data = event.data,
                                         .subject = event.subject,
                                         .id = event.id,
                                         .source = event.source,
                                         .extensions = extensions});
    };
    const auto propagated = [](Engine& engine) {
      std::vector<CloudEvent> out;
      for (CloudEvent& event : eventsOf(engine)) {
        if (event.type == "tempc-propagated") out.push_back(std::move(event));
      }
      return out;
    };
    Watched w(program, {.source = "my-ruleset"});
    w.insert("Device", {{"id", text("d")}});
    w.submit(emit("data-received", {{"tempc", Value::real(25)}}, "d"));
    w.settle();
    auto out = propagated(w.engine);
    REQUIRE(out.size() == 1);
    const std::string before = w.engine.digest();
    auto back = comeBack(w, out[0]);
    REQUIRE(back.ok());
    CHECK(back->duplicate);
    w.settle();
    CHECK(w.engine.digest() == before);
    CHECK(propagated(w.engine).empty());
    REQUIRE(w.watch.log.size() == 1);
    CHECK(w.watch.log[0].find("loop-suppressed") == 0);
    CHECK(w.watch.log[0].find("\"propagate\"") != std::string::npos);
    CHECK(w.watch.log[0].find(".tempc by \"store the temperature\"") != std::string::npos);

    // Without the guard it ends at the limit of hops, with an error.
    Watched off(program, {.source = "my-ruleset", .rememberedEvents = 0, .maxHops = 20});
    off.insert("Device", {{"id", text("d")}});
    off.submit(emit("data-received", {{"tempc", Value::real(25)}}, "d"));
    off.settle();
    int rounds = 0;
    for (out = propagated(off.engine); !out.empty() && rounds < 1000; ++rounds) {
      REQUIRE(comeBack(off, out.back()).ok());
      off.settle();
      out = propagated(off.engine);
    }
    CHECK(rounds == 19);  // from hop 2, that of the first, to hop 20
    REQUIRE(off.watch.failures.size() == 1);
    CHECK(off.watch.failures[0].find("\"propagate what is propagated\"") != std::string::npos);
  }

  // --- events that wait

  TEST_CASE("a waiting event survives a crash, has its turn once, and keeps what caused it") {
    const auto program = compiled("things.rules", kThings);
    Watched w(program);
    std::string journal;
    w.submit(input::Emit{
        .type = "Ping", .data = {{"n", number(1)}}, .id = "first", .source = "outside"});
    w.settle();
    CHECK(w.engine.facts("Got").empty());
    CHECK(w.engine.nextTimer() == 10 * kSecond);
    Engine again = reopened(w.engine, journal, program);
    REQUIRE(again.waitingEvents().size() == 1);
    CHECK(again.submit(advanceTo(9 * kSecond)).ok());
    again.settle();
    CHECK(again.facts("Got").empty());
    Engine third = reopened(again, journal, program);
    CHECK(third.submit(advanceTo(60 * kSecond)).ok());
    third.settle();
    CHECK(third.facts("Got").size() == 1);
    CHECK(third.now() == 60 * kSecond);
    CHECK(third.waitingEvents().empty());
    std::vector<CloudEvent> out = eventsOf(third, &journal);
    REQUIRE(out.size() == 1);
    CHECK(out[0].type == "Pong");
    CHECK(out[0].time == 10 * kSecond);
    CHECK(out[0].cause == "first");
    CHECK(out[0].originId == "first");
    Engine last = reopened(third, journal, program);
    CHECK(last.facts("Got").size() == 1);
  }

  TEST_CASE(
      "one of a name and subject waits: a later one takes its place, and it can be cancelled") {
    Watched w(compiled("things.rules", kThings));
    const auto later = [&](std::int64_t n, const char* subject, Time due) {
      w.submit(input::Emit{.type = "Pong",
                           .data = {{"n", number(n)}},
                           .subject = subject,
                           .due = due,
                           .replacing = "x"});
    };
    later(1, "a", 5 * kSecond);
    later(2, "a", 7 * kSecond);
    later(3, "b", 6 * kSecond);
    auto waiting = w.engine.waitingEvents();
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].subject == "b");
    CHECK(member(waiting[1].data, "n") == number(2));
    w.submit(cancelEvent("x", "b"));
    w.submit(cancelEvent("x", "nobody"));  // nothing happens
    w.submit(advanceTo(10 * kSecond));
    w.settle();
    REQUIRE(w.engine.facts("Got").size() == 1);
    CHECK(member(w.engine.facts("Got")[0].fields, "n") == number(2));
    // At once, and what waited is gone.
    later(4, "a", 30 * kSecond);
    later(5, "a", 0);
    w.settle();
    CHECK(w.engine.facts("Got").size() == 2);
    CHECK(w.engine.waitingEvents().empty());
    leaveDigest("waiting events", w.engine.traceDigest());
  }

  TEST_CASE("events of one moment have their turns in the order in which they were emitted") {
    Watched w(compiled("order.rules", R"(
      module order
      event At { n: int }
      fact Seen { key n: int  place: int }
      rule "seen" on a: At when { accumulate Seen into k = count() } then { insert Seen{n: a.n, place: k} }
    )"));
    for (const std::int64_t n : {3, 1, 2}) {
      w.submit(input::Emit{.type = "At", .data = {{"n", number(n)}}, .due = 5 * kSecond});
    }
    w.submit(advanceTo(5 * kSecond));
    w.settle();
    std::vector<Value> order;
    for (const FactView& seen : w.engine.facts("Seen")) order.push_back(member(seen.fields, "n"));
    CHECK(order == std::vector<Value>{number(3), number(1), number(2)});
  }

  TEST_CASE("a waiting event goes over to rules that take the place of others") {
    const auto program = compiled("things.rules", kThings);
    Watched w(program);
    w.submit(emit("Ping", {{"n", number(1)}}));
    w.settle();
    std::string other(kThings);
    other.replace(other.find("insert Got{n: p.n,"), 18, "insert Got{n: p.n + 100,");
    const auto next = compiled("things.rules", other);
    REQUIRE(w.engine.replaceProgram(next).ok());
    std::string journal;
    Engine again = reopened(w.engine, journal, next);
    CHECK(again.submit(advanceTo(10 * kSecond)).ok());
    again.settle();
    REQUIRE(again.facts("Got").size() == 1);
    CHECK(member(again.facts("Got")[0].fields, "n") == number(101));
    // A type that something waits with cannot change.
    Watched held(program);
    held.submit(emit("Ping", {{"n", number(1)}}));
    held.settle();
    std::string wider(kThings);
    wider.replace(wider.find("event Pong { n: int }"), 21, "event Pong { n: int  m: int = 0 }");
    auto refused = held.engine.replaceProgram(compiled("things.rules", wider));
    REQUIRE(!refused.ok());
    CHECK(refused.error().message.find("Pong") != std::string::npos);
  }

  TEST_CASE("rules cancel what waits, and a moment that is past is now") {
    runTestBlocksOf("cancel.rules", R"(
      module cancel
      event Order { id: string }
      event Paid { id: string }
      event Remind { id: string }
      fact Log { key n: int  id: string }
      rule "remind later" on o: Order then { emit Remind{id: o.id} after 1d replacing o.id }
      rule "paid" on p: Paid then { cancel event p.id }
      rule "remind" on r: Remind when { accumulate Log into n = count() } then { insert Log{n: n, id: r.id} }
      test "who has paid is not reminded" {
        when { emit Order{id: "a"} emit Order{id: "b"} settle  advance 1h settle  emit Paid{id: "a"} settle crash advance 1d settle }
        expect { count Log == 1  exists Log(id == "b") }
      }
      event Past {}
      rule "past" on Past then { emit Remind{id: "past"} at timestamp("1969-01-01T00:00:00Z") }
      test "a moment that is past" {
        when { emit Past{} settle }
        expect { exists Log(id == "past") }
      }
      event Negative { by: duration }
      rule "negative" on n: Negative then { emit Remind{id: "x"} after n.by }
      test "a duration below nothing" {
        when { emit Negative{by: -1s} settle }
        expect { failed "negative" ConstraintViolated 1 times  not Log }
      }
    )",
                    3);
  }

  // --- envelopes

  TEST_CASE("an event that is sent again changes nothing; another one of its id is refused") {
    const auto program = compiled("things.rules", kThings);
    Watched w(program);
    const auto send = [](Engine& engine, std::int64_t n, const char* id, const char* source) {
      return engine.submit(
          input::Emit{.type = "Pong", .data = {{"n", number(n)}}, .id = id, .source = source});
    };
    REQUIRE(send(w.engine, 1, "a", "s").ok());
    w.settle();
    const std::string before = w.engine.digest();
    auto again = send(w.engine, 1, "a", "s");
    REQUIRE(again.ok());
    CHECK(again->duplicate);
    CHECK(again->event == "a");
    w.settle();
    CHECK(w.engine.digest() == before);
    auto other = send(w.engine, 2, "a", "s");
    REQUIRE(!other.ok());
    CHECK(other.error().code == ErrorCode::Duplicate);
    CHECK(other.error().where == "id");
    CHECK(send(w.engine, 2, "a", "another source").ok());
    w.settle();
    CHECK(w.engine.facts("Got").size() == 2);
    // Also after a crash, and after the rules were replaced.
    std::string journal;
    Engine recovered = reopened(w.engine, journal, program);
    CHECK(send(recovered, 1, "a", "s")->duplicate);
    REQUIRE(recovered.replaceProgram(program).ok());
    Engine replaced = reopened(recovered, journal, program);
    CHECK(send(replaced, 1, "a", "s")->duplicate);
    CHECK(!send(replaced, 3, "a", "s").ok());
  }

  TEST_CASE(
      "a waiting event that is forgotten before its turn leaves the same state as its journal") {
    const auto program = compiled("things.rules", kThings);
    Watched w(program, {.rememberedEvents = 1});
    std::string journal;
    const auto send = [&](std::int64_t n, const char* id, std::optional<Time> due) {
      w.submit(input::Emit{
          .type = "Pong", .data = {{"n", number(n)}}, .id = id, .source = "s", .due = due});
      w.settle();
    };
    send(1, "waits", 5 * kSecond);
    send(2, "later", {});
    w.submit(advanceTo(9 * kSecond));
    w.settle();
    CHECK(w.engine.facts("Got").size() == 2);
    reopened(w.engine, journal, program, {.rememberedEvents = 1});
  }

  TEST_CASE("as many events are remembered as the options say, and the oldest is forgotten") {
    Watched w(compiled("things.rules", kThings), {.rememberedEvents = 2});
    const auto send = [&](std::int64_t n) {
      auto taken = w.engine.submit(input::Emit{.type = "Pong",
                                               .data = {{"n", number(n)}},
                                               .id = "i" + std::to_string(n),
                                               .source = "s"});
      w.settle();
      REQUIRE(taken.ok());
      return taken->duplicate;
    };
    CHECK(!send(1));
    CHECK(!send(2));
    CHECK(!send(3));
    CHECK(send(3));
    CHECK(send(2));
    CHECK(!send(1));
  }

  TEST_CASE("what an envelope brings goes on with what follows from it") {
    Watched w(compiled("chain.rules", R"(
      module chain
      event In { n: int }
      event Out { n: int }
      event More { n: int }
      fact Note { key n: int  origin: string  parent: any?  tenant: any? }
      rule "out" on i: In then {
        insert Note{n: i.n, origin: i.meta.origin, parent: i.meta.cause, tenant: i.meta.ext["tenant"]}
        emit Out{n: i.n}
      }
      rule "more" on o: Out then { emit More{n: o.n} }
    )"));
    w.submit(input::Emit{
        .type = "In",
        .data = {{"n", number(1)}},
        .id = "x1",
        .source = "shop",
        .time = 5 * kSecond,
        .extensions = {
            {"traceparent", text("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")},
            {"tracestate", text("a=b")},
            {"originid", text("o9")},
            {"causationid", text("c8")},
            {"tenant", text("t1")}}});
    w.settle();
    CHECK(w.watch.failures.empty());
    REQUIRE(w.engine.facts("Note").size() == 1);
    const Fields note = w.engine.facts("Note")[0].fields;
    CHECK(member(note, "origin") == text("o9"));
    CHECK(member(note, "parent") == text("c8"));
    CHECK(member(note, "tenant") == text("t1"));
    auto out = eventsOf(w.engine);
    REQUIRE(out.size() == 2);
    CHECK(out[0].originId == "o9");
    CHECK(out[0].cause == "x1");
    CHECK(out[0].hops == 1);
    CHECK(out[1].hops == 2);
    std::vector<std::string> parents;
    for (const CloudEvent& event : out) {
      const std::string parent(member(event.extensions, "traceparent").asString());
      CHECK(parent.substr(0, 36) == "00-0af7651916cd43dd8448eb211c80319c-");
      CHECK(parent.substr(52) == "-01");
      CHECK(parent.size() == 55);
      CHECK(member(event.extensions, "tracestate") == text("a=b"));
      parents.push_back(parent.substr(36, 16));
    }
    CHECK(parents[0] != "b7ad6b7169203331");
    CHECK(parents[0] != parents[1]);
  }

  TEST_CASE("a chain without end is stopped, and its rules are named") {
    const auto endless = compiled("endless.rules", R"(
      module endless
      event Ping { n: int }
      event Pong { n: int }
      rule "to pong" on p: Ping then { emit Pong{n: p.n} }
      rule "to ping" on p: Pong then { emit Ping{n: p.n} }
    )");
    Watched w(endless, {.maxHops = 50});
    w.submit(emit("Ping", {{"n", number(1)}}));
    CHECK(w.settle() == 51);
    REQUIRE(w.watch.failures.size() == 1);
    CHECK(w.watch.failures[0].find("Pong by \"to pong\" <- e51 Ping by \"to ping\"") !=
          std::string::npos);
    // What was not raised has left nothing behind, also not its id.
    std::string journal;
    reopened(w.engine, journal, endless, {.maxHops = 50});
    // One that waits in between goes on for ever: that is a clock, and no loop.
    Watched ticking(compiled("ticking.rules", R"(
      module ticking
      event Tick {}
      rule "tick" on Tick then { emit Tick{} after 1s replacing "tick" }
    )"),
                    {.maxHops = 3});
    ticking.submit(emit("Tick", {}));
    ticking.settle();
    ticking.submit(advanceTo(100 * kSecond));
    CHECK(ticking.settle() == 100);
    CHECK(ticking.watch.failures.empty());
  }

  TEST_CASE("A3-20 a rule for any event fires once for each, in one session and after a crash") {
    runTestBlocks("tests/scenarios/A3-20-any-event.rules", 1);
  }

  // --- the engine's own doings

  TEST_CASE("a failure is an event for rules that want to hear of it") {
    runTestBlocksOf("failed.rules", R"(
      module failed
      event Import as "import" { rows: list<int> }
      event RuleFailed as "shop-errors" { rule: string  code: string  message: string  event: string?  type: string?  subject: string?  facts: list<any> }
      fact Row { key n: int  share: int }
      fact Cleaned { key of: string }
      fact Count { key n: int  text: string }
      rule "import" on i: Import then { for n in i.rows { insert Row{n: n, share: 100 / n} } }
      rule "another" on i: Import then { log "seen" }
      rule "clean up" on f: RuleFailed(rule == "import") then { insert Cleaned{of: f.subject ?? "nothing"} }
      rule "count" on f: RuleFailed when { accumulate Count into k = count() } then { insert Count{n: k, text: t"{f.rule} {f.code} {f.type} {f.event}"} }
      test "a firing that fails is undone and told once; the others stand" {
        when { emit Import{rows: [1, 2, 0]} to "file.csv" settle }
        expect { failed "import" RL9001 1 times  not Row  exists Cleaned(of == "file.csv")  emitted RuleFailed(subject == "file.csv", message.contains("zero")) 1 times  count Count == 1  exists Count(text == "import RL9001 import e1") }
        when { crash emit Import{rows: [4]} to "file.csv" settle }
        expect { count Row == 1  count Count == 1 }
      }
    )",
                    1);
  }

  TEST_CASE("a handler that fails is told no more, nor what follows from it") {
    Watched w(compiled("handler.rules", R"(
      module handler
      event Go { by: int }
      event Again { n: int = 0 }
      event RuleFailed { rule: string }
      fact Heard { key n: int  rule: string }
      rule "go" on g: Go then { insert Heard{n: 1 / g.by, rule: ""} }
      rule "hear" on f: RuleFailed when { accumulate Heard into n = count() } then { insert Heard{n: n, rule: f.rule} }
      rule "fail, too" on f: RuleFailed then { insert Heard{n: 1 / (f.rule.size() - 2), rule: ""} }
      rule "go on" on f: RuleFailed then { emit Again{} }
      rule "fail later" on a: Again then { insert Heard{n: 1 / a.n, rule: ""} }
    )"));
    w.submit(emit("Go", {{"by", number(0)}}));
    CHECK(w.settle() < 10);
    CHECK(w.engine.facts("Heard").size() == 1);
    CHECK(w.watch.failures.size() == 3);
    w.submit(emit("Go", {{"by", number(0)}}));
    w.settle();
    CHECK(w.engine.facts("Heard").size() == 2);
  }

  // --- subjects

  TEST_CASE("what a flow raises stands in the chain of what it acts for, also after a crash") {
    const auto program = compiled("flows.rules", R"(
      event Begin { id: string }
      event Next { id: string }
      event Told { n: int }
      rule "begin" on b: Begin then { start F(id: b.id) }
      flow F(id: string) key id {
        emit Told{n: 1}
        let next = wait Next(this.id == .id) for 1h
        emit Told{n: 2}
        step got = run G(n: 3)
        sleep 1m
        emit Told{n: 4}
      }
      flow G(n: int) { emit Told{n: n} }
      test "it ends" {
        when { emit Begin{id: "x"} settle emit Next{id: "x"} settle advance 1m }
        expect { emitted Told 4 times  flow F key "x" completed }
      })");
    const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    Watched w(program);
    w.submit(input::Emit{.type = "Begin",
                         .data = {{"id", text("x")}},
                         .id = "b1",
                         .source = "host",
                         .extensions = {{"traceparent", text(trace)}}});
    w.engine.settle();
    std::string journal;
    std::vector<CloudEvent> told = eventsOf(w.engine, &journal);
    REQUIRE(told.size() == 1);
    CHECK(told[0].cause == "b1");
    CHECK(told[0].originId == "b1");
    CHECK(member(told[0].extensions, "traceparent").asString().substr(0, 36) ==
          trace.substr(0, 36));
    CHECK(member(told[0].extensions, "traceparent") != text(trace));

    Result<Engine> again = Engine::recover(program, journal);
    REQUIRE(again.ok());
    Engine engine = std::move(*again);
    eventsOf(engine, &journal);
    REQUIRE(engine
                .submit(input::Emit{
                    .type = "Next", .data = {{"id", text("x")}}, .id = "n1", .source = "host"})
                .ok());
    engine.settle();
    told = eventsOf(engine, &journal);
    REQUIRE(told.size() == 2);
    for (const CloudEvent& event : told) {
      CHECK(event.cause == "n1");
      CHECK(event.originId == "n1");
      CHECK(event.hops == 1);  // the run has waited: no chain without end
    }
    REQUIRE(engine.submit(advanceTo(engine.now() + 60'000'000)).ok());
    engine.settle();
    told = eventsOf(engine, &journal);
    REQUIRE(told.size() == 1);
    CHECK(told[0].cause == "n1");
  }

  TEST_CASE("A2-1 compare and set by the host") {
    Watched w(compiled("things.rules", kThings));
    const auto cas = [&](Value expected, Value value) {
      auto done = w.engine.submit(compareAndSet("things/foo", "year", expected, value));
      REQUIRE(done.ok());
      w.settle();
      return std::pair(*done->swapped, done->actual);
    };
    CHECK(cas(Value(), number(1)) == std::pair(true, Value()));
    CHECK(eventsOf(w.engine).size() == 1);
    CHECK(cas(number(1), number(2)) == std::pair(true, number(1)));
    CHECK(eventsOf(w.engine).size() == 1);
    CHECK(cas(number(1), number(2)) == std::pair(false, number(2)));
    CHECK(eventsOf(w.engine).empty());
    CHECK(*w.engine.property("things/foo", "year") == number(2));
    auto undeclared = w.engine.submit(compareAndSet("closed/a", "zzz", number(1), number(2)));
    CHECK(undeclared.ok());  // there is no such subject, so it does not hold 1
    w.submit(setProperty("closed/a", "n", number(1)));
    undeclared = w.engine.submit(compareAndSet("closed/a", "zzz", number(1), number(2)));
    REQUIRE(!undeclared.ok());
    CHECK(undeclared.error().code == ErrorCode::UnknownField);
  }

  TEST_CASE("a property that a subject must have stays, and one with a default does not go") {
    Watched w(compiled("things.rules", kThings));
    w.submit(setProperties("closed/a", {{"n", number(1)}, {"note", text("x")}}));
    w.submit(unsetProperty("closed/a", "note"));
    const std::string before = w.engine.digest();
    auto refused = w.engine.submit(unsetProperty("closed/a", "n"));
    REQUIRE(!refused.ok());
    CHECK(refused.error().where.find("\"n\"") != std::string::npos);
    CHECK(w.engine.submit(unsetProperty("nobody", "n")).error().code == ErrorCode::UnknownSubject);
    CHECK(w.engine.submit(input::UnsetProperties{"closed/a", {"n", "note"}}).error().code ==
          ErrorCode::MissingProperty);
    CHECK(w.engine.digest() == before);
  }

  TEST_CASE("subjects by name, page by page, and by what they hold") {
    Watched w(compiled("things.rules", kThings));
    for (int i = 0; i < 25; ++i) {
      const std::string name = "things/" + std::to_string(100 + i);
      w.submit(setProperties(name, {{"i", number(i)}, {"fleet", text(i % 2 ? "odd" : "even")}}));
    }
    w.submit(setProperty("closed/a", "n", number(1)));
    std::vector<std::string> names;
    SubjectSelection page{.type = "Thing", .limit = 10};
    for (int pages = 0; pages < 3; ++pages) {
      for (const FactView& each : w.engine.subjects(page)) names.push_back(each.subject);
      page.after = names.back();
    }
    CHECK(names.size() == 25);
    CHECK(std::is_sorted(names.begin(), names.end()));
    CHECK(w.engine.subjects(page).empty());
    CHECK(w.engine.subjects({.having = {{"fleet", text("odd")}}}).size() == 12);
    CHECK(w.engine.subjects().size() == 26);
    CHECK(w.engine.subjects({.type = "Nothing"}).empty());
  }

  TEST_CASE("every input of subjects and events comes back from a journal") {
    const auto program = compiled("things.rules", kThings);
    Watched w(program);
    std::string journal;
    w.submit(
        setProperties("things/foo", {{"a", number(1)}, {"b", number(2)}, {"fleet", text("f")}}));
    w.submit(compareAndSet("things/foo", "a", number(1), number(7)));
    w.submit(unsetProperty("things/foo", "b"));
    w.submit(input::Emit{.type = "Pong",
                         .data = {{"n", number(9)}},
                         .subject = "things/foo",
                         .id = "p",
                         .source = "s",
                         .time = 3,
                         .extensions = {{"k", number(1)}},
                         .due = 20 * kSecond,
                         .replacing = "later",
                         .deliver = Delivery::Both});
    w.submit(input::Emit{
        .type = "Pong", .data = {{"n", number(8)}}, .due = 30 * kSecond, .replacing = "gone"});
    w.submit(cancelEvent("gone"));
    w.settle();
    Engine again = reopened(w.engine, journal, program);
    CHECK(again.submit(advanceTo(40 * kSecond)).ok());
    again.settle();
    auto out = eventsOf(again, &journal);
    REQUIRE(!out.empty());
    CHECK(out.back().type == "Pong");
    CHECK(out.back().time == 3);
    CHECK(member(out.back().extensions, "k") == number(1));
    CHECK(member(out.back().extensions, "fleet") == text("f"));
    CHECK(again.submit(deleteSubject("things/foo")).ok());
    again.settle();
    Engine third = reopened(again, journal, program);
    CHECK(third.subjects().empty());
    const std::string dump = dumpJournal(journal, program.get());
    for (const char* word :
         {"compareAndSet", "unset", "deleteSubject", "cancelEvent", "  wait p Pong", "  drop "}) {
      CAPTURE(word);
      CHECK(dump.find(word) != std::string::npos);
    }
  }
}

}  // namespace events_test
