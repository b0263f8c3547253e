// What reticle/engine.h stands on: one session, its runs and its journal, and the order in which
// everything has its turn.
//
//   submit   input → session or flows, at once → one journal entry
//   settle   until nothing is left: fire the best activation · else the facts of the turn come to
//            rest · else end the event at hand · else the next of the queue (an event begins, a run
//            goes on), first in, first out · else, when the clock has to move, the next timer or
//            change of Clock → one journal entry
//
// Invariants between calls:
//   (1) Every decision since the last call stands in an entry, and the state is what recovery from
//       the entries would give (the digests agree).
//   (2) An output can be taken only when its entry is durable: appended to the store, or said to be
//       so by journalDurable(). Who never takes
//       the journal of an engine without a store does not keep it: then outputs can be taken at
//       once. With `journal: false` there is none.
//   (3) After an error of the store nothing is accepted any more.
//
// Outputs that a journal holds but whose taking it does not prove are released again by recovery:
// calls as a further attempt, events as they were. Hosts get them at least once; `id` and `key`
// show which ones are repeated.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/flows.h"
#include "inquiry/inquiry.h"
#include "journal/entry.h"
#include "program/program_state.h"
#include "reticle/engine.h"
#include "session/session.h"
#include "trace/tracer.h"

namespace reticle {

// Sees each event as it begins its turn: for tests.
class EventWatcher {
 public:
  virtual ~EventWatcher() = default;
  virtual void eventBegins(const Event& event, const Session& session) = 0;
};

class Core final : private DecisionSink, private Effects, private FlowEffects {
 public:
  Core(std::shared_ptr<const Program> program, EngineOptions options);
  ~Core() override = default;
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // One of these comes first.
  void begin();
  Status open(std::unique_ptr<Store> store);
  Status recover(std::string_view journal);

  Result<Accepted> submit(const Input& input);
  Status canTake(const input::Emit& event) const;
  SettleReport settle(const SettleOptions& options);
  Result<Replaced> replaceProgram(std::shared_ptr<const Program> program);
  std::vector<Output> takeOutputs();
  std::string takeJournal();
  void journalDurable();
  const std::optional<Recovery>& recovery() const { return recovery_; }
  const std::optional<Error>& storeError() const { return storeError_; }

  const Session& session() const { return session_; }
  const Inquiry& inquiry() const { return inquiry_; }
  const Flows& flows() const { return flows_; }
  Time now() const { return session_.now(); }
  const Program& program() const { return *program_; }
  std::optional<Time> nextTimer() const;
  std::string digest() const;
  std::string traceDigest() const { return tracer_.digest(); }
  void watch(EventWatcher* watcher) { watcher_ = watcher; }

 private:
  // The one queue: an event of the session's own queue, or a run.
  struct Work {
    RunId run = kNoRun;
    std::uint32_t cause = 0, origin = 0;
  };
  struct Accept;  // carries out one kind of input each

  // What the parts ask for
  void record(Decision decision) override;
  void eventRaised() override;
  void startFlow(FlowId flow, std::vector<Value> arguments, std::string key) override;
  void signalRun(FlowId flow, const std::string& key, TypeId event,
                 std::vector<Value> values) override;
  void cancelRun(FlowId flow, const std::string& key) override;
  void eventBegins(const Event& event) override;
  void eventEnds(const Event& event) override;
  void wake(RunId run) override;
  void call(Call call) override;

  Result<std::vector<Value>> argumentsFor(const model::Flow& flow, const Fields& given) const;
  void stage(Output output);
  CloudEvent envelope(const Event& event) const;
  std::uint64_t stateDigest() const;
  // Ends an entry: the states that changed, the bytes, the store, and then the outputs.
  void commit(InputKind kind, std::string_view input);
  // What every session begins with.
  void carryOutGiven();
  bool hasDecided() const {
    return decisions_ > 0 || queueChanged_ || flows_.hasChanged() || !options_.journal;
  }
  void release();  // outputs whose entry is made
  void fire(const SettleOptions& options, SettleReport& report);
  bool takeTurn();
  bool moveClock();
  void findCycle(SettleReport& report) const;
  void traceRunaway(const SettleReport& report);
  void traceOutput(const Output& output);
  // What a firing or a step has asked of a run is refused, while the rest of it stands.
  void traceRefused(const Error& error, const std::string& part, Span place);

  std::string encodeQueue() const;
  bool decodeQueue(std::string_view bytes);
  Status goOnFrom(const JournalView& journal);
  Status recoverEntry(const EntryView& entry);
  Status recoverDecision(Decision decision);
  Status recoverReplaced(const EntryView& entry);
  Status recoverOutputs(const EntryView& entry);
  Status checkEntry(const EntryView& entry) const;
  void rebuildFlows();

  std::shared_ptr<const Program> program_;
  EngineOptions options_;
  Tracer tracer_;
  Session session_;
  Inquiry inquiry_;
  Flows flows_;
  EventWatcher* watcher_ = nullptr;

  std::deque<Work> queue_;
  bool queueChanged_ = false;
  // where the clock is to go; not after now() when it has arrived
  Time target_ = 0;
  // … and where the host will bring it after that; only what is missed on the way depends on it
  Time goal_ = 0;
  static constexpr std::size_t kHistory = 256;
  // made: the change that made the match
  struct Past {
    RuleId rule = kNoRule;
    std::uint64_t made = 0;
  };
  // the last firings: number n (from 0) at n % kHistory
  Past history_[kHistory];
  std::uint64_t fired_ = 0;  // firings of this settle

  EntryWriter writer_;
  ByteWriter decided_;  // the decisions of the entry in the making
  std::size_t decisions_ = 0;
  std::unique_ptr<Store> store_;
  std::optional<Error> storeError_;
  std::optional<Recovery> recovery_;
  std::string journal_;        // without a store: what was not taken yet
  bool journalTaken_ = false;  // somebody keeps it

  std::vector<Output> staged_;  // of the entry in the making
  std::vector<Output> held_;    // entries made, not known to be durable
  // of these, how many belong to journal bytes that were taken
  std::size_t heldInTaken_ = 0;
  std::vector<Output> ready_;
  // outputs ever staged, made ready, taken
  std::uint64_t staging_ = 0, released_ = 0, taken_ = 0;
  // while recovering: events whose taking is not proven
  std::deque<std::pair<std::uint64_t, CloudEvent>> unproven_;
};

}  // namespace reticle
