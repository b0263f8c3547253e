// Events that tell the rules of the engine's own doings.

#include <algorithm>
#include <utility>

#include "base/json_pointer.h"
#include "session/state.h"

namespace reticle {
namespace {

Value optional(const std::string& text) { return text.empty() ? Value() : Value::string(text); }

}  // namespace

// An event of the turn, with what is told and declared. What it causes is told no more: what hears
// of failures or of rules, and fails or fires, does not loop.
Event Session::State::doingOf(const model::FactType& type,
                              const std::vector<std::pair<std::string_view, Value>>& told) {
  Event event;
  event.type = type.id;
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    const auto same = std::find_if(told.begin(), told.end(), [&](const auto& each) {
      return type.fields[i].name == each.first;
    });
    event.values.push_back(same == told.end() ? Value() : same->second);
  }
  const Event* turn = events.current();
  event.subject = turn ? turn->subject : std::string();
  event.afterFailure = true;
  event.id = events.takeId();
  return event;
}

// One that is caused by such an event is told no more. It stands in the trace in any case.
void Session::State::tellFailed(const model::Rule& rule, const Error& error) {
  if (!failedType || decisions.recovering()) return;
  const Event* turn = events.current();
  if (turn && turn->afterFailure) return;
  Value::List facts;
  for (const FactId fact : firing.facts()) {
    if (memory.holds(fact)) facts.push_back(Value::integer(index(fact)));
  }
  Event event = doingOf(
      *failedType,
      {{"rule", Value::string(rule.name)},
       {"code", Value::string(name(error.code))},
       {"message", Value::string(error.message)},
       {"part", optional(error.where)},
       {"event", turn ? Value::string(turn->id) : Value()},
       {"type", turn ? Value::string(wireTypeOf(*turn)) : Value()},
       {"subject", turn ? optional(turn->subject) : Value()},
       {"chain", Value::string(turn ? events.originText(program, turn->id) : std::string())},
       {"facts", Value::list(std::move(facts))}});
  traceRaised(event);
  raise(std::move(event));
}

std::string Session::State::wireTypeOf(const Event& event) const {
  return event.ofSubject() ? "subject-property-changed" : program.type(event.type).wireName;
}

// --- what rules make of an event

namespace {

// Whether one of a rule's triggers is for events of a type.
bool listensTo(const model::Rule& rule, TypeId type) {
  using Kind = model::Condition::Kind;
  if (rule.trigger.kind != model::Trigger::Kind::Event &&
      rule.trigger.kind != model::Trigger::Kind::Change) {
    return false;
  }
  const auto isFor = [type](const model::Condition& condition) {
    return condition.kind == Kind::Pattern && condition.pattern.type == type;
  };
  if (rule.conditions.empty()) return false;
  const model::Condition& first = rule.conditions.front();
  if (first.kind != Kind::Either) return isFor(first);
  return std::any_of(first.groups.begin(), first.groups.end(), [&](const auto& group) {
    return std::any_of(group.begin(), group.end(), isFor);
  });
}

}  // namespace

void Session::State::beginProcessing(const model::Rule& rule) {
  const Event* turn = events.current();
  if (!processedType || !turn || turn->afterFailure || !listensTo(rule, turn->type)) return;
  processing = &processed[rule.id];
  processing->notesChanges = processedType->find("changes").has_value();
  if (!processedType->find("bindings")) return;
  Value::Map bound;
  for (std::size_t row = 0; row < rule.bindings.size() && row < firing.facts().size(); ++row) {
    if (rule.bindings[row].empty()) continue;
    bound.emplace_back(Value::string(rule.bindings[row]),
                       Value::integer(index(firing.rows()[row].fact)));
  }
  for (std::uint32_t local = 0; local < rule.conditionLocals && local < rule.localNames.size();
       ++local) {
    if (rule.localNames[local].first.empty()) continue;
    bound.emplace_back(Value::string(rule.localNames[local].first), firing.locals()[local]);
  }
  processing->bindings.push_back(Value::map(std::move(bound)));
}

void Session::State::endProcessing(const Status& done) {
  if (!processing) return;
  if (done) {
    ++processing->fired;
  } else {
    ++processing->failed;
    processing->code = name(done.error().code);
    processing->message = done.error().message;
  }
  processing = nullptr;
}

// A fact by its number, a subject by its name: `/Order/12`, `/Device/d7`.
std::string Session::State::placeOf(const StoredFact& stored) const {
  const model::FactType& type = program.type(stored.type);
  const std::string number = type.kind == model::FactKind::Subject
                                 ? std::string(stored.fields()[type.declared].asString())
                                 : std::to_string(index(stored.id));
  std::string place;
  appendPointer(place, type.name);
  appendPointer(place, number);
  return place;
}

void Session::State::noteChange(const char* op, std::string path, const Value* value) {
  Value::Map change{{Value::string("op"), Value::string(op)},
                    {Value::string("path"), Value::string(path)}};
  if (value) change.emplace_back(Value::string("value"), *value);
  processing->changes.push_back(Value::map(std::move(change)));
}

void Session::State::noteInserted(const StoredFact& stored) {
  const model::FactType& type = program.type(stored.type);
  if (type.kind == model::FactKind::Event) return;
  Value::Map fields;
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    fields.emplace_back(Value::string(type.fields[i].name), stored.fields()[i]);
  }
  if (type.open) {
    for (const auto& [name, value] : stored.field(type.undeclared()).asMap()) {
      fields.emplace_back(name, value);
    }
  }
  const Value whole = Value::map(std::move(fields));
  noteChange("add", placeOf(stored), &whole);
}

// Called with the fact as it was.
void Session::State::noteUpdated(const StoredFact& stored, const Assignment& assignment) {
  const model::FactType& type = program.type(stored.type);
  const std::string place = placeOf(stored);
  const auto note = [&](const char* op, std::string_view member, const Value* value) {
    std::string path = place;
    appendPointer(path, member);
    noteChange(op, std::move(path), value);
  };
  for (const auto& [field, value] : assignment) {
    if (index(field) < type.declared) {
      note("replace", type.fields[index(field)].name, &value);
      continue;
    }
    if (!type.open || field != type.undeclared()) continue;
    const Value& old = stored.field(field);
    for (const auto& [name, now] : value.asMap()) {
      const Value* before = old.find(name);
      if (before && *before == now) continue;
      note(before ? "replace" : "add", name.asString(), &now);
    }
    for (const auto& [name, before] : old.asMap()) {
      if (!value.find(name)) note("remove", name.asString(), nullptr);
    }
  }
}

// Of each rule that listens, in order of rules, when the turn of the event ends.
void Session::State::tellProcessed() {
  if (!processedType) return;
  const std::map<RuleId, Processed> done = std::exchange(processed, {});
  const Event* turn = events.current();
  if (turn->afterFailure || decisions.recovering()) return;
  const bool asksConditions = processedType->find("conditions").has_value();
  for (const model::Rule& rule : program.rules) {
    if (rule.disabled || !listensTo(rule, turn->type)) continue;
    const auto found = done.find(rule.id);
    const Processed made = found == done.end() ? Processed{} : found->second;
    const bool passed = made.fired + made.failed > 0;
    Value::List conditions;
    if (asksConditions) {
      for (const auto& [text, holds] : queries->conditionsOf(rule.id)) {
        conditions.push_back(
            Value::map({{Value::string("condition"), Value::string(text)},
                        {Value::string("passed"), Value::boolean(passed || holds)}}));
      }
    }
    Event event =
        doingOf(*processedType, {{"rule", Value::string(rule.name)},
                                 {"event", Value::string(turn->id)},
                                 {"type", Value::string(wireTypeOf(*turn))},
                                 {"subject", optional(turn->subject)},
                                 {"fired", Value::integer(made.fired)},
                                 {"failed", Value::integer(made.failed)},
                                 {"code", optional(made.code)},
                                 {"message", optional(made.message)},
                                 {"chain", Value::string(events.originText(program, turn->id))},
                                 {"conditions", Value::list(std::move(conditions))},
                                 {"bindings", Value::list(made.bindings)},
                                 {"changes", Value::list(made.changes)}});
    traceRaised(event);
    raise(std::move(event));
  }
}

}  // namespace reticle
