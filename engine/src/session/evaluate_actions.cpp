// From actions to changes: everything is evaluated, and nothing changed yet. What becomes of the
// changes is in apply.cpp.

#include "session/state.h"

namespace reticle {

namespace {

using model::Action;

Error failed(const Value& error, const std::string& action) {
  return Error{ErrorCode::NotAFact, std::string(error.errorMessage()), action, {}};
}

bool isPending(const Value& value) {
  return value.kind() == ValueKind::Fact && (index(value.asFact()) & kPending);
}

class Planner {
 public:
  Planner(const Session& session, Session::State& state, const Row* rows,
          std::vector<Value>& locals, std::vector<Change>& changes)
      : session_(session), state_(state), rows_(rows), locals_(locals), changes_(changes) {}

  Status plan(const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      if (Status done = plan(action); !done) return done;
    }
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
        if (target.kind() != ValueKind::Fact) {
          return Error{ErrorCode::WrongType,
                       "only a fact can be retracted, this is " + toText(target),
                       action.text,
                       {}};
        }
        Change change{};
        change.kind = Change::Kind::Retract;
        if (isPending(target)) {
          change.pending = (index(target.asFact()) & ~kPending) + 1;
        } else {
          change.fact = target.asFact();
        }
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
        if (list.kind() != ValueKind::List) {
          return Error{
              ErrorCode::WrongType, "`for` needs a list, this is " + toText(list), action.text, {}};
        }
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
      case Action::Kind::Focus: {
        Change change{};
        change.kind = Change::Kind::Focus;
        change.text = action.name;
        changes_.push_back(std::move(change));
        return Done{};
      }
      case Action::Kind::Halt: {
        Change change{};
        change.kind = Change::Kind::Halt;
        changes_.push_back(std::move(change));
        return Done{};
      }
      // Steps of flows and doings of tests are not the session's; those that the language has but
      // rules cannot hold never get here.
      case Action::Kind::Upsert:
      case Action::Kind::Unset:
      case Action::Kind::Call:
      case Action::Kind::Signal:
      case Action::Kind::Cancel:
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
    if (action.local) {
      local(*action.local) =
          Value::fact(FactId{kPending | static_cast<std::uint32_t>(changes_.size() - 1)});
    }
    return Done{};
  }

  Status set(const Action& action) {
    Value target = value(action.target);
    if (target.isError()) return failed(target, action.text);
    if (target.kind() != ValueKind::Fact) {
      return Error{ErrorCode::WrongType,
                   "only a fact can be changed, this is " + toText(target),
                   action.text,
                   {}};
    }
    Fields fields;
    if (action.kind == Action::Kind::UpdateWith) {
      Value map = value(action.value);
      if (map.isError()) return failed(map, action.text);
      if (map.kind() != ValueKind::Map) {
        return Error{ErrorCode::WrongType,
                     "`update … with` needs a map, this is " + toText(map),
                     action.text,
                     {}};
      }
      for (const auto& [name, entry] : map.asMap()) {
        if (name.kind() != ValueKind::String) {
          return Error{ErrorCode::WrongType,
                       "`update … with` needs names as keys, this is " + toText(name),
                       action.text,
                       {}};
        }
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
    if (isPending(target)) {
      change.pending = (index(target.asFact()) & ~kPending) + 1;
    } else {
      change.fact = target.asFact();
    }
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
      if (target.kind() == ValueKind::String) {
        change.subject = std::string(target.asString());
      } else if (isPending(target)) {
        change.pending = (index(target.asFact()) & ~kPending) + 1;
      } else if (target.kind() == ValueKind::Fact) {
        change.fact = target.asFact();
      } else {
        return Error{ErrorCode::WrongType,
                     "an event is emitted to a subject or its name, this is " + toText(target),
                     action.text,
                     {}};
      }
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

Status Session::evaluate(const std::vector<model::Action>& actions, const Row* rows,
                         std::vector<Value>& locals, std::vector<Change>& changes) const {
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

}  // namespace reticle
