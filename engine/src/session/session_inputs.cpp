// What hosts hand in one at a time: facts and events. Refused ones change nothing.

#include "session/state.h"

namespace reticle {

// A stated fact takes the place of a derived one of its key, and keeps its id.
Result<FactId> Session::insert(std::string_view typeName, const Fields& fields) {
  State& s = *state_;
  const auto insertable = s.checks.insertableType(typeName);
  if (!insertable) return insertable.error();
  const model::FactType* type = *insertable;
  Result<std::vector<Value>> values = std::vector<Value>();
  if (!s.checks.completePlain(*type, fields, *values)) {
    auto given = s.checks.byName(type->id, fields);
    if (!given) return given.error();
    values = s.checks.complete(type->id, *given);
    if (!values) return values.error();
  }
  for (Value& value : *values) s.texts.share(value);
  FactId twin = s.checks.twin(type->id, *values);
  if (twin != kNoFact && !s.memory.find(twin)->logical) {
    if (type->asSet) return twin;
    return Error{ErrorCode::DuplicateKey,
                 "there is a " + type->name + " with this key already: fact " +
                     std::to_string(index(twin)) + ", " + s.checks.describe(twin),
                 {},
                 "update that fact"};
  }
  if (twin != kNoFact) {  // a stated fact wins over a derived one
    s.stateAs(twin, *values);
    s.settleTruths();
    return twin;
  }
  FactId fact = s.assertFact(type->id, *values, false);
  s.settleTruths();
  return fact;
}

// Only stated facts: a derived one would be at odds with what it follows from.
Status Session::update(FactId fact, const Fields& fields) {
  State& s = *state_;
  const StoredFact* stored = s.memory.holds(fact) ? s.memory.find(fact) : nullptr;
  if (!stored) {
    return Error{ErrorCode::UnknownFact,
                 "there is no fact " + std::to_string(index(fact)) + " (any more)",
                 "fact",
                 {}};
  }
  if (stored->logical || s.program.type(stored->type).builtin) {
    return Error{ErrorCode::Derived,
                 s.checks.describe(fact) +
                     " is derived: it follows from other facts and cannot be changed by hand",
                 "fact", "change what it follows from"};
  }
  auto assignment = s.checks.assignmentFor(fact, fields);
  if (!assignment) return assignment.error();
  s.changedByHost = true;
  s.setFields(fact, *assignment, false);
  s.settleTruths();
  s.changedByHost = false;
  return Done{};
}

// What follows from something else cannot be taken away by itself; nor can the event that has its
// turn.
Status Session::retract(FactId fact) {
  State& s = *state_;
  const StoredFact* stored = s.memory.holds(fact) ? s.memory.find(fact) : nullptr;
  if (!stored) {
    return Error{ErrorCode::UnknownFact,
                 "there is no fact " + std::to_string(index(fact)) + " (any more)",
                 "fact",
                 {}};
  }
  if (stored->logical || s.program.type(stored->type).builtin || fact == s.events.currentFact()) {
    return Error{
        ErrorCode::Derived,
        s.checks.describe(fact) + " is kept by the engine: it goes when what it follows from goes",
        "fact", "retract what it follows from"};
  }
  s.retractFact(fact);
  s.settleTruths();
  return Done{};
}

// By the name of its type, or by the name it has on the wire.
Result<Event> Session::eventOf(std::string_view typeName, const Fields& data) const {
  const State& s = *state_;
  const model::FactType* type = s.program.findType(typeName);
  if (!type || type->kind != model::FactKind::Event) {
    type = nullptr;
    for (const model::FactType& each : s.program.types) {
      if (each.kind == model::FactKind::Event && each.wireName == typeName) type = &each;
    }
  }
  if (!type || type->builtin) {
    return Error{ErrorCode::UnknownType,
                 "there is no event type \"" + std::string(typeName) + "\"",
                 "type",
                 {}};
  }
  auto given = s.checks.byName(type->id, data);
  if (!given) return given.error();
  auto values = s.checks.complete(type->id, *given);
  if (!values) return values.error();
  Event event;
  event.type = type->id;
  values->resize(type->declared);
  event.values = std::move(*values);
  return event;
}

Result<std::string> Session::raise(std::string_view type, const Fields& data,
                                   std::string_view subject, std::string_view id,
                                   std::string_view source) {
  State& s = *state_;
  Result<Event> made = eventOf(type, data);
  if (!made.ok()) return made.error();
  Event event = *std::move(made);
  event.subject = std::string(subject);
  event.id = id.empty() ? s.events.takeId() : std::string(id);
  event.generated = id.empty();
  event.originId = event.id;
  event.source = std::string(source);
  event.fromOutside = true;
  std::string raised = event.id;
  s.traceRaised(event);
  s.raise(std::move(event));
  return raised;
}

}  // namespace reticle
