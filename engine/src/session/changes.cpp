// The elementary changes of working memory. Each is counted, passed to the parts that keep
// something about facts, recorded, traced, and last matched: what matches it makes or ends is
// caused by it.
//
// ORDER: the same for every change, since traces, decisions and digests show it; recovery goes the
// same way with nothing recorded.

#include <algorithm>

#include "session/state.h"

namespace reticle {

FactId Session::State::assertFact(TypeId type, std::span<Value> values, bool logical, RuleId by,
                                  const std::vector<FactId>& facts, FactId given) {
  const model::FactType& declared = program.type(type);
  changes.begin();
  if (!decisions.recovering()) internals.fill(declared, values);
  const FactId fact = memory.add(type, values, logical, changes.count(), given);
  const SlotId slot = memory.slotOf(fact);
  const StoredFact& stored = memory.at(slot);
  changes.note(type, 0);
  digest.toggle(stored);
  if (logical) truths.add(stored, slot);
  if (by != kNoRule && !logical) reasons.add(fact, by, facts, changes.count());
  if (decisions.wanted()) {
    Decision decision{Decision::Kind::Assert};
    decision.fact = fact;
    decision.type = type;
    decision.values.assign(stored.fields().begin(), stored.fields().end());
    decision.flag = logical;
    decision.rule = by;
    decision.facts = facts;
    decisions.record(std::move(decision));
  }
  if (notesChanges()) noteInserted(stored);
  const std::uint32_t seq = tracer.on() ? tracer.record(records::asserted(declared, stored)) : 0;
  CauseScope cause(tracer, seq);
  internals.noteInserted(fact, declared);
  calendar.schedule(expiryOf(stored));
  matcher.add(fact);
  return fact;
}

void Session::State::updateFact(FactId fact, const Assignment& wanted) {
  const StoredFact& stored = *memory.find(fact);
  const model::FactType& declared = program.type(stored.type);
  // What was recorded holds the consequences already.
  const bool followed = !decisions.recovering() && InternalFields::follows(declared);
  Assignment whole;
  if (followed) internals.follow(stored, whole = wanted);
  const Assignment& assignment = followed ? whole : wanted;
  std::uint32_t seq = tracer.cause();
  if (tracer.on()) {
    if (std::optional<TraceRecord> record = records::updated(declared, stored, assignment)) {
      seq = tracer.record(std::move(*record));
    }
  }
  if (decisions.wanted()) {
    Decision decision{Decision::Kind::Update};
    decision.fact = fact;
    decision.assignment = assignment;
    decisions.record(std::move(decision));
  }
  if (notesChanges()) noteUpdated(stored, assignment);
  CauseScope cause(tracer, seq);
  assign(fact, assignment);
}

void Session::State::assign(FactId fact, const Assignment& assignment) {
  changes.begin();
  const SlotId slot = memory.slotOf(fact);
  const StoredFact& stored = memory.at(slot);
  const std::vector<model::Field>& declared = program.type(stored.type).fields;
  FieldMask fields = 0;
  for (const auto& [field, value] : assignment) {
    if (!declared[index(field)].internal) fields |= bitOf(field);
  }
  const bool moves = !stored.logical && truths.supportsOf(fact) && changesKey(stored, assignment);
  if (moves) {
    noteUncovered(stored);
    truths.removeStated(fact);
  }
  if (!refusals.empty() && (stored.logical ? fields != 0 : changesKey(stored, assignment))) {
    refusals.free(fact);
  }
  // Out with the old values here, in with the new ones below.
  digest.toggle(stored);
  if (stored.logical) truths.beforeUpdate(stored, slot);
  if (fields != 0) {
    changes.note(stored.type, fields);
    reasons.leaving(fact);
  }
  const std::optional<Timer> before = expiryOf(stored);
  matcher.update(fact, assignment, fields != 0 ? changes.count() : stored.recency);
  digest.toggle(stored);
  if (stored.logical) truths.afterUpdate(stored, slot);
  // An event whose stage has moved on is due at another time.
  calendar.cancel(before);
  calendar.schedule(expiryOf(stored));
}

bool Session::State::changesKey(const StoredFact& stored, const Assignment& assignment) const {
  const model::FactType& type = program.type(stored.type);
  return std::any_of(assignment.begin(), assignment.end(), [&](const auto& each) {
    return (type.asSet || type.fields[index(each.first)].key) &&
           !(stored.field(each.first) == each.second);
  });
}

void Session::State::retractFact(FactId fact) {
  changes.begin();
  const SlotId slot = memory.slotOf(fact);
  const StoredFact& stored = memory.at(slot);
  const model::FactType& declared = program.type(stored.type);
  changes.note(stored.type, 0);
  digest.toggle(stored);
  if (stored.logical) {
    truths.remove(stored, slot);
  } else {
    noteUncovered(stored);
    truths.removeStated(fact);
  }
  refusals.free(fact);
  reasons.leaving(fact);
  reasons.remove(fact);
  if (notesChanges()) noteChange("remove", placeOf(stored), nullptr);
  const std::uint32_t seq = tracer.on() ? tracer.record(records::retracted(declared, fact)) : 0;
  if (decisions.wanted()) {
    Decision decision{Decision::Kind::Retract};
    decision.fact = fact;
    decisions.record(std::move(decision));
  }
  CauseScope cause(tracer, seq);
  calendar.cancel(expiryOf(stored));
  if (declared.onRetract) {
    // Rules `on retract` see it until the end of the turn; nothing else does.
    matcher.update(fact, InternalFields::gone(declared), stored.recency);
    memory.letGo(fact);
    internals.noteRetracted(fact);
    return;
  }
  matcher.remove(fact);
  memory.remove(fact);
}

void Session::State::settleFacts() {
  const std::vector<FactId> came = internals.takeFresh(), went = internals.takeGone();
  firedForNews.clear();
  for (const FactId fact : came) {
    if (!memory.holds(fact)) continue;
    assign(fact, InternalFields::settled(program.type(memory.find(fact)->type)));
  }
  for (const FactId fact : went) {
    changes.begin();
    matcher.remove(fact);
    memory.remove(fact);
  }
}

// --- truth maintenance

// A match may have ended while its own consequences were applied; the decision says so all the
// same, with the activation it was.
void Session::State::addSupport(FactId fact, ActivationSlot activation, ActivationId id) {
  truths.support(fact, activation);
  if (!decisions.wanted()) return;
  Decision decision{Decision::Kind::Support};
  decision.fact = fact;
  decision.activation = id;
  decisions.record(std::move(decision));
}

void Session::State::makeStated(FactId fact) {
  const SlotId slot = memory.slotOf(fact);
  StoredFact& stored = memory.at(slot);
  digest.toggle(stored);
  truths.makeStated(stored, slot);
  stored.logical = false;
  digest.toggle(stored);
  if (!decisions.wanted()) return;
  Decision decision{Decision::Kind::Support};
  decision.fact = fact;
  decisions.record(std::move(decision));
}

void Session::State::stateAs(FactId fact, std::span<const Value> values) {
  if (memory.find(fact)->logical) makeStated(fact);
  Assignment assignment;
  for (std::uint32_t i = 0; i < program.type(memory.find(fact)->type).declared; ++i) {
    assignment.emplace_back(FieldId{i}, values[i]);
  }
  setFields(fact, assignment, true);
}

}  // namespace reticle
