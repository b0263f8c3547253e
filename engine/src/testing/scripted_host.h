// A host that performs nothing: calls are given results from a script, in virtual time. For `test`
// blocks and for tests in C++.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reticle/host.h"

namespace reticle {

struct ScriptedHost final : Host {
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
    input::StepResult result;
  };

  // by function; without a script the result is null
  std::map<std::string, std::vector<Answer>> scripts;
  // virtual time a function needs; none: the result is there at once
  std::map<std::string, Span64> takes;
  // a call beyond the script is noted in `unscripted` and fails
  std::set<std::string> mustBeScripted;
  std::vector<Performed> performed;                 // every call, in order
  std::map<std::string, std::uint64_t> executions;  // by idempotency key
  std::set<std::string> unscripted;
  std::vector<CloudEvent> events;  // every event that went out
  std::vector<Pending> pending;    // results still to be given
  // where the engine's journal is kept, when it is kept here
  std::string* kept = nullptr;

  void perform(const Call& call, Time now) override {
    const Answer answer = answerTo(call.function);
    performed.push_back({call, answer.fails, answer.value, now});
    ++executions[call.key];
    const auto time = takes.find(call.function);
    input::StepResult result{call.id, call.attempt, answer.value, false, {}};
    if (answer.fails) {
      result.value = {};
      result.failed = true;
      result.error =
          answer.value.kind() == ValueKind::Map
              ? answer.value
              : Value::map({{Value::string("reason"), Value::string(toText(answer.value, false))}});
    }
    pending.push_back({now + (time == takes.end() ? 0 : time->second), std::move(result)});
  }

  // In the order of their time, then of their calls.
  std::vector<input::StepResult> takeResults(Time now) override {
    std::stable_sort(pending.begin(), pending.end(),
                     [](const Pending& a, const Pending& b) { return a.due < b.due; });
    const auto end = std::find_if(pending.begin(), pending.end(),
                                  [now](const Pending& each) { return each.due > now; });
    std::vector<input::StepResult> results;
    for (auto each = pending.begin(); each != end; ++each) {
      results.push_back(std::move(each->result));
    }
    pending.erase(pending.begin(), end);
    return results;
  }

  std::optional<Time> nextResult() const override {
    std::optional<Time> next;
    for (const Pending& each : pending) next = next ? std::min(*next, each.due) : each.due;
    return next;
  }

  void received(CloudEvent event) override { events.push_back(std::move(event)); }
  std::string* journal() override { return kept; }

 private:
  Answer answerTo(const std::string& function) {
    std::vector<Answer>& script = scripts[function];
    const auto next = std::find_if(script.begin(), script.end(),
                                   [](const Answer& each) { return each.times != 0; });
    if (next != script.end()) {
      Answer answer = *next;
      if (next->times > 0) --next->times;
      return answer;
    }
    if (mustBeScripted.count(function) == 0) return {};
    unscripted.insert(function);
    return {true, Value::string("unscripted"), -1};
  }
};

// Both take an Engine or a Core.

// Settles, performs what is asked and gives the results, until there is nothing left to do now.
template <typename Driven>
SettleReport settleWith(Driven& engine, ScriptedHost& host, const SettleOptions& options = {}) {
  return HostLoop(engine).settle(host, options);
}

// Moves the clock to `to`, stopping at every timer and every result on the way. What is left to do
// now is done before.
template <typename Driven>
SettleReport advanceWith(Driven& engine, ScriptedHost& host, Time to) {
  SettleReport whole = settleWith(engine, host);
  if (engine.now() >= to || whole.reason != SettleReport::Reason::Quiescent) return whole;
  SettleReport report = HostLoop(engine).advance(host, to);
  whole.firings += report.firings;
  whole.fired.insert(whole.fired.end(), report.fired.begin(), report.fired.end());
  whole.reason = report.reason;
  whole.cycle = std::move(report.cycle);
  return whole;
}

}  // namespace reticle
