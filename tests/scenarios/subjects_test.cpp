// Scenarios A3: subjects, reactive properties and the events they raise.

#include "support/harness.h"
#include "support/test_blocks.h"

namespace scenarios_subjects_test {

using namespace reticle;
using namespace reticle::test;

namespace {

std::vector<CloudEvent> events(Engine& engine) {
  std::vector<CloudEvent> out;
  for (Output& output : engine.takeOutputs()) {
    if (auto* event = std::get_if<CloudEvent>(&output)) out.push_back(std::move(*event));
  }
  return out;
}

const Value* member(const Fields& fields, const std::string& name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return &value;
  }
  return nullptr;
}

// "tempc null→25"
std::string told(const CloudEvent& event) {
  return event.propertyName + " " + toText(*member(event.data, "old_value"), false) + "→" +
         toText(*member(event.data, "value"), false);
}

}  // namespace

TEST_SUITE("scenarios") {
  TEST_CASE("A2-1 compare-and-swap") {
    runTestBlocks("tests/scenarios/A2-01-compare-and-swap.rules", 1);
  }
  TEST_CASE("A3-1 missing property") {
    runTestBlocks("tests/scenarios/A3-01-missing-property.rules", 1);
  }
  TEST_CASE("A3-4 no change, no event") {
    runTestBlocks("tests/scenarios/A3-04-no-change.rules", 2);
  }
  TEST_CASE("A3-5 muted, extended") { runTestBlocks("tests/scenarios/A3-05-muted.rules", 1); }
  TEST_CASE("A3-8 the name of a subject taken apart") {
    runTestBlocks("tests/scenarios/A3-08-name-match.rules", 3);
  }
  TEST_CASE("A3-9 forms of arguments") {
    runTestBlocks("tests/scenarios/A3-09-arguments.rules", 1);
  }
  TEST_CASE("A3-10 parts of a payload") {
    runTestBlocks("tests/scenarios/A3-10-payload-match.rules", 1);
  }
  TEST_CASE("A3-20 hygiene") { runTestBlocks("tests/scenarios/A3-20-hygiene.rules", 3); }

  TEST_CASE("A3-2 first assignment: one event with every member of the envelope") {
    Watched w(compiledFile("tests/scenarios/A3-02-first-assignment.rules"),
              {.source = "my-ruleset"});
    w.submit(setProperty("foo", "moo", number(1)));
    w.settle();
    auto subject = w.engine.subject("foo");
    REQUIRE(subject.has_value());
    CHECK(*member(subject->fields, "moo") == number(1));
    auto out = events(w.engine);
    REQUIRE(out.size() == 1);
    const CloudEvent& event = out[0];
    CHECK(event.type == "subject-property-changed");
    CHECK(event.source == "my-ruleset");
    CHECK(event.subject == "foo");
    CHECK(event.id == "e1");
    CHECK(event.originId == "e1");
    CHECK(event.propertyName == "moo");
    CHECK(event.data.size() == 3);
    CHECK(*member(event.data, "property_name") == text("moo"));
    CHECK(member(event.data, "old_value")->isNull());
    CHECK(*member(event.data, "value") == number(1));
    leaveDigest("A3-2", w.engine.traceDigest());
  }

  TEST_CASE("A3-12 temperature: which band, which events, in which order") {
    auto program = compiledFile("tests/scenarios/A3-12-temperature.rules");
    struct Row {
      Value tempc;
      const char* status;
      std::vector<std::string> told;
    };
    auto real = [](double value) { return Value::real(value); };
    auto run = [&](Watched& w, const std::vector<Row>& rows) {
      for (const Row& row : rows) {
        CAPTURE(toText(row.tempc));
        w.submit(emit("DataReceived", {{"tempc", row.tempc}}, "000001"));
        w.settle();
        auto out = events(w.engine);
        std::vector<std::string> lines;
        for (const CloudEvent& event : out) {
          lines.push_back(told(event));
          REQUIRE(member(event.extensions, "deviceclass") != nullptr);
          CHECK(*member(event.extensions, "deviceclass") == text("class-a"));
        }
        CHECK(lines == row.told);
        // the band follows from the temperature, which follows from the message
        if (out.size() == 2) {
          CHECK(out[1].cause == out[0].id);
          CHECK(out[1].originId == out[0].originId);
        }
        CHECK(toText(*member(w.engine.subject("000001")->fields, "temp_status"), false) ==
              row.status);
      }
      CHECK(w.watch.failures.empty());
    };
    auto device = [&](Watched& w, Fields more) {
      Fields fields{{"id", text("000001")}, {"deviceclass", text("class-a")}};
      for (auto& field : more) fields.push_back(field);
      w.insert("Device", fields);
      w.settle();
    };

    Watched w(program);
    device(w, {});
    run(w, {
               {real(25), "NORMAL", {"tempc null→25.0", "temp_status null→NORMAL"}},
               {real(28), "NORMAL", {"tempc 25.0→28.0"}},
               {real(32), "WARM", {"tempc 28.0→32.0", "temp_status NORMAL→WARM"}},
               {real(32), "WARM", {}},
               {real(30), "WARM", {"tempc 32.0→30.0"}},
               {real(29.99), "NORMAL", {"tempc 30.0→29.99", "temp_status WARM→NORMAL"}},
               {real(20), "NORMAL", {"tempc 29.99→20.0"}},
               {real(19.99), "COLD", {"tempc 20.0→19.99", "temp_status NORMAL→COLD"}},
               {real(45), "WARM", {"tempc 19.99→45.0", "temp_status COLD→WARM"}},
               {text("25.0"), "NORMAL", {"tempc 45.0→25.0", "temp_status WARM→NORMAL"}},
           });
    // stored as it was read
    CHECK(member(w.engine.subject("000001")->fields, "tempc")->kind() == ValueKind::String);
    std::string before = w.engine.digest();
    w.submit(emit("DataReceived", {}, "000001"));  // a payload without a temperature
    CHECK(w.settle() == 0);
    CHECK(events(w.engine).empty());
    leaveDigest("A3-12", w.engine.traceDigest());

    Watched critical(program);
    device(critical, {{"temp_critical", real(45)}});
    run(critical, {
                      {real(19.99), "COLD", {"tempc null→19.99", "temp_status null→COLD"}},
                      {real(45), "CRITICAL", {"tempc 19.99→45.0", "temp_status COLD→CRITICAL"}},
                      {real(44.9), "WARM", {"tempc 45.0→44.9", "temp_status CRITICAL→WARM"}},
                  });
    leaveDigest("A3-12 critical", critical.engine.traceDigest());
  }

  TEST_CASE("A3-12 temperature: with nested cascades an event leaves after those it caused") {
    Watched w(compiledFile("tests/scenarios/A3-12-temperature.rules"),
              {.cascade = Cascade::Nested});
    w.insert("Device", {{"id", text("000001")}});
    w.settle();
    w.submit(emit("DataReceived", {{"tempc", Value::real(25)}}, "000001"));
    w.settle();
    auto out = events(w.engine);
    REQUIRE(out.size() == 2);
    CHECK(out[0].propertyName == "temp_status");
    CHECK(out[1].propertyName == "tempc");
  }
}

}  // namespace scenarios_subjects_test
