// A journal cut at every byte, and a journal with every byte damaged: the run goes on to the same
// end, nothing recorded is done again, and no damage passes for sound.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/hash.h"
#include "flow/run.h"
#include "journal/entry.h"
#include "support/harness.h"
#include "testing/scripted_host.h"

namespace crash_truncate_test {

using namespace reticle;
using namespace reticle::test;

namespace {

constexpr Time kSecond = 1'000'000;

// What comes from outside, and how far the clock then goes.
struct Phase {
  Input input;
  Time until;
};

struct Scenario {
  const char* name;
  const char* rules;
  std::vector<Phase> phases;
  ScriptedHost (*host)(std::string* journal);
};

std::vector<Phase> ordersOfTheSaga() {
  const Fields order{{"id", text("o1")},
                     {"customerId", text("ada")},
                     {"email", text("a@b.c")},
                     {"total", number(200000)},
                     {"lines", Value::list({})}};
  Fields second = order;
  second[0].second = text("o2");
  return {{insert("Order", order), 0},
          {emit("OrderPlaced", {{"orderId", text("o1")}}), kSecond},
          {insert("Order", second), kSecond},
          {emit("OrderPlaced", {{"orderId", text("o2")}}), 2 * kSecond},
          {emit("PaymentReviewed", {{"orderId", text("o1")}, {"approved", Value::boolean(true)}}),
           600 * kSecond},
          {emit("PaymentReviewed", {{"orderId", text("o2")}, {"approved", Value::boolean(true)}}),
           1200 * kSecond},
          // o2 is never delivered: everything is undone
          {emit("Delivered", {{"orderId", text("o1")}}), 22 * 86400 * kSecond}};
}

std::vector<Phase> severalAtOnce() {
  return {{emit("Begin", {{"id", text("x")}}), 2 * kSecond},
          {emit("Begin", {{"id", text("y")}}), 9 * kSecond},
          {emit("Ping", {{"id", text("y")}}), 10 * kSecond},
          {insert("Ready", {{"id", text("y")}}), 12 * kSecond},
          {insert("Ready", {{"id", text("x")}}), 60 * kSecond}};
}

// Both fail the first attempts of some functions, whatever happened before: the world outside does
// not notice a crash.
ScriptedHost workers(std::string* journal) {
  ScriptedHost host;
  host.kept = journal;
  host.scripts["work.a"] = {{false, number(5), -1}};
  host.scripts["work.b"] = {{false, number(1), -1}};
  host.scripts["work.c"] = {{false, number(7), -1}};
  host.scripts["work.never"] = {{true, text("no"), -1}};
  host.scripts["work.undo"] = {{false, Value{}, -1}};
  return host;
}

ScriptedHost shop(std::string* journal) {
  ScriptedHost host;
  host.kept = journal;
  host.scripts["stock.reserve"] = {{true, text("busy"), 1}, {false, text("r"), -1}};
  host.scripts["pay.charge"] = {{false, text("c"), -1}};
  host.scripts["ship.book"] = {{true, text("timeout"), 2}, {false, text("p"), -1}};
  host.scripts["pay.refund"] = {{true, text("busy"), 1}, {false, Value{}, -1}};
  return host;
}

const Scenario& saga() {
  static const Scenario scenario{"saga", "examples/order-saga/order-saga.rules", ordersOfTheSaga(),
                                 shop};
  return scenario;
}

const Scenario& together() {
  static const Scenario scenario{"together", "tests/crash/together.rules", severalAtOnce(),
                                 workers};
  return scenario;
}

// Carries the scenario to its end, leaving out what the journal has already.
void carryOn(const Scenario& scenario, Engine& engine, ScriptedHost& host, std::size_t done) {
  const std::vector<Phase>& all = scenario.phases;
  if (done == 0) (void)settleWith(engine, host);
  for (std::size_t i = done == 0 ? 0 : done - 1; i < all.size(); ++i) {
    if (i >= done) {
      const auto accepted = engine.submit(all[i].input);
      REQUIRE(accepted.ok());
    }
    (void)advanceWith(engine, host, all[i].until);
  }
}

// Facts and runs, without what depends on how often something was tried.
std::string outcome(const Engine& engine) {
  std::string text;
  for (const FactView& fact : engine.facts()) {
    text += fact.typeName;
    for (const auto& [name, value] : fact.fields) text += " " + name + "=" + toText(value);
    text += "\n";
  }
  for (const RunView& run : engine.runs()) {
    text += run.flow + " " + run.key + " " + run.status + " " + run.error +
            (run.result ? " " + toText(*run.result) : "") + "\n";
    for (const StepView& step : run.steps) {
      text += "  " + step.name + " " + step.status +
              (step.result ? " " + toText(*step.result) : "") + "\n";
    }
  }
  return text;
}

struct Whole {
  const Scenario& scenario;
  std::shared_ptr<const Program> program;
  std::string journal, outcome;
};

Whole carriedOut(const Scenario& scenario) {
  Whole whole{scenario, compiledFile(scenario.rules), {}, {}};
  Engine engine(whole.program);
  ScriptedHost host = scenario.host(&whole.journal);
  carryOn(scenario, engine, host, 0);
  whole.journal += engine.takeJournal();
  whole.outcome = outcome(engine);
  leaveDigest(std::string("crash/") + scenario.name + " journal",
              std::to_string(hashBytes(whole.journal)));
  return whole;
}

const Whole& wholeSaga() {
  static const Whole made = carriedOut(saga());
  return made;
}
const Whole& wholeTogether() {
  static const Whole made = carriedOut(together());
  return made;
}

// Which calls have a result in the journal, and how many inputs of the scenario it holds.
void recordedIn(const JournalView& journal, std::set<std::string>& keys, std::size_t& inputs) {
  inputs = 0;
  for (const EntryView& entry : journal.entries) {
    inputs += entry.kind == InputKind::Insert || entry.kind == InputKind::Emit;
    ByteReader in(entry.decisionBytes);
    for (std::size_t i = 0; i < entry.decisions; ++i) {
      const Decision decision = decodeDecision(in);
      if (decision.kind != Decision::Kind::Run) continue;
      std::uint32_t timers = 0;
      const Result<Run> run = decodeRun(decision.bytes, timers);
      REQUIRE(run.ok());
      for (const Step& step : run->steps) {
        if (step.kind == StepKind::Call && step.status == StepStatus::Completed) {
          keys.insert(step.key);
        }
      }
    }
  }
}

// The run goes on to the same end, and no step whose result is there is carried out again.
void cutAtEveryByte(const Whole& whole) {
  std::size_t wrong = 0, repeated = 0, unread = 0;
  for (std::size_t cut = 0; cut <= whole.journal.size(); ++cut) {
    const std::string_view bytes = std::string_view(whole.journal).substr(0, cut);
    const Result<JournalView> journal = readJournal(bytes);
    Result<Engine> engine = Engine::recover(whole.program, bytes);
    if (!journal.ok() || !engine.ok()) {
      if (++unread <= 3) {
        MESSAGE("cut at " << cut << ": " << (engine.ok() ? "" : engine.error().message));
      }
      continue;
    }
    std::set<std::string> recorded;
    std::size_t inputs = 0;
    recordedIn(*journal, recorded, inputs);
    std::string kept(bytes.substr(0, journal->sound));
    ScriptedHost host = whole.scenario.host(&kept);
    carryOn(whole.scenario, *engine, host, inputs);
    if (outcome(*engine) != whole.outcome && ++wrong <= 3) {
      MESSAGE("cut at " << cut << ":\n" << outcome(*engine));
    }
    for (const auto& [key, count] : host.executions) repeated += recorded.count(key);
    // What was kept meanwhile is a sound journal of the same state.
    if (cut % 97 == 0) {
      Result<Engine> again = Engine::recover(whole.program, kept + engine->takeJournal());
      REQUIRE(again.ok());
      CHECK(again->digest() == engine->digest());
    }
  }
  CHECK(unread == 0);
  CHECK(wrong == 0);
  CHECK(repeated == 0);
  MESSAGE((whole.journal.size() + 1) << " cuts");
}

// A crash after every entry, without anything lost.
void cutAtEveryEntry(const Whole& whole) {
  const Result<JournalView> journal = readJournal(whole.journal);
  REQUIRE(journal.ok());
  std::string digests;
  for (const EntryView& entry : journal->entries) {
    const Result<Engine> engine = Engine::recover(
        whole.program, std::string_view(whole.journal).substr(0, entry.offset + entry.size));
    REQUIRE(engine.ok());
    CHECK(engine->recovery()->entries == entry.sequence);
    CHECK(engine->recovery()->truncated == 0);
    digests += engine->digest();
  }
  leaveDigest(std::string("crash/") + whole.scenario.name + " states",
              std::to_string(hashBytes(digests)));
}

}  // namespace

TEST_SUITE("crash") {
  TEST_CASE("the saga ends as it should") {
    const std::string& outcome = wholeSaga().outcome;
    CHECK(outcome.find("Fulfil o1 completed") != std::string::npos);
    CHECK(outcome.find("Fulfil o2 failed never-delivered") != std::string::npos);
    CHECK(outcome.find("undo charge completed") != std::string::npos);
    CHECK(outcome.find("undo reservation completed") != std::string::npos);
  }

  TEST_CASE("a run that does several things at the same time ends as it should") {
    const std::string& outcome = wholeTogether().outcome;
    CHECK(outcome.find("Done id=\"x\" value=[5, 5, 7, 50, false]") != std::string::npos);
    CHECK(outcome.find("Done id=\"y\" value=[5, 5, 7, 50, true]") != std::string::npos);
    CHECK(outcome.find("Done id=\"caught x\" value=\"no\"") != std::string::npos);
    CHECK(outcome.find("All x failed the end") != std::string::npos);
    CHECK(outcome.find("undo d completed") != std::string::npos);
    CHECK(outcome.find("undo a1 completed") != std::string::npos);
  }

  TEST_CASE(
      "a journal cut at every byte leads to the same outcome, and no recorded step is executed "
      "again") {
    cutAtEveryByte(wholeSaga());
  }
  TEST_CASE("the same where several things are under way") { cutAtEveryByte(wholeTogether()); }

  TEST_CASE("every byte damaged in three ways: nothing passes for sound") {
    std::string bytes = wholeSaga().journal;
    const std::size_t entries = readJournal(bytes)->entries.size();
    std::size_t undetected = 0, torn = 0, corrupt = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const char mask : {'\x01', '\x80', '\xff'}) {
        bytes[at] = static_cast<char>(bytes[at] ^ mask);
        const Result<JournalView> view = readJournal(bytes);
        if (!view.ok()) {
          ++corrupt;
        } else if (view->torn > 0 && view->entries.size() == entries - 1) {
          ++torn;  // only the last entry, with nothing after it
        } else {
          ++undetected;
        }
        bytes[at] = static_cast<char>(bytes[at] ^ mask);
      }
    }
    CHECK(undetected == 0);
    MESSAGE(corrupt << " corrupt, " << torn << " torn");
  }

  TEST_CASE("a crash after every entry, without anything lost, ends alike") {
    cutAtEveryEntry(wholeSaga());
    cutAtEveryEntry(wholeTogether());
  }
}

}  // namespace crash_truncate_test
