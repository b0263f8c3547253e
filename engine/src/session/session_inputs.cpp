// What hosts hand in one at a time: facts and events. Refused ones change nothing.

#include <algorithm>
#include <limits>

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
  s.retractTold(fact);
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

namespace {

// What an extension of this name says; empty: it is not there.
std::string textIn(const Fields& extensions, std::string_view name) {
  for (const auto& [key, value] : extensions) {
    if (key == name && value.kind() == ValueKind::String) return std::string(value.asString());
  }
  return {};
}

// Attributes that the session keeps by itself, and gives to the events that follow.
void takeChain(Event& event, Fields extensions) {
  event.originId = textIn(extensions, "originid");
  event.cause = textIn(extensions, "causationid");
  if (event.cause.empty()) event.cause = textIn(extensions, "cause");
  for (auto& [name, value] : extensions) {
    if (name == "hops" && value.kind() == ValueKind::Int && value.asInt() >= 0) {
      event.hops = static_cast<std::uint32_t>(
          std::min<std::int64_t>(value.asInt(), std::numeric_limits<std::int32_t>::max()));
    } else if (name != "originid" && name != "causationid" && name != "cause") {
      event.extensions.emplace_back(name, std::move(value));
    }
  }
}

// "e7", of the events that the session has given ids to so far.
bool isOwnId(std::string_view id, std::uint32_t next) {
  if (id.size() < 2 || id.size() > 10 || id[0] != 'e' || id[1] == '0') return false;
  std::uint32_t number = 0;
  for (const char c : id.substr(1)) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number < next;
}

}  // namespace

// One of the session's own, which went out from here.
bool Session::State::isOwn(const Event& event) const {
  return event.source == options.source && isOwnId(event.id, events.nextNumber());
}

// One of the session's own that comes back, or one from outside that came before.
Result<bool> Session::State::isKnown(const Event& event) const {
  if (options.rememberedEvents == 0 || event.id.empty()) return false;
  const std::string source = event.source.empty() ? options.source : event.source;
  const std::optional<std::uint64_t> was = seen.find(source, event.id);
  if (!was) return isOwn(event);
  if (*was == fingerprintOf(event)) return true;
  return Error{ErrorCode::Duplicate,
               "an event of the id \"" + event.id + "\" from \"" + source +
                   "\" was taken before, and it said something else",
               "id", "give each event of a source an id of its own"};
}

namespace {

// What an input says of an event, its type and fields checked.
Result<Event> eventFrom(const Session& session, const input::Emit& input) {
  Result<Event> made = session.eventOf(input.type, input.data);
  if (!made.ok()) return made.error();
  Event event = *std::move(made);
  event.subject = input.subject;
  event.generated = input.id.empty();
  event.id = input.id;
  event.source = input.source;
  event.fromOutside = true;
  event.deliver = input.deliver;
  event.time = input.time.value_or(0);
  takeChain(event, input.extensions);
  return event;
}

Status checkHops(const Event& event, std::uint32_t most) {
  if (event.hops <= most) return Done{};
  return Error{ErrorCode::TooMuch,
               "the event has come " + std::to_string(event.hops) +
                   " steps from the first of its chain; more than " + std::to_string(most) +
                   " are refused as a loop",
               "hops",
               {}};
}

}  // namespace

Status Session::canRaise(const input::Emit& input) const {
  const Result<Event> event = eventFrom(*this, input);
  if (!event.ok()) return event.error();
  const Result<bool> known = state_->isKnown(*event);
  return known ? checkHops(*event, state_->options.maxHops) : Status(known.error());
}

Result<Accepted> Session::raise(const input::Emit& input) {
  State& s = *state_;
  Result<Event> made = eventFrom(*this, input);
  if (!made.ok()) return made.error();
  Event event = *std::move(made);
  const Result<bool> known = s.isKnown(event);
  if (!known) return known.error();
  if (*known) {
    if (s.isOwn(event) && s.tracer.on()) {
      const std::string from = s.events.originText(s.program, event.id);
      s.tracer.record({.body = trace::Log{"warn", "loop-suppressed: the event " + event.id +
                                                      " went out from here and has come back: " +
                                                      (from.empty() ? event.id : from)}});
    }
    return Accepted{.event = event.id, .duplicate = true};
  }
  if (Status near = checkHops(event, s.options.maxHops); !near) return near.error();
  if (event.generated) event.id = s.events.takeId();
  if (event.originId.empty()) event.originId = event.id;
  s.aim(event);
  Accepted accepted{.event = event.id};
  if (input.due && *input.due > s.calendar.now()) {
    s.await(std::move(event), *input.due, input.replacing);
    return accepted;
  }
  s.dropWaiting(input.replacing, event.subject);
  s.traceRaised(event);
  s.raise(std::move(event));
  return accepted;
}

bool Session::cancelEvent(const std::string& name, const std::string& subject) {
  return state_->dropWaiting(name, subject);
}

}  // namespace reticle
