// How long events stay, and what becomes of facts at the end of the turn in which they came or went.

#include <algorithm>

#include "session/state.h"

namespace reticle {

namespace {

// ORDER: the hidden fields of events in src/model/check_types.cpp
Time timeOf(const model::FactType& type, const StoredFact& event) { return event.fields()[type.declared + 2].asTime(); }

model::Phase phaseOf(const model::FactType& type, const StoredFact& fact) { return static_cast<model::Phase>(fact.fields()[index(*type.phase)].asInt()); }

}  // namespace

// --- events

std::optional<Timer> Session::State::expiryOf(const StoredFact& event) const {
  const model::FactType& type = program.type(event.type);
  if (type.lifetimes.empty()) return std::nullopt;
  std::size_t stage = type.stage ? static_cast<std::size_t>(event.fields()[index(*type.stage)].asInt()) : 0;
  if (stage == 0 && type.lifetimes[0] == 0) ++stage;   // its own turn, which ends by itself
  if (stage >= type.lifetimes.size()) return std::nullopt;
  // It is seen through the last moment of its lifetime.
  Time due = 0;
  if (__builtin_add_overflow(timeOf(type, event) + 1, type.lifetimes[stage], &due)) return std::nullopt;
  return Timer{due, Timer::Kind::Expire, index(event.id)};
}

void Session::State::expire(FactId event) {
  const StoredFact* stored = memory.find(event);
  if (!stored) return;
  const model::FactType& type = program.type(stored->type);
  const Span64 age = now - timeOf(type, *stored);
  const auto stage = std::lower_bound(type.lifetimes.begin(), type.lifetimes.end(), age) - type.lifetimes.begin();
  if (static_cast<std::size_t>(stage) == type.lifetimes.size()) retractFact(event);
  else updateFact(event, {{*type.stage, Value::integer(stage)}});
}

void Session::State::endTurnOf(FactId event) {
  const model::FactType& type = program.type(memory.find(event)->type);
  if (type.lifetimes.empty() || type.lifetimes.back() == 0) retractFact(event);
  else if (type.lifetimes[0] == 0) updateFact(event, {{*type.stage, Value::integer(1)}});
}

// --- facts that come and go

void Session::State::bar(const StoredFact& fact, Assignment& assignment) const {
  const model::FactType& type = program.type(fact.type);
  if (phaseOf(type, fact) != model::Phase::Fresh) return;
  std::vector<Value> next(fact.fields().begin(), fact.fields().end());
  for (const auto& [field, value] : assignment) next[index(field)] = value;
  const auto fits = [&](const model::Pattern& pattern, const Value* fields) {
    const Row row{fields, fact.id};
    return std::all_of(pattern.constraints.begin(), pattern.constraints.end(), [&](const model::Constraint& constraint) {
      return constraint.internal || reticle::evaluate(constraint.test.code, Frame{&row, nullptr, &session}).isTrue();
    });
  };
  Value::List barred = fact.fields()[index(*type.barred)].asList();
  const std::size_t before = barred.size();
  for (RuleId rule : type.onInsert) {
    const Value number = Value::integer(index(rule));
    if (std::find(barred.begin(), barred.end(), number) != barred.end()) continue;
    const model::Pattern& pattern = program.rules[index(rule)].conditions[0].pattern;
    if (!fits(pattern, fact.fields().data()) || !fits(pattern, next.data())) barred.push_back(number);
  }
  if (barred.size() != before) assignment.emplace_back(*type.barred, Value::list(std::move(barred)));
}

void Session::State::settleFacts() {
  std::vector<FactId> came, went;
  came.swap(fresh);
  went.swap(gone);
  for (FactId fact : came) {
    if (!memory.holds(fact)) continue;
    const model::FactType& type = program.type(memory.find(fact)->type);
    assign(fact, {{*type.phase, Value::integer(static_cast<std::int64_t>(model::Phase::Settled))}, {*type.barred, Value::list({})}});
  }
  for (FactId fact : went) {
    ++changes;
    matcher.remove(fact);
    memory.remove(fact);
  }
}

}  // namespace reticle
