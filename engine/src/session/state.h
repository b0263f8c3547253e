// What a session holds, and how its parts work together. The parts keep what belongs together, each
// with its own invariants, and do not know each other but where a constructor says so; every change
// of working memory goes through the functions below, which tell each part what it has to know of
// it, in an order that is the same live and in recovery.
//
// Shared by the files of this folder; inquiry/ reads it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agenda/agenda.h"
#include "match/matcher.h"
#include "match/working_memory.h"
#include "model/doings.h"
#include "model/listened.h"
#include "session/arrived_matches.h"
#include "session/builtin_clock.h"
#include "session/calendar.h"
#include "session/counters.h"
#include "session/direct.h"
#include "session/event_queue.h"
#include "session/fact_checks.h"
#include "session/firing.h"
#include "session/firing_control.h"
#include "session/internal_fields.h"
#include "session/reasons.h"
#include "session/recent_changes.h"
#include "session/refraction.h"
#include "session/refusals.h"
#include "session/renewals.h"
#include "session/seen_events.h"
#include "session/session.h"
#include "session/session_image.h"
#include "session/shared_texts.h"
#include "session/state_digest.h"
#include "session/trace_records.h"
#include "session/truths.h"
#include "session/waiting_events.h"

namespace reticle {

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
        checks(program, memory, session),
        truths(program, memory, matcher, agenda),
        reasons(program, memory),
        digest(options.journal),
        seen(options.rememberedEvents),
        clock(program, network, options.zones),
        calendar(program, options.zones),
        control(program, agenda, calendar),
        internals(program, memory, session, calendar),
        direct(*this, program),
        counters(program),
        failedType(eventNamed(program, model::kRuleFailed)),
        processedType(eventNamed(program, model::kRuleProcessed)),
        listened(model::listenedTypes(program)) {
    for (const model::Rule& rule : program.rules) {
      if (rule.eachCycle) eachCycle.push_back(rule.id);
    }
  }

  // --- match_listener.cpp: what becomes of matches
  void matchesAdded(const std::vector<NewMatch>& matches) override;
  void matchRemoved(TokenId token, std::uint32_t activation) override;
  void memoryChanged(NodeId node, bool added, const std::vector<FactId>& facts,
                     std::uint32_t count) override;
  bool watching() const override { return tracer.isWhole(); }
  void takeMatch(RuleId rule, TokenId token);
  // Whether a match that comes counts as fired: it has fired for its trigger, or is back as it was.
  bool hasFiredBefore(const model::Rule& rule, TokenId token, bool renewed);
  // For rules with a trigger: this match has fired.
  void noteFired(const model::Rule& rule, TokenId token);
  // A match ends that had fired.
  void noteLeft(const Activation& activation);
  MatchIdentity identityOf(RuleId rule, TokenId token) const {
    return {rule, matcher.factsOf(token), matcher.placesOf(token)};
  }
  // What a rule reads of a match: fields and bound values. Nothing for a rule with facts that an
  // `either` makes known: of them the old values are not at hand when a match ends.
  std::optional<std::vector<Value>> valuesRead(const model::Rule& rule, TokenId token) const;
  // The same for a match whose activation is known from another state.
  void adopt(const NewMatch& match, const SessionImage::Match& as);
  std::int64_t salienceOf(const model::Rule& rule, TokenId token) const;
  // The value that `once per` asks for; nothing when it cannot be computed, or is equal to nothing.
  std::optional<Value> onceValue(const model::Rule& rule, TokenId token) const;
  std::vector<std::uint64_t> tagsOf(TokenId token) const;
  // `silent`: it counts as fired, but its actions are not carried out.
  void markFired(ActivationSlot slot, bool silent);
  void traceActivation(ActivationSlot slot);
  // It is ready again. Requires: it has fired
  void rearm(ActivationSlot slot);
  void rearmFreed();
  // Matches of the rule that have fired are ready again.
  void refresh(const std::string& rule);
  // The saliences that are computed before each firing.
  void reviseSaliences();
  void setSalience(ActivationSlot slot, std::int64_t salience);
  // The focus may have changed: reported and recorded when it has.
  void noteFocus() {
    if (control.takeFocusChange()) reportFocus();
  }
  void reportFocus();
  Status setFocus(const std::vector<Value>& groups);

  // --- changes.cpp: working memory changes; recorded, traced, matched, and not checked any more
  // `by`: the rule and the facts of the firing that inserts it; kNoRule when none does. The values
  // are moved from.
  FactId assertFact(TypeId type, std::span<Value> values, bool logical, RuleId by,
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
  void makeStated(FactId fact);
  // A fact that was derived is handed in or inserted: from now on it is stated, with these values.
  void stateAs(FactId fact, std::span<const Value> values);
  // --- conclusions.cpp: the end of each operation. What was derived from matches that the
  // operation has renewed is made true again, and what nothing holds up any more goes.
  void settleTruths();
  void noteEnded(const Activation& activation, ActivationSlot slot);
  bool noteCame(const Activation& activation, ActivationSlot slot);
  void conclude(const Renewals::Renewed& renewed);
  // A stated fact goes, or gives its key up: what rules derive underneath comes again.
  void noteUncovered(const StoredFact& stated);
  bool changesKey(const StoredFact& stored, const Assignment& assignment) const;
  // Makes one conclusion of a match true; returns the fact that stands for it, or none.
  FactId concludeOne(const Renewals::Renewed& by, TypeId type, std::vector<Value>& values);

  // --- changes.cpp
  // The end of a turn: facts that came have come, those that went are gone.
  void settleFacts();

  // --- events.cpp
  void raise(Event event);
  // What an event is given when it is raised: when, from whom, by which rule, in which chain.
  void complete(Event& event);
  bool isEndless(const Event& event);
  void enqueue(Event event, std::uint32_t number);
  // One from outside is known from now on by its source and id.
  void noteSeen(const Event& event);
  // Raised now, and has its turn at `due`. A waiting event of the same name and subject gives way.
  void await(Event event, Time due, std::string name);
  // False when there is none.
  bool dropWaiting(const std::string& name, const std::string& subject);
  void drop(std::uint32_t number);
  void release(std::uint32_t number);
  std::uint64_t fingerprintOf(const Event& event) const;
  // Whether anything here sees an event, by how far it goes.
  void aim(Event& event) const;
  // Whether an event was taken before. An error when it says something else now.
  Result<bool> isKnown(const Event& event) const;
  bool isOwn(const Event& event) const;
  // and remembers the record as the cause of what the event does
  void traceRaised(Event& event);
  // `gone`: the property is there no more.
  void raiseChange(FactId fact, const std::string& property, const Value& old, const Value& value,
                   bool gone = false);
  void raiseGone(const StoredFact& subject);
  // A fact that goes; of a subject that is told outside.
  void retractTold(FactId fact);
  // Sets properties of a subject (or fields of a fact) and raises the change events.
  // `quiet`: of which no change is told although the others' are; `unset`: which go.
  void setFields(FactId fact, const Assignment& assignment, bool muted,
                 const std::vector<std::string>& quiet = {},
                 const std::vector<std::string>& unset = {});
  // Whether a property change is matched in this program depends on who listens to it.
  void relisten(Event& event) const;

  // --- doings.cpp: events of the engine's own doings
  // Tells the rules that a firing has failed, when the program declares `RuleFailed`.
  void tellFailed(const model::Rule& rule, const Error& error);
  // The same of what each rule with `on` has made of the event whose turn ends: `RuleProcessed`.
  void tellProcessed();
  // The type of an event as envelopes have it.
  std::string wireTypeOf(const Event& event) const;
  // Around a firing, whose match is loaded: what becomes of it is told later.
  void beginProcessing(const model::Rule& rule);
  void endProcessing(const Status& done);
  // Changes that the firing makes, as operations of a JSON Patch (RFC 6902).
  void noteInserted(const StoredFact& stored);
  void noteUpdated(const StoredFact& stored, const Assignment& assignment);
  void noteChange(const char* op, std::string path, const Value* value);
  std::string placeOf(const StoredFact& stored) const;
  Event doingOf(const model::FactType& type,
                const std::vector<std::pair<std::string_view, Value>>& told);

  // --- moments.cpp: time
  void beginClock(Time time);
  std::vector<std::pair<RuleId, bool>> moveDates(Time before);
  void tick();  // the matcher has its clock, too
  void carryOutDue();
  void carryOut(const Timer& timer);
  // `missed`: it passes without the rule, which waits for its next one.
  void momentOf(RuleId rule, bool missed);
  void reportUnknownZones();
  void driveClock();  // gives Clock the properties of now

  // --- event_lifetimes.cpp: how long events stay
  // when it comes to the end of the lifetime it has reached
  std::optional<Timer> expiryOf(const StoredFact& event) const;
  void expire(FactId event);
  void endTurnOf(FactId event);
  void moveTo(FactId event, std::size_t stage);
  // events that no window of `over last n` holds any more
  void dropDisplaced();

  // The firing under way was refused; when a fact holds the key it wanted, it waits for that.
  void noteRefused(const model::Rule& rule);
  // Carries out the actions of the rule that fires, its match loaded.
  Status fireInGeneral(const model::Rule& rule);
  // What a rule derives from a match, and nothing else of its actions: those whose values can be
  // computed while nothing of the rule is carried out.
  std::vector<Change> conclusionsOf(const model::Rule& rule, const Row* rows,
                                    std::vector<Value>& locals);
  // Takes a whole state in. Requires: nothing has been done with this one yet. `matchesFor` says of
  // each match, in order, which activation it is.
  using MatchesFor =
      std::function<std::vector<SessionImage::Match>(const State&, const std::vector<NewMatch>&)>;
  Status take(const SessionImage& image, const MatchesFor& matchesFor);

  static const model::FactType* eventNamed(const model::Program& program, std::string_view name) {
    const model::FactType* type = program.findType(name);
    return type && type->kind == model::FactKind::Event ? type : nullptr;
  }

  Session& session;
  const model::Program& program;
  const Network& network;
  const EngineOptions& options;
  Tracer& tracer;
  Decisions decisions;
  Effects* effects = nullptr;
  const QueryAnswering* queries = nullptr;
  WorkingMemory memory;
  Matcher matcher;
  Agenda agenda;
  FactChecks checks;
  RecentChanges changes;
  Truths truths;
  Renewals renewals;
  TriggerBook firedForEvent, firedForNews;
  ReturnBook returns;
  Refusals refusals;
  Time target = 0;             // where the clock is moving to
  FactId inTheWay = kNoFact;   // of a firing that was refused: what holds the key
  bool changedByHost = false;  // while a host's change of a fact or subject is carried out
  Reasons reasons;             // of derived facts that are not logical
  StateDigest digest;
  SeenEvents seen;
  EventQueue events;
  WaitingEvents waiting;
  BuiltinClock clock;
  Calendar calendar;
  FiringControl control;
  InternalFields internals;
  Firing firing;
  DirectFiring direct;
  RuleCounters counters;
  const model::FactType* const failedType;     // `RuleFailed`, when it is declared
  const model::FactType* const processedType;  // `RuleProcessed`, the same
  // What the turn under way has come to so far, by rule; and the rule that fires.
  struct Processed {
    std::int64_t fired = 0, failed = 0;
    bool notesChanges = false;  // the firing under way
    std::string code, message;  // of the last failure
    Value::List bindings, changes;
  };
  std::map<RuleId, Processed> processed;
  Processed* processing = nullptr;
  bool notesChanges() const { return processing && processing->notesChanges; }
  const std::vector<bool> listened;  // by type: whether rules or flows here are for its events
  std::vector<RuleId> eachCycle;     // rules whose salience is computed before each firing
  ArrivedMatches arrived;
  SharedTexts texts;
  const std::vector<Change>* evaluating = nullptr;  // while actions are evaluated: what they want
};

}  // namespace reticle
