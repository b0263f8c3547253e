// The recognise-act loop over one working memory: facts, subjects, events, firing, truth
// maintenance.
//
// The session changes working memory only through the operations below; each is recorded as a
// decision for the journal, traced, and matched at once. It starts no flows and performs nothing
// outside: for that it has its `Effects`. What is asked about a session without changing it (why a
// rule did not fire, what a query finds) is in inquiry/.
//
// Invariants between operations:
//   (1) The agenda holds exactly the matches of working memory that have not fired.
//   (2) A logical fact has at least one support, a match that still holds.
//   (3) No two facts of a type with keys agree in all of them.
//   (4) At most one event is asserted; those raised meanwhile wait in order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/code.h"
#include "model/model.h"
#include "network/network.h"
#include "reticle/explanation.h"
#include "reticle/fields.h"
#include "reticle/input.h"
#include "reticle/options.h"
#include "reticle/output.h"
#include "reticle/result.h"
#include "reticle/views.h"
#include "session/change.h"
#include "session/decision.h"
#include "session/effects.h"
#include "session/event.h"
#include "trace/tracer.h"

namespace reticle {

struct SessionImage;

class Session final : public Surroundings {
 public:
  struct State;  // state.h: for the files of this folder, and to read for those of inquiry/
  Session(const model::Program& program, const Network& network, const EngineOptions& options,
          Tracer& tracer);
  ~Session() override;
  // Must be called before anything else; all of them outlive the session. Without a sink nobody
  // keeps decisions, and none are made.
  void connect(DecisionSink* sink, Effects* effects, const QueryAnswering* queries);
  // Asserts the built-in facts (Clock, when some rule reads it). Once, for a new session.
  void begin(Time start);

  // --- inputs (validated by name and type; refused ones change nothing)
  Result<FactId> insert(std::string_view type, const Fields& fields);
  // Rows of values, in each one for every field named: all are checked before the first is
  // inserted.
  Result<std::vector<FactId>> insertAll(std::string_view type,
                                        const std::vector<std::string>& fields,
                                        std::vector<Value> values);
  Status update(FactId fact, const Fields& fields);
  Status retract(FactId fact);
  // Properties of a subject, which begins with its first ones. `type` may be empty when the name
  // tells it; `muted`: no change events are raised.
  Result<FactId> setProperties(std::string_view subject, std::string_view type,
                               const Fields& properties, bool muted);
  // Properties that go; refused as a whole when one is not there, or must be.
  Result<FactId> unsetProperties(std::string_view subject, const std::vector<std::string>& names,
                                 bool muted);
  Result<FactId> deleteSubject(std::string_view subject);
  // Sets a property that holds `expected`; the result says whether, and what it held.
  Result<Accepted> compareAndSet(const input::CompareAndSet& input);
  Result<Accepted> raise(const input::Emit& input);
  // Whether raise() would take it.
  Status canRaise(const input::Emit& input) const;
  // False when none of that name waits.
  bool cancelEvent(const std::string& name, const std::string& subject);

  // An event of a type, with its fields checked and completed; it is not raised.
  Result<Event> eventOf(std::string_view type, const Fields& data) const;

  // --- for flows and tests: the same changes from evaluated actions
  // Evaluates actions that change working memory (Insert, Set, Update, Retract, Emit, Start, Log,
  // Let, If, For, Halt; others are skipped) against a frame and adds what they want to `changes`.
  // `locals` is read and written; a fact inserted here and bound by `as` becomes a local when the
  // changes are applied. On an error returns it, and nothing of it may be applied.
  Status evaluate(const std::vector<model::Action>& actions, const Row* rows,
                  std::vector<Value>& locals, std::vector<Change>& changes) const;
  // Applies all or nothing. `inserted` receives the fact of each Insert, by position in `changes`
  // (kNoFact elsewhere).
  Status apply(std::vector<Change> changes, std::vector<FactId>* inserted = nullptr);

  // Inserts what the program gives to every session; all of it or nothing.
  Status insertGiven();

  // --- the loop
  // A settling: which rules may fire, and how much in each turn. Outside of one all may.
  void beginSettling(const SettleOptions& options);
  void beginTurn();  // before each turn of an event, a run or the clock
  void endSettling();
  // some activation can fire; groups with nothing to fire lose the focus
  bool ready();
  // Fires the best activation, or the given one. Returns the rule that fired, kNoRule when none
  // could; `fired`, when given, receives more about it.
  RuleId fireOne(std::optional<ActivationId> chosen = {}, Fired* fired = nullptr);
  // For the runaway guard: the change that made the match that fired last, and what a rule saw of
  // one of the last changes ("Counter.n").
  std::uint64_t firedRecency() const;
  RuleId firingRule() const;  // kNoRule when none fires
  void addFeeds(RuleId rule, std::uint64_t change, std::vector<std::string>& out) const;
  bool halted() const;
  void clearHalt();
  bool hasEvent() const;  // an event is asserted now
  bool hasQueued() const;
  void beginEvent();  // Requires hasQueued() and !hasEvent()
  void endEvent();    // Requires hasEvent()
  // The end of a turn for facts: those that were inserted in it are no more news, those that were
  // retracted are gone. False when there are none.
  // Requires: !ready()
  bool rest();

  // --- time
  Time now() const;
  // Moves the clock, and carries out what is due then. Requires: time >= now(), and nothing due
  // before `time`. `target`: where this movement of the clock ends, which decides what is missed.
  void setClock(Time time, Time target);
  // the next moment at which the session has something to do; not before now()
  std::optional<Time> nextDue() const;

  // --- recovery: applies a recorded decision of the kinds that are the session's own (all but Run,
  // Wake and Output); firing and truth maintenance stay off
  void beginRecovery();
  // The decisions that follow are of one input: whether it is a host's change of a fact or subject.
  void recoverInput(bool changesByHost);
  Status recover(const Decision& decision);
  Status endRecovery();

  // --- another program (replace_program.cpp)
  // Whether what is in working memory and in the queue means something to `next`.
  Status canReplace(const model::Program& next) const;
  // Goes on with it, outside of a settling. What it leads to is in image(), not recorded. Requires
  // canReplace(); both outlive the session.
  Replaced replace(const model::Program& next, const Network& network);
  SessionImage image() const;
  // Takes the place of the whole state. Requires: the image of a session of this program.
  Status restore(const SessionImage& image);

  // --- views
  const model::Program& program() const;
  std::vector<FactView> facts(std::string_view type) const;
  std::size_t factCount() const;
  std::optional<FactView> fact(FactId id) const;
  bool holds(FactId id) const;
  std::optional<FactView> subject(std::string_view name) const;
  std::optional<FactId> findSubject(std::string_view name) const;
  std::vector<ActivationView> agenda() const;
  std::vector<WaitingEventView> waitingEvents() const;
  std::vector<FactView> subjects(const SubjectSelection& which) const;
  Result<Value> property(std::string_view subject, std::string_view name) const;
  std::vector<std::uint32_t> memoryCounts() const;
  Counters counters() const;
  // Facts of a pattern, its candidate in row 0 of a frame with the given locals; in order of id.
  std::vector<FactId> find(const model::Pattern& pattern, const std::vector<Value>& locals) const;
  // See QueryAnswering::match.
  bool match(const std::vector<model::Condition>& conditions, std::uint32_t rowCount,
             std::vector<Value>& locals, std::vector<FactId>& rows) const;
  // How often facts of a type have come, changed or gone since this session was made or opened.
  std::uint64_t changesOf(TypeId type) const;
  Row rowOf(FactId fact) const;  // a row with null fields when the fact is gone
  // Whether an event that has begun satisfies a pattern (for waiting runs); its fact is
  // `eventFact()`.
  FactId eventFact() const;
  const Event* currentEvent() const;
  // Outside of turns: events raised until this is called again are caused by that one, which is
  // borrowed; null: by none.
  void actFor(const Event* event);
  const std::string& source() const;     // of events that the session makes itself
  void addDigest(Digest& digest) const;  // facts, agenda, queued events, clock
  std::uint64_t changeCount() const;
  // What the session holds, to be read by inquiry/.
  const State& state() const { return *(filling_ ? filling_ : state_.get()); }

  // Surroundings
  Value fieldOf(FactId fact, FieldId field) const override;
  Value callHost(FunctionId function, const Value* args, std::size_t count) const override;
  Value query(QueryId query, const Value* args, std::size_t count,
              const Surroundings& asker) const override;
  std::optional<std::int32_t> zoneOffset(std::string_view zone,
                                         std::int64_t seconds) const override;
  bool passed(Time time) const override;
  std::optional<Time> clock() const override;

 private:
  std::unique_ptr<State> state_;
  // A state that is being made to take the place of the other: expressions are evaluated in it.
  const State* filling_ = nullptr;
};

}  // namespace reticle
