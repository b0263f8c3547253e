// The fields that the engine keeps for itself (see model::FactType::stage), and what becomes of
// facts at the end of the turn in which they came or went.

#include <algorithm>

#include "session/state.h"

namespace reticle {

namespace {

Value numberOf(model::Phase phase) { return Value::integer(static_cast<std::int64_t>(phase)); }

}  // namespace

bool Session::State::satisfies(const std::vector<model::Expression>& tests,
                               std::span<const Value> fields) const {
  const Row row{fields.data(), kNoFact};
  return std::all_of(tests.begin(), tests.end(), [&](const model::Expression& test) {
    return reticle::evaluate(test.code, Frame{&row, nullptr, &session}).isTrue();
  });
}

void Session::State::fillInternal(const model::FactType& type, std::span<Value> values) const {
  if (type.stage) values[index(*type.stage)] = Value::integer(0);
  if (type.order) values[index(*type.order)] = Value::integer(index(memory.nextId()));
  if (type.phase) {
    values[index(*type.phase)] =
        numberOf(type.onInsert.empty() ? model::Phase::Settled : model::Phase::Fresh);
  }
  if (type.barred) values[index(*type.barred)] = Value::list({});
  for (const model::FactType::Stretch& stretch : type.stretches) {
    values[index(stretch.since)] =
        satisfies(stretch.tests, values) ? Value::timestamp(now) : Value();
  }
}

void Session::State::addInternal(const StoredFact& fact, Assignment& assignment) const {
  const model::FactType& type = program.type(fact.type);
  if (!type.barred && type.stretches.empty()) return;
  std::vector<Value> next(fact.fields().begin(), fact.fields().end());
  FieldMask changed = 0;
  for (const auto& [field, value] : assignment) {
    next[index(field)] = value;
    changed |= bitOf(field);
  }
  for (const model::FactType::Stretch& stretch : type.stretches) {
    if (!(stretch.reads & changed)) continue;
    const bool was = !fact.field(stretch.since).isNull(), is = satisfies(stretch.tests, next);
    if (was != is) assignment.emplace_back(stretch.since, is ? Value::timestamp(now) : Value());
  }
  if (type.barred && fact.id != creating &&
      fact.field(*type.phase) == numberOf(model::Phase::Fresh)) {
    bar(fact, next, assignment);
  }
}

void Session::State::bar(const StoredFact& fact, std::span<const Value> next,
                         Assignment& assignment) const {
  const model::FactType& type = program.type(fact.type);
  const auto fits = [&](const model::Pattern& pattern, std::span<const Value> fields) {
    const Row row{fields.data(), fact.id};
    return std::all_of(
        pattern.constraints.begin(), pattern.constraints.end(),
        [&](const model::Constraint& constraint) {
          return constraint.internal ||
                 reticle::evaluate(constraint.test.code, Frame{&row, nullptr, &session}).isTrue();
        });
  };
  Value::List barred = fact.field(*type.barred).asList();
  const std::size_t before = barred.size();
  for (const RuleId rule : type.onInsert) {
    const Value number = Value::integer(index(rule));
    if (std::find(barred.begin(), barred.end(), number) != barred.end()) continue;
    const model::Pattern& pattern = program.rules[index(rule)].conditions[0].pattern;
    if (!fits(pattern, fact.fields()) || !fits(pattern, next)) barred.push_back(number);
  }
  if (barred.size() != before) {
    assignment.emplace_back(*type.barred, Value::list(std::move(barred)));
  }
}

void Session::State::settleFacts() {
  std::vector<FactId> came, went;
  came.swap(fresh);
  went.swap(gone);
  for (const FactId fact : came) {
    if (!memory.holds(fact)) continue;
    const model::FactType& type = program.type(memory.find(fact)->type);
    assign(fact, {{*type.phase, numberOf(model::Phase::Settled)}, {*type.barred, Value::list({})}});
  }
  for (const FactId fact : went) {
    ++changes;
    matcher.remove(fact);
    memory.remove(fact);
  }
}

std::vector<Value> Session::State::refit(const model::FactType& from, const model::FactType& to,
                                         std::vector<Value> fields, FactId fact,
                                         bool inTurn) const {
  const auto firstInternal = [](const model::FactType& type) {
    return std::find_if(type.fields.begin(), type.fields.end(),
                        [](const model::Field& field) { return field.internal; }) -
           type.fields.begin();
  };
  std::vector<Value> out(fields.begin(), fields.begin() + firstInternal(from));
  out.resize(to.fields.size());
  if (to.order) out[index(*to.order)] = Value::integer(index(fact));
  if (to.phase) out[index(*to.phase)] = numberOf(model::Phase::Settled);
  if (to.barred) out[index(*to.barred)] = Value::list({});
  if (to.stage) {
    const Span64 age = now - out[to.declared + 2].asTime();
    const auto stage = std::lower_bound(to.lifetimes.begin(), to.lifetimes.end(),
                                        inTurn ? 0 : std::max<Span64>(age, 1)) -
                       to.lifetimes.begin();
    out[index(*to.stage)] = Value::integer(stage);
  }
  // A stretch that the old program knew goes on.
  for (const model::FactType::Stretch& stretch : to.stretches) {
    const auto known = std::find_if(
        from.stretches.begin(), from.stretches.end(),
        [&](const model::FactType::Stretch& each) { return each.text == stretch.text; });
    out[index(stretch.since)] = known != from.stretches.end()   ? fields[index(known->since)]
                                : satisfies(stretch.tests, out) ? Value::timestamp(now)
                                                                : Value();
  }
  return out;
}

}  // namespace reticle
