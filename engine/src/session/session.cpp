#include "session/session.h"

#include <cassert>

#include "session/state.h"

namespace reticle {

Session::Session(const model::Program& program, const Network& network,
                 const EngineOptions& options, Tracer& tracer)
    : state_(std::make_unique<State>(*this, program, network, options, tracer)) {}

Session::~Session() = default;

void Session::connect(Recorder* recorder, Effects* effects) {
  state_->recorder = recorder;
  state_->effects = effects;
  state_->matcher.begin();
}

// --- inputs

Result<FactId> Session::insert(std::string_view typeName, const Fields& fields) {
  State& s = *state_;
  const auto insertable = s.insertableType(typeName);
  if (!insertable) return insertable.error();
  const model::FactType* type = *insertable;
  Result<std::vector<Value>> values = std::vector<Value>();
  if (!s.completePlain(*type, fields, *values)) {
    auto given = s.byName(type->id, fields);
    if (!given) return given.error();
    values = s.complete(type->id, *given);
    if (!values) return values.error();
  }
  for (Value& value : *values) s.texts.share(value);
  FactId twin = s.twin(type->id, *values);
  if (twin != kNoFact && !s.memory.find(twin)->logical) {
    return Error{ErrorCode::DuplicateKey,
                 "there is a " + type->name + " with this key already: fact " +
                     std::to_string(index(twin)) + ", " + s.describe(twin),
                 {},
                 "update that fact"};
  }
  if (twin != kNoFact) {  // a stated fact wins over a derived one
    s.makeStated(twin);
    Assignment assignment;
    for (std::uint32_t f = 0; f < type->declared; ++f) {
      assignment.emplace_back(FieldId{f}, (*values)[f]);
    }
    s.setFields(twin, assignment, true);
    s.retractUnsupported();
    return twin;
  }
  FactId fact = s.assertFact(type->id, *values, false);
  s.retractUnsupported();
  return fact;
}

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
    return Error{
        ErrorCode::Derived,
        s.describe(fact) + " is derived: it follows from other facts and cannot be changed by hand",
        "fact", "change what it follows from"};
  }
  auto assignment = s.assignmentFor(fact, fields);
  if (!assignment) return assignment.error();
  s.setFields(fact, *assignment, false);
  s.retractUnsupported();
  return Done{};
}

Status Session::retract(FactId fact) {
  State& s = *state_;
  const StoredFact* stored = s.memory.holds(fact) ? s.memory.find(fact) : nullptr;
  if (!stored) {
    return Error{ErrorCode::UnknownFact,
                 "there is no fact " + std::to_string(index(fact)) + " (any more)",
                 "fact",
                 {}};
  }
  if (stored->logical || s.program.type(stored->type).builtin || fact == s.currentFact) {
    return Error{
        ErrorCode::Derived,
        s.describe(fact) + " is kept by the engine: it goes when what it follows from goes", "fact",
        "retract what it follows from"};
  }
  s.retractFact(fact);
  s.retractUnsupported();
  return Done{};
}

namespace {

// The values of the fields named in a subject's `as` pattern ("device|{id}") when the name has that
// shape.
std::optional<Fields> namedParts(std::string_view pattern, std::string_view name) {
  Fields fields;
  while (!pattern.empty()) {
    if (pattern[0] != '{') {
      if (name.empty() || name[0] != pattern[0]) return std::nullopt;
      pattern.remove_prefix(1);
      name.remove_prefix(1);
      continue;
    }
    std::size_t close = pattern.find('}');
    if (close == std::string_view::npos) return std::nullopt;
    std::string field(pattern.substr(1, close - 1));
    pattern.remove_prefix(close + 1);
    std::size_t length = name.size();
    if (!pattern.empty()) length = name.find(pattern[0]);
    if (length == std::string_view::npos || length == 0) return std::nullopt;
    fields.emplace_back(std::move(field), Value::string(name.substr(0, length)));
    name.remove_prefix(length);
  }
  if (!name.empty()) return std::nullopt;
  return fields;
}

}  // namespace

Result<FactId> Session::setProperties(std::string_view subject, std::string_view typeName,
                                      const Fields& properties, bool muted) {
  State& s = *state_;
  FactId fact = s.memory.findSubject(subject);
  if (fact != kNoFact) {
    const model::FactType& type = s.program.type(s.memory.find(fact)->type);
    if (type.builtin) {
      return Error{ErrorCode::Derived, type.name + " is kept by the engine itself", "subject", {}};
    }
    if (!typeName.empty() && type.name != typeName) {
      return Error{ErrorCode::WrongType,
                   "the subject \"" + std::string(subject) + "\" is a " + type.name + ", not a " +
                       std::string(typeName),
                   "type",
                   {}};
    }
    auto assignment = s.assignmentFor(fact, properties);
    if (!assignment) return assignment.error();
    s.setFields(fact, *assignment, muted);
    s.retractUnsupported();
    return fact;
  }

  const model::FactType* found = nullptr;
  Fields parts;
  std::string candidates;
  for (const model::FactType& type : s.program.types) {
    if (type.kind != model::FactKind::Subject || type.builtin ||
        (!typeName.empty() && type.name != typeName)) {
      continue;
    }
    candidates += (candidates.empty() ? "" : ", ") + type.name + " \"" + type.nameTemplate + "\"";
    auto fitting = namedParts(type.nameTemplate, subject);
    if (!fitting) continue;
    if (found) {
      return Error{ErrorCode::UnknownSubject,
                   "the name \"" + std::string(subject) + "\" fits both " + found->name + " and " +
                       type.name,
                   "type", "say which type it is"};
    }
    found = &type;
    parts = std::move(*fitting);
  }
  if (!found) {
    return Error{ErrorCode::UnknownSubject,
                 "no subject type has names like \"" + std::string(subject) +
                     "\"; there are: " + (candidates.empty() ? "none" : candidates),
                 "subject",
                 {}};
  }
  auto given = s.byName(found->id, parts);
  if (!given) return given.error();
  // Required properties must come with the first ones; they are set, so that each raises its change
  // from nothing.
  Fields initial = parts;
  for (const auto& [name, value] : properties) {
    auto field = found->find(name);
    if (field && index(*field) < found->declared && !found->fields[index(*field)].type.optional &&
        !found->fields[index(*field)].initial.present()) {
      initial.emplace_back(name, value);
    }
  }
  auto first = s.byName(found->id, initial);
  if (!first) return first.error();
  auto values = s.complete(found->id, *first);
  if (!values) return values.error();
  // All properties are checked before the subject begins.
  Fields whole = parts;
  for (const auto& property : properties) whole.push_back(property);
  auto checked = s.byName(found->id, whole);
  if (!checked) return checked.error();
  if (auto complete = s.complete(found->id, *checked); !complete) return complete.error();
  s.creating = fact = s.assertFact(found->id, *values, false);
  auto assignment = s.assignmentFor(fact, properties);
  if (!assignment) return assignment.error();
  if (!muted) {
    for (const auto& [name, value] : initial) {
      auto field = found->find(name);
      if (field && !found->fields[index(*field)].key && !found->fields[index(*field)].ext) {
        s.raiseChange(fact, name, Value(), s.memory.find(fact)->field(*field));
      }
    }
  }
  s.setFields(fact, *assignment, muted);
  s.creating = kNoFact;
  s.retractUnsupported();
  return fact;
}

Result<std::string> Session::raise(std::string_view typeName, const Fields& data,
                                   std::string_view subject, std::string_view id,
                                   std::string_view source) {
  State& s = *state_;
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
  auto given = s.byName(type->id, data);
  if (!given) return given.error();
  auto values = s.complete(type->id, *given);
  if (!values) return values.error();
  Event event;
  event.type = type->id;
  values->resize(type->declared);
  event.values = std::move(*values);
  event.subject = std::string(subject);
  event.id = id.empty() ? "e" + std::to_string(s.nextEvent++) : std::string(id);
  event.generated = id.empty();
  event.originId = event.id;
  event.source = std::string(source);
  event.fromOutside = true;
  std::string raised = event.id;
  s.traceRaised(event);
  s.raise(std::move(event));
  return raised;
}

// --- the loop

bool Session::halted() const { return state_->halted; }
void Session::clearHalt() { state_->halted = false; }

RuleId Session::fireOne(std::optional<ActivationId> chosen, Fired* fired) {
  State& s = *state_;
  if (!chosen && !ready()) return kNoRule;
  const ActivationSlot slot = chosen   ? s.agenda.find(*chosen)
                              : s.pass ? s.pass->turn.back().second
                                       : s.agenda.best();
  if (slot == kNoActivation || !s.agenda.at(slot).ready()) return kNoRule;
  const ActivationId id = s.agenda.at(slot).id;
  const TokenId token = s.agenda.at(slot).token;
  const model::Rule& rule = s.program.rules[index(s.agenda.at(slot).rule)];
  s.firing.slot = slot;
  s.firing.activation = id;
  s.firing.rule = rule.id;
  s.matcher.factsOf(token, s.firing.facts);
  if (fired) *fired = {rule.id, rule.name, id, s.firing.facts};
  std::uint32_t seq = 0;
  if (s.tracer.on()) {
    seq = s.tracer.record({.body = trace::Fire{id, s.firing.facts}, .rule = rule.id});
  }
  CauseScope cause(s.tracer, seq);
  s.firedRecency = s.agenda.at(slot).recency;
  const std::vector<ActivationSlot> dropped = s.dropsOf(slot);
  s.markFired(slot, false);
  for (const ActivationSlot other : dropped) s.markFired(other, true);
  if (s.mode == SettleOptions::Mode::FirstMatch) s.spendTurn();
  s.matcher.rowsOf(token, s.rowsOfFiring, s.localsOfFiring);
  if (s.localsOfFiring.size() < rule.locals) s.localsOfFiring.resize(rule.locals);
  Counters::Rule& counted = s.ruleCounters[index(rule.id)];
  const std::uint64_t begun = s.options.stopwatch ? s.options.stopwatch() : 0;
  Status done = Done{};
  if (!s.direct.fire(rule, s.rowsOfFiring.data(), s.localsOfFiring)) done = s.fireInGeneral(rule);
  if (s.options.stopwatch) counted.nanoseconds += s.options.stopwatch() - begun;
  ++counted.firings;
  counted.failures += !done;
  s.firing.slot = kNoActivation;
  s.firing.activation = {};
  s.firing.rule = kNoRule;
  s.firing.facts.clear();
  if (!done && s.tracer.on()) {
    s.tracer.record(
        {.body = trace::Failure{name(done.error().code), done.error().message}, .rule = rule.id});
  }
  return rule.id;
}

Status Session::State::fireInGeneral(const model::Rule& rule) {
  std::vector<Change> wanted;
  const Status done = session.evaluate(rule.actions, rowsOfFiring.data(), localsOfFiring, wanted);
  return done ? session.apply(std::move(wanted)) : done;
}

bool Session::hasEvent() const { return state_->current.has_value(); }
bool Session::hasQueued() const { return !state_->queue.empty(); }
FactId Session::eventFact() const { return state_->currentFact; }
const Event* Session::currentEvent() const { return state_->current ? &*state_->current : nullptr; }

namespace {

// What an event holds once it is asserted: its declared fields, then meta.id, subject, time, type,
// source, cause.
std::vector<Value> eventFields(const model::FactType& type, const Event& event) {
  std::vector<Value> values = event.values;
  if (type.changeOf) values = {event.old, event.value};
  auto optional = [](const std::string& text) {
    return text.empty() ? Value() : Value::string(text);
  };
  values.resize(type.declared);
  values.push_back(Value::string(event.id));
  values.push_back(optional(event.subject));
  values.push_back(Value::timestamp(event.time));
  values.push_back(Value::string(type.changeOf ? "subject-property-changed" : type.wireName));
  values.push_back(Value::string(event.source));
  values.push_back(optional(event.cause));
  values.resize(type.fields.size());
  return values;
}

}  // namespace

void Session::State::traceRaised(Event& event) {
  if (!tracer.on()) return;
  event.traceCause = tracer.record(eventRecord(event, "raised"));
  event.traceOrigin = tracer.origin();
}

TraceRecord Session::State::eventRecord(const Event& event, const char* phase) const {
  trace::Event body{.phase = phase, .event = event.id, .subject = event.subject};
  if (!event.property.empty()) {
    body.type = "subject-property-changed";
    body.data = {{"property_name", Value::string(event.property)},
                 {"old_value", event.old},
                 {"value", event.value}};
    return {.body = std::move(body), .fact = event.fact};
  }
  const model::FactType& type = program.type(event.type);
  body.type = type.wireName;
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    body.data.emplace_back(type.fields[i].name, event.values[i]);
  }
  return {.body = std::move(body)};
}

void Session::beginEvent() {
  State& s = *state_;
  assert(!s.current && !s.queue.empty() && "one event at a time");
  s.current = std::move(s.queue.front());
  s.queue.pop_front();
  const Event& event = *s.current;
  CauseScope chain(s.tracer, event.traceCause, event.traceOrigin);
  std::uint32_t seq = s.tracer.on() ? s.tracer.record(s.eventRecord(event, "begin")) : 0;
  CauseScope cause(s.tracer, seq);
  s.record(Decision{Decision::Kind::Begin});
  if (event.matched) {
    const model::FactType& type = s.program.type(event.type);
    std::vector<Value> fields = eventFields(type, event);
    s.currentFact = s.assertFact(event.type, fields, false);
  }
  if (s.effects && !s.recovering) s.effects->eventBegins(event);
}

void Session::endEvent() {
  State& s = *state_;
  assert(s.current && "there is an event to end");
  Event event = std::move(*s.current);
  CauseScope chain(s.tracer, event.traceCause, event.traceOrigin);
  std::uint32_t seq = s.tracer.on() ? s.tracer.record(s.eventRecord(event, "end")) : 0;
  CauseScope cause(s.tracer, seq);
  if (s.currentFact != kNoFact && s.memory.find(s.currentFact)) s.endTurnOf(s.currentFact);
  s.currentFact = kNoFact;
  s.dropDisplaced();
  s.current.reset();
  s.record(Decision{Decision::Kind::End});
  s.retractUnsupported();
  if (s.effects && !s.recovering) s.effects->eventEnds(event);
}

bool Session::rest() {
  State& s = *state_;
  if (s.fresh.empty() && s.gone.empty()) return false;
  s.record(Decision{Decision::Kind::Rest});
  s.settleFacts();
  s.retractUnsupported();
  return true;
}

}  // namespace reticle
