// Runs as hosts and the trace see them.
#include <string_view>
#include <utility>

#include "flow/flows.h"

namespace reticle {

// By id; results only where there are some.
std::vector<RunView> Flows::runs() const {
  std::vector<RunView> views;
  for (const auto& [id, run] : runs_) {
    RunView view{id, flowOf(run).name, run.key, name(run.status), run.error, {}, {}};
    if (run.status == RunStatus::Completed) view.result = run.result;
    for (const Step& step : run.steps) {
      StepView s;
      s.name = step.path;
      s.kind = name(step.kind);
      if (step.isCall()) s.function = calledBy(run, step);
      s.status = name(step.status);
      s.key = step.key;
      s.error = step.error;
      s.attempt = step.attempt;
      if (step.status == StepStatus::Completed) s.result = step.result;
      if (step.timer != 0) s.due = step.due;
      s.recorded = step.recorded;
      view.steps.push_back(std::move(s));
    }
    view.canGoOn = run.status == RunStatus::Failed && run.failedAt;
    view.waitsFor = waitsFor(run);
    views.push_back(std::move(view));
  }
  return views;
}

// In a sentence: what a live run waits for, each thing by itself, or where a failed one can go on.
std::string Flows::waitsFor(const Run& run) const {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (run.status == RunStatus::Failed && run.failedAt) {
    std::string steps;
    for (const std::uint32_t number : run.failedSteps) {
      for (const Step& step : run.steps) {
        if (step.number == number) steps += (steps.empty() ? "" : ", ") + step.path;
      }
    }
    return "it can go on" + (steps.empty() ? " where it failed" : " with " + steps);
  }
  if (run.status != RunStatus::Running) return "";
  for (const Step& step : run.steps) {
    if (!step.open()) continue;
    const std::string due = step.timer == 0 ? "" : toText(Value::timestamp(step.due), false);
    const std::string until = due.empty() ? "" : ", until " + due + " at most";
    switch (step.kind) {
      case StepKind::Call:
        add(step.status == StepStatus::Retrying
                ? step.path + " has failed (" + step.error + ") and asks " + calledBy(run, step) +
                      " again at " + due
                : step.path + " asks " + calledBy(run, step) + " for its answer" +
                      (step.attempt > 1 ? ", for the " + std::to_string(step.attempt) + ". time"
                                        : "") +
                      until);
        break;
      case StepKind::Run:
        add(step.status == StepStatus::Retrying
                ? step.path + " has failed (" + step.error + ") and runs " + calledBy(run, step) +
                      " again at " + due
                : step.path + " waits for the end of " + calledBy(run, step) + " \"" + step.key +
                      "\"" + until);
        break;
      case StepKind::Sleep: add("it sleeps until " + due); break;
      case StepKind::Wait:
      case StepKind::Until: {
        const model::Action& action = *instructionOf(run, step.pc).action;
        add("it waits" +
            (step.kind == StepKind::Wait
                 ? " for " + program_.type(action.pattern->type).name
                 : std::string(" until conditions hold: `") + action.text + "`") +
            until);
        break;
      }
    }
  }
  return text;
}

void Flows::addDigest(Digest& digest) const {
  digest.add(digests_.size());
  digest.add(digest_);
}

// --- trace

// With the result or the error of a run that has ended.
void Flows::traceRun(const Run& run) {
  if (!tracer_.on()) return;
  trace::Run body{flowOf(run).name, run.key, name(run.status), {}, run.error};
  if (run.status == RunStatus::Completed) body.result = run.result;
  tracer_.record({.body = std::move(body), .run = run.id});
}

// `status` is usually the step's own; "recorded" when it was read back.
void Flows::traceStep(const Run& run, const Step& step, std::string_view status) {
  if (!tracer_.on()) return;
  trace::Step body{.stepKind = name(step.kind),
                   .status = std::string(status),
                   .attempt = step.attempt,
                   .key = step.key};
  if (step.isCall()) body.function = calledBy(run, step);
  if (step.status == StepStatus::Completed) body.result = step.result;
  if (step.status != StepStatus::Started) body.error = step.error;
  if (step.timer != 0) body.due = step.due;
  tracer_.record({.body = std::move(body), .run = run.id, .step = step.path});
}

// phase: set, cancelled, fired.
void Flows::traceTimer(std::string_view phase, std::uint32_t timer, Time due,
                       const std::string& text) {
  if (!tracer_.on()) return;
  tracer_.record({.body = trace::Timer{std::string(phase), timer, due, text}});
}

// At the step where there is one, otherwise at what the run carries out now.
void Flows::traceFailure(const Run& run, const Step* step, std::string_view code,
                         std::string message, std::string part) {
  if (!tracer_.on()) return;
  const model::Action* action = instructionOf(run, step ? step->pc : run.main().pc).action;
  TraceRecord record{.body = trace::Failure{std::string(code), std::move(message), std::move(part),
                                            action ? action->span : flowOf(run).span},
                     .run = run.id};
  if (step) record.step = step->path;
  tracer_.record(std::move(record));
}

void Flows::note(const std::string& level, const std::string& text) {
  if (!tracer_.on()) return;
  tracer_.record({.body = trace::Log{level, text}});
}

}  // namespace reticle
