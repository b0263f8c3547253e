// What a session holds. Shared by the files of this folder; nobody else sees it.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agenda/agenda.h"
#include "base/hash.h"
#include "match/matcher.h"
#include "match/working_memory.h"
#include "session/reasons.h"
#include "session/session.h"
#include "session/timers.h"

namespace reticle {

// Facts inserted by actions that are not applied yet are spoken of by their position in the list of changes.
constexpr std::uint32_t kPending = 0x80000000u;

struct Session::State final : MatchListener {
  State(Session& session, const model::Program& program, const Network& network, const EngineOptions& options, Tracer& tracer)
      : session(session), program(program), network(network), options(options), tracer(tracer), memory(program), matcher(network, memory, session, *this), reasons(program, memory) {}

  // --- MatchListener
  void matchesAdded(const std::vector<NewMatch>& matches) override;
  void matchAdded(RuleId rule, TokenId token);
  void matchRemoved(TokenId token, std::uint32_t activation) override;
  void memoryChanged(NodeId node, bool added, const std::vector<FactId>& facts, std::uint32_t count) override;
  bool watching() const override { return tracer.on(); }

  // --- changes of working memory: recorded, traced, matched; nothing is checked any more
  struct Derivation { RuleId rule = kNoRule; std::vector<FactId> facts; };
  FactId assertFact(TypeId type, std::vector<Value> values, bool logical, Derivation by, FactId id = kNoFact);
  void updateFact(FactId fact, Assignment assignment);
  // The part of it that recovery of a turn's end has in common: neither recorded nor traced. Internal fields alone leave the fact's recency as it was.
  void assign(FactId fact, const Assignment& assignment);
  void retractFact(FactId fact);
  void addSupport(FactId fact, ActivationId activation);
  void makeStated(FactId fact);
  void retractUnsupported();
  void markFired(ActivationId activation, bool silent);
  void traceActivation(const Activation& activation);

  // --- events
  void raise(Event event);
  TraceRecord eventRecord(const Event& event, const char* phase) const;
  void traceRaised(Event& event);                     // and remembers the record as the cause of what the event does
  void raiseChange(FactId fact, const std::string& property, const Value& old, const Value& value);
  // Sets properties of a subject (or fields of a fact) and raises the change events.
  void setFields(FactId fact, const Assignment& assignment, bool muted);

  // --- time (moments.cpp)
  void beginClock(Time time);
  void scheduleRule(RuleId rule);                     // when it waits for moments
  bool waitsForMoments(RuleId rule) const;            // `on every`, `on cron`
  void carryOutDue();
  void carryOut(const Timer& timer);
  void momentOf(RuleId rule);

  // --- lifetimes of events (lifetimes.cpp)
  std::optional<Timer> expiryOf(const StoredFact& event) const;   // when it comes to the end of the lifetime it has reached
  void expire(FactId event);
  void endTurnOf(FactId event);

  // --- facts that come and go, for `on insert` and `on retract` (lifetimes.cpp)
  void bar(const StoredFact& fact, Assignment& assignment) const;   // from the rules whose pattern the update makes true or false
  void settleFacts();                                               // those that came have come, those that went are gone

  // --- checks
  // Completes and checks the declared fields of a new fact; the result holds hidden fields too.
  Result<std::vector<Value>> complete(TypeId type, const std::vector<std::optional<Value>>& given) const;
  Result<std::vector<std::optional<Value>>> byName(TypeId type, const Fields& fields) const;
  // Checks values to be set on a fact; fields it does not have become entries of its open properties.
  Result<Assignment> assignmentFor(FactId fact, const Fields& fields) const;
  Status checkFields(const model::FactType& type, const std::vector<Value>& values) const;
  // An existing fact with the same key or name; kNoFact when there is none.
  FactId twin(TypeId type, const std::vector<Value>& values) const;
  // A logical fact equal in every field; kNoFact when there is none.
  FactId equalLogical(TypeId type, const std::vector<Value>& values) const;
  std::string describe(FactId fact) const;

  // --- firing
  struct Firing { ActivationId activation{}; RuleId rule = kNoRule; std::vector<FactId> facts; };

  void record(Decision decision) { if (recorder && !recovering) recorder->record(std::move(decision)); }
  void toggleFact(const StoredFact& fact);            // in the digest
  void toggleActivation(const Activation& activation);
  std::uint64_t contentHash(TypeId type, std::span<const Value> values) const;
  FieldMask clockReads() const;
  Assignment clockFields(Time time) const;
  void driveClock();                                  // gives Clock the properties of now
  std::optional<Time> nextClockChange() const;        // when a property of Clock that some rule reads changes next

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
  std::uint64_t changes = 0;
  std::uint64_t factDigest = 0, agendaDigest = 0;
  FlatMap<std::uint32_t, std::vector<ActivationId>> supports;   // of logical facts
  HashIndex logicalByContent;
  Reasons reasons;                                              // of derived facts that are not logical
  std::vector<FactId> unsupported;
  std::vector<Counters::Rule> ruleCounters;                     // by rule; names are filled in when they are asked for
  std::deque<Event> queue;
  std::optional<Event> current;
  FactId currentFact = kNoFact;
  std::vector<FactId> fresh, gone;                              // of this turn (see model::Phase), as they came and went
  FactId creating = kNoFact;                                    // a subject whose first properties are being set
  std::uint32_t nextEvent = 1;
  Firing firing;
  const std::vector<Change>* pendingChanges = nullptr;          // while actions are evaluated
  Time start = 0, now = 0;
  Timers timers;
  std::map<RuleId, std::set<ActivationId>> parked;              // of rules that wait for moments: all that match
  FactId clockFact = kNoFact;
  FieldMask clockMask = 0;
  bool begun = false;                                           // the clock has its first time
  bool halted = false;
  bool recovering = false;
};

}  // namespace reticle
