// The instructions of flows, one after another, until something must be awaited.
#include <algorithm>

#include "base/failure_codes.h"
#include "base/unreachable.h"
#include "flow/flows.h"

namespace reticle {
namespace {

// a run that wants more lets the others have their turn first
constexpr int kInstructionsPerTurn = 10'000;

std::string textOf(const Value& value) { return toText(value, false); }

}  // namespace

// Expressions of flows see locals only: facts are reached through references.
Value Flows::evaluateIn(const Strand& strand, const model::Expression& expression) const {
  return evaluate(expression.code, Frame{nullptr, strand.locals.data(), &session_});
}

// Whether a strand has something to do now: it waits for no block, no event and no time.
bool Flows::canGoOn(const Run& run, const Strand& strand) const {
  if (strand.block || strand.stopping) return false;
  return std::none_of(run.steps.begin(), run.steps.end(), [&strand](const Step& step) {
    return step.strand == strand.number && !step.isCall() && step.open();
  });
}

// Each strand runs until it has to wait, in order of their numbers. Called with no other run under
// way.
void Flows::resume(RunId id) {
  Run& run = this->run(id);
  int left = kInstructionsPerTurn;
  for (auto at = run.strands.begin(); at != run.strands.end();) {
    // The strand may end meanwhile; those that begin have higher numbers.
    const std::uint32_t number = at->first;
    bool goesOn = canGoOn(run, at->second);
    while (goesOn && left > 0 && run.status == RunStatus::Running) {
      goesOn = execute(run, at->second);
      --left;
      touch(run);
    }
    at = run.strands.upper_bound(number);
  }
  if (left == 0) effects_.wake(id);
}

// One instruction. False: the strand or the run has ended, or it waits for something. True: the
// strand is still there, and the next instruction is its.
bool Flows::execute(Run& run, Strand& strand) {
  const FlowInstruction& instruction = instructionOf(run, strand.pc);
  const model::Action* action = instruction.action;
  switch (instruction.op) {
    case FlowOp::Act: return act(run, strand, instruction);
    case FlowOp::Step:
      beginCall(run, strand, *action);
      ++strand.pc;
      return true;
    // The first failure of a group decides, after all its calls are closed.
    case FlowOp::Await:
      if (hasOpenCalls(run, strand)) return false;
      if (strand.failing) return fail(run, strand, std::move(strand.failure));
      ++strand.pc;
      return true;
    case FlowOp::Sleep:
    case FlowOp::SleepUntil: {
      const Value value = evaluateIn(strand, action->value);
      if (value.isError()) return failWith(run, strand, std::string(value.errorMessage()));
      return beginSleep(
          run, strand,
          instruction.op == FlowOp::Sleep ? session_.now() + value.asSpan() : value.asTime());
    }
    case FlowOp::Wait: return beginWait(run, strand, *action);
    case FlowOp::Until: return beginUntil(run, strand, *action);
    case FlowOp::Find: {
      const std::vector<FactId> found = session_.find(*action->pattern, strand.locals);
      if (action->local) {
        strand.locals[*action->local] = found.empty() ? Value{} : Value::fact(found.front());
      }
      ++strand.pc;
      return true;
    }
    case FlowOp::Unless: {
      const Value condition = evaluateIn(strand, action->value);
      if (condition.isError()) return failWith(run, strand, std::string(condition.errorMessage()));
      strand.pc = condition.isTrue() ? strand.pc + 1 : instruction.target;
      return true;
    }
    case FlowOp::Jump: strand.pc = instruction.target; return true;
    case FlowOp::Items:
    case FlowOp::Facts: {
      FlowLoop loop;
      const std::uint32_t number = strand.number;
      if (!itemsOf(run, strand, *action, loop.items)) return run.strands.count(number) > 0;
      strand.loops.push_back(std::move(loop));
      ++strand.pc;
      return true;
    }
    case FlowOp::Next: next(strand, instruction); return true;
    case FlowOp::Fork: return fork(run, strand);
    case FlowOp::Each: {
      std::vector<Value> items;
      const std::uint32_t number = strand.number;
      if (!itemsOf(run, strand, *action, items)) return run.strands.count(number) > 0;
      return each(run, strand, std::move(items));
    }
    case FlowOp::End: endPart(run, strand); return false;
    case FlowOp::Try:
      strand.tries.push_back({strand.pc, static_cast<std::uint32_t>(strand.loops.size())});
      ++strand.pc;
      return true;
    case FlowOp::TryEnd:
      strand.tries.pop_back();
      strand.pc = instruction.target;
      return true;
    case FlowOp::Fail: {
      const Value reason = evaluateIn(strand, action->value);
      return failWith(run, strand,
                      reason.isError() ? std::string(reason.errorMessage()) : textOf(reason));
    }
    case FlowOp::Return: {
      Value result = action->value.present() ? evaluateIn(strand, action->value) : Value{};
      if (result.isError()) return failWith(run, strand, std::string(result.errorMessage()));
      run.result = std::move(result);
      finish(run, RunStatus::Completed);
      return false;
    }
    case FlowOp::Restart: return restart(run, strand, *action);
    case FlowOp::Compensate: return beginUndo(run, strand);
    case FlowOp::Complete: finish(run, RunStatus::Completed); return false;
    case FlowOp::Failed:
      finish(run, run.cancelled ? RunStatus::Cancelled : RunStatus::Failed);
      return false;
  }
  unreachable("an instruction of a flow is one of these");
}

// All or nothing: either every change is applied and the run goes on, or it fails.
bool Flows::act(Run& run, Strand& strand, const FlowInstruction& instruction) {
  std::vector<Change> changes;
  // A copy, so that a failed action changes nothing.
  std::vector<Value> locals = strand.locals;
  Status status = session_.evaluate(instruction.act, nullptr, locals, changes);
  std::vector<FactId> inserted;
  if (status.ok() && !changes.empty()) status = applyFor(run, std::move(changes), inserted);
  const bool cancelsItself = std::exchange(cancelsItself_, false);
  if (!status.ok()) return failWith(run, strand, status.error().message);
  strand.locals = std::move(locals);
  const model::Action& action = instruction.act.front();
  const bool inserts = action.kind == model::Action::Kind::Insert ||
                       action.kind == model::Action::Kind::InsertLogical ||
                       action.kind == model::Action::Kind::Upsert;
  if (inserts && action.local && !inserted.empty()) {
    strand.locals[*action.local] = Value::fact(inserted.front());
  }
  ++strand.pc;
  if (!cancelsItself) return true;
  const bool goesOn = strand.number == 0;
  beginCancel(run);
  if (!goesOn) effects_.wake(run.id);
  return goesOn;
}

// What is raised stands in the chain of what the run acts for.
Status Flows::applyFor(const Run& run, std::vector<Change> changes, std::vector<FactId>& inserted) {
  Event cause;
  cause.id = run.cause.id;
  cause.originId = run.cause.originId;
  cause.hops = run.cause.hops;
  cause.afterFailure = run.cause.afterFailure;
  cause.extensions = run.cause.trace;
  acting_ = run.id;
  session_.actFor(cause.id.empty() ? nullptr : &cause);
  const Status status = session_.apply(std::move(changes), &inserted);
  session_.actFor(nullptr);
  acting_ = kNoRun;
  return status;
}

// A call whose arguments cannot be computed fails without being made.
void Flows::beginCall(Run& run, Strand& strand, const model::Action& action) {
  Step& step = addStep(run, strand, action.runsFlow ? StepKind::Run : StepKind::Call, action.name);
  step.function = action.function;
  if (!action.runsFlow) step.key = keyFor(run, step);
  step.arguments.resize(action.runsFlow ? program_.flows[index(action.flow)].params.size()
                                        : program_.hosts[index(action.function)].params.size());
  for (const model::NamedExpression& argument : action.arguments) {
    Value value = evaluateIn(strand, argument.value);
    if (value.isError()) {
      step.error =
          "the argument " + argument.name + " has no value: " + std::string(value.errorMessage());
      return stepFailed(run, step, failureValue({}, step.error, step.path, calledBy(run, step), 0));
    }
    step.arguments[index(argument.field)] = std::move(value);
  }
  startAttempt(run, step);
}

// One call after another, the latest step first; the instruction stays until none is left.
bool Flows::beginUndo(Run& run, Strand& strand) {
  if (hasOpenCalls(run, strand)) return false;
  if (run.undo.empty()) {
    ++strand.pc;
    return true;
  }
  UndoCall undo = std::move(run.undo.back());
  run.undo.pop_back();
  run.failedAt.reset();
  Step& step = addStep(run, strand, StepKind::Call, undo.path);
  step.undo = true;
  step.pc = undo.pc;
  step.function = undo.function;
  step.arguments = std::move(undo.arguments);
  step.key = keyFor(run, step);
  startAttempt(run, step);
  return true;
}

// A moment that has passed is no reason to wait.
bool Flows::beginSleep(Run& run, Strand& strand, Time until) {
  if (until <= session_.now()) {
    ++strand.pc;
    return true;
  }
  Step& step = addStep(run, strand, StepKind::Sleep, "sleep");
  step.attempt = 1;
  setTimer(run, &step, until, "end of " + callId(run, step));
  traceStep(run, step, name(step.status));
  return false;
}

// The step listens from here on: an event of before is not seen, but a signal that was kept is
// taken at once.
bool Flows::beginWait(Run& run, Strand& strand, const model::Action& action) {
  Step& step =
      addStep(run, strand, StepKind::Wait, "wait " + program_.type(action.pattern->type).name);
  step.attempt = 1;
  touch(run);
  if (takeSignal(run, step)) return false;
  listen(run, true);
  if (action.duration) {
    setTimer(run, &step, session_.now() + *action.duration, "end of " + callId(run, step));
  }
  traceStep(run, step, name(step.status));
  return false;
}

// What conditions that hold already bind is there at once.
bool Flows::beginUntil(Run& run, Strand& strand, const model::Action& action) {
  Step& step = addStep(run, strand, StepKind::Until, "wait until");
  step.attempt = 1;
  touch(run);
  if (holds(run, step)) {
    completeStep(run, step, Value::boolean(true));
    return false;
  }
  listen(run, true);
  if (action.duration) {
    setTimer(run, &step, session_.now() + *action.duration, "end of " + callId(run, step));
  }
  traceStep(run, step, name(step.status));
  return false;
}

// What a loop goes through. False: that has no value, and the strand has failed.
bool Flows::itemsOf(Run& run, Strand& strand, const model::Action& action,
                    std::vector<Value>& items) {
  if (action.kind == model::Action::Kind::ForFacts) {
    for (const FactId fact : session_.find(*action.pattern, strand.locals)) {
      items.push_back(Value::fact(fact));
    }
    return true;
  }
  const Value list = evaluateIn(strand, action.value);
  if (list.kind() == ValueKind::List) {
    items = list.asList();
    return true;
  }
  failWith(run, strand,
           list.isError() ? std::string(list.errorMessage())
                          : "`for` needs a list, this is " + textOf(list));
  return false;
}

// Facts that are gone meanwhile are left out.
void Flows::next(Strand& strand, const FlowInstruction& instruction) {
  FlowLoop& loop = strand.loops.back();
  const bool facts = instruction.action->kind == model::Action::Kind::ForFacts;
  while (facts && loop.next < loop.items.size() &&
         !session_.holds(loop.items[loop.next].asFact())) {
    ++loop.next;
  }
  if (loop.next >= loop.items.size()) {
    strand.loops.pop_back();
    strand.pc = instruction.target;
    return;
  }
  if (instruction.action->local) strand.locals[*instruction.action->local] = loop.items[loop.next];
  ++loop.next;
  ++strand.pc;
}

// A new generation: the same run, but other calls with other keys.
bool Flows::restart(Run& run, Strand& strand, const model::Action& action) {
  const model::Flow& flow = flowOf(run);
  std::vector<Value> locals(strand.locals.size());
  for (const model::NamedExpression& argument : action.arguments) {
    Value value = evaluateIn(strand, argument.value);
    if (value.isError()) {
      return failWith(
          run, strand,
          "the argument " + argument.name + " has no value: " + std::string(value.errorMessage()));
    }
    locals[index(argument.field)] = std::move(value);
  }
  abandon(run, "restarted");
  ++run.generation;
  onlyMain(run) = {};
  run.main().locals = std::move(locals);
  run.nextStrand = 1;
  run.steps.clear();
  run.nextStep = 1;
  run.undo.clear();
  run.handling = run.cancelled = false;
  run.failedAt.reset();
  run.failedSteps.clear();
  run.error.clear();
  dropTimer(run, nullptr);
  if (flow.timeout) {
    setTimer(run, nullptr, session_.now() + *flow.timeout, "timeout of " + flow.name);
  }
  touch(run);
  traceRun(run);
  // Its next round is a turn of its own, so that what this one did is seen by rules first.
  effects_.wake(run.id);
  return false;
}

// A failure of the flow itself, not of a step.
bool Flows::failWith(Run& run, Strand& strand, std::string reason) {
  return fail(run, strand, failureValue({}, reason, "", "", 0));
}

// What a strand fails with is caught by its innermost `try`, or else ends the block it belongs to,
// or else the run's steps. True: this strand goes on from there.
bool Flows::fail(Run& run, Strand& strand, Value error) {
  touch(run);
  strand.failing = false;
  strand.failure = {};
  if (!strand.tries.empty()) {
    const FlowTry caught = strand.tries.back();
    strand.tries.pop_back();
    strand.loops.resize(caught.loops);
    const FlowInstruction& instruction = instructionOf(run, caught.pc);
    strand.pc = instruction.target;
    if (instruction.action->local) strand.locals[*instruction.action->local] = std::move(error);
    return true;
  }
  if (strand.number == 0) {
    noteFailedAt(run);
    return failRun(run, std::move(error), false);
  }
  partFailed(run, strand, std::move(error));
  return false;
}

// True: a handler, or the undoing, goes on from here.
bool Flows::failRun(Run& run, Value error, bool timeout) {
  touch(run);
  const std::string reason = textOf(*error.find("reason"));
  const FlowCode& code = codeOf(run);
  if (run.handling || (timeout ? code.onTimeout : code.onFailure) == code.unhandled) {
    const std::string path = textOf(*error.find("step"));
    const auto step = std::find_if(run.steps.begin(), run.steps.end(),
                                   [&path](const Step& each) { return each.path == path; });
    traceFailure(run, step == run.steps.end() ? nullptr : &*step, kUnhandledRun,
                 "flow " + flowOf(run).name + " \"" + run.key + "\" fails" +
                     (run.handling ? " while it handles a failure: " : ": ") + reason);
  }
  // A failure inside of a handler ends the run: there is no handler of handlers.
  if (run.handling) {
    run.error += (run.error.empty() ? "" : "; then ") + reason;
    finish(run, RunStatus::Failed);
    return false;
  }
  run.error = reason;
  if (timeout) {
    enterHandler(run, code.onTimeout, code.timeoutLocal, std::move(error));
  } else {
    enterHandler(run, code.onFailure, code.failureLocal, std::move(error));
  }
  return true;
}

// The run's own time limit does not cut its undoing short.
void Flows::enterHandler(Run& run, std::uint32_t pc, std::optional<std::uint32_t> local,
                         Value error) {
  Strand& main = onlyMain(run);
  run.handling = true;
  dropTimer(run, nullptr);
  main.pc = pc;
  if (local) main.locals[*local] = error;
  main.failure = std::move(error);
}

// What only a live run needs is dropped.
void Flows::finish(Run& run, RunStatus status) {
  abandon(run, "abandoned");
  run.status = status;
  if (status == RunStatus::Completed) run.error.clear();
  dropTimer(run, nullptr);
  Strand& main = onlyMain(run);
  main.locals.clear();
  main.failure = {};
  if (status != RunStatus::Failed) run.failedAt.reset();
  if (!run.failedAt) {
    run.failedSteps.clear();
    run.undo.clear();
  }
  run.signals.clear();
  touch(run);
  traceRun(run);
  tellParents(run);
}

}  // namespace reticle
