// The engine as a whole: what goes out and in which order, the journal and its stores, the clock,
// endless rules.
#include <cstdio>
#include <string>
#include <variant>
#include <vector>

#ifndef __EMSCRIPTEN__
#include <unistd.h>
#endif

#include "engine/outputs.h"
#include "journal/dump.h"
#include "reticle/wire.h"
#include "support/harness.h"

namespace engine_test {

using namespace reticle;
using namespace reticle::test;

namespace {

constexpr Time kSecond = 1'000'000;

const char* const kCascade =
    "module t\n"
    "subject Foo as \"{id}\" { key id: string ext fleet: string? moo: int? boo: int? }\n"
    "event A { n: int }\n"
    "event B { n: int }\n"
    "event C { n: int }\n"
    "host function f(n: int)\n"
    "rule \"a\" on e: A then { emit B{n: e.n} emit B{n: e.n + 1} }\n"
    "rule \"b\" on e: B then { emit C{n: e.n} }\n"
    "rule \"begin\" on change s: Foo.boo (new != null) then { emit A{n: new} to s }\n"
    "flow F(n: int) { step s = call f(n: n) }\n";

std::vector<std::string> texts(Engine& engine) {
  std::vector<std::string> all;
  for (const Output& output : engine.takeOutputs()) all.push_back(wire::toJson(output));
  return all;
}

std::vector<std::string> eventIds(Engine& engine) {
  std::vector<std::string> all;
  for (const Output& output : engine.takeOutputs()) {
    if (const CloudEvent* event = std::get_if<CloudEvent>(&output)) {
      const Value* n = nullptr;
      for (const auto& [name, value] : event->data) {
        if (name == "n") n = &value;
      }
      all.push_back(event->type + (n ? toText(*n) : "") + ":" + event->id + "<" + event->cause);
    }
  }
  return all;
}

// A store whose appends fail from a certain one on.
class FailingStore final : public Store {
 public:
  explicit FailingStore(int good) : good_(good) {}
  Result<std::string> read() override { return std::string(); }
  Status append(std::string_view) override {
    if (good_-- > 0) return Done{};
    return Error{ErrorCode::Full, "no space left"};
  }
  Status truncate(std::uint64_t) override { return Done{}; }

 private:
  int good_;
};

}  // namespace

TEST_SUITE("engine") {
  TEST_CASE("a property change leaves with exactly these members") {
    Engine engine(compiled("c.rules", kCascade), {.source = "my-ruleset"});
    REQUIRE(engine.submit(setProperty("foo", "moo", number(1))).ok());
    engine.settle();
    CHECK(
        texts(engine) ==
        std::vector<std::string>{
            R"({"kind":"event","event":{"specversion":"1.0","type":"subject-property-changed","source":"my-ruleset","id":"e1","originid":"e1",)"
            R"("subject":"foo","datacontenttype":"application/json","propertyname":"moo","data":{"property_name":"moo","old_value":null,"value":1}}})"});
    REQUIRE(engine.submit(setProperty("foo", "moo", number(1))).ok());  // no change, no event
    engine.settle();
    CHECK(engine.takeOutputs().empty());
    // muted
    REQUIRE(engine.submit(input::SetProperties{"foo", "", {{"moo", number(9)}}, true}).ok());
    // metadata
    REQUIRE(engine.submit(setProperty("foo", "fleet", text("f1"))).ok());
    engine.settle();
    CHECK(engine.takeOutputs().empty());
    REQUIRE(engine.submit(setProperty("foo", "moo", number(10))).ok());
    engine.settle();
    const std::vector<std::string> out = texts(engine);
    REQUIRE(out.size() == 1);
    CHECK(out[0].find(R"("old_value":9,"value":10)") != std::string::npos);
    CHECK(out[0].find(R"("fleet":"f1")") != std::string::npos);
  }

  TEST_CASE("events leave first in, first out: cause before effect; nested, effect before cause") {
    Engine fifo(compiled("c.rules", kCascade));
    REQUIRE(fifo.submit(setProperty("foo", "boo", number(1))).ok());
    fifo.settle();
    CHECK(eventIds(fifo) == std::vector<std::string>{"subject-property-changed:e1<", "A1:e2<e1",
                                                     "B1:e3<e2", "B2:e4<e2", "C1:e5<e3",
                                                     "C2:e6<e4"});
    Engine nested(compiled("c.rules", kCascade), {.cascade = Cascade::Nested});
    REQUIRE(nested.submit(setProperty("foo", "boo", number(1))).ok());
    nested.settle();
    CHECK(eventIds(nested) == std::vector<std::string>{"C1:e5<e3", "B1:e3<e2", "C2:e6<e4",
                                                       "B2:e4<e2", "A1:e2<e1",
                                                       "subject-property-changed:e1<"});
  }

  TEST_CASE("what the host hands in does not go out again; what it causes does, with its origin") {
    Engine engine(compiled("c.rules", kCascade));
    REQUIRE(engine.submit(input::Emit{"A", {{"n", number(5)}}, "", "mine", "elsewhere"}).ok());
    engine.settle();
    std::vector<std::string> origins;
    for (const Output& output : engine.takeOutputs()) {
      origins.push_back(std::get_if<CloudEvent>(&output)->originId);
    }
    CHECK(origins == std::vector<std::string>{"mine", "mine", "mine", "mine"});
  }

  TEST_CASE("outputs wait until the host says that their entry is durable") {
    Engine engine(compiled("c.rules", kCascade));
    CHECK_FALSE(engine.takeJournal().empty());
    REQUIRE(engine.submit(start("F", {{"n", number(1)}})).ok());
    engine.settle();
    CHECK(engine.takeOutputs().empty());
    engine.journalDurable();  // nothing was taken since
    CHECK(engine.takeOutputs().empty());
    const std::string bytes = engine.takeJournal();
    CHECK(engine.takeOutputs().empty());
    REQUIRE(engine.submit(start("F", {{"n", number(2)}})).ok());
    engine.settle();
    engine.journalDurable();  // the first call's entry, not the second's
    CHECK(engine.takeOutputs().size() == 1);
    (void)engine.takeJournal();
    engine.journalDurable();
    CHECK(engine.takeOutputs().size() == 1);
    CHECK(engine.takeOutputs().empty());
  }

  TEST_CASE("after an error of the store nothing goes out and nothing more is taken in") {
    Result<Engine> engine =
        Engine::open(compiled("c.rules", kCascade), std::make_unique<FailingStore>(2));
    REQUIRE(engine.ok());
    REQUIRE(engine->submit(start("F", {{"n", number(1)}})).ok());
    engine->settle();
    CHECK(engine->takeOutputs().empty());
    REQUIRE(engine->storeError().has_value());
    CHECK(engine->storeError()->code == ErrorCode::Full);
    const auto refused = engine->submit(start("F", {{"n", number(2)}}));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::Closed);
  }

  TEST_CASE(
      "recovery gives the same state; calls under way go out again as a further attempt, and so do "
      "events nobody is known to have taken") {
    const auto program = compiled("c.rules", kCascade);
    Engine engine(program);
    REQUIRE(engine.submit(setProperty("foo", "moo", number(1))).ok());
    REQUIRE(engine.submit(start("F", {{"n", number(1)}})).ok());
    engine.settle();
    const std::string digest = engine.digest();
    const std::string journal = engine.takeJournal();
    Watcher watch;
    Result<Engine> again = Engine::recover(program, journal, {.trace = &watch});
    REQUIRE(again.ok());
    REQUIRE(again->recovery().has_value());
    CHECK(again->recovery()->digest == digest);
    CHECK(again->recovery()->entries == 4);
    CHECK(again->recovery()->runs == 1);
    CHECK(watch.records[0].as<trace::Recover>() != nullptr);
    (void)again->takeJournal();
    again->journalDurable();
    const std::vector<Output> outputs = again->takeOutputs();
    REQUIRE(outputs.size() == 2);
    CHECK(std::get_if<CloudEvent>(&outputs[0])->id == "e1");
    CHECK(std::get_if<Call>(&outputs[1])->attempt == 2);
    CHECK(std::get_if<Call>(&outputs[1])->key.size() == 32);
  }

  TEST_CASE("another program's journal is refused") {
    Engine engine(compiled("c.rules", kCascade));
    const auto other = compiled("d.rules", "module d\nfact X { key id: string }\n");
    const Result<Engine> refused = Engine::recover(other, engine.takeJournal());
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::Mismatch);
  }

  TEST_CASE("comments and layout do not change the program") {
    const auto a = compiled("a.rules", "module d\nfact X { key id: string }\n");
    const auto b = compiled("b.rules", "module d // other\nfact X\n{\n  key id: string\n}\n");
    CHECK(programHash(*a) == programHash(*b));
  }

  TEST_CASE("a value that a journal cannot keep is refused, wherever it comes in") {
    const auto program = compiled(
        "kept.rules",
        "module k\nfact Box { key id: string  what: any = null }\nevent Came { what: any }\n"
        "host pure function odd() -> any\nrule \"odd\" when { b: Box(id == \"odd\") } "
        "then { insert Box{id: \"made\", what: odd()} }\n");
    const Value one = Value::integer(1);
    const std::vector<Value> bad = {
        Value::map({{Value::real(1.5), one}}),
        Value::map({{Value(), one}}),
        Value::map({{Value::list({one}), one}}),
        Value::map({{text("a"), one}, {text("a"), one}}),
        Value::list({Value::map({{text("in"), Value::map({{Value::real(2), one}})}})}),
    };
    for (const Value& value : bad) {
      EngineOptions options;
      options.functions.emplace_back("odd", [&](const std::vector<Value>&) { return value; });
      Result<Engine> engine = Engine::open(program, memoryStore(), options);
      REQUIRE(engine.ok());
      const auto refused = [&](const Input& input) {
        const Result<Accepted> accepted = engine->submit(input);
        CHECK_FALSE(accepted.ok());
        return accepted.ok() ? std::string() : accepted.error().where;
      };
      CHECK(refused(insert("Box", {{"id", text("a")}, {"what", value}})) == "what");
      CHECK(refused(emit("Came", {{"what", value}})) == "what");
      CHECK(refused(insertAll("Box", {"id", "what"}, {text("a"), value})) == "row 0: what");
      REQUIRE(engine->submit(insert("Box", {{"id", text("odd")}})).ok());
      engine->settle();
      CHECK(engine->facts("Box").size() == 1);
    }
    Result<Engine> engine = Engine::open(program, memoryStore());
    REQUIRE(engine.ok());
    const Value good = Value::map({{one, one}, {Value::boolean(true), Value()}, {text("1"), one}});
    CHECK(engine->submit(insert("Box", {{"id", text("a")}, {"what", good}})).ok());
  }

#ifndef __EMSCRIPTEN__
  TEST_CASE("a file keeps the journal, for one writer at a time, and a torn tail is cut") {
    const std::string path = "/tmp/reticle-engine-test-" + std::to_string(getpid()) + ".journal";
    std::remove(path.c_str());
    const auto program = compiled("c.rules", kCascade);
    std::string digest;
    {
      Result<std::unique_ptr<Store>> store = fileStore(path);
      REQUIRE(store.ok());
      const Result<std::unique_ptr<Store>> second = fileStore(path);
      REQUIRE_FALSE(second.ok());
      CHECK(second.error().code == ErrorCode::Busy);
      Result<Engine> engine = Engine::open(program, std::move(*store));
      REQUIRE(engine.ok());
      CHECK_FALSE(engine->recovery().has_value());
      REQUIRE(engine->submit(setProperty("foo", "moo", number(1))).ok());
      engine->settle();
      CHECK(engine->takeOutputs().size() == 1);
      digest = engine->digest();
    }
    if (std::FILE* file = std::fopen(path.c_str(), "ab")) {
      std::fwrite("torn", 1, 4, file);
      std::fclose(file);
    }
    Result<std::unique_ptr<Store>> store = fileStore(path);
    REQUIRE(store.ok());
    Result<Engine> engine = Engine::open(program, std::move(*store));
    REQUIRE(engine.ok());
    CHECK(engine->recovery()->truncated == 4);
    CHECK(engine->digest() == digest);
    REQUIRE(engine->submit(setProperty("foo", "moo", number(2))).ok());
    std::remove(path.c_str());
  }

  TEST_CASE("a lock that nobody holds any more is taken over") {
    const std::string path = "/tmp/reticle-lock-test-" + std::to_string(getpid()) + ".journal";
    const auto lockedBy = [&](const std::string& line) {
      std::FILE* file = std::fopen((path + ".lock").c_str(), "wb");
      REQUIRE(file != nullptr);
      std::fputs(line.c_str(), file);
      std::fclose(file);
      const Result<std::unique_ptr<Store>> store = fileStore(path);
      std::remove((path + ".lock").c_str());
      return store.ok() ? std::string("taken") : store.error().message;
    };
    const std::string parent = std::to_string(getppid());
    CHECK(lockedBy(parent + "\n") == "another engine writes this journal: process " + parent);
    CHECK(lockedBy("4194305 1\n") == "taken");  // no process has such a number
    // the number was given out again: to this process, which began at another time
    CHECK(lockedBy(std::to_string(getpid()) + " 1\n") == "taken");
    CHECK(lockedBy("not a number\n") == "taken");
    std::remove(path.c_str());
  }

  TEST_CASE("a journal that somebody deletes or changes takes nothing more") {
    const std::string path = "/tmp/reticle-gone-test-" + std::to_string(getpid()) + ".journal";
    std::remove(path.c_str());
    const auto afterwards = [&](auto change) {
      Result<std::unique_ptr<Store>> store = fileStore(path);
      REQUIRE(store.ok());
      REQUIRE((*store)->append("first").ok());
      change();
      const Status second = (*store)->append("second");
      CHECK_FALSE((*store)->append("third").ok());
      std::remove(path.c_str());
      return second.ok() ? std::string("appended") : second.error().message;
    };
    CHECK(afterwards([&] { std::remove(path.c_str()); }) ==
          "the journal was deleted while it was open");
    CHECK(afterwards([&] { REQUIRE(truncate(path.c_str(), 2) == 0); }) ==
          "the journal has 2 bytes, and 5 were written: somebody else changed it");
  }
#endif

  TEST_CASE("rules that feed each other are stopped and named") {
    Watched w(compiled("loop.rules",
                       "module l\nfact Light { key id: string color: string }\n"
                       "rule \"to green\" repeat when { x: Light(color == \"red\") } then { set "
                       "x.color = \"green\" }\n"
                       "rule \"to red\" repeat when { x: Light(color == \"green\") } then { set "
                       "x.color = \"red\" }\n"));
    w.insert("Light", {{"id", text("a")}, {"color", text("red")}});
    const SettleReport report = w.engine.settle({.maxFirings = 1000});
    CHECK(report.reason == SettleReport::Reason::Limit);
    CHECK(report.firings == 1000);
    CHECK(report.cycle == std::vector<std::string>{"to green", "to red"});
  }

  TEST_CASE("flows that feed each other without an end are stopped too") {
    Watched w(compiled("loop.rules", "module l\nflow F(n: int) { restart (n: n) }\n"));
    w.submit(start("F", {{"n", number(1)}}));
    CHECK(w.engine.settle().reason == SettleReport::Reason::Limit);
  }

  TEST_CASE("a clock handed back does not go back") {
    Watched w(compiled("c.rules", kCascade));
    w.submit(advanceTo(10 * kSecond));
    w.settle();
    w.submit(advanceTo(5 * kSecond));
    w.settle();
    CHECK(w.engine.now() == 10 * kSecond);
  }

  TEST_CASE("refused inputs change nothing and are not entered") {
    Watched w(compiled("c.rules", kCascade));
    const std::string digest = w.engine.digest();
    (void)w.engine.takeJournal();
    CHECK_FALSE(w.engine.submit(insert("Nothing", {})).ok());
    CHECK_FALSE(w.engine.submit(retract(FactId{99})).ok());
    CHECK_FALSE(w.engine.submit(emit("A", {})).ok());
    CHECK(w.engine.digest() == digest);
    CHECK(w.engine.takeJournal().empty());
  }

  TEST_CASE("an output's bytes come back") {
    const CloudEvent event{.type = "t",
                           .source = "s",
                           .id = "e1",
                           .originId = "e0",
                           .subject = "x",
                           .cause = "e0",
                           .propertyName = "p",
                           .time = 5,
                           .data = {{"a", number(1)}},
                           .extensions = {{"b", text("c")}}};
    const std::optional<CloudEvent> read = decodeEventOutput(encodeOutput(event));
    REQUIRE(read.has_value());
    CHECK(wire::toJson(Output{*read}) == wire::toJson(Output{event}));
    CHECK_FALSE(decodeEventOutput(encodeOutput(Call{.id = "r1.a"})).has_value());
    CHECK_FALSE(decodeEventOutput("").has_value());
  }
}

}  // namespace engine_test
