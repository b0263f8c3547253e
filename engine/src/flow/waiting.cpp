// What runs wait for: events and timers.
#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

#include "flow/flows.h"

namespace reticle {
namespace {

constexpr std::size_t kMostSignals = 256;  // kept for a run

}  // namespace

// Which runs are looked at when an event of a type comes, when facts have changed, and when another
// run has ended.
void Flows::listen(const Run& run, bool on) {
  if (!on) untils_.erase(run.id);
  for (const Step& step : run.steps) {
    if (step.status != StepStatus::Started) continue;
    if (step.kind == StepKind::Wait) {
      const TypeId type = instructionOf(run, step.pc).action->pattern->type;
      if (on) {
        waiting_[type].insert(run.id);
      } else {
        waiting_[type].erase(run.id);
      }
    } else if (step.kind == StepKind::Until && on) {
      untils_.insert(run.id);
    } else if (step.kind == StepKind::Run) {
      if (on) {
        awaited_[step.child].insert({run.id, step.number});
      } else if (const auto found = awaited_.find(step.child); found != awaited_.end()) {
        found->second.erase({run.id, step.number});
      }
    }
  }
}

// What is asked of facts beside those of the patterns is asked of all of them.
std::uint64_t Flows::changesFor(const Run& run, const Step& step) const {
  const FlowInstruction& instruction = instructionOf(run, step.pc);
  std::uint64_t changes = 1;
  for (const TypeId type : instruction.asks) changes += session_.changesOf(type);
  return instruction.asksTime ? hashCombine(changes, static_cast<std::uint64_t>(session_.now())) | 1
                              : changes;
}

bool Flows::holds(Run& run, Step& step) {
  step.lookedAt = changesFor(run, step);
  const model::Action& action = *instructionOf(run, step.pc).action;
  Strand& strand = run.strands.at(step.strand);
  if (action.value.present()) return evaluateIn(strand, action.value).isTrue();
  std::vector<Value> locals = strand.locals;
  std::vector<FactId> rows;
  if (!session_.match(action.conditions, action.rows, locals, rows)) return false;
  strand.locals = std::move(locals);
  for (const model::Action::Kept& kept : action.kept) {
    if (kept.row < rows.size()) strand.locals[kept.local] = Value::fact(rows[kept.row]);
  }
  return true;
}

bool Flows::lookAgain() {
  if (untils_.empty()) return false;
  std::uint64_t changes = 1;
  for (const model::FactType& type : program_.types) changes += session_.changesOf(type.id);
  changes = hashCombine(changes, static_cast<std::uint64_t>(session_.now()));
  if (std::exchange(looked_, changes) == changes) return false;
  bool any = false;
  const std::vector<RunId> candidates(untils_.begin(), untils_.end());
  for (const RunId id : candidates) {
    Run& run = this->run(id);
    for (Step& step : run.steps) {
      if (step.kind != StepKind::Until || step.status != StepStatus::Started ||
          step.lookedAt == changesFor(run, step) || !holds(run, step)) {
        continue;
      }
      listen(run, false);
      completeStep(run, step, Value::boolean(true));
      listen(run, true);
      any = true;
    }
  }
  return any;
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
      {"meta.time", Value::timestamp(event.time)},  {"meta.cause", optional(event.cause)},
      {"meta.origin", optional(event.originId)},    {"meta.ext", mapOf(event.extensions)}};
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

// Whether an event is what a step waits for. `fact`: of the event, when it has one.
bool Flows::fits(const Run& run, const Step& step, TypeId type, const Value& event,
                 FactId fact) const {
  if (step.kind != StepKind::Wait || step.status != StepStatus::Started) return false;
  const model::Pattern& pattern = *instructionOf(run, step.pc).action->pattern;
  if (pattern.type != type) return false;
  std::vector<Value> fields;
  for (const auto& [name, value] : event.asMap()) fields.push_back(value);
  const Row row{fields.data(), fact};
  const Frame frame{&row, run.strands.at(step.strand).locals.data(), &session_};
  return std::all_of(pattern.constraints.begin(), pattern.constraints.end(),
                     [&frame](const model::Constraint& constraint) {
                       return evaluate(constraint.test.code, frame).isTrue();
                     });
}

// An event of a property is seen by rules only. Whoever waits is asked in order of runs; every
// strand that waits for it has it.
void Flows::eventBegins(const Event& event) {
  if (event.ofSubject() || !event.matched) return;
  const auto found = waiting_.find(event.type);
  if (found == waiting_.end() || found->second.empty()) return;
  const Value whole = eventValue(event);
  const std::vector<RunId> candidates(found->second.begin(), found->second.end());
  for (const RunId id : candidates) {
    Run& run = this->run(id);
    for (Step& step : run.steps) {
      if (!fits(run, step, event.type, whole, session_.eventFact())) continue;
      listen(run, false);
      completeStep(run, step, whole);
      actFor(run, event);
      listen(run, true);
    }
  }
}

void Flows::actFor(Run& run, const Event& event) {
  run.cause = {event.id, event.originId, event.hops, event.afterFailure, {}};
  for (const auto& [name, value] : event.extensions) {
    if (name == "traceparent" || name == "tracestate") run.cause.trace.emplace_back(name, value);
  }
}

// --- signals

// The run that a key means now.
Result<RunId> Flows::latest(FlowId flow, std::string_view key) const {
  if (const Run* run = find(flow, key)) return run->id;
  return Error{ErrorCode::UnknownRun,
               "there is no run of " + program_.flows[index(flow)].name + " with the key \"" +
                   std::string(key) + "\"",
               "key"};
}

// It has an id of its own, and comes from the session: no turn of events has it.
Status Flows::signal(FlowId flow, std::string_view key, TypeId type, std::vector<Value> values) {
  const Result<RunId> id = latest(flow, key);
  if (!id.ok()) return id.error();
  Run& run = this->run(*id);
  const std::string what =
      "signal " + program_.type(type).name + " to " + flowOf(run).name + " \"" + run.key + "\"";
  if (run.status != RunStatus::Running) {
    note("warn", what + " is lost: the run is " + name(run.status));
    return Done{};
  }
  Event event;
  event.type = type;
  event.values = std::move(values);
  event.id = "r" + std::to_string(index(run.id)) + ".signal" + std::to_string(++run.signalled);
  event.source = session_.source();
  event.time = session_.now();
  if (const Event* current = session_.currentEvent()) event.cause = current->id;
  const Value whole = eventValue(event);
  touch(run);
  for (Step& step : run.steps) {
    if (!fits(run, step, type, whole, kNoFact)) continue;
    listen(run, false);
    completeStep(run, step, whole);
    listen(run, true);
    return Done{};
  }
  note("debug", what + " is kept: nothing waits for it yet");
  run.signals.push_back({type, whole});
  if (run.signals.size() > kMostSignals) {
    note("warn", "the oldest signal that " + flowOf(run).name + " \"" + run.key +
                     "\" has not taken is lost: " + std::to_string(kMostSignals) + " are kept");
    run.signals.erase(run.signals.begin());
  }
  return Done{};
}

bool Flows::takeSignal(Run& run, Step& step) {
  const auto taken = std::find_if(
      run.signals.begin(), run.signals.end(),
      [&](const Signal& signal) { return fits(run, step, signal.type, signal.event, kNoFact); });
  if (taken == run.signals.end()) return false;
  Value event = std::move(taken->event);
  run.signals.erase(taken);
  completeStep(run, step, std::move(event));
  return true;
}

Status Flows::cancel(FlowId flow, std::string_view key) {
  const Result<RunId> id = latest(flow, key);
  if (!id.ok()) return id.error();
  Run& run = this->run(*id);
  if (run.status != RunStatus::Running || run.handling) {
    note("debug", "cancel of " + flowOf(run).name + " \"" + run.key + "\" ignored: the run is " +
                      (run.handling ? "ending already" : name(run.status)));
    return Done{};
  }
  if (run.id == acting_) {
    cancelsItself_ = true;  // after the action that asks for it
    return Done{};
  }
  beginCancel(run);
  effects_.wake(run.id);
  return Done{};
}

void Flows::beginCancel(Run& run) {
  abandon(run, "cancelled");
  run.cancelled = true;
  const FlowCode& code = codeOf(run);
  enterHandler(run, code.onCancel, code.cancelLocal, failureValue({}, "cancelled", "", "", 0));
  touch(run);
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
    if (failRun(run, failureValue({}, "timeout", "", "", 0), true)) effects_.wake(run.id);
    return;
  }
  if (step->isCall()) {
    if (step->status == StepStatus::Retrying) return startAttempt(run, *step);
    if (step->kind == StepKind::Run) {
      listen(run, false);
      endSubRun(*step);
    }
    attemptFailed(run, *step, {}, "timeout");
    return listen(run, true);
  }
  listen(run, false);
  completeStep(run, *step, step->kind == StepKind::Until ? Value::boolean(false) : Value{});
  listen(run, true);
}

}  // namespace reticle
