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
Value Flows::evaluateIn(const Run& run, const model::Expression& expression) const {
  return evaluate(expression.code, Frame{nullptr, run.locals.data(), &session_});
}

// Runs until it has to wait. Called with no other run under way.
void Flows::resume(RunId id) {
  Run& run = this->run(id);
  // Woken although it still sleeps or waits: its time has not come.
  if (std::any_of(run.steps.begin(), run.steps.end(),
                  [](const Step& step) { return step.kind != StepKind::Call && step.open(); })) {
    return;
  }
  for (int i = 0; i < kInstructionsPerTurn; ++i) {
    if (run.status != RunStatus::Running || !execute(run)) return;
    touch(run);
  }
  effects_.wake(id);
}

// One instruction. False: the run has ended, or waits for something.
bool Flows::execute(Run& run) {
  const FlowInstruction& instruction = instructionOf(run, run.pc);
  const model::Action* action = instruction.action;
  switch (instruction.op) {
    case FlowOp::Act: return act(run, instruction);
    case FlowOp::Step:
      beginCall(run, *action);
      ++run.pc;
      return true;
    // The first failure of a group decides, after all its calls are closed.
    case FlowOp::Await:
      if (hasOpenCalls(run)) return false;
      if (run.failing) {
        run.failing = false;
        return fail(run, run.failure);
      }
      ++run.pc;
      return true;
    case FlowOp::Sleep:
    case FlowOp::SleepUntil: {
      const Value value = evaluateIn(run, action->value);
      if (value.isError()) return failWith(run, std::string(value.errorMessage()));
      return beginSleep(
          run, instruction.op == FlowOp::Sleep ? session_.now() + value.asSpan() : value.asTime());
    }
    case FlowOp::Wait: return beginWait(run, *action);
    case FlowOp::Find: {
      const std::vector<FactId> found = session_.find(*action->pattern, run.locals);
      if (action->local) {
        run.locals[*action->local] = found.empty() ? Value{} : Value::fact(found.front());
      }
      ++run.pc;
      return true;
    }
    case FlowOp::Unless: {
      const Value condition = evaluateIn(run, action->value);
      if (condition.isError()) return failWith(run, std::string(condition.errorMessage()));
      run.pc = condition.isTrue() ? run.pc + 1 : instruction.target;
      return true;
    }
    case FlowOp::Jump: run.pc = instruction.target; return true;
    case FlowOp::Items: {
      Value list = evaluateIn(run, action->value);
      if (list.isError()) return failWith(run, std::string(list.errorMessage()));
      if (list.kind() != ValueKind::List) {
        return failWith(run, "`for` needs a list, this is " + textOf(list));
      }
      run.loops.push_back({list.asList(), 0});
      ++run.pc;
      return true;
    }
    case FlowOp::Facts: {
      FlowLoop loop;
      for (const FactId fact : session_.find(*action->pattern, run.locals)) {
        loop.items.push_back(Value::fact(fact));
      }
      run.loops.push_back(std::move(loop));
      ++run.pc;
      return true;
    }
    case FlowOp::Next: next(run, instruction); return true;
    case FlowOp::Fail: {
      const Value reason = evaluateIn(run, action->value);
      return failWith(run, reason.isError() ? std::string(reason.errorMessage()) : textOf(reason));
    }
    case FlowOp::Return: {
      Value result = action->value.present() ? evaluateIn(run, action->value) : Value{};
      if (result.isError()) return failWith(run, std::string(result.errorMessage()));
      run.result = std::move(result);
      finish(run, RunStatus::Completed);
      return false;
    }
    case FlowOp::Restart: return restart(run, *action);
    case FlowOp::Compensate: return beginUndo(run);
    case FlowOp::Complete: finish(run, RunStatus::Completed); return false;
    case FlowOp::Failed:
      finish(run, run.cancelled ? RunStatus::Cancelled : RunStatus::Failed);
      return false;
  }
  unreachable("an instruction of a flow is one of these");
}

// All or nothing: either every change is applied and the run goes on, or it fails.
bool Flows::act(Run& run, const FlowInstruction& instruction) {
  std::vector<Change> changes;
  // A copy, so that a failed action changes nothing.
  std::vector<Value> locals = run.locals;
  Status status = session_.evaluate(instruction.act, nullptr, locals, changes);
  std::vector<FactId> inserted;
  acting_ = run.id;
  if (status.ok() && !changes.empty()) status = session_.apply(std::move(changes), &inserted);
  acting_ = kNoRun;
  const bool cancelsItself = std::exchange(cancelsItself_, false);
  if (!status.ok()) return failWith(run, status.error().message);
  run.locals = std::move(locals);
  const model::Action& action = instruction.act.front();
  const bool inserts = action.kind == model::Action::Kind::Insert ||
                       action.kind == model::Action::Kind::InsertLogical ||
                       action.kind == model::Action::Kind::Upsert;
  if (inserts && action.local && !inserted.empty()) {
    run.locals[*action.local] = Value::fact(inserted.front());
  }
  ++run.pc;
  if (cancelsItself) beginCancel(run);
  return true;
}

// A call whose arguments cannot be computed fails without being made.
void Flows::beginCall(Run& run, const model::Action& action) {
  Step& step = addStep(run, StepKind::Call, action.name);
  step.function = action.function;
  step.key = keyFor(run, step);
  const model::Host& host = program_.hosts[index(action.function)];
  step.arguments.resize(host.params.size());
  for (const model::NamedExpression& argument : action.arguments) {
    Value value = evaluateIn(run, argument.value);
    if (value.isError()) {
      step.error =
          "the argument " + argument.name + " has no value: " + std::string(value.errorMessage());
      return stepFailed(run, step, failureValue({}, step.error, step.path, host.name, 0));
    }
    step.arguments[index(argument.field)] = std::move(value);
  }
  startAttempt(run, step);
}

// One call after another, the latest step first; the instruction stays until none is left.
bool Flows::beginUndo(Run& run) {
  if (hasOpenCalls(run)) return false;
  if (run.undo.empty()) {
    ++run.pc;
    return true;
  }
  UndoCall undo = std::move(run.undo.back());
  run.undo.pop_back();
  Step& step = addStep(run, StepKind::Call, undo.path);
  step.undo = true;
  step.pc = undo.pc;
  step.function = undo.function;
  step.arguments = std::move(undo.arguments);
  step.key = keyFor(run, step);
  startAttempt(run, step);
  return true;
}

// A moment that has passed is no reason to wait.
bool Flows::beginSleep(Run& run, Time until) {
  if (until <= session_.now()) {
    ++run.pc;
    return true;
  }
  Step& step = addStep(run, StepKind::Sleep, "sleep");
  step.attempt = 1;
  setTimer(run, &step, until, "end of " + callId(run, step));
  traceStep(run, step, name(step.status));
  return false;
}

// The step listens from here on: an event of before is not seen, but a signal that was kept is
// taken at once.
bool Flows::beginWait(Run& run, const model::Action& action) {
  Step& step = addStep(run, StepKind::Wait, "wait " + program_.type(action.pattern->type).name);
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

// Facts that are gone meanwhile are left out.
void Flows::next(Run& run, const FlowInstruction& instruction) {
  FlowLoop& loop = run.loops.back();
  const bool facts = instruction.action->kind == model::Action::Kind::ForFacts;
  while (facts && loop.next < loop.items.size() &&
         !session_.holds(loop.items[loop.next].asFact())) {
    ++loop.next;
  }
  if (loop.next >= loop.items.size()) {
    run.loops.pop_back();
    run.pc = instruction.target;
    return;
  }
  if (instruction.action->local) run.locals[*instruction.action->local] = loop.items[loop.next];
  ++loop.next;
  ++run.pc;
}

// A new generation: the same run, but other calls with other keys.
bool Flows::restart(Run& run, const model::Action& action) {
  const model::Flow& flow = flowOf(run);
  std::vector<Value> locals(run.locals.size());
  for (const model::NamedExpression& argument : action.arguments) {
    Value value = evaluateIn(run, argument.value);
    if (value.isError()) {
      return failWith(run, "the argument " + argument.name +
                               " has no value: " + std::string(value.errorMessage()));
    }
    locals[index(argument.field)] = std::move(value);
  }
  run.locals = std::move(locals);
  ++run.generation;
  run.pc = 0;
  run.steps.clear();
  run.nextStep = 1;
  run.undo.clear();
  run.loops.clear();
  run.handling = run.failing = run.cancelled = false;
  run.failure = {};
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
bool Flows::failWith(Run& run, std::string reason) {
  return fail(run, failureValue({}, reason, "", "", 0));
}

// True: a handler, or the undoing, goes on from here.
bool Flows::fail(Run& run, Value error, bool timeout) {
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
    run.loops.clear();
    run.failing = false;
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
  run.loops.clear();
  run.failing = false;
  run.handling = true;
  dropTimer(run, nullptr);
  run.pc = pc;
  if (local) run.locals[*local] = error;
  run.failure = std::move(error);
}

// What only a live run needs is dropped.
void Flows::finish(Run& run, RunStatus status) {
  abandon(run, "abandoned");
  run.status = status;
  if (status == RunStatus::Completed) run.error.clear();
  dropTimer(run, nullptr);
  run.locals.clear();
  run.undo.clear();
  run.loops.clear();
  run.failure = {};
  run.signals.clear();
  touch(run);
  traceRun(run);
}

}  // namespace reticle
