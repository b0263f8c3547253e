// Other rules for a running session: checked whole, then carried out, then entered in the journal
// as the whole state, from which recovery begins.
#include <algorithm>
#include <cassert>
#include <memory>

#include "engine/core.h"
#include "flow/run.h"
#include "journal/image.h"
#include "model/meaning.h"

namespace reticle {
namespace {

// A refusal: nothing has changed yet when it is made.
Error cannot(std::string message, std::string where, std::string fix) {
  return {ErrorCode::BadInput, std::move(message), std::move(where), std::move(fix)};
}

// A run's flow and functions by the numbers of another program.
class RunTranslation {
 public:
  RunTranslation(const model::Program& from, const model::Program& to) : from_(from), to_(to) {}

  // The state of one run, or why it cannot go on: its flow must mean the same, and each
  // function it calls must be there. One that has ended is only remembered, by its flow's name.
  Result<std::string> translated(const std::string& bytes) const {
    std::uint32_t timers = 0;
    Result<Run> run = decodeRun(bytes, timers);
    if (!run) return run.error();
    const model::Flow& flow = from_.flows[index(run->flow)];
    if (run->status != RunStatus::Running && !staysAsItWas(flow)) {
      return remembered(*std::move(run), flow, timers);
    }
    // Of several versions of a flow the run goes on with its own.
    const auto same =
        std::find_if(to_.flows.begin(), to_.flows.end(), [&](const model::Flow& each) {
          return each.name == flow.name && each.version == flow.version;
        });
    const std::string version =
        flow.version ? " version " + std::to_string(*flow.version) : std::string();
    const std::string what = "the flow `" + flow.name + "`" + version + " has runs";
    if (same == to_.flows.end()) {
      return cannot(what + ", and the new program has no such flow", flow.name,
                    version.empty() ? "keep the flow" : "keep it beside the newer one");
    }
    if (model::meaningOf(from_, flow) != model::meaningOf(to_, *same)) {
      return cannot(what + ", and the new program says it otherwise", flow.name,
                    flow.version ? "keep it as it was, and declare the new one with `version " +
                                       std::to_string(*flow.version + 1) + "` beside it"
                                 : "keep the flow as it was, and give the new one another name");
    }
    run->flow = same->id;
    for (Step& step : run->steps) {
      if (!move(step.function, step.kind == StepKind::Call)) return lost(flow, step.function);
    }
    for (UndoCall& undo : run->undo) {
      if (!move(undo.function, true)) return lost(flow, undo.function);
    }
    run->signals.erase(std::remove_if(run->signals.begin(), run->signals.end(),
                                      [&](Signal& signal) { return !move(signal.type); }),
                       run->signals.end());
    return encodeRun(*run, timers);
  }

 private:
  bool staysAsItWas(const model::Flow& flow) const {
    return std::any_of(to_.flows.begin(), to_.flows.end(), [&](const model::Flow& each) {
      return each.name == flow.name && each.version == flow.version &&
             model::meaningOf(from_, flow) == model::meaningOf(to_, each);
    });
  }

  // Its key, its result and the steps that can still be named. Where it stood in the flow that it
  // had means nothing in another: it cannot go on.
  Result<std::string> remembered(Run run, const model::Flow& flow, std::uint32_t timers) const {
    const auto same = std::find_if(to_.flows.begin(), to_.flows.end(),
                                   [&](const model::Flow& each) { return each.name == flow.name; });
    if (same == to_.flows.end()) {
      return cannot("the flow `" + flow.name +
                        "` has runs that have ended, and their keys would be "
                        "forgotten with it",
                    flow.name, "keep the flow");
    }
    run.flow = same->newest;
    run.main().pc = 0;
    run.failedAt.reset();
    run.failedSteps.clear();
    run.undo.clear();
    run.steps.erase(std::remove_if(run.steps.begin(), run.steps.end(),
                                   [&](Step& step) {
                                     step.pc = 0;
                                     return step.kind == StepKind::Run ||
                                            !move(step.function, step.kind == StepKind::Call);
                                   }),
                    run.steps.end());
    return encodeRun(run, timers);
  }

  // A step or an undo of the run calls a function that is gone.
  Error lost(const model::Flow& flow, FunctionId function) const {
    const std::string& name = from_.hosts[index(function)].name;
    return cannot("runs of the flow `" + flow.name + "` call `" + name +
                      "`, which the new program does not declare",
                  name, "keep the host function");
  }
  // Only calls have a function; other steps keep none.
  bool move(FunctionId& function, bool calls) const {
    if (!calls) {
      function = FunctionId{};
      return true;
    }
    const std::string& name = from_.hosts[index(function)].name;
    const auto same = std::find_if(to_.hosts.begin(), to_.hosts.end(),
                                   [&](const model::Host& host) { return host.name == name; });
    if (same == to_.hosts.end()) return false;
    function = same->id;
    return true;
  }

  // A signal that is kept. What the waits of the flow are for means the same, so one of another
  // shape would be taken by none of them.
  bool move(TypeId& type) const {
    const model::FactType& was = from_.type(type);
    const model::FactType* same = to_.findType(was.name);
    if (!same || model::shapeOf(*same) != model::shapeOf(was)) return false;
    type = same->id;
    return true;
  }

  const model::Program& from_;
  const model::Program& to_;
};

}  // namespace

// First everything that can refuse, then the change: facts and rules, then the runs, then one
// entry with the whole state, from which recovery begins.
Result<Replaced> Core::replaceProgram(std::shared_ptr<const Program> program) {
  if (storeError_) {
    return Error{ErrorCode::Closed, "the journal's store failed: " + storeError_->message,
                 storeError_->where, "open the journal anew"};
  }
  if (Status fits = session_.canReplace(program->model); !fits) return fits.error();
  const RunTranslation translation(program_->model, program->model);
  std::vector<std::string> runs;
  for (const std::string& bytes : flows_.states()) {
    Result<std::string> run = translation.translated(bytes);
    if (!run) return run.error();
    runs.push_back(std::move(*run));
  }

  if (tracer_.on()) {
    tracer_.beginInput(
        {.body = trace::Input{name(InputKind::Replace), "other rules", session_.now()}});
  }
  Replaced report = session_.replace(program->model, program->network);
  const std::shared_ptr<const Program> old = std::exchange(program_, std::move(program));
  rebuildFlows();
  for (const std::string& run : runs) {
    [[maybe_unused]] const Status installed = flows_.install(run);
    assert(installed.ok() && "a run of a flow that stayed as it was fits it");
  }
  fired_ = 0;
  decided_.clear();
  decisions_ = 0;
  queueChanged_ = false;
  commit(InputKind::Replace, options_.journal ? encodeReplaced({program_->hash, session_.image(),
                                                                std::move(runs), encodeQueue()})
                                              : std::string());
  if (storeError_) return *storeError_;
  return report;
}

// In their place: they borrow from the program.
void Core::rebuildFlows() {
  FlowEffects& effects = *this;
  std::destroy_at(&flows_);
  std::construct_at(&flows_, program_->model, program_->flows, session_, tracer_, effects);
}

// The whole state of that entry takes the place of what came before it.
Status Core::recoverReplaced(const EntryView& entry) {
  const Result<ReplacedState> state = decodeReplaced(entry.input);
  if (!state.ok()) return state.error();
  taken_ = entry.taken;
  if (Status restored = session_.restore(state->session); !restored) return restored;
  session_.beginRecovery();
  rebuildFlows();
  for (const std::string& run : state->runs) {
    if (Status installed = flows_.install(run); !installed) return installed;
  }
  if (!decodeQueue(state->queue)) return Error{ErrorCode::Corrupt, "the queue cannot be read"};
  return checkEntry(entry);
}

// Of an entry before the rules were replaced only the outputs count: what was taken, and what may
// not have been.
Status Core::recoverOutputs(const EntryView& entry) {
  taken_ = entry.taken;
  while (!unproven_.empty() && unproven_.front().first <= taken_) unproven_.pop_front();
  ByteReader in(entry.decisionBytes);
  for (std::size_t i = 0; i < entry.decisions; ++i) {
    Decision decision = decodeDecision(in);
    if (in.failed()) return Error{ErrorCode::Corrupt, "a decision cannot be read"};
    if (decision.kind != Decision::Kind::Output) continue;
    if (Status status = recoverDecision(std::move(decision)); !status) return status;
  }
  return Done{};
}

}  // namespace reticle
