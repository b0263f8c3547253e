// Runs and their steps: how they start, how calls are tried, answered and failed, and how their
// state is kept in the journal.
#include "flow/flows.h"

#include <algorithm>
#include <cassert>

#include "base/failure_codes.h"
#include "expression/coerce.h"

namespace reticle {
namespace {

constexpr std::size_t kStepsKept = 256;  // finished steps of a live run; older ones are forgotten

// What a host gives as an error may be a map with a reason, or anything.
std::string reasonOf(const Value& error) {
  const Value* reason = error.kind() == ValueKind::Map ? error.find("reason") : nullptr;
  if (reason == nullptr) return toText(error, false);
  return toText(*reason, false);
}

}  // namespace

// What handlers see as the error: the four members below, and whatever else the host's error holds.
Value failureValue(const Value& error, std::string_view reason, std::string_view step,
                   std::string_view function, std::uint32_t attempts) {
  Value::Map members{{Value::string("reason"), Value::string(reason)},
                     {Value::string("step"), Value::string(step)},
                     {Value::string("function"), Value::string(function)},
                     {Value::string("attempts"), Value::integer(attempts)}};
  if (error.kind() == ValueKind::Map) {
    for (const auto& [key, value] : error.asMap()) {
      const bool own =
          std::any_of(members.begin(), members.begin() + 4,
                      [&key = key](const auto& member) { return member.first == key; });
      if (!own) members.emplace_back(key, value);
    }
  }
  return Value::map(std::move(members));
}

Flows::Flows(const model::Program& program, const std::vector<FlowCode>& code, Session& session,
             Tracer& tracer, FlowEffects& effects)
    : program_(program), code_(code), session_(session), tracer_(tracer), effects_(effects) {}

// --- runs

// Requires: an id that was given out.
Run& Flows::run(RunId id) {
  const auto found = runs_.find(id);
  assert(found != runs_.end() && "ids of runs come from here and runs are never dropped");
  return found->second;
}

const Run* Flows::find(RunId id) const {
  const auto found = runs_.find(id);
  return found == runs_.end() ? nullptr : &found->second;
}

// The latest of a key.
const Run* Flows::find(FlowId flow, std::string_view key) const {
  const auto found = latest_.find({program_.flows[index(flow)].newest, std::string(key)});
  return found == latest_.end() ? nullptr : find(found->second);
}

std::uint32_t Flows::live() const {
  return static_cast<std::uint32_t>(
      std::count_if(runs_.begin(), runs_.end(),
                    [](const auto& entry) { return entry.second.status == RunStatus::Running; }));
}

// The key makes starting idempotent: a live or completed run of the same key is the result.
Result<RunId> Flows::start(FlowId id, std::vector<Value> arguments, std::string key) {
  const model::Flow& flow = program_.flows[index(id)];
  arguments.resize(flow.params.size());
  if (key.empty() && flow.key.present()) {
    const Value own = evaluate(flow.key.code, Frame{nullptr, arguments.data(), &session_});
    if (own.isError()) {
      return Error{reticle::codeOf(own),
                   "the key of flow " + flow.name +
                       " cannot be computed: " + std::string(own.errorMessage()),
                   "key"};
    }
    key = toText(own, false);
  }
  if (key.empty()) key = "run " + std::to_string(nextRun_);
  // A failed run of the key may be followed by another one.
  std::uint32_t generation = 0;
  if (const Run* same = find(id, key)) {
    if (same->status == RunStatus::Running || same->status == RunStatus::Completed) {
      note("debug", "start of " + flow.name + " \"" + key + "\" ignored: run " +
                        std::to_string(index(same->id)) + " has this key and is " +
                        name(same->status));
      return same->id;
    }
    generation = same->generation + 1;  // its idempotency keys are spent
  }
  const RunId runId{nextRun_++};
  Run& run = runs_[runId];
  run.id = runId;
  run.flow = id;
  run.key = key;
  run.generation = generation;
  run.main().locals = std::move(arguments);
  run.main().locals.resize(std::max<std::size_t>(flow.locals, run.main().locals.size()));
  latest_[{flow.newest, std::move(key)}] = runId;
  if (const Event* event = session_.currentEvent()) actFor(run, *event);
  touch(run);
  traceRun(run);
  if (flow.timeout) {
    setTimer(run, nullptr, session_.now() + *flow.timeout, "timeout of " + flow.name);
  }
  effects_.wake(runId);
  return runId;
}

// --- steps

Step* Flows::stepOf(Run& run, std::uint32_t number) {
  for (Step& step : run.steps) {
    if (step.number == number) return &step;
  }
  return nullptr;
}

bool Flows::hasOpenCalls(const Run& run, const Strand& strand) const {
  return std::any_of(run.steps.begin(), run.steps.end(), [&strand](const Step& step) {
    return step.strand == strand.number && step.isCall() && step.open();
  });
}

// A step's name, made unique within the run: by the turns of the loops around it, and by counting
// where the same step comes again.
std::string Flows::pathFor(const Run& run, const Strand& strand, const std::string& name) const {
  std::string path = name;
  for (const FlowLoop& loop : strand.loops) path += "#" + std::to_string(loop.next);
  const auto taken = [&run](const std::string& path) {
    return std::any_of(run.steps.begin(), run.steps.end(),
                       [&path](const Step& step) { return step.path == path; });
  };
  if (!taken(path)) return path;
  for (std::uint32_t again = 2;; ++again) {
    std::string other = path + "+" + std::to_string(again);
    if (!taken(other)) return other;
  }
}

// "r7.charge~1": run, step, and the generation after a restart. Hosts hand it back with the result.
std::string Flows::callId(const Run& run, const Step& step) const {
  std::string id = "r" + std::to_string(index(run.id)) + "." + step.path;
  if (run.generation > 0) id += "~" + std::to_string(run.generation);
  return id;
}

// The place in the program is part of the key, so that two steps of one name never share one, also
// when the older is no longer kept.
std::string Flows::keyFor(const Run& run, const Step& step) const {
  std::string key;
  for (const std::uint64_t half : {1, 2}) {
    Digest digest;
    digest.add(half);
    digest.add(std::string_view{program_.module});
    digest.add(std::string_view{flowOf(run).name});
    digest.add(std::string_view{run.key});
    digest.add(std::uint64_t{run.generation});
    digest.add(std::uint64_t{step.pc});
    digest.add(std::string_view{step.path});
    key += digest.hex();
  }
  return key;
}

// Of a long run only the newest steps are kept, and those that are open.
Step& Flows::addStep(Run& run, Strand& strand, StepKind kind, const std::string& name) {
  if (run.steps.size() >= kStepsKept) {
    const auto oldest = std::find_if(run.steps.begin(), run.steps.end(),
                                     [](const Step& step) { return !step.open(); });
    if (oldest != run.steps.end()) run.steps.erase(oldest);
  }
  Step step;
  step.path = pathFor(run, strand, name);
  step.number = run.nextStep++;
  step.kind = kind;
  step.pc = strand.pc;
  step.strand = strand.number;
  run.steps.push_back(std::move(step));
  return run.steps.back();
}

// The key stays the same over all attempts of a step: that is how a host knows that a call was made
// before.
void Flows::startAttempt(Run& run, Step& step) {
  ++step.attempt;
  step.status = StepStatus::Started;
  dropTimer(run, &step);
  const model::Action* action = instructionOf(run, step.pc).action;
  if (!step.undo && action != nullptr && action->timeout) {
    setTimer(run, &step, session_.now() + *action->timeout, "timeout of " + callId(run, step));
  }
  if (step.kind == StepKind::Run) return startSubRun(run, step);
  const model::Host& host = program_.hosts[index(step.function)];
  Call call;
  call.id = callId(run, step);
  call.attempt = step.attempt;
  call.key = step.key;
  call.function = host.name;
  for (std::size_t i = 0; i < step.arguments.size(); ++i) {
    call.arguments.emplace_back(host.params[i].name, step.arguments[i]);
  }
  call.run = run.id;
  call.step = step.path;
  traceStep(run, step, name(step.status));
  touch(run);
  effects_.call(std::move(call));
}

// Taken apart by hand, because any text may come from outside; then everything that could make it
// stale is looked at.
Status Flows::result(const input::StepResult& result) {
  const Error unknown{ErrorCode::UnknownCall, "there is no call \"" + result.call + "\"", "call"};
  std::uint32_t number = 0;
  std::size_t at = 1;
  for (; at < result.call.size() && result.call[at] >= '0' && result.call[at] <= '9' && at < 11;
       ++at) {
    number = number * 10 + static_cast<std::uint32_t>(result.call[at] - '0');
  }
  if (result.call.empty() || result.call[0] != 'r' || at == 1 || at >= result.call.size() ||
      result.call[at] != '.') {
    return unknown;
  }
  const auto found = runs_.find(RunId{number});
  if (found == runs_.end()) return unknown;
  Run& run = found->second;
  const auto stale = [&result](const std::string& why) {
    return Error{ErrorCode::Stale, "the result of \"" + result.call + "\" comes too late: " + why,
                 "call", "drop it; the run is unchanged"};
  };
  if (run.status != RunStatus::Running) return stale(std::string("its run is ") + name(run.status));
  const auto step = std::find_if(run.steps.begin(), run.steps.end(), [&](const Step& step) {
    return step.kind == StepKind::Call && callId(run, step) == result.call;
  });
  if (step == run.steps.end()) return stale("the run has no such call any more");
  if (step->status != StepStatus::Started) {
    return stale(std::string("the step is ") + name(step->status));
  }
  if (step->attempt != result.attempt) {
    return stale("attempt " + std::to_string(step->attempt) +
                 " is under way, this answers attempt " + std::to_string(result.attempt));
  }
  if (result.failed) {
    attemptFailed(run, *step, result.error, reasonOf(result.error));
    return Done{};
  }
  const model::Host& host = program_.hosts[index(step->function)];
  if (!host.result) {
    completeStep(run, *step, {});
    return Done{};
  }
  Result<Value> value = coerce(result.value, *host.result, "the result of " + host.name);
  if (!value.ok()) return value.error();
  completeStep(run, *step, std::move(*value));
  return Done{};
}

// Tried again while the policy of the step, or else of the flow, allows it.
void Flows::attemptFailed(Run& run, Step& step, const Value& error, std::string reason) {
  ++step.failures;
  step.error = reason;
  dropTimer(run, &step);
  const model::Action* action = instructionOf(run, step.pc).action;
  const model::Flow& flow = flowOf(run);
  const std::optional<model::Retry>& retry =
      !step.undo && action != nullptr && action->retry ? action->retry : flow.retry;
  const Value err = failureValue(error, reason, step.path, calledBy(run, step), step.attempt);
  const Strand& strand = run.strands.at(step.strand);
  bool again = retry && !strand.stopping &&
               (retry->forever || step.failures <= static_cast<std::uint64_t>(
                                                       std::max<std::int64_t>(retry->times, 0)));
  if (again && retry->condition.present()) {
    std::vector<Value> locals = strand.locals;
    locals[flow.retryError] = err;
    again = evaluate(retry->condition.code, Frame{nullptr, locals.data(), &session_}).isTrue();
  }
  if (!again) return stepFailed(run, step, err);
  const Span64 delay = retryDelay(*retry, step.failures, step.key);
  step.status = StepStatus::Retrying;
  touch(run);
  if (delay <= 0) {
    traceStep(run, step, name(step.status));
    return startAttempt(run, step);
  }
  setTimer(run, &step, session_.now() + delay, "next attempt of " + callId(run, step));
  traceStep(run, step, name(step.status));
}

// What undoes the step is noted now, with arguments as they are now.
void Flows::completeStep(Run& run, Step& step, Value result) {
  dropTimer(run, &step);
  step.status = StepStatus::Completed;
  step.error.clear();
  step.result = std::move(result);
  touch(run);
  traceStep(run, step, name(step.status));
  const model::Action* action = instructionOf(run, step.pc).action;
  Strand& strand = run.strands.at(step.strand);
  if (!step.undo && action != nullptr) {
    if (action->local) strand.locals[*action->local] = step.result;
    if (step.isCall() && action->undoFunction) noteUndo(run, step);
  }
  run.cause.hops = 0;
  if (step.isCall()) return stepClosed(run, step);
  strand.pc = step.pc + 1;
  effects_.wake(run.id);
}

// With arguments as they are now.
void Flows::noteUndo(Run& run, const Step& step) {
  const model::Action& action = *instructionOf(run, step.pc).action;
  const Strand& strand = run.strands.at(step.strand);
  UndoCall undo{step.number, "undo " + step.path, step.pc, *action.undoFunction, {}};
  undo.arguments.resize(program_.hosts[index(undo.function)].params.size());
  for (const model::NamedExpression& argument : action.undoArguments) {
    Value value = evaluateIn(strand, argument.value);
    if (value.isError()) {
      traceFailure(run, &step, name(reticle::codeOf(value)),
                   "the argument " + argument.name + " of the undo of " + step.path +
                       " has no value: " + std::string(value.errorMessage()),
                   undo.path);
    }
    undo.arguments[index(argument.field)] = value.isError() ? Value{} : std::move(value);
  }
  // In the order in which the steps began, whichever was answered first.
  const auto later = std::find_if(run.undo.begin(), run.undo.end(),
                                  [&undo](const UndoCall& each) { return each.step > undo.step; });
  run.undo.insert(later, std::move(undo));
}

// For good: no attempt is left.
void Flows::stepFailed(Run& run, Step& step, const Value& error) {
  dropTimer(run, &step);
  step.status = StepStatus::Failed;
  touch(run);
  traceStep(run, step, name(step.status));
  const model::Action* action = instructionOf(run, step.pc).action;
  Strand& strand = run.strands.at(step.strand);
  if (!step.undo && action != nullptr && action->undoAlways && step.attempt > 0) {
    noteUndo(run, step);
  }
  if (step.undo) {
    run.error += (run.error.empty() ? "" : "; ") + step.path + " failed: " + step.error;
    traceFailure(
        run, &step, kUnhandledRun,
        "flow " + flowOf(run).name + " \"" + run.key + "\": " + step.path + " fails: " + step.error,
        step.path);
  } else if (action != nullptr && action->ignoreErrors) {
    if (action->local) strand.locals[*action->local] = Value{};
  } else if (!strand.failing) {
    strand.failing = true;
    strand.failure = error;
  }
  stepClosed(run, step);
}

// The strand goes on when nothing of its group is open any more.
void Flows::stepClosed(Run& run, const Step& step) {
  Strand& strand = run.strands.at(step.strand);
  if (hasOpenCalls(run, strand)) return;
  if (strand.stopping) return dropStopped(run, strand);
  effects_.wake(run.id);
}

// Nothing that is open will be listened to any more.
void Flows::abandon(Run& run, std::string_view reason) {
  listen(run, false);
  for (Step& step : run.steps) {
    if (step.open()) abandonStep(run, step, reason);
  }
}

// Requires: nobody listens for the run meanwhile.
void Flows::abandonStep(Run& run, Step& step, std::string_view reason) {
  dropTimer(run, &step);
  step.status = StepStatus::Failed;
  step.error = reason;
  traceStep(run, step, name(step.status));
  const model::Action* action = instructionOf(run, step.pc).action;
  if (!step.undo && action != nullptr && action->undoAlways && step.isCall()) noteUndo(run, step);
  if (step.kind == StepKind::Run) endSubRun(step);
}

// --- journal

// The digest of all runs is a sum, so that one changed run costs one hash.
std::vector<std::string> Flows::takeChanged() {
  std::vector<std::string> states;
  for (const RunId id : changed_) {
    states.push_back(encodeRun(run(id), timersSet_));
    std::uint64_t& digest = digests_[id];
    digest_ -= digest;
    digest = hashBytes(states.back());
    digest_ += digest;
  }
  changed_.clear();
  return states;
}

std::vector<std::string> Flows::states() const {
  std::vector<std::string> states;
  for (const auto& [id, run] : runs_) states.push_back(encodeRun(run, timersSet_));
  return states;
}

// Where strands stand, and what they are in the middle of.
bool Flows::strandsFit(const Run& run) const {
  const std::vector<FlowInstruction>& code = codeOf(run).instructions;
  const auto fits = [&code](const Strand& strand) {
    return strand.pc < code.size() &&
           std::all_of(strand.tries.begin(), strand.tries.end(), [&](const FlowTry& each) {
             return each.pc < code.size() && code[each.pc].op == FlowOp::Try &&
                    each.loops <= strand.loops.size();
           });
  };
  if (run.failedAt && (!fits(*run.failedAt) || run.failedAt->block)) return false;
  for (const auto& [number, strand] : run.strands) {
    if (!fits(strand)) return false;
    if (strand.block) {
      if (strand.block->pc >= code.size()) return false;
      const FlowOp op = code[strand.block->pc].op;
      if (op != FlowOp::Fork && op != FlowOp::Each) return false;
    }
    if (number == 0) continue;
    const std::optional<FlowBlock>& block = run.strands.at(strand.parent).block;
    if (!block ||
        (code[block->pc].op == FlowOp::Fork && strand.part >= code[block->pc].parts.size())) {
      return false;
    }
  }
  return true;
}

bool Flows::stepsFit(const Run& run) const {
  const std::vector<FlowInstruction>& code = codeOf(run).instructions;
  return std::all_of(run.steps.begin(), run.steps.end(), [&](const Step& step) {
    if (step.pc >= code.size() ||
        index(step.function) >= std::max<std::size_t>(program_.hosts.size(), 1)) {
      return false;
    }
    if (!step.open()) return true;
    const FlowOp op = code[step.pc].op;
    const bool fits = step.kind == StepKind::Run     ? op == FlowOp::Step
                      : step.kind == StepKind::Until ? op == FlowOp::Until
                      : step.kind == StepKind::Wait  ? op == FlowOp::Wait
                                                     : true;
    return fits && run.strands.count(step.strand) > 0;
  });
}

// Everything that could lead out of the program is checked before anything is changed.
Status Flows::install(std::string_view bytes) {
  std::uint32_t timers = 0;
  Result<Run> decoded = decodeRun(bytes, timers);
  if (!decoded.ok()) return decoded.error();
  if (index(decoded->flow) >= program_.flows.size() || index(decoded->id) == 0 ||
      !strandsFit(*decoded)) {
    return Error{ErrorCode::Corrupt, "the state of a run does not fit the program"};
  }
  if (!stepsFit(*decoded)) {
    return Error{ErrorCode::Corrupt, "a step of a run does not fit the program"};
  }
  for (const Signal& signal : decoded->signals) {
    if (index(signal.type) >= program_.types.size() || signal.event.kind() != ValueKind::Map) {
      return Error{ErrorCode::Corrupt, "a signal to a run does not fit the program"};
    }
  }
  const RunId id = decoded->id;
  if (const auto before = runs_.find(id); before != runs_.end()) {
    listen(before->second, false);
    timers_.erase({before->second.due, before->second.timer});
    for (const Step& step : before->second.steps) timers_.erase({step.due, step.timer});
  }
  Run& run = runs_[id] = std::move(*decoded);
  if (run.status == RunStatus::Running) {
    for (auto& [number, strand] : run.strands) {
      strand.locals.resize(std::max<std::size_t>(flowOf(run).locals, strand.locals.size()));
    }
  }
  latest_[{flowOf(run).newest, run.key}] = id;
  if (run.timer != 0) timers_[{run.due, run.timer}] = Due{id, 0};
  for (Step& step : run.steps) {
    if (step.timer != 0) timers_[{step.due, step.timer}] = Due{id, step.number};
    step.recorded = step.status == StepStatus::Completed;
  }
  listen(run, true);
  nextRun_ = std::max(nextRun_, index(id) + 1);
  timersSet_ = std::max(timersSet_, timers);
  std::uint64_t& digest = digests_[id];
  digest_ -= digest;
  digest = hashBytes(bytes);
  digest_ += digest;
  return Done{};
}

// Calls that were open are made again, as a new attempt: nobody knows whether they were made before
// the crash.
void Flows::endRecovery() {
  for (auto& [id, run] : runs_) {
    if (run.status != RunStatus::Running) continue;
    traceRun(run);
    for (Step& step : run.steps) {
      if (step.recorded) traceStep(run, step, "recorded");
    }
    for (Step& step : run.steps) {
      if (step.kind == StepKind::Call && step.status == StepStatus::Started) {
        startAttempt(run, step);
      }
    }
  }
}

}  // namespace reticle
