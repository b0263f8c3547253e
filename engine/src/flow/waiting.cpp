// What runs wait for: events and timers.
#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

#include "flow/flows.h"

namespace reticle {

// Which runs are looked at when an event of a type comes.
void Flows::listen(const Run& run, bool on) {
  for (const Step& step : run.steps) {
    if (step.kind != StepKind::Wait || step.status != StepStatus::Started) continue;
    const TypeId type = instructionOf(run, step.pc).action->pattern->type;
    if (on) {
      waiting_[type].insert(run.id);
    } else {
      waiting_[type].erase(run.id);
    }
  }
}

// An event that outlives its turn: all fields of its type by name, in the order of the type
// (expressions read them by position).
Value Flows::eventValue(const Event& event) const {
  const model::FactType& type = program_.type(event.type);
  const auto optional = [](const std::string& text) {
    return text.empty() ? Value{} : Value::string(text);
  };
  const std::pair<std::string_view, Value> meta[] = {
      {"meta.id", Value::string(event.id)},         {"meta.type", Value::string(type.wireName)},
      {"meta.source", Value::string(event.source)}, {"meta.subject", optional(event.subject)},
      {"meta.time", Value::timestamp(event.time)},  {"meta.cause", optional(event.cause)}};
  Value::Map members;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].internal) break;  // they stand after all others
    const std::string& name = type.fields[i].name;
    Value value;
    if (i < type.declared) {
      if (i < event.values.size()) value = event.values[i];
    } else {
      for (const auto& [member, known] : meta) {
        if (name == member || name == member.substr(5)) value = known;
      }
    }
    members.emplace_back(Value::string(name), std::move(value));
  }
  return Value::map(std::move(members));
}

// An event of a property is seen by rules only. Whoever waits is asked in order of runs, each step
// once.
void Flows::eventBegins(const Event& event) {
  if (!event.property.empty()) return;
  const auto found = waiting_.find(event.type);
  if (found == waiting_.end() || found->second.empty()) return;
  const Value whole = eventValue(event);
  std::vector<Value> fields;
  for (const auto& [name, value] : whole.asMap()) fields.push_back(value);
  const Row row{fields.data(), session_.eventFact()};
  const std::vector<RunId> candidates(found->second.begin(), found->second.end());
  for (const RunId id : candidates) {
    Run& run = this->run(id);
    for (Step& step : run.steps) {
      if (step.kind != StepKind::Wait || step.status != StepStatus::Started) continue;
      const model::Pattern& pattern = *instructionOf(run, step.pc).action->pattern;
      if (pattern.type != event.type) continue;
      const Frame frame{&row, run.locals.data(), &session_};
      const bool fits = std::all_of(pattern.constraints.begin(), pattern.constraints.end(),
                                    [&frame](const model::Constraint& constraint) {
                                      return evaluate(constraint.test.code, frame).isTrue();
                                    });
      if (!fits) continue;
      listen(run, false);
      completeStep(run, step, whole);
      break;
    }
  }
}

// A number of its own tells timers of one moment apart, in the order in which they were set.
void Flows::setTimer(Run& run, Step* step, Time due, const std::string& text) {
  const std::uint32_t timer = ++timersSet_;
  (step ? step->due : run.due) = due;
  (step ? step->timer : run.timer) = timer;
  timers_[{due, timer}] = Due{run.id, step ? step->number : 0};
  touch(run);
  traceTimer("set", timer, due, text);
}

void Flows::dropTimer(Run& run, Step* step) {
  Time& due = step ? step->due : run.due;
  std::uint32_t& timer = step ? step->timer : run.timer;
  if (timer == 0) return;
  if (timers_.erase({due, timer}) > 0) {
    traceTimer("cancelled", timer, due, step ? callId(run, *step) : flowOf(run).name);
  }
  due = 0;
  timer = 0;
  touch(run);
}

std::optional<Time> Flows::nextDue() const {
  if (timers_.empty()) return {};
  return timers_.begin()->first.first;
}

// The earliest one: of the run itself its time limit, of a call the next attempt or its time limit,
// of a sleep or a wait its end.
void Flows::fireTimer() {
  assert(!timers_.empty() && "only a timer that is set fires");
  const auto [when, due] = *timers_.begin();
  timers_.erase(timers_.begin());
  Run& run = this->run(due.run);
  Step* step = due.step == 0 ? nullptr : stepOf(run, due.step);
  (step ? step->due : run.due) = 0;
  (step ? step->timer : run.timer) = 0;
  touch(run);
  std::uint32_t seq = 0;
  if (tracer_.on()) {
    TraceRecord record{.body = trace::Timer{"fired", when.second, when.first,
                                            step ? callId(run, *step) : flowOf(run).name},
                       .run = run.id};
    if (step) record.step = step->path;
    seq = tracer_.record(std::move(record));
  }
  CauseScope cause(tracer_, seq);
  if (step == nullptr) {
    abandon(run, "timeout");
    run.failing = false;
    if (fail(run, failureValue({}, "timeout", "", "", 0), true)) effects_.wake(run.id);
    return;
  }
  if (step->kind == StepKind::Call) {
    if (step->status == StepStatus::Retrying) return startAttempt(run, *step);
    return attemptFailed(run, *step, {}, "timeout");
  }
  if (step->kind == StepKind::Wait) listen(run, false);
  completeStep(run, *step, {});
}

}  // namespace reticle
