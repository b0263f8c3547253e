// The fields that the engine keeps for itself: of facts that come, that change, and that another
// program takes over.

#include "session/internal_fields.h"

#include <algorithm>

namespace reticle {

namespace {

Value numberOf(model::Phase phase) { return Value::integer(static_cast<std::int64_t>(phase)); }

}  // namespace

bool InternalFields::satisfies(const std::vector<model::Expression>& tests,
                               std::span<const Value> fields) const {
  const Row row{fields.data(), kNoFact};
  return std::all_of(tests.begin(), tests.end(), [&](const model::Expression& test) {
    return evaluate(test.code, Frame{&row, nullptr, &surroundings_}).isTrue();
  });
}

// Whether a fact satisfies what a pattern asks as it is written, not what the engine adds to it.
bool InternalFields::satisfies(const model::Pattern& pattern, FactId fact,
                               std::span<const Value> fields) const {
  const Row row{fields.data(), fact};
  return std::all_of(
      pattern.constraints.begin(), pattern.constraints.end(),
      [&](const model::Constraint& constraint) {
        return constraint.internal ||
               evaluate(constraint.test.code, Frame{&row, nullptr, &surroundings_}).isTrue();
      });
}

void InternalFields::fill(const model::FactType& type, std::span<Value> values) const {
  if (type.stage) values[index(*type.stage)] = Value::integer(0);
  if (type.order) values[index(*type.order)] = Value::integer(index(memory_.nextId()));
  if (type.phase) {
    values[index(*type.phase)] =
        numberOf(type.onInsert.empty() ? model::Phase::Settled : model::Phase::Fresh);
  }
  if (type.barred) values[index(*type.barred)] = Value::list({});
  for (const model::FactType::Stretch& stretch : type.stretches) {
    values[index(stretch.since)] =
        satisfies(stretch.tests, values) ? Value::timestamp(calendar_.now()) : Value();
  }
}

// A stretch begins or ends when an update makes its tests true or false; only those that read a
// changed field are asked.
void InternalFields::follow(const StoredFact& fact, Assignment& assignment) const {
  const model::FactType& type = program_.type(fact.type);
  std::vector<Value> next(fact.fields().begin(), fact.fields().end());
  FieldMask changed = 0;
  for (const auto& [field, value] : assignment) {
    next[index(field)] = value;
    changed |= bitOf(field);
  }
  for (const model::FactType::Stretch& stretch : type.stretches) {
    if (!(stretch.reads & changed)) continue;
    const bool was = !fact.field(stretch.since).isNull(), is = satisfies(stretch.tests, next);
    if (was != is) {
      assignment.emplace_back(stretch.since, is ? Value::timestamp(calendar_.now()) : Value());
    }
  }
  if (type.barred && fact.id != beginning_ &&
      fact.field(*type.phase) == numberOf(model::Phase::Fresh)) {
    bar(fact, next, assignment);
  }
}

// A fresh fact is barred from the rules `on insert` whose pattern an update makes true or false:
// they are to fire for facts that satisfied it from their insertion on.
void InternalFields::bar(const StoredFact& fact, std::span<const Value> next,
                         Assignment& assignment) const {
  const model::FactType& type = program_.type(fact.type);
  Value::List barred = fact.field(*type.barred).asList();
  const std::size_t before = barred.size();
  for (const RuleId rule : type.onInsert) {
    const Value number = Value::integer(index(rule));
    if (std::find(barred.begin(), barred.end(), number) != barred.end()) continue;
    const model::Pattern& pattern = program_.rules[index(rule)].conditions[0].pattern;
    if (!satisfies(pattern, fact.id, fact.fields()) || !satisfies(pattern, fact.id, next)) {
      barred.push_back(number);
    }
  }
  if (barred.size() != before) {
    assignment.emplace_back(*type.barred, Value::list(std::move(barred)));
  }
}

Assignment InternalFields::settled(const model::FactType& type) {
  return {{*type.phase, numberOf(model::Phase::Settled)}, {*type.barred, Value::list({})}};
}

Assignment InternalFields::gone(const model::FactType& type) {
  return {{*type.phase, numberOf(model::Phase::Gone)}};
}

// Declared and hidden fields are the same in both; the internal ones are made anew, as if the fact
// had been of the new type all along.
std::vector<Value> InternalFields::refit(const model::FactType& from, const model::FactType& to,
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
    const Span64 age = calendar_.now() - out[to.declared + 2].asTime();
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
                                : satisfies(stretch.tests, out) ? Value::timestamp(calendar_.now())
                                                                : Value();
  }
  return out;
}

}  // namespace reticle
