// The recognise-act loop over one working memory: facts, subjects, events, firing, truth
// maintenance.
//
// The session changes working memory only through the operations below; each is recorded as a
// decision for the journal, traced, and matched at once. It starts no flows and performs nothing
// outside: it tells its `Effects`.
//
// Invariants between operations:
//   (1) The agenda holds exactly the matches of working memory that have not fired.
//   (2) A logical fact has at least one support, a match that still holds.
//   (3) No two facts of a type with keys agree in all of them.
//   (4) At most one event is asserted; those raised meanwhile wait in order.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expression/code.h"
#include "model/model.h"
#include "network/network.h"
#include "reticle/explanation.h"
#include "reticle/options.h"
#include "reticle/output.h"
#include "reticle/result.h"
#include "reticle/views.h"
#include "trace/tracer.h"

namespace reticle {

// Field values by position.
using Assignment = std::vector<std::pair<FieldId, Value>>;

// An event on its way through the session. `number` counts all events of the session; `id` is what
// hosts see.
struct Event {
  std::string id;         // "e7", or the host's
  bool generated = true;  // the session gave the id
  // for a property change: the change type when some rule listens, else kChange only in `wire`
  TypeId type{};
  // false: nothing matches it (a change nobody listens to); it only goes out
  bool matched = true;
  std::string subject;  // name of the subject it is about; may be empty
  // ids of the event that caused it and of the first of the chain
  std::string cause, originId;
  std::string source;
  Time time = 0;
  // declared fields of the event type; empty for property changes
  std::vector<Value> values;
  // Property changes
  FactId fact = kNoFact;
  std::string property;
  Value old, value;
  bool fromOutside = false;  // handed in by the host: it is not sent out again
  // Trace chain
  std::uint32_t traceCause = 0, traceOrigin = 0;
};

// What one firing or one flow step wants to change; evaluated whole before anything is applied,
// applied whole or not at all.
struct Change {
  enum class Kind : std::uint8_t {
    Insert,
    InsertLogical,
    Set,
    Retract,
    Emit,
    Start,
    Log,
    Focus,
    Halt
  } kind{};
  TypeId type{};
  // Set, Retract; for a fact inserted earlier in the same list: `pending`
  FactId fact = kNoFact;
  // 1 + position of the Insert in the list whose fact is meant; 0: `fact`
  std::uint32_t pending = 0;
  std::vector<Value> values;  // Insert, Emit: declared fields
  Fields named;               // Set: by name, checked when applied
  std::string subject;        // Emit
  FlowId flow{};
  std::vector<Value> arguments;
  std::string key;          // Start
  std::string level, text;  // Log; Focus: `text` is the group
  bool muted = false;
};

// Actions speak of facts they insert before those have an id; after apply() this gives the real
// one. Other values are themselves.
Value resolvePending(const Value& value, const std::vector<FactId>& inserted);

// Recorded for the journal, in order. Applying them to the state before gives the state after,
// without running a rule.
// ORDER: journal codec (src/journal/entry.cpp)
struct Decision {
  enum class Kind : std::uint8_t {
    Assert,   // fact, type, values (all fields), flag = logical
    Update,   // fact, assignment
    Retract,  // fact
    Support,  // fact, activation
    Fire,     // activation, rule, facts (to verify)
    Raise,    // event: queued; flag = its id was generated
    Begin,    // the first queued event is asserted as `fact` (kNoFact when nothing matches it)
    End,      // it is gone
    Halt,
    Clock,   // time
    Run,     // bytes: the whole state of one run, opaque to the session
    Timer,   // rule: its moment has come (`on every`, `on cron`)
    Wake,    // bytes: opaque to the session
    Output,  // bytes: an output on its way out, for the account only
    Focus,   // values: the names of the groups on the stack, the lowest first
    Rest,    // the end of a turn for facts inserted and retracted in it
  } kind{};
  FactId fact = kNoFact;
  TypeId type{};
  ActivationId activation{};
  RuleId rule{};
  bool flag = false;
  Time time = 0;
  std::vector<Value> values;
  Assignment assignment;
  std::vector<FactId> facts;
  std::optional<Event> event;
  std::string bytes;
};

class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void record(Decision decision) = 0;
};

// What the session hands on to whoever runs it.
class Effects {
 public:
  virtual ~Effects() = default;
  // An event waits for its turn.
  virtual void eventRaised() = 0;
  virtual void startFlow(FlowId flow, std::vector<Value> arguments, std::string key) = 0;
  // An event begins its turn (after it was asserted, before rules fire): waiting runs look at it,
  // and it goes out if it is to.
  virtual void eventBegins(const Event& event) = 0;
  virtual void eventEnds(const Event& event) = 0;
};

struct SessionImage;

class Session final : public Surroundings {
 public:
  struct State;  // for the files of this folder
  Session(const model::Program& program, const Network& network, const EngineOptions& options,
          Tracer& tracer);
  ~Session() override;
  // Must be called before anything else; both outlive the session. Without a recorder nobody keeps
  // decisions, and none are made.
  void connect(Recorder* recorder, Effects* effects);
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
  Result<FactId> setProperties(std::string_view subject, std::string_view type,
                               const Fields& properties, bool muted);
  Result<std::string> raise(std::string_view type, const Fields& data, std::string_view subject,
                            std::string_view id, std::string_view source);

  // --- for flows and tests: the same changes from evaluated actions
  // Evaluates actions that change working memory (Insert, Set, Update, Retract, Emit, Start, Log,
  // Let, If, For, Halt; others are skipped) against a frame and adds what they want to `changes`.
  // `locals` is read and written; a fact inserted here and bound by `as` becomes a local when the
  // changes are applied. On an error answers it, and nothing of it may be applied.
  Status evaluate(const std::vector<model::Action>& actions, const Row* rows,
                  std::vector<Value>& locals, std::vector<Change>& changes) const;
  // Applies all or nothing. `inserted` receives the fact of each Insert, by position in `changes`
  // (kNoFact elsewhere).
  Status apply(std::vector<Change> changes, std::vector<FactId>* inserted = nullptr);

  // --- the loop
  // A settling: which rules may fire, and how much in each turn. Outside of one all may.
  void beginSettling(const SettleOptions& options);
  void beginTurn();  // before each turn of an event, a run or the clock
  void endSettling();
  // some activation can fire; groups with nothing to fire lose the focus
  bool ready();
  // Fires the best activation, or the given one. Answers the rule that fired, kNoRule when none
  // could; `fired` is told more when it is given.
  RuleId fireOne(std::optional<ActivationId> chosen = {}, Fired* fired = nullptr);
  // For the runaway guard: the change that made the match that fired last, and what a rule saw of
  // one of the last changes ("Counter.n").
  std::uint64_t firedRecency() const;
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
  // before `time`.
  void setClock(Time time);
  // the next moment at which the session has something to do; not before now()
  std::optional<Time> nextDue() const;

  // --- recovery: applies a recorded decision of the kinds above the line (Assert … Clock, Timer,
  // Rest); firing and truth maintenance stay off
  void beginRecovery();
  Status recover(const Decision& decision);
  Status endRecovery();

  // --- another program (replace.cpp)
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
  std::vector<std::uint32_t> memoryCounts() const;
  Result<std::vector<Fields>> runQuery(std::string_view name,
                                       const std::vector<Value>& arguments) const;
  Result<Explanation> explain(FactId fact) const;
  Result<ActivationExplanation> explain(ActivationId activation) const;
  Result<WhyNot> whyNot(std::string_view rule, const Fields& bindings) const;
  Result<RuleMatches> matches(std::string_view rule, std::size_t most) const;
  Counters counters() const;
  // Facts of a pattern, its candidate in row 0 of a frame with the given locals; in order of id.
  std::vector<FactId> find(const model::Pattern& pattern, const std::vector<Value>& locals) const;
  Row rowOf(FactId fact) const;  // a row with null fields when the fact is gone
  // Whether an event that has begun satisfies a pattern (for waiting runs); its fact is
  // `eventFact()`.
  FactId eventFact() const;
  const Event* currentEvent() const;
  void addDigest(Digest& digest) const;  // facts, agenda, queued events, clock
  std::uint64_t changeCount() const;

  // Surroundings
  Value fieldOf(FactId fact, FieldId field) const override;
  Value callHost(FunctionId function, const Value* args, std::size_t count) const override;
  Value query(QueryId query, const Value* args, std::size_t count) const override;
  std::optional<std::int32_t> zoneOffset(std::string_view zone,
                                         std::int64_t seconds) const override;
  bool passed(Time time) const override;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace reticle
