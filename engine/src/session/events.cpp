// Events: raised by changes of properties, by hosts and by rules; their turns.

#include <algorithm>
#include <iterator>

#include "session/state.h"

namespace reticle {

// --- properties

namespace {

struct PropertyChange {
  std::string property;
  Value old, value;
  bool gone = false;  // an undeclared property that is there no more
};

// What an assignment changes that listeners may hear of: not metadata, and of an open property each
// entry by itself.
std::vector<PropertyChange> propertyChanges(const model::FactType& type, const StoredFact& stored,
                                            const Assignment& assignment) {
  std::vector<PropertyChange> out;
  for (const auto& [field, value] : assignment) {
    const Value& old = stored.field(field);
    if (index(field) < type.declared) {
      if (!type.fields[index(field)].ext) {
        out.push_back({type.fields[index(field)].name, old, value});
      }
      continue;
    }
    if (old.kind() != ValueKind::Map || value.kind() != ValueKind::Map) continue;
    for (const auto& [name, now] : value.asMap()) {  // undeclared properties of an open subject
      const Value* before = old.find(name);
      if (!before || !(*before == now)) {
        out.push_back({std::string(name.asString()), before ? *before : Value(), now});
      }
    }
    for (const auto& [name, before] : old.asMap()) {
      if (!value.find(name)) out.push_back({std::string(name.asString()), before, Value(), true});
    }
  }
  return out;
}

}  // namespace

void Session::State::setFields(FactId fact, const Assignment& wanted, bool muted,
                               const std::vector<std::string>& quiet,
                               const std::vector<std::string>& unset) {
  const StoredFact& stored = *memory.find(fact);
  const model::FactType& type = program.type(stored.type);
  const auto isNew = [&stored](const std::pair<FieldId, Value>& each) {
    const Value& old = stored.field(each.first);
    return !(old == each.second && old.kind() == each.second.kind());
  };
  const auto fresh = static_cast<std::size_t>(std::count_if(wanted.begin(), wanted.end(), isNew));
  // What does not change is no change: no event, no decision, no match made anew.
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
  // Read before the update: it takes the old values away.
  const std::vector<PropertyChange> changed = propertyChanges(type, stored, assignment);
  updateFact(fact, assignment);
  for (const PropertyChange& each : changed) {
    // Equal values of different kinds (1 and 1.0) change the field, and nobody hears of it.
    if (std::find(quiet.begin(), quiet.end(), each.property) != quiet.end()) continue;
    const bool gone =
        each.gone || std::find(unset.begin(), unset.end(), each.property) != unset.end();
    if (!(each.old == each.value)) raiseChange(fact, each.property, each.old, each.value, gone);
  }
}

void Session::State::raiseChange(FactId fact, const std::string& property, const Value& old,
                                 const Value& value, bool gone) {
  const StoredFact& stored = *memory.find(fact);
  Event event;
  event.matched = false;
  event.fact = fact;
  event.subject = std::string(stored.fields()[program.type(stored.type).declared].asString());
  event.property = property;
  event.old = old;
  event.value = value;
  event.gone = gone;
  event.id = events.takeId();
  relisten(event);
  if (tracer.on()) {
    event.traceCause = tracer.record(records::propertyChanged(event));
    event.traceOrigin = tracer.origin();
  }
  raise(std::move(event));
}

// One event for each property that it has, `ext` ones too, then one with all of them. Nothing here
// matches them: the subject is no more when they have their turns.
void Session::State::raiseGone(const StoredFact& subject) {
  const model::FactType& type = program.type(subject.type);
  if (type.kind != model::FactKind::Subject || type.builtin) return;
  Fields properties, extensions;
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    const model::Field& field = type.fields[i];
    const Value& value = subject.fields()[i];
    if (field.key || value.isNull()) continue;
    (field.ext ? extensions : properties).emplace_back(field.name, value);
  }
  if (type.open && subject.fields()[index(type.undeclared())].kind() == ValueKind::Map) {
    for (const auto& [name, value] : subject.fields()[index(type.undeclared())].asMap()) {
      properties.emplace_back(std::string(name.asString()), value);
    }
  }
  Event event;
  event.matched = false;
  event.gone = true;
  event.fact = subject.id;
  event.subject = std::string(subject.fields()[type.declared].asString());
  event.extensions = extensions;
  const auto send = [&](Event each) {
    each.id = events.takeId();
    if (tracer.on()) {
      each.traceCause =
          tracer.record(each.property.empty() ? records::event(program, each, "raised")
                                              : records::propertyChanged(each));
      each.traceOrigin = tracer.origin();
    }
    raise(std::move(each));
  };
  for (const Fields* each : {&properties, &extensions}) {
    for (const auto& [name, value] : *each) {
      Event property = event;
      property.property = name;
      property.old = value;
      send(std::move(property));
    }
  }
  event.old = Value::map({{Value::string("ext_props"), mapOf(extensions)},
                          {Value::string("props"), mapOf(properties)}});
  send(std::move(event));
}

void Session::State::retractTold(FactId fact) {
  raiseGone(*memory.find(fact));
  retractFact(fact);
}

void Session::State::relisten(Event& event) const {
  const StoredFact* stored = event.property.empty() ? nullptr : memory.find(event.fact);
  if (!stored) return;
  const auto field = program.type(stored->type).find(event.property);
  if (!field) {
    const auto open = program.openChangeTypes.find({stored->type, event.property});
    event.matched = open != program.openChangeTypes.end();
    if (event.matched) event.type = open->second;
    return;
  }
  const auto listened = program.changeTypes.find({stored->type, *field});
  event.matched = listened != program.changeTypes.end();
  if (event.matched) event.type = listened->second;
}

// --- raising

void Session::State::complete(Event& event) {
  if (!event.fromOutside || event.time == 0) event.time = calendar.now();
  if (event.source.empty()) event.source = options.source;
  event.by = firing.rule();
  events.chain(event);
}

// From one event to the next without end, and never waiting: nothing else would stop it. The
// journal knows nothing of an event that is not raised, so its id is free again.
bool Session::State::isEndless(const Event& event) {
  if (event.hops <= options.maxHops) return false;
  if (event.generated) events.giveBackId();
  if (tracer.on()) {
    tracer.record(records::failed(
        firing.rule(),
        Error{ErrorCode::TooMuch,
              "the event " + event.id + " is number " + std::to_string(event.hops) +
                  " of a chain in which each led to the next, and goes no further: " +
                  events.chainText(program, event),
              "maxHops",
              "let one of them wait (`after`), or raise it only when something has changed"},
        "emit"));
  }
  return true;
}

void Session::State::raise(Event event) {
  complete(event);
  if (isEndless(event)) return;
  enqueue(std::move(event), 0);
}

void Session::State::noteSeen(const Event& event) {
  if (event.fromOutside && !event.generated) seen.add(event.source, event.id, fingerprintOf(event));
}

// `number`: of the waiting event that it was, which was seen when it came; 0: of none.
void Session::State::enqueue(Event event, std::uint32_t number) {
  if (number == 0) noteSeen(event);
  if (decisions.wanted()) {
    Decision decision{Decision::Kind::Raise};
    decision.flag = event.generated && number == 0;
    decision.time = number;
    decision.event = event;
    decisions.record(std::move(decision));
  }
  if (effects && !decisions.recovering()) effects->eventRaised();
  events.push(std::move(event));
}

// It has its id, and keeps what it was caused by; that it waited ends the count of hops.
void Session::State::await(Event event, Time due, std::string name) {
  complete(event);
  event.hops = 0;
  dropWaiting(name, event.subject);
  if (tracer.on()) {
    event.traceCause = tracer.record(records::event(program, event, "waiting", due));
    event.traceOrigin = tracer.origin();
  }
  noteSeen(event);
  if (decisions.wanted()) {
    Decision decision{Decision::Kind::Wait};
    decision.flag = event.generated;
    decision.time = due;
    decision.bytes = name;
    decision.event = event;
    decisions.record(std::move(decision));
  }
  const std::uint32_t number = waiting.add({due, std::move(name), std::move(event)});
  calendar.schedule(Timer{due, Timer::Kind::Event, number});
}

bool Session::State::dropWaiting(const std::string& name, const std::string& subject) {
  const std::optional<std::uint32_t> number = waiting.find(name, subject);
  if (!number) return false;
  drop(*number);
  return true;
}

void Session::State::drop(std::uint32_t number) {
  const std::optional<WaitingEvents::Waiting> was = waiting.take(number);
  if (!was) return;
  calendar.cancel(Timer{was->due, Timer::Kind::Event, number});
  Decision decision{Decision::Kind::Drop};
  decision.time = number;
  decisions.record(std::move(decision));
  if (tracer.on()) tracer.record(records::event(program, was->event, "dropped", was->due));
}

// Its moment has come: it queues as one that is raised now, with the id and the cause it has.
void Session::State::release(std::uint32_t number) {
  std::optional<WaitingEvents::Waiting> was = waiting.take(number);
  if (!was) return;
  CauseScope chain(tracer, was->event.traceCause, was->event.traceOrigin);
  Event event = std::move(was->event);
  if (!event.fromOutside) event.time = calendar.now();
  if (tracer.on()) event.traceCause = tracer.record(records::event(program, event, "raised"));
  enqueue(std::move(event), number);
}

void Session::State::aim(Event& event) const {
  if (event.deliver == Delivery::Unhandled) {
    event.deliver = listened[index(event.type)] ? Delivery::Local : Delivery::Outside;
  }
  event.matched = event.deliver != Delivery::Outside;
}

// What tells an event from another of its source and id: everything its sender said.
std::uint64_t Session::State::fingerprintOf(const Event& event) const {
  Digest digest;
  digest.add(program.type(event.type).wireName);
  digest.add(event.subject);
  for (const Value& value : event.values) digest.add(value);
  return digest.value();
}

void Session::State::traceRaised(Event& event) {
  if (!tracer.on()) return;
  event.traceCause = tracer.record(records::event(program, event, "raised"));
  event.traceOrigin = tracer.origin();
  if (event.subject.empty() || memory.findSubject(event.subject) != kNoFact) return;
  // Where there are no subjects at all, their names are nothing but text.
  const bool any = std::any_of(program.types.begin(), program.types.end(), [](const auto& type) {
    return type.kind == model::FactKind::Subject && !type.builtin;
  });
  if (!any) return;
  tracer.record(records::noSubject(firing.rule(), program.type(event.type),
                                   toText(Value::string(event.subject))));
}

// --- turns

namespace {

// What an event holds once it is asserted: its declared fields, then meta.id, subject, time, type,
// source, cause, origin, ext.
// ORDER: the hidden fields of events in src/check/check_types.cpp
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
  values.push_back(Value::string(event.gone      ? "subject-property-deleted"
                                 : type.changeOf ? "subject-property-changed"
                                                 : type.wireName));
  values.push_back(Value::string(event.source));
  values.push_back(optional(event.cause));
  values.push_back(Value::string(event.originId));
  values.push_back(mapOf(event.extensions));
  values.resize(type.fields.size());
  return values;
}

}  // namespace

bool Session::hasEvent() const { return state_->events.current() != nullptr; }
bool Session::hasQueued() const { return state_->events.hasWaiting(); }
FactId Session::eventFact() const { return state_->events.currentFact(); }
const Event* Session::currentEvent() const { return state_->events.current(); }
void Session::actFor(const Event* event) { state_->events.actFor(event); }
const std::string& Session::source() const { return state_->options.source; }

void Session::beginEvent() {
  State& s = *state_;
  const Event& event = s.events.begin();
  CauseScope chain(s.tracer, event.traceCause, event.traceOrigin);
  const std::uint32_t seq =
      s.tracer.on() ? s.tracer.record(records::event(s.program, event, "begin")) : 0;
  CauseScope cause(s.tracer, seq);
  s.decisions.record(Decision::Kind::Begin);
  if (event.matched) {
    std::vector<Value> fields = eventFields(s.program.type(event.type), event);
    s.events.setCurrentFact(s.assertFact(event.type, fields, false));
  }
  s.settleTruths();
  if (s.effects && !s.decisions.recovering()) s.effects->eventBegins(event);
}

// Its fact goes, or comes to the lifetime after its own turn.
void Session::endEvent() {
  State& s = *state_;
  const FactId fact = s.events.currentFact();
  s.tellProcessed();
  const Event event = s.events.end();
  s.firedForEvent.clear();
  CauseScope chain(s.tracer, event.traceCause, event.traceOrigin);
  const std::uint32_t seq =
      s.tracer.on() ? s.tracer.record(records::event(s.program, event, "end")) : 0;
  CauseScope cause(s.tracer, seq);
  if (fact != kNoFact && s.memory.find(fact)) s.endTurnOf(fact);
  s.dropDisplaced();
  s.decisions.record(Decision::Kind::End);
  s.settleTruths();
  if (s.effects && !s.decisions.recovering()) s.effects->eventEnds(event);
}

bool Session::rest() {
  State& s = *state_;
  if (!s.internals.hasNews()) return false;
  s.decisions.record(Decision::Kind::Rest);
  s.settleFacts();
  s.settleTruths();
  return true;
}

}  // namespace reticle
