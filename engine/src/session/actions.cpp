// From actions to changes, and from changes to working memory: first everything is evaluated, then everything is checked, then all is applied.

#include <algorithm>
#include <cassert>

#include "session/state.h"

namespace reticle {

namespace {

using model::Action;

Error failed(const Value& error, const std::string& action) {
  return Error{ErrorCode::NotAFact, std::string(error.errorMessage()), action, {}};
}

// What one list of changes sets on one fact. Property changes are applied together at the end: one update a fact, in order of first mention,
// later values over earlier ones.
struct Target { FactId fact = kNoFact; std::uint32_t pending = 0; Fields fields; };

std::vector<Target> targetsOf(const std::vector<Change>& changes) {
  std::vector<Target> targets;
  for (const Change& change : changes) {
    if (change.kind != Change::Kind::Set) continue;
    auto target = std::find_if(targets.begin(), targets.end(), [&](const Target& t) { return t.fact == change.fact && t.pending == change.pending; });
    if (target == targets.end()) target = targets.insert(targets.end(), Target{change.fact, change.pending, {}});
    for (const auto& [name, value] : change.named) {
      auto same = std::find_if(target->fields.begin(), target->fields.end(), [&, &key = name](const auto& entry) { return entry.first == key; });
      if (same == target->fields.end()) target->fields.emplace_back(name, value);
      else same->second = value;
    }
  }
  return targets;
}

bool isPending(const Value& value) { return value.kind() == ValueKind::Fact && (index(value.asFact()) & kPending); }

class Planner {
 public:
  Planner(const Session& session, Session::State& state, const Row* rows, std::vector<Value>& locals, std::vector<Change>& changes)
      : session_(session), state_(state), rows_(rows), locals_(locals), changes_(changes) {}

  Status plan(const std::vector<Action>& actions) {
    for (const Action& action : actions)
      if (Status done = plan(action); !done) return done;
    return Done{};
  }

 private:
  Value value(const model::Expression& expression) const {
    return reticle::evaluate(expression.code, Frame{rows_, locals_.data(), &session_});
  }

  Status plan(const Action& action) {
    switch (action.kind) {
      case Action::Kind::Insert: return insert(action, Change::Kind::Insert);
      case Action::Kind::InsertLogical: return insert(action, Change::Kind::InsertLogical);
      case Action::Kind::Set:
      case Action::Kind::UpdateFields:
      case Action::Kind::UpdateWith: return set(action);
      case Action::Kind::Retract: {
        Value target = value(action.target);
        if (target.isError()) return failed(target, action.text);
        if (target.kind() != ValueKind::Fact) return Error{ErrorCode::WrongType, "only a fact can be retracted, this is " + toText(target), action.text, {}};
        Change change{};
        change.kind = Change::Kind::Retract;
        if (isPending(target)) change.pending = (index(target.asFact()) & ~kPending) + 1;
        else change.fact = target.asFact();
        changes_.push_back(std::move(change));
        return Done{};
      }
      case Action::Kind::Emit: return emit(action);
      case Action::Kind::Start: return start(action);
      case Action::Kind::Log: {
        Value text = value(action.value);
        if (text.isError()) return failed(text, action.text);
        Change change{};
        change.kind = Change::Kind::Log;
        change.level = action.level.empty() ? "info" : action.level;
        change.text = toText(text, false);
        changes_.push_back(std::move(change));
        return Done{};
      }
      case Action::Kind::Let: {
        Value result = value(action.value);
        if (result.isError()) return failed(result, action.text);
        local(*action.local) = std::move(result);
        return Done{};
      }
      case Action::Kind::If: {
        Value condition = value(action.value);
        if (condition.isError()) return failed(condition, action.text);
        return plan(condition.isTrue() ? action.body : action.otherwise);
      }
      case Action::Kind::For: {
        Value list = value(action.value);
        if (list.isError()) return failed(list, action.text);
        if (list.kind() != ValueKind::List) return Error{ErrorCode::WrongType, "`for` needs a list, this is " + toText(list), action.text, {}};
        for (const Value& item : list.asList()) {
          local(*action.local) = item;
          if (Status done = plan(action.body); !done) return done;
        }
        return Done{};
      }
      case Action::Kind::ForFacts:
        for (FactId fact : session_.find(*action.pattern, locals_)) {
          local(*action.local) = Value::fact(fact);
          if (Status done = plan(action.body); !done) return done;
        }
        return Done{};
      case Action::Kind::Halt: {
        Change change{};
        change.kind = Change::Kind::Halt;
        changes_.push_back(std::move(change));
        return Done{};
      }
      // Steps of flows and doings of tests are not the session's; those that the language has but rules cannot hold never get here.
      case Action::Kind::Upsert:
      case Action::Kind::Unset:
      case Action::Kind::Signal:
      case Action::Kind::Cancel:
      case Action::Kind::Step:
      case Action::Kind::Find:
      case Action::Kind::Sleep:
      case Action::Kind::SleepUntil:
      case Action::Kind::Wait:
      case Action::Kind::Parallel:
      case Action::Kind::Fail:
      case Action::Kind::Return:
      case Action::Kind::Compensate:
      case Action::Kind::Restart:
      case Action::Kind::Clock:
      case Action::Kind::Settle:
      case Action::Kind::Advance:
      case Action::Kind::Crash:
      case Action::Kind::Host: return Done{};
    }
    return Done{};
  }

  Value& local(std::uint32_t at) {
    if (locals_.size() <= at) locals_.resize(at + 1);
    return locals_[at];
  }

  Result<std::vector<std::optional<Value>>> given(const Action& action, TypeId type) const {
    std::vector<std::optional<Value>> out(state_.program.type(type).fields.size());
    for (const model::NamedExpression& field : action.fields) {
      Value result = value(field.value);
      if (result.isError()) return failed(result, action.text);
      if (index(field.field) < state_.program.type(type).declared) {
        out[index(field.field)] = std::move(result);
        continue;
      }
      std::optional<Value>& open = out[index(field.field)];
      Value::Map entries = open ? open->asMap() : Value::Map{};
      entries.emplace_back(Value::string(field.name), std::move(result));
      open = Value::map(std::move(entries));
    }
    return out;
  }

  Status insert(const Action& action, Change::Kind kind) {
    auto fields = given(action, action.type);
    if (!fields) return fields.error();
    auto values = state_.complete(action.type, *fields);
    if (!values) return values.error();
    Change change{};
    change.kind = kind;
    change.type = action.type;
    change.values = std::move(*values);
    changes_.push_back(std::move(change));
    if (action.local) local(*action.local) = Value::fact(FactId{kPending | static_cast<std::uint32_t>(changes_.size() - 1)});
    return Done{};
  }

  Status set(const Action& action) {
    Value target = value(action.target);
    if (target.isError()) return failed(target, action.text);
    if (target.kind() != ValueKind::Fact) return Error{ErrorCode::WrongType, "only a fact can be changed, this is " + toText(target), action.text, {}};
    Fields fields;
    if (action.kind == Action::Kind::UpdateWith) {
      Value map = value(action.value);
      if (map.isError()) return failed(map, action.text);
      if (map.kind() != ValueKind::Map) return Error{ErrorCode::WrongType, "`update … with` needs a map, this is " + toText(map), action.text, {}};
      for (const auto& [name, entry] : map.asMap()) {
        if (name.kind() != ValueKind::String) return Error{ErrorCode::WrongType, "`update … with` needs names as keys, this is " + toText(name), action.text, {}};
        fields.emplace_back(std::string(name.asString()), entry);
      }
    } else {
      for (const model::NamedExpression& field : action.fields) {
        Value result = value(field.value);
        if (result.isError()) return failed(result, action.text);
        fields.emplace_back(field.name, std::move(result));
      }
    }
    Change change{};
    change.kind = Change::Kind::Set;
    change.named = std::move(fields);
    if (isPending(target)) change.pending = (index(target.asFact()) & ~kPending) + 1;
    else change.fact = target.asFact();
    changes_.push_back(std::move(change));
    return Done{};
  }

  Status emit(const Action& action) {
    auto fields = given(action, action.type);
    if (!fields) return fields.error();
    auto values = state_.complete(action.type, *fields);
    if (!values) return values.error();
    Change change{};
    change.kind = Change::Kind::Emit;
    change.type = action.type;
    values->resize(state_.program.type(action.type).declared);
    change.values = std::move(*values);
    if (action.target.present()) {
      Value target = value(action.target);
      if (target.isError()) return failed(target, action.text);
      if (target.kind() == ValueKind::String) change.subject = std::string(target.asString());
      else if (isPending(target)) change.pending = (index(target.asFact()) & ~kPending) + 1;
      else if (target.kind() == ValueKind::Fact) change.fact = target.asFact();
      else return Error{ErrorCode::WrongType, "an event is emitted to a subject or its name, this is " + toText(target), action.text, {}};
    }
    changes_.push_back(std::move(change));
    return Done{};
  }

  Status start(const Action& action) {
    Change change{};
    change.kind = Change::Kind::Start;
    change.flow = action.flow;
    for (const model::NamedExpression& argument : action.arguments) {
      Value result = value(argument.value);
      if (result.isError()) return failed(result, action.text);
      change.arguments.push_back(std::move(result));
    }
    if (action.key.present()) {
      Value key = value(action.key);
      if (key.isError()) return failed(key, action.text);
      change.key = toText(key, false);
    }
    changes_.push_back(std::move(change));
    return Done{};
  }

  const Session& session_;
  Session::State& state_;
  const Row* rows_;
  std::vector<Value>& locals_;
  std::vector<Change>& changes_;
};

}  // namespace

Status Session::evaluate(const std::vector<model::Action>& actions, const Row* rows, std::vector<Value>& locals, std::vector<Change>& changes) const {
  state_->pendingChanges = &changes;
  Status done = Planner(*this, *state_, rows, locals, changes).plan(actions);
  state_->pendingChanges = nullptr;
  return done;
}

Value resolvePending(const Value& value, const std::vector<FactId>& inserted) {
  if (!isPending(value)) return value;
  std::uint32_t at = index(value.asFact()) & ~kPending;
  return Value::fact(at < inserted.size() ? inserted[at] : kNoFact);
}

namespace {

bool sameKey(const model::FactType& type, const std::vector<Value>& a, const std::vector<Value>& b) {
  if (type.kind == model::FactKind::Subject) return a[type.declared] == b[type.declared];
  if (type.keys.empty()) return false;
  return std::all_of(type.keys.begin(), type.keys.end(), [&](FieldId key) { return a[index(key)] == b[index(key)]; });
}

bool sameFields(const model::FactType& type, const std::vector<Value>& a, const std::vector<Value>& b) {
  return std::equal(a.begin(), a.begin() + type.declared, b.begin());
}

// Everything that can refuse a list of changes, asked before any of them is carried out: what is set on a fact inserted by the same list becomes
// part of its insertion; keys are compared with the facts there are, and with each other.
class Review {
 public:
  Review(Session::State& state, std::vector<Change>& changes) : s_(state), changes_(changes), targets(targetsOf(changes)) {
    for (const Change& change : changes)
      if (change.kind == Change::Kind::Retract && !change.pending) retracted_.push_back(change.fact);
  }

  Status check() {
    for (const Target& target : targets)
      if (target.pending)
        if (Status folded = fold(target); !folded) return folded;
    for (std::size_t i = 0; i < changes_.size(); ++i)
      if (changes_[i].kind == Change::Kind::Insert || changes_[i].kind == Change::Kind::InsertLogical)
        if (Status fits = checkInsert(i); !fits) return fits;
    for (const Target& target : targets)
      if (!target.pending && !isRetracted(target.fact))
        if (Status fits = checkSet(target); !fits) return fits;
    return Done{};
  }

 private:
  const model::FactType& type(TypeId id) const { return s_.program.type(id); }
  bool isRetracted(FactId fact) const { return std::find(retracted_.begin(), retracted_.end(), fact) != retracted_.end(); }

  Status fold(const Target& target) {
    Change& insert = changes_[target.pending - 1];
    auto given = s_.byName(insert.type, target.fields);
    if (!given) return given.error();
    const model::FactType& declared = type(insert.type);
    for (std::uint32_t i = 0; i < declared.fields.size(); ++i)
      if (!(*given)[i] && (i < declared.declared || (declared.open && i + 1 == declared.fields.size()))) (*given)[i] = insert.values[i];
    auto values = s_.complete(insert.type, *given);
    if (!values) return values.error();
    insert.values = std::move(*values);
    return Done{};
  }

  Error taken(TypeId id, const std::string& what) const {
    return Error{ErrorCode::DuplicateKey, "there is a " + type(id).name + " with this key already: " + what, {},
                 "set its fields instead, or add `not " + type(id).name + "(…)` to the conditions"};
  }
  static Error contradiction(const std::string& what) {
    return Error{ErrorCode::DuplicateKey, "rules derive two different values for one key: " + what + " is there already", {},
                 "make the field that differs a key, or decide between the rules by their conditions"};
  }

  Status checkInsert(std::size_t at) {
    const Change& change = changes_[at];
    bool logical = change.kind == Change::Kind::InsertLogical;
    for (std::size_t i = 0; i < at; ++i) {
      const Change& earlier = changes_[i];
      bool inserts = earlier.kind == Change::Kind::Insert || earlier.kind == Change::Kind::InsertLogical;
      if (!inserts || earlier.type != change.type || !sameKey(type(change.type), earlier.values, change.values)) continue;
      bool earlierLogical = earlier.kind == Change::Kind::InsertLogical;
      if (!logical && !earlierLogical) return taken(change.type, "the same firing inserts it");
      if (logical && earlierLogical && !sameFields(type(change.type), earlier.values, change.values)) return contradiction("what the same firing derives");
    }
    FactId twin = s_.twin(change.type, change.values);
    if (twin == kNoFact || isRetracted(twin)) return Done{};
    const StoredFact& stored = *s_.memory.find(twin);
    if (!logical && !stored.logical) return taken(change.type, s_.describe(twin));
    if (logical && stored.logical && !sameFields(type(change.type), change.values, stored.fields)) return contradiction(s_.describe(twin));
    return Done{};
  }

  Status checkSet(const Target& target) {
    auto assignment = s_.assignmentFor(target.fact, target.fields);
    if (!assignment) return assignment.error();
    const StoredFact& stored = *s_.memory.find(target.fact);
    std::vector<Value> next = stored.fields;
    for (const auto& [field, value] : *assignment) next[index(field)] = value;
    for (const auto& [fact, values] : next_)
      if (s_.memory.find(fact)->type == stored.type && sameKey(type(stored.type), values, next))
        return taken(stored.type, "the same firing gives it to two facts");
    for (const Change& change : changes_)
      if ((change.kind == Change::Kind::Insert || change.kind == Change::Kind::InsertLogical) && change.type == stored.type && !sameKey(type(stored.type), stored.fields, next) &&
          sameKey(type(stored.type), change.values, next))
        return taken(stored.type, "the same firing inserts it");
    next_.emplace_back(target.fact, std::move(next));
    return Done{};
  }

  Session::State& s_;
  std::vector<Change>& changes_;
  std::vector<FactId> retracted_;
  std::vector<std::pair<FactId, std::vector<Value>>> next_;

 public:
  std::vector<Target> targets;
};

}  // namespace

Status Session::apply(std::vector<Change> changes, std::vector<FactId>* insertedOut) {
  State& s = *state_;
  Review review(s, changes);
  if (Status sound = review.check(); !sound) return sound;

  std::vector<FactId> inserted(changes.size(), kNoFact);
  State::Derivation by{s.firing.rule, s.firing.facts};
  bool derives = s.firing.rule != kNoRule;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Change& change = changes[i];
    switch (change.kind) {
      case Change::Kind::Insert:
      case Change::Kind::InsertLogical: {
        bool logical = change.kind == Change::Kind::InsertLogical && derives;
        for (Value& value : change.values) value = resolvePending(value, inserted);
        FactId twin = s.twin(change.type, change.values);
        if (logical && twin == kNoFact && program().type(change.type).keys.empty()) twin = s.equalLogical(change.type, change.values);
        if (twin == kNoFact) {
          inserted[i] = s.assertFact(change.type, change.values, logical, derives ? by : State::Derivation{});
          if (logical) s.addSupport(inserted[i], s.firing.activation);
        } else if (logical) {
          inserted[i] = twin;
          if (s.memory.find(twin)->logical) s.addSupport(twin, s.firing.activation);   // a stated fact of the same key wins
        } else {
          inserted[i] = twin;
          if (s.memory.find(twin)->logical) s.makeStated(twin);
          Assignment assignment;
          for (std::uint32_t f = 0; f < program().type(change.type).declared; ++f) assignment.emplace_back(FieldId{f}, change.values[f]);
          s.setFields(twin, assignment, true);
        }
        break;
      }
      case Change::Kind::Retract: {
        FactId fact = change.pending ? inserted[change.pending - 1] : change.fact;
        if (s.memory.find(fact)) s.retractFact(fact);
        break;
      }
      case Change::Kind::Set: break;       // below
      case Change::Kind::Emit: {
        Event event;
        event.type = change.type;
        for (Value& value : change.values) value = resolvePending(value, inserted);
        event.values = change.values;
        FactId to = change.pending ? inserted[change.pending - 1] : change.fact;
        event.subject = change.subject;
        if (const StoredFact* stored = s.memory.find(to))
          if (program().type(stored->type).kind == model::FactKind::Subject)
            event.subject = std::string(stored->fields[program().type(stored->type).declared].asString());
        event.id = "e" + std::to_string(s.nextEvent++);
        s.traceRaised(event);
        s.raise(std::move(event));
        break;
      }
      case Change::Kind::Start:
        for (Value& value : change.arguments) value = resolvePending(value, inserted);
        if (s.effects) s.effects->startFlow(change.flow, std::move(change.arguments), std::move(change.key));
        break;
      case Change::Kind::Log:
        if (s.tracer.on()) {
          TraceRecord record;
          record.kind = TraceKind::Log;
          record.rule = s.firing.rule;
          record.name = change.level;
          record.text = change.text;
          s.tracer.record(std::move(record));
        }
        break;
      case Change::Kind::Halt:
        s.halted = true;
        s.record(Decision{Decision::Kind::Halt});
        if (s.tracer.on()) {
          TraceRecord record;
          record.kind = TraceKind::Halt;
          record.rule = s.firing.rule;
          s.tracer.record(std::move(record));
        }
        break;
    }
  }
  for (const Target& target : review.targets) {
    FactId fact = target.fact;
    if (target.pending || !s.memory.find(fact)) continue;   // part of the insertion; retracted by the same firing
    Fields fields;
    for (const auto& [name, value] : target.fields) fields.emplace_back(name, resolvePending(value, inserted));
    auto assignment = s.assignmentFor(fact, fields);
    if (assignment) s.setFields(fact, *assignment, false);
  }
  s.retractUnsupported();
  if (insertedOut) *insertedOut = std::move(inserted);
  return Done{};
}

}  // namespace reticle
