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
    views.push_back(std::move(view));
  }
  return views;
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
