// What a session holds. Shared by the files of this folder; nobody else sees it.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "agenda/agenda.h"
#include "base/hash.h"
#include "match/matcher.h"
#include "match/working_memory.h"
#include "session/derivations.h"
#include "session/direct.h"
#include "session/enumerate.h"
#include "session/session.h"
#include "session/shared_texts.h"

namespace reticle {

// Facts inserted by actions that are not applied yet are spoken of by their position in the list of changes.
constexpr std::uint32_t kPending = 0x80000000u;

struct Session::State final : MatchListener {
  State(Session& session, const model::Program& program, const Network& network, const EngineOptions& options, Tracer& tracer)
      : session(session), program(program), network(network), options(options), tracer(tracer), memory(program), matcher(network, memory, session, *this), direct(*this, program) {}

  // --- MatchListener
  void matchAdded(RuleId rule, TokenId token) override;
  void matchRemoved(TokenId token) override;
  void memoryChanged(NodeId node, bool added, const std::vector<FactId>& facts, std::uint32_t count) override;
  bool watching() const override { return tracer.on(); }

  // --- changes of working memory: recorded, traced, matched; nothing is checked any more
  // `by`: the rule and the facts of the firing that inserts it; kNoRule when none does. The values are moved from.
  FactId assertFact(TypeId type, std::span<Value> values, bool logical, RuleId rule, const std::vector<FactId>& facts, FactId id = kNoFact);
  FactId assertFact(TypeId type, std::span<Value> values, bool logical) { return assertFact(type, values, logical, kNoRule, {}); }
  void updateFact(FactId fact, const Assignment& assignment);
  void retractFact(FactId fact);
  void addSupport(FactId fact, ActivationId activation);
  void makeStated(FactId fact);
  void retractUnsupported();
  void markFired(ActivationId activation, bool silent);

  // --- events
  void raise(Event event);
  TraceRecord eventRecord(const Event& event, const char* phase) const;
  void traceRaised(Event& event);                     // and remembers the record as the cause of what the event does
  void raiseChange(FactId fact, const std::string& property, const Value& old, const Value& value);
  // Sets properties of a subject (or fields of a fact) and raises the change events.
  void setFields(FactId fact, const Assignment& assignment, bool muted);

  // --- checks
  // Completes and checks the declared fields of a new fact; the result holds hidden fields too.
  Result<std::vector<Value>> complete(TypeId type, const std::vector<std::optional<Value>>& given) const;
  // The type of that name whose facts hosts may insert.
  Result<const model::FactType*> insertableType(std::string_view name) const;
  Result<std::vector<std::optional<Value>>> byName(TypeId type, const Fields& fields) const;
  // byName() and complete() in one, without words, for plain facts; false where those refuse, or know more.
  bool completePlain(const model::FactType& type, const Fields& fields, std::vector<Value>& values) const;
  // Checks values to be set on a fact; fields it does not have become entries of its open properties.
  Result<Assignment> assignmentFor(FactId fact, const Fields& fields) const;
  Status checkFields(const model::FactType& type, std::span<const Value> values) const;
  // An existing fact with the same key or name; kNoFact when there is none.
  FactId twin(TypeId type, std::span<const Value> values) const;
  // A logical fact equal in every field; kNoFact when there is none.
  FactId equalLogical(TypeId type, std::span<const Value> values) const;
  std::string describe(FactId fact) const;

  // --- firing
  struct Firing { ActivationId activation{}; RuleId rule = kNoRule; std::vector<FactId> facts; };
  // Carries out the actions of the rule that fires, its match in rowsOfFiring and localsOfFiring.
  Status fireInGeneral(const model::Rule& rule);

  // Decisions are made only for somebody who keeps them.
  bool recording() const { return recorder != nullptr && !recovering; }
  void record(Decision decision) { if (recording()) recorder->record(std::move(decision)); }

  // Of one fact, one activation: numbers in a sum without order. While decisions are recorded the sums are kept up at every change, since every
  // entry holds them; without a recorder they are made when somebody asks.
  std::uint64_t digestOf(const StoredFact& fact) const;
  std::uint64_t digestOf(const Activation& activation) const;
  void toggleFact(const StoredFact& fact) { if (recorder) factDigest ^= digestOf(fact); }
  void toggleActivation(const Activation& activation) { if (recorder) agendaDigest ^= digestOf(activation); }
  std::uint64_t contentHash(TypeId type, std::span<const Value> values) const;
  FieldMask clockReads() const;
  Assignment clockFields(Time time) const;

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
  std::uint64_t changes = 0;
  std::uint64_t factDigest = 0, agendaDigest = 0;
  FlatMap<std::uint32_t, std::vector<ActivationId>> supports;   // of logical facts
  SlotIndex logicalByContent;                                   // slots of logical facts, by contentHash()
  Derivations derivedBy;
  SharedTexts texts;
  std::vector<FactId> unsupported;
  std::deque<Event> queue;
  std::optional<Event> current;
  FactId currentFact = kNoFact;
  std::uint32_t nextEvent = 1;
  Firing firing;
  // Of firings, used again by the next.
  std::vector<Row> rowsOfFiring;
  std::vector<Value> localsOfFiring;
  const std::vector<Change>* pendingChanges = nullptr;          // while actions are evaluated
  Time now = 0;
  FactId clockFact = kNoFact;
  FieldMask clockMask = 0;
  bool halted = false;
  bool recovering = false;
};

}  // namespace reticle
