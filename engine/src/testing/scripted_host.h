// A host that performs nothing: calls are answered from a script, in virtual time. For `test`
// blocks and for tests in C++.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reticle/engine.h"

namespace reticle {

struct ScriptedHost {
  // times -1: for ever
  struct Answer {
    bool fails = false;
    Value value;
    std::int64_t times = -1;
  };
  struct Performed {
    Call call;
    bool failed = false;
    Value answer;
    Time at = 0;
  };
  struct Pending {
    Time due = 0;
    Input answer;
  };

  // by function; without a script the answer is null
  std::map<std::string, std::vector<Answer>> scripts;
  // virtual time a function needs; none: answered at once
  std::map<std::string, Span64> takes;
  // a call beyond the script is noted in `unscripted` and fails
  std::set<std::string> mustBeScripted;
  std::vector<Performed> performed;                 // every call, in order
  std::map<std::string, std::uint64_t> executions;  // by idempotency key
  std::set<std::string> unscripted;
  std::vector<CloudEvent> events;  // every event that went out
  std::vector<Pending> pending;    // answers still to be given
  // where the engine's journal is kept, when it is kept here
  std::string* journal = nullptr;

  void perform(const Call& call, Time now) {
    std::vector<Answer>& script = scripts[call.function];
    Answer answer;
    const auto next = std::find_if(script.begin(), script.end(),
                                   [](const Answer& each) { return each.times != 0; });
    if (next != script.end()) {
      answer = *next;
      if (next->times > 0) --next->times;
    } else if (mustBeScripted.count(call.function) > 0) {
      unscripted.insert(call.function);
      answer = {true, Value::string("unscripted"), -1};
    }
    performed.push_back({call, answer.fails, answer.value, now});
    ++executions[call.key];
    const auto time = takes.find(call.function);
    Input input = stepResult(call.id, call.attempt, answer.value);
    if (answer.fails) input = stepError(call.id, call.attempt, toText(answer.value, false));
    if (answer.fails && answer.value.kind() == ValueKind::Map) {
      input = input::StepResult{call.id, call.attempt, {}, true, answer.value};
    }
    pending.push_back({now + (time == takes.end() ? 0 : time->second), std::move(input)});
  }

  // The answers due by `now`, in the order of their time, then of their calls.
  std::vector<Input> takeDue(Time now) {
    std::stable_sort(pending.begin(), pending.end(),
                     [](const Pending& a, const Pending& b) { return a.due < b.due; });
    const auto end = std::find_if(pending.begin(), pending.end(),
                                  [now](const Pending& each) { return each.due > now; });
    std::vector<Input> answers;
    for (auto each = pending.begin(); each != end; ++each) {
      answers.push_back(std::move(each->answer));
    }
    pending.erase(pending.begin(), end);
    return answers;
  }
};

// Both take an Engine or a Core.

// Settles, performs what is asked and answers, until there is nothing left to do now.
template <typename Driven>
SettleReport settleWith(Driven& engine, ScriptedHost& host, SettleOptions options = {}) {
  SettleReport whole;
  for (;;) {
    SettleReport report = engine.settle(options);
    whole.firings += report.firings;
    whole.fired.insert(whole.fired.end(), report.fired.begin(), report.fired.end());
    whole.reason = report.reason;
    whole.cycle = std::move(report.cycle);
    if (host.journal) {
      *host.journal += engine.takeJournal();
      engine.journalDurable();
    }
    for (Output& output : engine.takeOutputs()) {
      if (const Call* call = std::get_if<Call>(&output)) host.perform(*call, engine.now());
      if (CloudEvent* event = std::get_if<CloudEvent>(&output)) {
        host.events.push_back(std::move(*event));
      }
    }
    const std::vector<Input> answers = host.takeDue(engine.now());
    if (answers.empty() || whole.reason != SettleReport::Reason::Quiescent) return whole;
    // A stale answer is refused, which is as it should be.
    for (const Input& answer : answers) (void)engine.submit(answer);
  }
}

// Moves the clock to `to`, stopping at every timer and every answer on the way. What is left to do
// now is done before.
template <typename Driven>
SettleReport advanceWith(Driven& engine, ScriptedHost& host, Time to, SettleOptions options = {}) {
  SettleReport whole = settleWith(engine, host, options);
  while (engine.now() < to && whole.reason == SettleReport::Reason::Quiescent) {
    Time next = to;
    if (const auto timer = engine.nextTimer()) next = std::min(next, *timer);
    for (const ScriptedHost::Pending& each : host.pending) next = std::min(next, each.due);
    (void)engine.submit(advanceTo(std::max(next, engine.now())));
    SettleReport report = settleWith(engine, host, options);
    whole.firings += report.firings;
    whole.fired.insert(whole.fired.end(), report.fired.begin(), report.fired.end());
    whole.reason = report.reason;
    whole.cycle = std::move(report.cycle);
  }
  return whole;
}

}  // namespace reticle
