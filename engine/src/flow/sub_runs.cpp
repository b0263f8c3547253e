// Steps that run another flow: `step x = run F(…)`.
//
// The run that such a step awaits is a run like any other: it has a key, goes on by itself, and may
// have been begun by somebody else. Its end is the end of the step.
#include <algorithm>
#include <string>
#include <utility>

#include "flow/flows.h"

namespace reticle {
namespace {

constexpr int kDeepest = 100;  // runs that wait for one another

}  // namespace

// Of a call, or of a run.
const std::string& Flows::calledBy(const Run& run, const Step& step) const {
  if (step.kind == StepKind::Run) {
    return program_.flows[index(instructionOf(run, step.pc).action->flow)].name;
  }
  return program_.hosts[index(step.function)].name;
}

// Whether a run waits, by way of others perhaps, for itself or too many.
bool Flows::waitsTooDeep(RunId child, RunId parent, int deep) const {
  if (child == parent || deep > kDeepest) return true;
  const auto found = awaited_.find(parent);
  return found != awaited_.end() &&
         std::any_of(found->second.begin(), found->second.end(), [&](const auto& waiter) {
           return waitsTooDeep(child, waiter.first, deep + 1);
         });
}

// The flow's own key, or one made of the run's and the step's: a step that is carried out again
// finds the run that it began.
void Flows::startSubRun(Run& run, Step& step) {
  const FlowId flow = instructionOf(run, step.pc).action->flow;
  std::string key;
  if (!program_.flows[index(flow)].key.present()) {
    key = run.key + "/" + step.path;
    if (run.generation > 0) key += "~" + std::to_string(run.generation);
  }
  const std::uint32_t before = nextRun_;
  const Result<RunId> child = start(flow, step.arguments, std::move(key));
  const auto refuse = [&](const std::string& reason) {
    step.error = reason;
    stepFailed(run, step, failureValue({}, reason, step.path, calledBy(run, step), step.attempt));
  };
  if (!child.ok()) return refuse(child.error().message);
  Run& begun = this->run(*child);
  step.child = *child;
  step.ownsChild = nextRun_ != before;
  if (step.ownsChild) begun.cause = run.cause;
  step.key = begun.key;
  traceStep(run, step, name(step.status));
  touch(run);
  if (begun.status == RunStatus::Completed) return completeStep(run, step, begun.result);
  if (waitsTooDeep(*child, run.id, 0)) {
    return refuse(calledBy(run, step) + " \"" + begun.key + "\" waits for this run itself, or " +
                  std::to_string(kDeepest) + " runs wait for one another");
  }
  listen(run, true);
}

// Whoever waits for a run that has ended goes on, or fails.
void Flows::tellParents(const Run& run) {
  const auto found = awaited_.find(run.id);
  if (found == awaited_.end()) return;
  const std::set<std::pair<RunId, std::uint32_t>> waiters = std::move(found->second);
  awaited_.erase(found);
  for (const auto& [parentId, number] : waiters) {
    Run& parent = this->run(parentId);
    Step* step = stepOf(parent, number);
    if (step == nullptr || step->status != StepStatus::Started || step->child != run.id) continue;
    if (run.status == RunStatus::Completed) {
      completeStep(parent, *step, run.result);
    } else {
      attemptFailed(parent, *step, {},
                    run.error.empty() ? std::string(name(run.status)) : run.error);
    }
  }
}

// A run that only this step was waiting for ends with it.
void Flows::endSubRun(const Step& step) {
  if (!step.ownsChild) return;
  Run& child = run(step.child);
  if (child.status != RunStatus::Running || child.handling) return;
  beginCancel(child);
  effects_.wake(child.id);
}

}  // namespace reticle
