// The short way of a firing: which rules it is for, and how one goes.

#include "session/direct.h"

#include <algorithm>
#include <optional>

#include "expression/coerce.h"
#include "session/state.h"

namespace reticle {

namespace {

using model::Action;

bool sameKeys(const model::FactType& type, const Value* a, const Value* b) {
  return !type.keys.empty() && std::all_of(type.keys.begin(), type.keys.end(), [&](FieldId key) {
    return a[index(key)] == b[index(key)];
  });
}

// Which step an action is; nothing when its kind is never plain.
template <typename Kind>
std::optional<Kind> stepOf(Action::Kind kind) {
  switch (kind) {
    case Action::Kind::Let: return Kind::Let;
    case Action::Kind::Log: return Kind::Log;
    case Action::Kind::If: return Kind::If;
    case Action::Kind::Retract: return Kind::Retract;
    case Action::Kind::Insert:
    case Action::Kind::InsertLogical: return Kind::Insert;
    case Action::Kind::Set:
    case Action::Kind::UpdateFields: return Kind::Set;
    case Action::Kind::Upsert:
    case Action::Kind::Unset:
    case Action::Kind::UpdateWith:
    case Action::Kind::Emit:
    case Action::Kind::Call:
    case Action::Kind::Start:
    case Action::Kind::Signal:
    case Action::Kind::Cancel:
    case Action::Kind::CancelEvent:
    case Action::Kind::For:
    case Action::Kind::ForFacts:
    case Action::Kind::Focus:
    case Action::Kind::Refresh:
    case Action::Kind::Halt:
    case Action::Kind::Step:
    case Action::Kind::Find:
    case Action::Kind::Sleep:
    case Action::Kind::SleepUntil:
    case Action::Kind::Wait:
    case Action::Kind::WaitUntil:
    case Action::Kind::Parallel:
    case Action::Kind::Branch:
    case Action::Kind::Try:
    case Action::Kind::Fail:
    case Action::Kind::Return:
    case Action::Kind::Compensate:
    case Action::Kind::Restart:
    case Action::Kind::Clock:
    case Action::Kind::Settle:
    case Action::Kind::Advance:
    case Action::Kind::Crash:
    case Action::Kind::Host:
    case Action::Kind::Replace: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

// --- which rules

DirectFiring::DirectFiring(Session::State& state, const model::Program& program) : s_(state) {
  for (const model::FactType& type : program.types) {
    checked_.push_back(std::any_of(
        type.fields.begin(), type.fields.begin() + type.declared,
        [](const model::Field& field) { return field.max >= 0 || !field.checks.empty(); }));
  }
}

// One action that is not plain makes the whole rule general: its other actions must not have been
// applied when that one is refused.
bool DirectFiring::prepare(const std::vector<Action>& actions, std::vector<Step>& steps) const {
  for (const Action& action : actions) {
    steps.emplace_back();
    if (!prepare(action, steps.back())) return false;
  }
  return true;
}

bool DirectFiring::prepare(const Action& action, Step& step) const {
  const std::optional<Step::Kind> kind = stepOf<Step::Kind>(action.kind);
  if (!kind) return false;
  step.kind = *kind;
  step.action = &action;
  switch (step.kind) {
    case Step::Kind::Let:
    case Step::Kind::Log:
    case Step::Kind::Retract: return true;
    case Step::Kind::If:
      return prepare(action.body, step.body) && prepare(action.otherwise, step.otherwise);
    case Step::Kind::Set: return isPlainSet(action);
    // Also `if absent`: where a fact of the key is there, the review sends it the general way.
    case Step::Kind::Insert: return prepareInsert(action, step);
  }
  return false;
}

// Keys may not be set this way: then what is set would have to be compared with other facts.
bool DirectFiring::isPlainSet(const Action& action) const {
  const model::FactType& type = s_.program.type(action.type);
  if (action.muted || !action.part.empty() || type.asSet) return false;
  return std::all_of(
      action.fields.begin(), action.fields.end(), [&](const model::NamedExpression& field) {
        return index(field.field) < type.declared && !type.fields[index(field.field)].key;
      });
}

// Only facts without hidden fields: then the values of the declared ones are the whole row.
bool DirectFiring::prepareInsert(const Action& action, Step& step) const {
  const model::FactType& type = s_.program.type(action.type);
  if (type.kind != model::FactKind::Fact || type.fields.size() != type.declared || action.local) {
    return false;
  }
  std::vector<bool> given(type.declared);
  for (const model::NamedExpression& field : action.fields) {
    if (index(field.field) >= type.declared || given[index(field.field)]) return false;
    given[index(field.field)] = true;
  }
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    if (given[i]) continue;
    if (!type.fields[i].initial.present() && !type.fields[i].type.optional) return false;
    step.missing.push_back(i);
  }
  return true;
}

// --- one firing

bool DirectFiring::fire(const model::Rule& rule, const Row* rows, std::vector<Value>& locals) {
  if (rules_.size() <= index(rule.id)) rules_.resize(s_.program.rules.size());
  Prepared& prepared = rules_[index(rule.id)];
  if (prepared.way == Prepared::Way::Unknown) {
    prepared.way =
        prepare(rule.actions, prepared.steps) ? Prepared::Way::Direct : Prepared::Way::General;
    if (prepared.way == Prepared::Way::General) prepared.steps.clear();
  }
  if (prepared.way == Prepared::Way::General) return false;
  const bool sound = plan(prepared.steps, rows, locals) && review();
  if (sound) apply();
  forget();
  return sound;
}

// Buffers keep their memory for the next firing.
void DirectFiring::forget() {
  planned_.clear();
  values_.clear();
  for (std::size_t i = 0; i < targetCount_; ++i) targets_[i].assignment.clear();
  targetCount_ = 0;
}

// Actions see locals set by earlier ones, but nothing of what is planned.
bool DirectFiring::plan(const std::vector<Step>& steps, const Row* rows,
                        std::vector<Value>& locals) {
  const Frame frame{rows, locals.data(), &s_.session};
  for (const Step& step : steps) {
    const Action& action = *step.action;
    switch (step.kind) {
      case Step::Kind::Let: {
        Value value = evaluate(action.value.code, frame);
        if (value.isError() || *action.local >= locals.size()) return false;
        locals[*action.local] = std::move(value);
        break;
      }
      case Step::Kind::Log:
        if (s_.tracer.on() || evaluate(action.value.code, frame).isError()) return false;
        break;
      case Step::Kind::If: {
        const Value condition = evaluate(action.value.code, frame);
        if (condition.kind() != ValueKind::Bool ||
            !plan(condition.isTrue() ? step.body : step.otherwise, rows, locals)) {
          return false;
        }
        break;
      }
      case Step::Kind::Retract: {
        const Value target = evaluate(action.target.code, frame);
        if (target.kind() != ValueKind::Fact) return false;
        planned_.push_back({.fact = target.asFact()});
        break;
      }
      case Step::Kind::Insert:
        if (!planInsert(step, frame)) return false;
        break;
      case Step::Kind::Set:
        if (!planSet(action, frame)) return false;
        break;
    }
  }
  return true;
}

// Values go one after another into one buffer, from which apply() moves them into working memory.
bool DirectFiring::planInsert(const Step& step, const Frame& frame) {
  const Action& action = *step.action;
  const model::FactType& type = s_.program.type(action.type);
  const auto first = static_cast<std::uint32_t>(values_.size());
  values_.resize(first + type.declared);
  for (const model::NamedExpression& field : action.fields) {
    Value& value = values_[first + index(field.field)];
    value = evaluate(field.value.code, frame);
    if (!fit(value, type.fields[index(field.field)].type)) return false;
  }
  for (const std::uint32_t field : step.missing) {
    if (type.fields[field].initial.present()) {
      values_[first + field] =
          evaluate(type.fields[field].initial.code, Frame{nullptr, nullptr, &s_.session});
    }
  }
  planned_.push_back({.inserts = true,
                      .logical = action.kind == Action::Kind::InsertLogical,
                      .type = action.type,
                      .first = first,
                      .count = type.declared});
  return true;
}

DirectFiring::Target& DirectFiring::targetOf(FactId fact) {
  for (std::size_t i = 0; i < targetCount_; ++i) {
    if (targets_[i].fact == fact) return targets_[i];
  }
  if (targetCount_ == targets_.size()) targets_.emplace_back();
  targets_[targetCount_].fact = fact;
  return targets_[targetCount_++];
}

// Later values go over earlier ones of the same field.
bool DirectFiring::planSet(const Action& action, const Frame& frame) {
  const Value reference = evaluate(action.target.code, frame);
  if (reference.kind() != ValueKind::Fact) return false;
  const StoredFact* stored = s_.memory.find(reference.asFact());
  if (!stored || stored->type != action.type) return false;
  const model::FactType& type = s_.program.type(action.type);
  for (const model::NamedExpression& field : action.fields) {
    Value value = evaluate(field.value.code, frame);
    if (!fit(value, type.fields[index(field.field)].type)) return false;
    auto& assignment = targetOf(stored->id).assignment;
    auto place = assignment.begin();
    while (place != assignment.end() && place->first < field.field) ++place;
    if (place != assignment.end() && place->first == field.field) {
      place->second = std::move(value);
    } else {
      assignment.emplace(place, field.field, std::move(value));
    }
  }
  return true;
}

// Everything that can refuse, asked before anything is carried out. Keys are never set here, so
// what is set refuses nothing but by its checks.
bool DirectFiring::review() {
  for (const Planned& planned : planned_) {
    if (!planned.inserts) continue;
    const model::FactType& type = s_.program.type(planned.type);
    if (checked_[index(planned.type)] &&
        !s_.checks.checkFields(type, {values_.data() + planned.first, planned.count}).ok()) {
      return false;
    }
    if (!isFree(planned)) return false;
  }
  std::vector<Value> next;
  for (std::size_t i = 0; i < targetCount_; ++i) {
    const StoredFact& stored = *s_.memory.find(targets_[i].fact);
    const model::FactType& type = s_.program.type(stored.type);
    if (!checked_[index(stored.type)]) continue;
    next.assign(stored.fields().begin(), stored.fields().end());
    for (const auto& [field, value] : targets_[i].assignment) next[index(field)] = value;
    if (!s_.checks.checkFields(type, next).ok()) return false;
  }
  return true;
}

// Whether nothing stands where the fact would: no fact of its key, and for a logical one no equal
// one, neither held nor planned.
bool DirectFiring::isFree(const Planned& insertion) const {
  const model::FactType& type = s_.program.type(insertion.type);
  const std::span<const Value> values(values_.data() + insertion.first, insertion.count);
  if (type.keys.empty() && !insertion.logical) return true;
  if (s_.checks.twin(insertion.type, values) != kNoFact ||
      (insertion.logical && s_.truths.findEqual(insertion.type, values) != kNoFact)) {
    return false;
  }
  for (const Planned& other : planned_) {
    if (&other == &insertion || !other.inserts || other.type != insertion.type) continue;
    const Value* const theirs = values_.data() + other.first;
    if (sameKeys(type, values.data(), theirs) ||
        (insertion.logical && std::equal(values.begin(), values.end(), theirs))) {
      return false;
    }
  }
  return true;
}

// ORDER: as in apply.cpp: insertions and retractions as they are written, then what is set.
void DirectFiring::apply() {
  const Firing& firing = s_.firing;
  // What is inserted after a retraction rests on the facts as they were before it.
  const bool retracts = std::any_of(planned_.begin(), planned_.end(),
                                    [](const Planned& planned) { return !planned.inserts; });
  if (retracts) s_.reasons.pin(firing.facts());
  for (const Planned& planned : planned_) {
    if (!planned.inserts) {
      if (s_.memory.find(planned.fact)) s_.retractTold(planned.fact);
      continue;
    }
    const FactId fact = s_.assertFact(planned.type, {values_.data() + planned.first, planned.count},
                                      planned.logical, firing.rule(), firing.facts());
    if (planned.logical) s_.addSupport(fact, firing.slot(s_.agenda), firing.activation());
  }
  for (std::size_t i = 0; i < targetCount_; ++i) {
    // unless it was retracted just now
    if (s_.memory.find(targets_[i].fact)) {
      s_.setFields(targets_[i].fact, targets_[i].assignment, false);
    }
  }
  if (retracts) s_.reasons.pin({});
  s_.settleTruths();
}

}  // namespace reticle
