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
      if (!value.find(name)) out.push_back({std::string(name.asString()), before, Value()});
    }
  }
  return out;
}

}  // namespace

void Session::State::setFields(FactId fact, const Assignment& wanted, bool muted,
                               const std::vector<std::string>& quiet) {
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
    if (!(each.old == each.value)) raiseChange(fact, each.property, each.old, each.value);
  }
}

void Session::State::raiseChange(FactId fact, const std::string& property, const Value& old,
                                 const Value& value) {
  const StoredFact& stored = *memory.find(fact);
  Event event;
  event.matched = false;
  event.fact = fact;
  event.subject = std::string(stored.fields()[program.type(stored.type).declared].asString());
  event.property = property;
  event.old = old;
  event.value = value;
  event.id = events.takeId();
  relisten(event);
  if (tracer.on()) {
    event.traceCause = tracer.record(records::propertyChanged(event));
    event.traceOrigin = tracer.origin();
  }
  raise(std::move(event));
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

void Session::State::raise(Event event) {
  event.time = calendar.now();
  if (event.source.empty()) event.source = options.source;
  events.chain(event);
  if (decisions.wanted()) {
    Decision decision{Decision::Kind::Raise};
    decision.flag = event.generated;
    decision.event = event;
    decisions.record(std::move(decision));
  }
  if (effects && !decisions.recovering()) effects->eventRaised();
  events.push(std::move(event));
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
// source, cause.
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
  values.push_back(Value::string(type.changeOf ? "subject-property-changed" : type.wireName));
  values.push_back(Value::string(event.source));
  values.push_back(optional(event.cause));
  values.resize(type.fields.size());
  return values;
}

}  // namespace

bool Session::hasEvent() const { return state_->events.current() != nullptr; }
bool Session::hasQueued() const { return state_->events.hasWaiting(); }
FactId Session::eventFact() const { return state_->events.currentFact(); }
const Event* Session::currentEvent() const { return state_->events.current(); }
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
