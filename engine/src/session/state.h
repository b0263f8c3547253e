// What a session holds. Shared by the files of this folder; nobody else sees it.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agenda/agenda.h"
#include "base/hash.h"
#include "match/matcher.h"
#include "match/working_memory.h"
#include "session/once_book.h"
#include "session/direct.h"
#include "session/session_image.h"
#include "session/reasons.h"
#include "session/session.h"
#include "session/shared_texts.h"
#include "session/timers.h"

namespace reticle {

constexpr std::size_t kNoted = 1024;

// Facts inserted by actions that are not applied yet are spoken of by their position in the list of
// changes.
constexpr std::uint32_t kPending = 0x80000000u;

// By type: whether rules can derive (`insert logical`) facts of it from facts of it.
std::vector<bool> circularTypes(const model::Program& program);

struct Session::State final : MatchListener {
  State(Session& session, const model::Program& program, const Network& network,
        const EngineOptions& options, Tracer& tracer)
      : session(session),
        program(program),
        network(network),
        options(options),
        tracer(tracer),
        memory(program),
        matcher(network, memory, session, *this),
        agenda(planOf(program), options.strategy, options.seed),
        direct(*this, program),
        reasons(program, memory) {
    clockMask = clockReads();
    ruleCounters.resize(program.rules.size());
    circular = circularTypes(program);
  }

  // --- MatchListener
  void matchesAdded(const std::vector<NewMatch>& matches) override;
  void matchRemoved(TokenId token, std::uint32_t activation) override;
  void memoryChanged(NodeId node, bool added, const std::vector<FactId>& facts,
                     std::uint32_t count) override;
  bool watching() const override { return tracer.on(); }

  // --- matches
  void takeMatch(RuleId rule, TokenId token);
  std::int64_t computedSalience(const model::Rule& rule, TokenId token) const;
  void markFired(ActivationSlot activation, bool silent);
  void traceActivation(ActivationSlot slot);
  void traceDeactivation(const Activation& activation);
  std::vector<std::uint64_t> tagsOf(TokenId token) const;

  // --- control.cpp: which matches may fire
  std::optional<Value> onceValue(const model::Rule& rule, TokenId token) const;
  // why a match that comes now cannot fire
  std::uint8_t heldFor(const model::Rule& rule) const;
  void enterControl(const model::Rule& rule, ActivationSlot slot);
  void leaveControl(ActivationSlot slot);
  std::vector<ActivationSlot> dropsOf(ActivationSlot slot);
  // why an activation that has not fired cannot; empty: it can
  std::string waitsFor(ActivationSlot slot) const;
  void moveDates(Time before);
  std::optional<Time> nextDate() const;
  // records and traces it when it has changed
  void noteFocus();
  Status setFocus(const std::vector<Value>& groups);
  void passOver(ActivationSlot slot, Held why);
  void spendTurn();
  void advancePass();

  // --- replace.cpp: another program
  // Where a match stands among all others, whatever network found it: its rule, facts, and the
  // values it binds.
  struct Place {
    RuleId rule{};
    std::vector<FactId> facts;
    std::string values;
    friend bool operator<(const Place& a, const Place& b) {
      if (a.rule != b.rule) return a.rule < b.rule;
      if (a.facts != b.facts) {
        return std::lexicographical_compare(b.facts.begin(), b.facts.end(), a.facts.begin(),
                                            a.facts.end());
      }
      return a.values < b.values;
    }
  };
  using MatchesFor =
      std::function<std::vector<SessionImage::Match>(const State&, const std::vector<NewMatch>&)>;
  Place placeOf(RuleId rule, TokenId token) const;
  std::vector<ActivationSlot> inPlaceOrder() const;
  Status take(const SessionImage& image, const MatchesFor& matchesFor);
  void adopt(const NewMatch& match, const SessionImage::Match& as);
  void relisten(Event& event) const;
  // with Clock when some rule reads it, without when none does
  void fitClock(SessionImage& image) const;

  // --- changes of working memory: recorded, traced, matched; nothing is checked any more
  // `by`: the rule and the facts of the firing that inserts it; kNoRule when none does. The values
  // are moved from.
  FactId assertFact(TypeId type, std::span<Value> values, bool logical, RuleId rule,
                    const std::vector<FactId>& facts, FactId id = kNoFact);
  FactId assertFact(TypeId type, std::span<Value> values, bool logical) {
    return assertFact(type, values, logical, kNoRule, {});
  }
  void updateFact(FactId fact, const Assignment& assignment);
  // The part of it that recovery of a turn's end has in common: neither recorded nor traced.
  // Internal fields alone leave the fact's recency as it was.
  void assign(FactId fact, const Assignment& assignment);
  void retractFact(FactId fact);
  // `activation`: kNoActivation when the match has ended by now.
  void addSupport(FactId fact, ActivationSlot activation, ActivationId id);
  void dropSupports(FactId fact);
  void makeStated(FactId fact);
  void retractUnsupported();
  // Whether something stated holds a logical fact up, not only logical facts that hold up each
  // other.
  bool isFounded(FactId fact) const;

  // --- events
  void raise(Event event);
  TraceRecord eventRecord(const Event& event, const char* phase) const;
  // and remembers the record as the cause of what the event does
  void traceRaised(Event& event);
  void raiseChange(FactId fact, const std::string& property, const Value& old, const Value& value);
  // Sets properties of a subject (or fields of a fact) and raises the change events.
  void setFields(FactId fact, const Assignment& assignment, bool muted);

  // --- time (moments.cpp)
  void beginClock(Time time);
  void scheduleRule(RuleId rule);           // when it waits for moments
  bool waitsForMoments(RuleId rule) const;  // `on every`, `on cron`
  void tick();                              // the matcher has its clock, too
  void carryOutDue();
  void carryOut(const Timer& timer);
  void momentOf(RuleId rule);

  // --- lifetimes of events (lifetimes.cpp)
  // when it comes to the end of the lifetime it has reached
  std::optional<Timer> expiryOf(const StoredFact& event) const;
  void expire(FactId event);
  void endTurnOf(FactId event);
  void moveTo(FactId event, std::size_t stage);
  // events that no window of `over last n` holds any more
  void dropDisplaced();

  // --- internal fields (internal.cpp, see model::FactType::stage)
  // of a fact that comes
  void fillInternal(const model::FactType& type, std::span<Value> values) const;
  // what follows from an update
  void addInternal(const StoredFact& fact, Assignment& assignment) const;
  // from the rules whose pattern the update makes true or false
  void bar(const StoredFact& fact, std::span<const Value> next, Assignment& assignment) const;
  bool satisfies(const std::vector<model::Expression>& tests, std::span<const Value> fields) const;
  // those that came have come, those that went are gone
  void settleFacts();
  // Fields of a fact of another program's type, in the shape of this one's.
  std::vector<Value> refit(const model::FactType& from, const model::FactType& to,
                           std::vector<Value> fields, FactId fact, bool inTurn) const;

  // --- checks
  // Completes and checks the declared fields of a new fact; the result holds hidden fields too.
  Result<std::vector<Value>> complete(TypeId type,
                                      const std::vector<std::optional<Value>>& given) const;
  // The type of that name whose facts hosts may insert.
  Result<const model::FactType*> insertableType(std::string_view name) const;
  Result<std::vector<std::optional<Value>>> byName(TypeId type, const Fields& fields) const;
  // byName() and complete() in one, without words, for plain facts; false where those refuse, or
  // know more.
  bool completePlain(const model::FactType& type, const Fields& fields,
                     std::vector<Value>& values) const;
  // Checks values to be set on a fact; fields it does not have become entries of its open
  // properties.
  Result<Assignment> assignmentFor(FactId fact, const Fields& fields) const;
  Status checkFields(const model::FactType& type, std::span<const Value> values) const;
  // An existing fact with the same key or name; kNoFact when there is none.
  FactId twin(TypeId type, std::span<const Value> values) const;
  // A logical fact equal in every field; kNoFact when there is none.
  FactId equalLogical(TypeId type, std::span<const Value> values) const;
  std::string describe(FactId fact) const;

  // --- firing
  struct Firing {
    ActivationSlot slot = kNoActivation;
    ActivationId activation{};
    RuleId rule = kNoRule;
    std::vector<FactId> facts;
  };
  // Carries out the actions of the rule that fires, its match in rowsOfFiring and localsOfFiring.
  Status fireInGeneral(const model::Rule& rule);

  // Where the activation that fires now is kept; kNoActivation when its match has ended.
  ActivationSlot firingSlot() const {
    return agenda.at(firing.slot).id == firing.activation ? firing.slot : kNoActivation;
  }

  // Decisions are made only for somebody who keeps them.
  bool recording() const { return recorder != nullptr && !recovering; }
  void record(Decision decision) {
    if (recording()) recorder->record(std::move(decision));
  }

  // Of one fact, one activation: numbers in a sum without order. With a journal the sums are kept
  // up at every change, since every entry holds them;
  // without one they are made when somebody asks.
  std::uint64_t digestOf(const StoredFact& fact) const;
  std::uint64_t digestOf(const Activation& activation) const;
  void toggleFact(const StoredFact& fact) {
    if (options.journal) factDigest ^= digestOf(fact);
  }
  void toggleActivation(const Activation& activation) {
    if (options.journal) agendaDigest ^= digestOf(activation);
  }
  std::uint64_t contentHash(TypeId type, std::span<const Value> values) const;
  FieldMask clockReads() const;
  Assignment clockFields(Time time) const;
  void driveClock();  // gives Clock the properties of now
  // when a property of Clock that some rule reads changes next
  std::optional<Time> nextClockChange() const;

  Session& session;
  const model::Program& program;
  const Network& network;
  const EngineOptions& options;
  Tracer& tracer;
  Recorder* recorder = nullptr;
  Effects* effects = nullptr;
  WorkingMemory memory;
  Matcher matcher;
  Agenda agenda;
  DirectFiring direct;
  // While facts are taken in by take(): matches that wait to be told apart; what has ended
  // meanwhile has no token. The matcher keeps their positions.
  bool filling = false;
  std::vector<NewMatch> arrived;
  OnceBook once;
  // of rules with dates: the activations that have not fired
  std::map<RuleId, ActivationSet> dated;
  std::vector<std::uint32_t> notedFocus;
  SettleOptions::Mode mode = SettleOptions::Mode::All;
  // by rule: this settling does not ask for it; empty: it asks for all
  std::vector<std::uint8_t> muted;
  // nothing more fires in this turn
  bool turnSpent = false;
  std::optional<RulePass> pass;
  std::vector<std::pair<ActivationId, ActivationSlot>> passedOver;  // held until the settling ends
  // The last changes, for the runaway guard: what change `number` did.
  // fields: 0 when the fact came or went
  struct Noted {
    std::uint64_t number = 0;
    TypeId type{};
    FieldMask fields = 0;
  };
  std::vector<Noted> noted = std::vector<Noted>(kNoted);
  // of the activation that fired last
  std::uint64_t firedRecency = 0;
  void note(TypeId type, FieldMask fields) { noted[changes % kNoted] = {changes, type, fields}; }
  std::uint64_t changes = 0;
  std::uint64_t factDigest = 0, agendaDigest = 0;
  // of logical facts: the matches they stand on
  FlatMap<std::uint32_t, std::vector<ActivationSlot>> supports;
  FlatMap<ActivationSlot, std::vector<FactId>> supported;  // … and the other way round
  // slots of logical facts, by contentHash()
  SlotIndex logicalByContent;
  SharedTexts texts;
  // of derived facts that are not logical
  Reasons reasons;
  // go the oldest first, in whatever order the matches ended
  std::set<FactId> unsupported;
  // lost one support of several, and may now only support each other
  std::set<FactId> doubtful;
  // by type: whether facts of it can, by way of others, support facts of it
  std::vector<bool> circular;
  // by rule; names are filled in when they are asked for
  std::vector<Counters::Rule> ruleCounters;
  std::deque<Event> queue;
  std::optional<Event> current;
  FactId currentFact = kNoFact;
  // of this turn (see model::Phase), as they came and went
  std::vector<FactId> fresh, gone;
  // a subject whose first properties are being set
  FactId creating = kNoFact;
  std::uint32_t nextEvent = 1;
  Firing firing;
  // Of firings, used again by the next.
  std::vector<Row> rowsOfFiring;
  std::vector<Value> localsOfFiring;
  const std::vector<Change>* pendingChanges = nullptr;  // while actions are evaluated
  Time start = 0, now = 0;
  Timers timers;
  // of rules that wait for moments: all that match
  std::map<RuleId, ActivationSet> parked;
  FactId clockFact = kNoFact;
  FieldMask clockMask = 0;
  bool begun = false;  // the clock has its first time
  bool halted = false;
  bool recovering = false;
};

}  // namespace reticle
