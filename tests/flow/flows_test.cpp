// Runs of flows: attempts and their times, failures and what undoes them, waiting, starting twice.
#include <string>
#include <vector>

#include "flow/code.h"
#include "reticle/test.h"
#include "support/harness.h"
#include "support/test_blocks.h"
#include "testing/scripted_host.h"

namespace flow_flows_test {

using namespace reticle;
using namespace reticle::test;

namespace {

constexpr Time kSecond = 1'000'000;

// A program of one flow and the host functions that the tests speak of.
std::string program(const std::string& flow) {
  return "module t\n"
         "fact Note { key id: string text: string = \"\" }\n"
         "event Go { id: string n: int = 0 }\n"
         "event Told { what: string }\n"
         "host function a.one(x: int) -> string\n"
         "host function a.two(x: int) -> string\n"
         "host function a.undo(what: string)\n"
         "host function a.quiet(x: int)\n" +
         flow;
}

struct Fixture {
  explicit Fixture(const std::string& flow) : w(compiled("flow.rules", program(flow))) {}
  SettleReport settle() { return settleWith(w.engine, host); }
  void advance(Time by) { (void)advanceWith(w.engine, host, w.engine.now() + by); }
  // Starts without performing anything, and hands over the calls that went out.
  std::vector<Call> begin(const Input& input) {
    w.submit(input);
    return calls();
  }
  std::vector<Call> calls() {
    w.engine.settle();
    std::vector<Call> calls;
    for (Output& output : w.engine.takeOutputs()) {
      if (Call* call = std::get_if<Call>(&output)) calls.push_back(std::move(*call));
    }
    return calls;
  }
  RunView run() { return w.engine.runs().back(); }
  std::string steps() {
    std::string text;
    for (const StepView& step : run().steps) {
      text += (text.empty() ? "" : ", ") + step.name + " " + step.status;
    }
    return text;
  }
  std::string performed() {
    std::string text;
    for (const auto& each : host.performed) {
      text += (text.empty() ? "" : ", ") + each.call.step + "@" + std::to_string(each.at / kSecond);
    }
    return text;
  }

  Watched w;
  ScriptedHost host;
};

}  // namespace

TEST_SUITE("flow") {
  TEST_CASE("the delays of each kind of backoff") {
    using Backoff = model::Retry::Backoff;
    struct Row {
      Backoff backoff;
      Span64 delay, max;
      std::vector<Span64> seconds;
    };
    const Row rows[] = {{Backoff::None, 0, 0, {0, 0, 0}},
                        {Backoff::Constant, 10, 0, {10, 10, 10}},
                        {Backoff::Linear, 10, 25, {10, 20, 25, 25}},
                        {Backoff::Exponential, 1, 60, {1, 2, 4, 8, 16, 32, 60, 60}},
                        {Backoff::Exponential, 1, 0, {1, 2, 4}}};
    for (const Row& row : rows) {
      model::Retry retry;
      retry.backoff = row.backoff;
      retry.delay = row.delay * kSecond;
      retry.max = row.max * kSecond;
      for (std::uint32_t i = 0; i < row.seconds.size(); ++i) {
        CHECK(retryDelay(retry, i + 1, "key") == row.seconds[i] * kSecond);
      }
    }
    model::Retry endless;
    endless.backoff = Backoff::Exponential;
    endless.delay = kSecond;
    CHECK(retryDelay(endless, 4'000'000'000u, "key") == Span64{365} * 86400 * kSecond);
  }

  TEST_CASE("jitter stays within its share, and depends on key and number alone") {
    model::Retry retry;
    retry.backoff = model::Retry::Backoff::Constant;
    retry.delay = 10 * kSecond;
    retry.jitter = 0.2;
    Span64 least = retry.delay, most = retry.delay;
    for (std::uint32_t i = 1; i < 500; ++i) {
      const Span64 delay = retryDelay(retry, i, "key");
      CHECK(delay == retryDelay(retry, i, "key"));
      CHECK(delay % 1000 == 0);
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    CHECK(least >= 8 * kSecond);
    CHECK(most <= 12 * kSecond);
    CHECK(most - least > 3 * kSecond);
    CHECK(retryDelay(retry, 1, "key") != retryDelay(retry, 1, "other"));
  }

  TEST_CASE("steps come one after another, with results in between") {
    Fixture f(
        "flow F(n: int) -> string key string(n) { step p = call a.one(x: n) step q = call a.two(x: "
        "size(p)) return p + q }");
    f.host.scripts["a.one"] = {{false, text("abc"), -1}};
    f.host.scripts["a.two"] = {{false, text("d"), -1}};
    f.w.submit(start("F", {{"n", number(7)}}));
    f.settle();
    CHECK(f.run().key == "7");
    CHECK(f.run().status == "completed");
    CHECK(*f.run().result == text("abcd"));
    REQUIRE(f.host.performed.size() == 2);
    CHECK(f.host.performed[0].call.id == "r1.p");
    CHECK(f.host.performed[1].call.arguments == Fields{{"x", number(3)}});
    CHECK(f.host.performed[0].call.key.size() == 32);
    CHECK(f.host.performed[0].call.key != f.host.performed[1].call.key);
  }

  TEST_CASE(
      "a failed step is tried again at its times, with the same key, and then fails the run") {
    Fixture f(
        "flow F(n: int) retry 3 times backoff exponential 1s..3s { step p = call a.one(x: n) }");
    f.host.scripts["a.one"] = {{true, text("503"), -1}};
    f.w.submit(start("F", {{"n", number(1)}}, "k"));
    f.settle();
    CHECK(f.steps() == "p retrying");
    f.advance(60 * kSecond);
    CHECK(f.performed() == "p@0, p@1, p@3, p@6");
    CHECK(f.host.executions.size() == 1);
    CHECK(f.run().status == "failed");
    CHECK(f.run().error == "503");
    CHECK(f.run().steps[0].attempt == 4);
  }

  TEST_CASE("a retry condition sees the failure") {
    Fixture f(
        "flow F(n: int) { step p = call a.one(x: n) retry 5 times if err.reason != \"declined\" "
        "backoff constant 1s }");
    f.host.scripts["a.one"] = {
        {true, text("busy"), 1},
        {true, Value::map({{text("reason"), text("declined")}, {text("code"), number(9)}}), 1}};
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    f.advance(60 * kSecond);
    CHECK(f.host.performed.size() == 2);
    CHECK(f.run().error == "declined");
  }

  TEST_CASE("an attempt that takes too long has failed, and its late result changes nothing") {
    Fixture f("flow F(n: int) retry 1 times { step p = call a.one(x: n) timeout 5s }");
    std::vector<Call> first = f.begin(start("F", {{"n", number(1)}}));
    REQUIRE(first.size() == 1);
    f.w.submit(advanceTo(5 * kSecond));
    std::vector<Call> second = f.calls();
    REQUIRE(second.size() == 1);
    CHECK(second[0].id == first[0].id);
    CHECK(second[0].key == first[0].key);
    CHECK(second[0].attempt == 2);
    const std::string before = f.w.engine.digest();
    auto late = f.w.engine.submit(stepResult(first[0].id, 1, text("late")));
    REQUIRE_FALSE(late.ok());
    CHECK(late.error().code == ErrorCode::Stale);
    CHECK(f.w.engine.digest() == before);
    f.w.submit(stepResult(second[0].id, 2, text("in time")));
    f.w.engine.settle();
    CHECK(f.run().status == "completed");
    late = f.w.engine.submit(stepResult(second[0].id, 2, text("again")));
    REQUIRE_FALSE(late.ok());
    CHECK(late.error().code == ErrorCode::Stale);
    CHECK(f.w.engine.submit(stepResult("r9.p", 1, text("x"))).error().code ==
          ErrorCode::UnknownCall);
    CHECK(f.w.engine.submit(stepResult("nonsense", 1, text("x"))).error().code ==
          ErrorCode::UnknownCall);
  }

  TEST_CASE("a result of the wrong type is refused, and the step stays open") {
    Fixture f("flow F(n: int) { step p = call a.one(x: n) }");
    const std::vector<Call> calls = f.begin(start("F", {{"n", number(1)}}));
    auto refused = f.w.engine.submit(stepResult(calls[0].id, 1, number(5)));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::WrongType);
    CHECK(f.steps() == "p started");
  }

  TEST_CASE(
      "parallel steps start together; a failed one waits for its siblings, then what was done is "
      "undone, newest first") {
    Fixture f(
        "flow F(n: int) { parallel { step p = call a.one(x: n) undo call a.undo(what: p) step q = "
        "call a.two(x: n) undo call a.undo(what: q) step r = call a.quiet(x: n) } }\n");
    const std::vector<Call> calls = f.begin(start("F", {{"n", number(1)}}));
    REQUIRE(calls.size() == 3);
    f.w.submit(stepError("r1.r", 1, "broken"));
    CHECK(f.calls().empty());
    f.w.submit(stepResult("r1.q", 1, text("Q")));
    CHECK(f.calls().empty());
    f.w.submit(stepResult("r1.p", 1, text("P")));
    std::vector<Call> undo = f.calls();
    REQUIRE(undo.size() == 1);
    CHECK(undo[0].step == "undo q");
    CHECK(undo[0].arguments == Fields{{"what", text("Q")}});
    f.w.submit(stepResult(undo[0].id, 1, {}));
    undo = f.calls();
    REQUIRE(undo.size() == 1);
    CHECK(undo[0].step == "undo p");
    f.w.submit(stepResult(undo[0].id, 1, {}));
    CHECK(f.calls().empty());
    CHECK(f.run().status == "failed");
    CHECK(f.run().error == "broken");
    CHECK(f.steps() == "p completed, q completed, r failed, undo q completed, undo p completed");
  }

  TEST_CASE(
      "an undo is retried like a step; one that fails for good is named and the others go on") {
    Fixture f(
        "flow F(n: int) retry 1 times backoff constant 1s { step p = call a.one(x: n) undo call "
        "a.undo(what: p) step q = call a.two(x: n) undo call a.undo(what: q) fail \"enough\" }");
    f.host.scripts["a.one"] = {{false, text("P"), -1}};
    f.host.scripts["a.two"] = {{false, text("Q"), -1}};
    f.host.scripts["a.undo"] = {{true, text("down"), 2}, {false, Value{}, -1}};
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    f.advance(10 * kSecond);
    CHECK(f.steps() == "p completed, q completed, undo q failed, undo p completed");
    CHECK(f.run().error == "enough; undo q failed: down");
  }

  TEST_CASE("A1-12: a failed run goes on with the step that failed, and repeats nothing else") {
    const std::string flow =
        "flow F(n: int) -> string key \"k\" {\n"
        "  step s1 = call a.one(x: n)\n"
        "  parallel { step s2 = call a.two(x: n) step other = call a.one(x: 9) }\n"
        "  step s3 = call a.one(x: 3)\n"
        "  return s1 + s2 + s3\n}";
    Fixture f(flow);
    const std::vector<Call> first = f.begin(start("F", {{"n", number(1)}}));
    f.w.submit(stepResult(first[0].id, 1, text("A")));
    const std::vector<Call> both = f.calls();
    REQUIRE(both.size() == 2);
    f.w.submit(stepError(both[0].id, 1, "broken"));
    CHECK(f.calls().empty());
    f.w.submit(stepResult(both[1].id, 1, text("B")));
    CHECK(f.calls().empty());
    CHECK(f.run().status == "failed");
    CHECK(f.run().canGoOn);
    CHECK(f.run().waitsFor == "it can go on with s2");
    CHECK(f.steps() == "s1 completed, s2 failed, other completed");

    // Also after a crash: where it can go on is in the journal.
    std::string journal = f.w.engine.takeJournal();
    Result<Engine> again = Engine::recover(compiled("flow.rules", program(flow)), journal);
    REQUIRE(again.ok());
    f.w.engine = std::move(*again);
    CHECK(f.run().canGoOn);

    f.w.submit(resumeRun("F", "k"));
    f.w.engine.settle();
    (void)f.w.engine.takeJournal();
    f.w.engine.journalDurable();
    std::vector<Call> retried = f.calls();
    REQUIRE(retried.size() == 1);
    CHECK(retried[0].id == both[0].id);
    CHECK(retried[0].key == both[0].key);
    CHECK(retried[0].attempt == 2);
    CHECK(f.run().waitsFor == "s2 asks a.two for its answer, for the 2. time");
  }

  TEST_CASE("what failed by itself is carried out again; what was undone is not") {
    Fixture f(
        "flow F(n: int) key \"k\" { step p = call a.one(x: n) insert Note{id: p} }\n"
        "on failure err { insert Note{id: \"failed\"} }");
    f.host.scripts["a.one"] = {{false, text("P"), -1}};
    f.w.submit(insert("Note", {{"id", text("P")}}));
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    CHECK(f.run().status == "failed");
    CHECK(f.run().waitsFor == "it can go on where it failed");
    f.w.submit(retract(FactId{1}));
    f.w.submit(resumeRun("F", "k"));
    f.settle();
    CHECK(f.run().status == "completed");
    CHECK(f.performed() == "p@0");
    // One that has not failed does not go on.
    const auto completed = f.w.engine.submit(resumeRun("F", "k"));
    REQUIRE_FALSE(completed.ok());
    CHECK(completed.error().message == "F \"k\" is completed: only a failed run goes on");
    CHECK(f.w.engine.submit(resumeRun("F", "x")).error().code == ErrorCode::UnknownRun);

    Fixture undone(
        "flow F(n: int) key \"k\" { step p = call a.one(x: n) undo call a.undo(what: p) fail "
        "\"no\" }");
    undone.host.scripts["a.one"] = {{false, text("P"), -1}};
    undone.w.submit(start("F", {{"n", number(1)}}));
    undone.settle();
    CHECK_FALSE(undone.run().canGoOn);
    const auto refused = undone.w.engine.submit(resumeRun("F", "k"));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().fix == "start it anew: its key is free");
  }

  TEST_CASE("what a step that goes on had to undo always is undone once") {
    Fixture f(
        "flow F(n: int) key \"k\" { step p = call a.one(x: n) undo always call a.undo(what: \"p\") "
        "step q = call a.two(x: n) }\n"
        "on failure err { if err.step == \"q\" { compensate } }");
    f.host.scripts["a.one"] = {{true, text("no"), 1}, {false, text("P"), -1}};
    f.host.scripts["a.two"] = {{true, text("never"), -1}};
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    CHECK(f.run().canGoOn);
    f.w.submit(resumeRun("F", "k"));
    f.settle();
    CHECK(f.performed() == "p@0, p@0, q@0, undo p@0");
    CHECK_FALSE(f.run().canGoOn);
  }

  TEST_CASE("a run that goes on in a loop and a try keeps its place") {
    Fixture f(
        "flow F(n: int) key \"k\" { for i in [1, 2, 3] { try { step t = call a.quiet(x: i) } catch "
        "e { log e.reason } step p = call a.one(x: i) } }");
    f.host.scripts["a.quiet"] = {{true, text("never"), -1}};
    f.host.scripts["a.one"] = {
        {false, text("1"), 1}, {true, text("no"), 1}, {false, text("2"), -1}};
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    CHECK(f.run().waitsFor == "it can go on with p#2");
    f.w.submit(resumeRun("F", "k"));
    f.settle();
    CHECK(f.run().status == "completed");
    CHECK(f.performed() == "t#1@0, p#1@0, t#2@0, p#2@0, p#2@0, t#3@0, p#3@0");
  }

  TEST_CASE("what a run waits for, in a sentence") {
    Fixture f(
        "flow F(n: int) key \"k\" {\n"
        "  step p = call a.one(x: n) timeout 10s retry 1 times backoff constant 5s\n"
        "  parallel { branch a { sleep 1m } branch b { wait Go for 1h } branch c { wait until { "
        "Note(id == \"z\") } } step r = run G(n: n) }\n}\n"
        "flow G(n: int) { wait Go }");
    const std::vector<Call> calls = f.begin(start("F", {{"n", number(1)}}));
    const auto waitsFor = [&](const char* flow) {
      for (const RunView& run : f.w.engine.runs()) {
        if (run.flow == flow) return run.waitsFor;
      }
      return std::string();
    };
    CHECK(waitsFor("F") == "p asks a.one for its answer, until 1970-01-01T00:00:10Z at most");
    f.w.submit(stepError(calls[0].id, 1, "busy"));
    f.calls();
    CHECK(waitsFor("F") == "p has failed (busy) and asks a.one again at 1970-01-01T00:00:05Z");
    f.w.submit(advanceTo(5 * kSecond));
    REQUIRE(f.calls().size() == 1);
    f.w.submit(stepResult(calls[0].id, 2, text("P")));
    f.calls();
    CHECK(waitsFor("F") ==
          "it sleeps until 1970-01-01T00:01:05Z; it waits for Go, until 1970-01-01T01:00:05Z at "
          "most; it waits until conditions hold: `wait until { Note(id == \"z\") }`; r waits for "
          "the end of G \"k/r\"");
    CHECK(waitsFor("G") == "it waits for Go");
  }

  TEST_CASE("a failure handler sees what failed, and decides what is undone") {
    Fixture f(
        "flow F(n: int) { step p = call a.one(x: n) undo call a.undo(what: p) step q = call "
        "a.two(x: n) }\n"
        "on failure err { insert Note{id: err.reason, text: err.step + \" \" + err.function} "
        "compensate }");
    f.host.scripts["a.one"] = {{false, text("P"), -1}};
    f.host.scripts["a.two"] = {{true, text("no"), -1}};
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    REQUIRE(f.w.engine.facts("Note").size() == 1);
    CHECK(f.w.engine.facts("Note")[0].fields ==
          Fields{{"id", text("no")}, {"text", text("q a.two")}});
    CHECK(f.performed() == "p@0, q@0, undo p@0");
    CHECK(f.run().status == "failed");
  }

  TEST_CASE("ignored errors leave nothing and let the run go on") {
    Fixture f(
        "flow F(n: int) -> string { step p = call a.one(x: n) ignore errors return p ?? \"none\" "
        "}");
    f.host.scripts["a.one"] = {{true, text("no"), -1}};
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    CHECK(f.run().status == "completed");
    CHECK(*f.run().result == text("none"));
    CHECK(f.steps() == "p failed");
  }

  TEST_CASE("a flow that takes too long fails; what was under way is dropped") {
    Fixture f(
        "flow F(n: int) timeout 10s { step p = call a.one(x: n) undo call a.undo(what: p) sleep 1h "
        "}");
    f.host.scripts["a.one"] = {{false, text("P"), -1}};
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    CHECK(f.steps() == "p completed, sleep started");
    f.advance(10 * kSecond);
    CHECK(f.steps() == "p completed, sleep failed, undo p completed");
    CHECK(f.run().error == "timeout");
    CHECK_FALSE(f.w.engine.nextTimer().has_value());
  }

  TEST_CASE("sleeping runs wake in the order of their time, then of their beginning") {
    Fixture f(
        "flow F(n: int, s: int) key string(n) { sleep duration(string(s) + \"s\") log info "
        "t\"awake {n}\" }");
    const std::pair<int, int> runs[] = {{1, 5}, {2, 3}, {3, 5}, {4, 0}};
    for (const auto& [n, s] : runs) f.w.submit(start("F", {{"n", number(n)}, {"s", number(s)}}));
    f.settle();
    CHECK(f.w.engine.nextTimer() == 3 * kSecond);
    f.w.submit(advanceTo(100 * kSecond));
    f.w.engine.settle();
    CHECK(f.w.watch.log == std::vector<std::string>{"awake 4", "awake 2", "awake 1", "awake 3"});
    CHECK(f.w.engine.now() == 100 * kSecond);
  }

  TEST_CASE("a wait takes the first event that fits, or null when its time is up") {
    const std::string flow =
        "flow F(who: string) -> int key who { let g = wait Go(id == who) for 10s return g == null "
        "? -1 : 1 }";
    Fixture f(flow);
    for (const char* id : {"x", "y"}) f.w.submit(start("F", {{"who", text(id)}}));
    f.settle();
    f.w.submit(emit("Go", {{"id", text("z")}}));
    f.w.submit(emit("Go", {{"id", text("y")}}));
    f.w.submit(emit("Go", {{"id", text("y")}}));
    f.settle();
    CHECK(f.w.engine.runs()[0].status == "running");
    CHECK(f.w.engine.runs()[1].status == "completed");
    CHECK(*f.w.engine.runs()[1].result == number(1));
    f.advance(10 * kSecond);
    CHECK(*f.w.engine.runs()[0].result == number(-1));
  }

  TEST_CASE(
      "starting twice with one key is starting once; a failed run may be started again, with keys "
      "of its own") {
    Fixture f("flow F(n: int) key \"k\" { step p = call a.one(x: n) }");
    f.host.scripts["a.one"] = {{true, text("no"), 1}, {false, text("P"), -1}};
    auto first = f.w.engine.submit(start("F", {{"n", number(1)}}));
    auto second = f.w.engine.submit(start("F", {{"n", number(2)}}));
    CHECK(first->run == second->run);
    f.settle();
    CHECK(f.host.performed.size() == 1);
    CHECK(f.run().status == "failed");
    auto third = f.w.engine.submit(start("F", {{"n", number(3)}}));
    CHECK(third->run != first->run);
    f.settle();
    CHECK(f.run().status == "completed");
    CHECK(f.host.executions.size() == 2);
    auto fourth = f.w.engine.submit(start("F", {{"n", number(4)}}));
    CHECK(fourth->run == third->run);
    f.settle();
    CHECK(f.host.performed.size() == 2);
    REQUIRE_FALSE(f.w.watch.log.empty());
    CHECK(f.w.watch.log[0] == "start of F \"k\" ignored: run 1 has this key and is running");
  }

  TEST_CASE("starts are checked") {
    Fixture f("flow F(n: int, s: string = \"x\") { log info t\"{n} {s}\" }");
    CHECK(f.w.engine.submit(start("G", {})).error().code == ErrorCode::UnknownFlow);
    CHECK(f.w.engine.submit(start("F", {})).error().code == ErrorCode::MissingField);
    CHECK(f.w.engine.submit(start("F", {{"m", number(1)}})).error().code ==
          ErrorCode::UnknownField);
    CHECK(f.w.engine.submit(start("F", {{"n", text("one")}})).error().code == ErrorCode::WrongType);
    CHECK(f.w.engine.runs().empty());
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    CHECK(f.w.watch.log == std::vector<std::string>{"1 x"});
  }

  TEST_CASE("a loop's steps are told apart by their turns") {
    Fixture f(
        "flow F(n: int) { for x in [10, 20] { step p = call a.one(x: x) insert Note{id: p} } }");
    f.host.scripts["a.one"] = {{false, text("A"), 1}, {false, text("B"), 1}};
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    CHECK(f.steps() == "p#1 completed, p#2 completed");
    CHECK(f.host.performed[1].call.id == "r1.p#2");
    CHECK(f.host.executions.size() == 2);
    CHECK(f.w.engine.facts("Note").size() == 2);
  }

  TEST_CASE("a restart begins anew with other arguments and other keys") {
    Fixture f("flow F(n: int) { step p = call a.one(x: n) if n < 3 { restart (n: n + 1) } }");
    f.host.scripts["a.one"] = {{false, text("A"), -1}};
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    CHECK(f.run().status == "completed");
    CHECK(f.w.engine.runs().size() == 1);
    REQUIRE(f.host.performed.size() == 3);
    CHECK(f.host.performed[0].call.id == "r1.p");
    CHECK(f.host.performed[2].call.id == "r1.p~2");
    CHECK(f.host.executions.size() == 3);
  }

  TEST_CASE("an action that cannot be carried out fails the run and changes nothing") {
    Fixture f("flow F(n: int) { insert Note{id: \"a\"} insert Note{id: \"a\", text: \"twice\"} }");
    f.w.submit(start("F", {{"n", number(1)}}));
    f.settle();
    CHECK(f.run().status == "failed");
    CHECK(f.w.engine.facts("Note").size() == 1);
  }

  TEST_CASE("the time limit of a run does not cut its undoing short") {
    auto limited = compiled("limited.rules", R"(
host function job.take(id: string) -> string
host function job.giveBack(id: string)
flow F(id: string) key id timeout 1m {
  step a = call job.take(id: id)
    undo call job.giveBack(id: id)
  fail "no use"
}
on failure err {
  sleep 2m
  compensate
}
test "what was taken is given back" {
  given { host job.take returns "t" host job.giveBack returns null }
  when { start F(id: "x") settle advance 5m }
  expect {
    called job.giveBack 1 times
    flow F key "x" failed
  }
}
)");
    REQUIRE(limited);
    for (const TestOutcome& outcome : runTests(limited)) {
      CHECK_MESSAGE(outcome.passed,
                    (outcome.failures.empty() ? std::string() : outcome.failures[0].message));
    }
  }

  TEST_CASE("parts of a run at the same time") { runTestBlocks("tests/flow/together.rules", 10); }
  TEST_CASE("what fails in a try goes on in its catch") {
    runTestBlocks("tests/flow/tries.rules", 7);
  }
  TEST_CASE("flows that run flows") { runTestBlocks("tests/flow/sub_runs.rules", 8); }
  TEST_CASE("waiting for conditions, and versions") { runTestBlocks("tests/flow/until.rules", 8); }

  TEST_CASE("the programs' own tests pass") {
    for (const char* path :
         {"examples/order-saga/order-saga.rules", "tests/scripts/programs/finops-sync.rules"}) {
      for (const TestOutcome& outcome : runTests(compiledFile(path))) {
        CAPTURE(outcome.name);
        for (const TestFailure& failure : outcome.failures) MESSAGE(failure.message);
        CHECK(outcome.passed);
        leaveDigest("flow/" + outcome.name, outcome.digest);
      }
    }
  }
}

}  // namespace flow_flows_test
