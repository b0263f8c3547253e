// A failed run that goes on where it failed.
#include <algorithm>
#include <string>
#include <utility>

#include "flow/flows.h"

namespace reticle {

// Of a group of calls those that failed are tried again, each under its key. A block of several
// strands is no such place: what its parts had come to is gone.
void Flows::noteFailedAt(Run& run) {
  if (run.handling) return;
  const Strand& main = run.main();
  const std::vector<FlowInstruction>& code = codeOf(run).instructions;
  run.failedAt.reset();
  run.failedSteps.clear();
  const FlowOp op = code[main.pc].op;
  if (op == FlowOp::Fork || op == FlowOp::Each) return;
  run.failedAt = main;
  run.failedAt->failing = false;
  run.failedAt->failure = {};
  if (op != FlowOp::Await) return;
  for (std::uint32_t at = main.pc; at > 0 && code[at - 1].op == FlowOp::Step; --at) {
    // Of several turns of a loop the last one counts.
    const auto step = std::find_if(run.steps.rbegin(), run.steps.rend(), [&](const Step& each) {
      return each.pc == at - 1 && each.strand == 0 && !each.undo;
    });
    if (step != run.steps.rend() && step->status == StepStatus::Failed &&
        !code[at - 1].action->ignoreErrors) {
      run.failedSteps.push_back(step->number);
    }
  }
  std::sort(run.failedSteps.begin(), run.failedSteps.end());
}

Status Flows::goOn(FlowId flow, std::string_view key) {
  const Result<RunId> id = latest(flow, key);
  if (!id.ok()) return id.error();
  Run& run = this->run(*id);
  const std::string what = flowOf(run).name + " \"" + run.key + "\"";
  if (run.status != RunStatus::Failed) {
    return Error{ErrorCode::BadInput,
                 what + " is " + name(run.status) + ": only a failed run goes on", "key"};
  }
  if (!run.failedAt) {
    return Error{ErrorCode::BadInput,
                 what +
                     " cannot go on where it failed: several things were under way, its time was "
                     "over, or what it did was undone",
                 "key", "start it anew: its key is free"};
  }
  run.status = RunStatus::Running;
  run.handling = false;
  run.error.clear();
  run.main() = std::move(*run.failedAt);
  run.failedAt.reset();
  const std::vector<std::uint32_t> failed = std::exchange(run.failedSteps, {});
  const model::Flow& of = flowOf(run);
  if (of.timeout) setTimer(run, nullptr, session_.now() + *of.timeout, "timeout of " + of.name);
  touch(run);
  traceRun(run);
  for (const std::uint32_t number : failed) {
    Step* step = stepOf(run, number);
    if (step == nullptr) continue;
    step->failures = 0;
    step->error.clear();
    // `undo always` has noted one, and notes it again when it is known what comes of the step.
    run.undo.erase(std::remove_if(run.undo.begin(), run.undo.end(),
                                  [number](const UndoCall& undo) { return undo.step == number; }),
                   run.undo.end());
    startAttempt(run, *step);
  }
  effects_.wake(run.id);
  return Done{};
}

}  // namespace reticle
