// The runs of a session: durable work that continues where it stopped.
//
// A run carries out the instructions of its flow until something must be awaited: a call's result,
// a timer, an event. Whatever changes in a run during a turn is handed out once, at the end of the
// turn, as the whole state of that run in bytes; recovery installs those bytes.
//
// Invariants between turns:
//   (1) Among the runs of one flow (of all its versions) and key all but the latest have failed or
//       were cancelled.
//   (2) Every open step of a live run has an attempt under way, a timer, or an event, a run or
//       conditions that it waits for; no other run has open steps or timers.
//   (3) A step's result is recorded once: only the attempt under way is listened to.
//   (4) Only live runs have signals that are kept, and none of them satisfies a wait that is open.
//   (5) Timers fire in the order of their time, then of their number.
//   (6) A strand is in a block exactly while other strands of that block are there; only the first
//       strand of a run is in no block of another.
//
// Flows change working memory through the session alone, and report to `FlowEffects` what the
// engine has to do.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "flow/code.h"
#include "flow/run.h"
#include "reticle/input.h"
#include "reticle/output.h"
#include "reticle/views.h"
#include "session/session.h"
#include "trace/tracer.h"

namespace reticle {

class FlowEffects {
 public:
  virtual ~FlowEffects() = default;
  virtual void wake(RunId run) = 0;  // let it go on, in its turn, by resume()
  virtual void call(Call call) = 0;  // on its way to the host
};

class Flows {
 public:
  // All are borrowed and outlive the flows.
  Flows(const model::Program& program, const std::vector<FlowCode>& code, Session& session,
        Tracer& tracer, FlowEffects& effects);

  // Starts a run, or returns the one that has the key already when it is live or completed:
  // starting is idempotent. Arguments by parameter.
  // An empty key: the flow's own key expression.
  Result<RunId> start(FlowId flow, std::vector<Value> arguments, std::string key);
  // An event for the latest run of the key alone. A wait of it that it satisfies takes it; else it
  // is kept for the run's waits to come, the newest 256 of them. A run that has ended takes none,
  // which the trace says. Refused: UnknownRun.
  Status signal(FlowId flow, std::string_view key, TypeId type, std::vector<Value> values);
  // Ends the latest run of the key: what is open is abandoned, then its `on cancel` goes on, or
  // what it did is undone. One that has ended, or is ending already, stays as it is, which the
  // trace says. Refused: UnknownRun.
  Status cancel(FlowId flow, std::string_view key);
  // The latest run of the key, which has failed, goes on where it failed. Refused: UnknownRun, and
  // BadInput when it has not failed, or cannot go on from there.
  Status goOn(FlowId flow, std::string_view key);
  // The result of a call. Refused: UnknownCall, or Stale when another attempt, or none, is under
  // way.
  Status result(const input::StepResult& result);
  // Carries on a run that was woken.
  void resume(RunId run);
  // Wakes the runs that wait for it.
  void eventBegins(const Event& event);
  // Wakes the runs whose `wait until` holds by now; false when there is none. Conditions are looked
  // at again only when something that they ask for has changed.
  bool lookAgain();
  // When the first timer is due; fires it. The session's clock must have come so far.
  std::optional<Time> nextDue() const;
  void fireTimer();

  // The states of the runs that changed since the last call, in order of id.
  std::vector<std::string> takeChanged();
  bool hasChanged() const { return !changed_.empty(); }
  std::vector<std::string> states() const;  // of all runs, in order of id
  Status install(std::string_view bytes);
  // After the last installed state: reports to the trace what was read back, and starts again the
  // calls that were under way.
  void endRecovery();

  std::vector<RunView> runs() const;
  const Run* find(RunId run) const;
  const Run* find(FlowId flow, std::string_view key) const;  // the latest of that key
  std::uint32_t live() const;
  // The run whose action is under way; kNoRun when none is.
  RunId acting() const { return acting_; }
  // as of the last takeChanged() or install()
  void addDigest(Digest& digest) const;

 private:
  struct Due {
    RunId run{};
    std::uint32_t step = 0;
  };  // step 0: the flow's timeout

  // --- flows.cpp, waiting.cpp, views.cpp: steps, events, timers
  Run& run(RunId id);
  const model::Flow& flowOf(const Run& run) const { return program_.flows[index(run.flow)]; }
  const FlowCode& codeOf(const Run& run) const { return code_[index(run.flow)]; }
  const FlowInstruction& instructionOf(const Run& run, std::uint32_t pc) const {
    return codeOf(run).instructions[pc];
  }
  Step* stepOf(Run& run, std::uint32_t number);
  bool hasOpenCalls(const Run& run, const Strand& strand) const;
  std::string pathFor(const Run& run, const Strand& strand, const std::string& name) const;
  std::string callId(const Run& run, const Step& step) const;
  std::string keyFor(const Run& run, const Step& step) const;
  Step& addStep(Run& run, Strand& strand, StepKind kind, const std::string& name);
  void startAttempt(Run& run, Step& step);
  void attemptFailed(Run& run, Step& step, const Value& error, std::string reason);
  void completeStep(Run& run, Step& step, Value result);
  void stepFailed(Run& run, Step& step, const Value& error);
  void stepClosed(Run& run, const Step& step);
  void noteUndo(Run& run, const Step& step);
  void abandon(Run& run, std::string_view reason);
  void abandonStep(Run& run, Step& step, std::string_view reason);
  void setTimer(Run& run, Step* step, Time due, const std::string& text);
  void dropTimer(Run& run, Step* step);
  void listen(const Run& run, bool on);
  // Whether the conditions of a `wait until` hold; what they bind is there then.
  bool holds(Run& run, Step& step);
  std::uint64_t changesFor(const Run& run, const Step& step) const;
  Result<RunId> latest(FlowId flow, std::string_view key) const;
  bool fits(const Run& run, const Step& step, TypeId type, const Value& event, FactId fact) const;
  // Hands a kept signal to a wait that it satisfies; false when there is none.
  bool takeSignal(Run& run, Step& step);
  void beginCancel(Run& run);
  // From now on the run acts on behalf of that event.
  static void actFor(Run& run, const Event& event);
  void touch(const Run& run) { changed_.insert(run.id); }
  std::string waitsFor(const Run& run) const;
  bool strandsFit(const Run& run) const;
  bool stepsFit(const Run& run) const;
  void traceRun(const Run& run);
  void traceStep(const Run& run, const Step& step, std::string_view status);
  void traceTimer(std::string_view phase, std::uint32_t timer, Time due, const std::string& text);
  // What nothing handles: of the run, or only a part of it while the run goes on.
  void traceFailure(const Run& run, const Step* step, std::string_view code, std::string message,
                    std::string part = {});
  void note(const std::string& level, const std::string& text);

  // --- execute.cpp: instructions
  Value evaluateIn(const Strand& strand, const model::Expression& expression) const;
  bool canGoOn(const Run& run, const Strand& strand) const;
  // False when the strand has to wait or has ended.
  bool execute(Run& run, Strand& strand);
  bool act(Run& run, Strand& strand, const FlowInstruction& instruction);
  Status applyFor(const Run& run, std::vector<Change> changes, std::vector<FactId>& inserted);
  void beginCall(Run& run, Strand& strand, const model::Action& action);
  bool beginUndo(Run& run, Strand& strand);
  bool beginSleep(Run& run, Strand& strand, Time until);
  bool beginWait(Run& run, Strand& strand, const model::Action& action);
  bool beginUntil(Run& run, Strand& strand, const model::Action& action);
  bool itemsOf(Run& run, Strand& strand, const model::Action& action, std::vector<Value>& items);
  void next(Strand& strand, const FlowInstruction& instruction);
  bool restart(Run& run, Strand& strand, const model::Action& action);
  bool fail(Run& run, Strand& strand, Value error);
  bool failWith(Run& run, Strand& strand, std::string reason);
  // Leaves the steps for the failure handler, or ends the run when it is in one already.
  bool failRun(Run& run, Value error, bool timeout);
  void finish(Run& run, RunStatus status);
  void noteFailedAt(Run& run);
  // Where a run goes on when something ends its steps: nothing of before counts any more.
  void enterHandler(Run& run, std::uint32_t pc, std::optional<std::uint32_t> local, Value error);
  Value eventValue(const Event& event) const;

  // --- strands.cpp: blocks
  std::size_t childrenOf(const Run& run, const Strand& parent) const;
  Strand& onlyMain(Run& run);
  // False: the strand waits for the block that begins here.
  bool fork(Run& run, Strand& strand);
  bool each(Run& run, Strand& strand, std::vector<Value> items);
  void beginMore(Run& run, Strand& parent);
  Strand& beginStrand(Run& run, const Strand& parent, std::uint32_t part, std::uint32_t pc);
  // The strand is gone after these.
  void endPart(Run& run, Strand& strand);
  void partFailed(Run& run, Strand& strand, Value error);
  void endBlock(Run& run, Strand& parent);
  void stopBlock(Run& run, const Strand& parent, bool atOnce, std::string_view reason);
  void stop(Run& run, Strand& strand, bool atOnce, std::string_view reason);
  void dropStopped(Run& run, Strand& strand);

  // --- sub_runs.cpp: runs that steps wait for
  const std::string& calledBy(const Run& run, const Step& step) const;
  bool waitsTooDeep(RunId child, RunId parent, int deep) const;
  void startSubRun(Run& run, Step& step);
  void tellParents(const Run& run);
  void endSubRun(const Step& step);

  const model::Program& program_;
  const std::vector<FlowCode>& code_;
  Session& session_;
  Tracer& tracer_;
  FlowEffects& effects_;
  std::map<RunId, Run> runs_;
  std::map<std::pair<FlowId, std::string>, RunId> latest_;  // by the newest version of the flow
  std::map<std::pair<Time, std::uint32_t>, Due> timers_;
  // runs with an open wait for events of a type
  std::map<TypeId, std::set<RunId>> waiting_;
  std::set<RunId> untils_;    // runs with an open `wait until`
  std::uint64_t looked_ = 0;  // changes of all facts, when they were last looked at
  // steps that wait for a run, by its id: their runs and numbers
  std::map<RunId, std::set<std::pair<RunId, std::uint32_t>>> awaited_;
  std::map<RunId, std::uint64_t> digests_;
  std::set<RunId> changed_;
  RunId acting_ = kNoRun;
  bool cancelsItself_ = false;  // the run whose action is under way has asked for its own end
  std::uint64_t digest_ = 0;    // sum over digests_
  std::uint32_t nextRun_ = 1, timersSet_ = 0;
};

// `err` of failure handlers and retry conditions.
Value failureValue(const Value& error, std::string_view reason, std::string_view step,
                   std::string_view function, std::uint32_t attempts);

}  // namespace reticle
