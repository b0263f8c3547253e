// The elementary changes of working memory, and truth maintenance.

#include <algorithm>
#include <cassert>
#include <iterator>

#include "session/state.h"

namespace reticle {

namespace {

Fields named(const model::FactType& type, std::span<const Value> values) {
  Fields out;
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    out.emplace_back(type.fields[i].name, values[i]);
  }
  return out;
}

}  // namespace

// --- digests: every fact and every ready activation is a number in a sum without order, so that a
// change costs the same whatever is stored

std::uint64_t Session::State::digestOf(const StoredFact& fact) const {
  Digest digest;
  digest.add(index(fact.id));
  digest.add(index(fact.type));
  digest.add(std::uint64_t{fact.logical});
  digest.add(fact.recency);
  for (const Value& value : fact.fields()) digest.add(value);
  return digest.value();
}

std::uint64_t Session::State::contentHash(TypeId type, std::span<const Value> values) const {
  std::uint64_t hash = mix64(index(type));
  for (std::uint32_t i = 0; i < program.type(type).declared; ++i) {
    hash = hashCombine(hash, values[i].hash());
  }
  return hash;
}

// --- facts

FactId Session::State::assertFact(TypeId type, std::span<Value> values, bool logical, RuleId rule,
                                  const std::vector<FactId>& facts, FactId given) {
  ++changes;
  if (!recovering) fillInternal(program.type(type), values);
  const FactId fact = memory.add(type, values, logical, changes, given);
  const SlotId slot = memory.slotOf(fact);
  const StoredFact& stored = memory.at(slot);
  note(type, 0);
  toggleFact(stored);
  if (logical) {
    supports[index(fact)];
    logicalByContent.add(contentHash(type, stored.fields()), static_cast<std::uint32_t>(slot));
  }
  if (rule != kNoRule && !logical) reasons.add(fact, rule, facts, changes);
  if (recording()) {
    Decision decision{Decision::Kind::Assert};
    decision.fact = fact;
    decision.type = type;
    decision.values.assign(stored.fields().begin(), stored.fields().end());
    decision.flag = logical;
    decision.rule = rule;
    decision.facts = facts;
    recorder->record(std::move(decision));
  }
  std::uint32_t seq = 0;
  if (tracer.on()) {
    const model::FactType& declared = program.type(type);
    trace::Assert body{declared.name, named(declared, stored.fields()), logical, {}};
    if (declared.kind == model::FactKind::Subject) {
      body.subject = std::string(stored.fields()[declared.declared].asString());
    }
    seq = tracer.record({.body = std::move(body), .fact = fact});
  }
  CauseScope cause(tracer, seq);
  if (!program.type(type).onInsert.empty()) fresh.push_back(fact);
  if (const std::optional<Timer> expiry = expiryOf(stored)) timers.schedule(*expiry);
  matcher.add(fact);
  return fact;
}

void Session::State::updateFact(FactId fact, const Assignment& wanted) {
  const StoredFact& stored = *memory.find(fact);
  const model::FactType& declared = program.type(stored.type);
  Assignment whole;
  const bool followed = !recovering && (declared.barred || !declared.stretches.empty());
  if (followed) addInternal(stored, whole = wanted);
  const Assignment& assignment = followed ? whole : wanted;
  std::uint32_t seq = tracer.cause();
  if (tracer.on()) {
    trace::Update body;
    for (const auto& [field, value] : assignment) {
      if (!declared.fields[index(field)].internal) {
        body.changes.push_back(
            {declared.fields[index(field)].name, stored.fields()[index(field)], value});
      }
    }
    if (!body.changes.empty()) seq = tracer.record({.body = std::move(body), .fact = fact});
  }
  if (recording()) {
    Decision decision{Decision::Kind::Update};
    decision.fact = fact;
    decision.assignment = assignment;
    recorder->record(std::move(decision));
  }
  CauseScope cause(tracer, seq);
  assign(fact, assignment);
}

void Session::State::assign(FactId fact, const Assignment& assignment) {
  ++changes;
  StoredFact& stored = *memory.find(fact);
  const std::vector<model::Field>& declared = program.type(stored.type).fields;
  FieldMask fields = 0;
  for (const auto& [field, value] : assignment) {
    if (!declared[index(field)].internal) fields |= bitOf(field);
  }
  toggleFact(stored);
  const std::uint32_t slot = static_cast<std::uint32_t>(memory.slotOf(fact));
  if (stored.logical) logicalByContent.remove(contentHash(stored.type, stored.fields()), slot);
  if (fields != 0) {
    note(stored.type, fields);
    reasons.leaving(fact);
  }
  const std::optional<Timer> before = expiryOf(stored);
  matcher.update(fact, assignment, fields != 0 ? changes : stored.recency);
  toggleFact(stored);
  if (stored.logical) logicalByContent.add(contentHash(stored.type, stored.fields()), slot);
  const std::optional<Timer> after = expiryOf(stored);
  if (before) timers.cancel(*before);
  if (after) timers.schedule(*after);
}

void Session::State::retractFact(FactId fact) {
  ++changes;
  const SlotId slot = memory.slotOf(fact);
  const StoredFact& stored = memory.at(slot);
  const model::FactType& declared = program.type(stored.type);
  note(stored.type, 0);
  toggleFact(stored);
  if (stored.logical) {
    logicalByContent.remove(contentHash(stored.type, stored.fields()),
                            static_cast<std::uint32_t>(slot));
    dropSupports(fact);
  }
  reasons.leaving(fact);
  reasons.remove(fact);
  std::uint32_t seq = 0;
  if (tracer.on()) {
    seq = tracer.record({.body = trace::Retract{declared.name}, .fact = fact});
  }
  if (recording()) {
    Decision decision{Decision::Kind::Retract};
    decision.fact = fact;
    recorder->record(std::move(decision));
  }
  CauseScope cause(tracer, seq);
  if (const std::optional<Timer> expiry = expiryOf(stored)) timers.cancel(*expiry);
  if (declared.onRetract) {
    matcher.update(
        fact, {{*declared.phase, Value::integer(static_cast<std::int64_t>(model::Phase::Gone))}},
        stored.recency);
    memory.letGo(fact);
    gone.push_back(fact);
    return;
  }
  matcher.remove(fact);
  memory.remove(fact);
}

void Session::State::addSupport(FactId fact, ActivationSlot activation, ActivationId id) {
  std::vector<ActivationSlot>& keepers = supports[index(fact)];
  if (activation != kNoActivation &&
      std::find(keepers.begin(), keepers.end(), activation) == keepers.end()) {
    keepers.push_back(activation);
    agenda.at(activation).supports = true;
    supported[activation].push_back(fact);
  }
  // The match may have ended while its own consequences were applied.
  if (keepers.empty()) unsupported.insert(fact);
  if (!recording()) return;
  Decision decision{Decision::Kind::Support};
  decision.fact = fact;
  decision.activation = id;
  recorder->record(std::move(decision));
}

void Session::State::dropSupports(FactId fact) {
  const std::vector<ActivationSlot>* keepers = supports.find(index(fact));
  if (!keepers) return;
  for (const ActivationSlot keeper : *keepers) {
    std::vector<FactId>* facts = supported.find(keeper);
    facts->erase(std::remove(facts->begin(), facts->end(), fact), facts->end());
  }
  supports.erase(index(fact));
}

void Session::State::makeStated(FactId fact) {
  StoredFact& stored = *memory.find(fact);
  toggleFact(stored);
  logicalByContent.remove(contentHash(stored.type, stored.fields()),
                          static_cast<std::uint32_t>(memory.slotOf(fact)));
  dropSupports(fact);
  stored.logical = false;
  toggleFact(stored);
  Decision decision{Decision::Kind::Support};
  decision.fact = fact;
  record(std::move(decision));
}

void Session::State::retractUnsupported() {
  if (recovering) {
    unsupported.clear();
    doubtful.clear();
    return;
  }
  while (!unsupported.empty() || !doubtful.empty()) {
    std::set<FactId>& from = unsupported.empty() ? doubtful : unsupported;
    const bool certain = &from == &unsupported;
    const FactId fact = *from.begin();
    from.erase(from.begin());
    const std::vector<ActivationSlot>* keepers = supports.find(index(fact));
    if (!keepers || !memory.find(fact)) continue;
    if (certain ? keepers->empty() : !isFounded(fact)) retractFact(fact);
  }
}

// --- properties and events

void Session::State::setFields(FactId fact, const Assignment& wanted, bool muted) {
  const StoredFact& stored = *memory.find(fact);
  const model::FactType& type = program.type(stored.type);
  const auto isNew = [&stored](const std::pair<FieldId, Value>& each) {
    const Value& old = stored.field(each.first);
    return !(old == each.second && old.kind() == each.second.kind());
  };
  const auto fresh = static_cast<std::size_t>(std::count_if(wanted.begin(), wanted.end(), isNew));
  if (fresh == 0) return;
  Assignment rest;
  if (fresh < wanted.size()) {
    std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(rest), isNew);
  }
  const Assignment& assignment = fresh < wanted.size() ? rest : wanted;
  if (muted || type.kind != model::FactKind::Subject || type.builtin) {
    updateFact(fact, assignment);
    return;
  }
  struct Change {
    std::string property;
    Value old, value;
  };
  std::vector<Change> raised;
  for (const auto& [field, value] : assignment) {
    const Value& old = stored.field(field);
    if (index(field) < type.declared) {
      if (!type.fields[index(field)].ext) {
        raised.push_back({type.fields[index(field)].name, old, value});
      }
      continue;
    }
    if (old.kind() != ValueKind::Map || value.kind() != ValueKind::Map) continue;
    for (const auto& [name, now] : value.asMap()) {  // undeclared properties of an open subject
      const Value* before = old.find(name);
      if (!before || !(*before == now)) {
        raised.push_back({std::string(name.asString()), before ? *before : Value(), now});
      }
    }
  }
  updateFact(fact, assignment);
  for (const Change& change : raised) {
    if (!(change.old == change.value)) raiseChange(fact, change.property, change.old, change.value);
  }
}

void Session::State::raiseChange(FactId fact, const std::string& property, const Value& old,
                                 const Value& value) {
  const StoredFact& stored = *memory.find(fact);
  const model::FactType& type = program.type(stored.type);
  Event event;
  event.matched = false;
  if (auto field = type.find(property)) {
    auto listened = program.changeTypes.find({type.id, *field});
    if (listened != program.changeTypes.end()) {
      event.type = listened->second;
      event.matched = true;
    }
  }
  event.fact = fact;
  event.subject = std::string(stored.fields()[type.declared].asString());
  event.property = property;
  event.old = old;
  event.value = value;
  event.id = "e" + std::to_string(nextEvent++);
  if (tracer.on()) {
    event.traceCause = tracer.record(
        {.body = trace::Property{event.subject, property, old, value, event.id}, .fact = fact});
    event.traceOrigin = tracer.origin();
  }
  raise(std::move(event));
}

void Session::State::raise(Event event) {
  event.time = now;
  if (event.source.empty()) event.source = options.source;
  if (event.originId.empty()) {
    event.originId = current ? current->originId : event.id;
    if (current) event.cause = current->id;
  }
  if (recording()) {
    Decision decision{Decision::Kind::Raise};
    decision.flag = event.generated;
    decision.event = event;
    recorder->record(std::move(decision));
  }
  if (effects && !recovering) effects->eventRaised();
  queue.push_back(std::move(event));
}

}  // namespace reticle
