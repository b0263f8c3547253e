// From actions to changes: everything is evaluated, and nothing changed yet. What becomes of the
// changes is in apply.cpp.

#include <algorithm>
#include <limits>
#include <utility>

#include "base/failure_codes.h"
#include "session/state.h"

namespace reticle {

namespace {

using model::Action;

// An expression that has no value: the action is named, and nothing of the firing is applied.
Error failed(const Value& error, const std::string& action) {
  return Error{codeOf(error), std::string(error.errorMessage()), action, {}};
}

class Planner {
 public:
  Planner(const Session& session, Session::State& state, const Row* rows,
          std::vector<Value>& locals, std::vector<Change>& changes)
      : session_(session), state_(state), rows_(rows), locals_(locals), changes_(changes) {}

  // What is derived, and the lets and blocks around it. What has no value derives nothing; what
  // only carrying out the other actions would tell has no value.
  void conclude(const std::vector<Action>& actions) {
    for (const Action& action : actions) conclude(action);
  }

  Status plan(const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      if (left_) return Done{};
      place_ = action.span;
      if (Status done = plan(action); !done) {
        Error error = done.error();
        if (error.place == Span{}) error.place = action.span;  // else one inside of this one
        return error;
      }
    }
    return Done{};
  }

 private:
  Value value(const model::Expression& expression) const {
    return reticle::evaluate(expression.code, Frame{rows_, locals_.data(), &session_});
  }
  // A new change, at the end of the list.
  Change& add(Change::Kind kind) {
    changes_.emplace_back();
    changes_.back().kind = kind;
    changes_.back().place = place_;
    return changes_.back();
  }
  void add(Change&& change) {
    change.place = place_;
    changes_.push_back(std::move(change));
  }
  // Says which fact a change is of. Requires: a fact
  static void setTarget(Change& change, const Value& target) {
    if (isPending(target)) {
      change.pending = pendingPosition(target) + 1;
    } else {
      change.fact = target.asFact();
    }
  }
  Value& local(std::uint32_t at) {
    if (locals_.size() <= at) locals_.resize(at + 1);
    return locals_[at];
  }
  // Its result is not known before it is carried out.
  void forget(const Action& action) {
    local(*action.local) = Value::error("RL9001", "what the firing makes is not there yet");
  }

  void conclude(const Action& action) {
    using Kind = Action::Kind;
    if (action.kind == Kind::InsertLogical) {
      if (!insert(action, Change::Kind::InsertLogical) && action.local) forget(action);
    } else if (action.kind == Kind::Let) {
      local(*action.local) = value(action.value);
    } else if (action.kind == Kind::If) {
      const Value condition = value(action.value);
      if (!condition.isError()) conclude(condition.isTrue() ? action.body : action.otherwise);
    } else if (action.kind == Kind::For) {
      const Value list = value(action.value);
      if (list.kind() != ValueKind::List) return;
      for (const Value& item : list.asList()) {
        local(*action.local) = item;
        conclude(action.body);
      }
    } else if (action.kind == Kind::ForFacts) {
      for (FactId fact : session_.find(*action.pattern, locals_)) {
        local(*action.local) = Value::fact(fact);
        conclude(action.body);
      }
    } else if (action.local) {
      forget(action);
    }
  }

  Status plan(const Action& action) {
    switch (action.kind) {
      case Action::Kind::Insert: return insert(action, Change::Kind::Insert);
      case Action::Kind::InsertLogical: return insert(action, Change::Kind::InsertLogical);
      case Action::Kind::Upsert: return upsert(action);
      case Action::Kind::Unset: return unset(action);
      case Action::Kind::Set:
      case Action::Kind::UpdateFields:
      case Action::Kind::UpdateWith: return set(action);
      case Action::Kind::Retract: return retract(action);
      case Action::Kind::Emit: return emit(action);
      case Action::Kind::Start: return start(action);
      case Action::Kind::Signal: return signal(action);
      case Action::Kind::Cancel: return cancel(action);
      case Action::Kind::CancelEvent: return cancelEvent(action);
      case Action::Kind::Log: return log(action);
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
      case Action::Kind::For: return eachElement(action);
      case Action::Kind::ForFacts:
        for (FactId fact : session_.find(*action.pattern, locals_)) {
          local(*action.local) = Value::fact(fact);
          if (Status done = plan(action.body); !done) return done;
        }
        return Done{};
      case Action::Kind::Focus: {
        Change& change = add(Change::Kind::Focus);
        change.text = action.name;
        change.level = action.level;
        left_ = action.level == "return";
        return Done{};
      }
      case Action::Kind::Refresh: add(Change::Kind::Refresh).text = action.name; return Done{};
      case Action::Kind::Halt: add(Change::Kind::Halt); return Done{};
      // Steps of flows and actions of tests are not the session's; those that the language has but
      // rules cannot hold never get here.
      case Action::Kind::Call:
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
      case Action::Kind::Replace: return Done{};
    }
    return Done{};
  }

  // The list is evaluated once: what the body wants does not change it.
  Status eachElement(const Action& action) {
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

  // --- facts

  // What an action gives to a new fact or event, by field; undeclared properties as one map.
  Result<GivenFields> given(const Action& action, TypeId type) const {
    GivenFields out(state_.program.type(type).fields.size());
    for (const model::NamedExpression& field : action.fields) {
      Value result = value(field.value);
      if (result.isError()) return failed(result, action.text);
      if (index(field.field) < state_.program.type(type).declared) {
        out[index(field.field)] = std::move(result);
        continue;
      }
      std::optional<Value>& open = out[index(field.field)];
      if (field.name.empty()) {  // all that another fact has
        open = std::move(result);
        continue;
      }
      Value::Map entries = open ? open->asMap() : Value::Map{};
      const Value name = Value::string(field.name);
      const auto copied = std::find_if(entries.begin(), entries.end(),
                                       [&](const auto& entry) { return entry.first == name; });
      if (copied != entries.end()) {
        copied->second = std::move(result);
      } else {
        entries.emplace_back(name, std::move(result));
      }
      open = Value::map(std::move(entries));
    }
    return out;
  }

  // Completed at once, so that later actions of the list can read the fields of the pending fact.
  Status insert(const Action& action, Change::Kind kind) {
    auto fields = given(action, action.type);
    if (!fields) return fields.error();
    auto values = state_.checks.complete(action.type, *fields);
    if (!values) return values.error();
    if (action.ifAbsent && bindPresent(action, *values)) return Done{};
    Change& change = add(kind);
    change.type = action.type;
    change.values = std::move(*values);
    if (action.local) {
      local(*action.local) =
          Value::fact(FactId{kPending | static_cast<std::uint32_t>(changes_.size() - 1)});
    }
    return Done{};
  }

  // Whether a fact of the same key is there, or inserted by this list; the name of the action then
  // is that fact's.
  bool bindPresent(const Action& action, const std::vector<Value>& values) {
    const model::FactType& type = state_.program.type(action.type);
    FactId present = kNoFact;
    if (const std::uint32_t position = insertionOf(type, values)) {
      present = FactId{kPending | (position - 1)};
    } else {
      present = state_.checks.twin(action.type, values);
      if (present == kNoFact || goes(present)) return false;
    }
    if (action.local) local(*action.local) = Value::fact(present);
    return true;
  }

  // Whether the list retracts it.
  bool goes(FactId fact) const {
    return std::any_of(changes_.begin(), changes_.end(), [&](const Change& each) {
      return each.kind == Change::Kind::Retract && !each.pending && each.fact == fact;
    });
  }

  // What is given goes to the stated fact of its key, when there is one or this list inserts it;
  // otherwise it is inserted.
  Status upsert(const Action& action) {
    auto fields = given(action, action.type);
    if (!fields) return fields.error();
    auto values = state_.checks.complete(action.type, *fields);
    if (!values) return values.error();
    const model::FactType& type = state_.program.type(action.type);
    Change change;
    change.kind = Change::Kind::Set;
    change.type = action.type;
    if (const std::uint32_t position = insertionOf(type, *values)) {
      change.pending = position;
    } else {
      change.fact = state_.checks.twin(action.type, *values);
      if (change.fact == kNoFact || goes(change.fact) || state_.memory.find(change.fact)->logical) {
        change.kind = Change::Kind::Insert;
        change.fact = kNoFact;
        change.values = std::move(*values);
      }
    }
    if (change.kind == Change::Kind::Set) {
      for (const model::NamedExpression& field : action.fields) {
        if (index(field.field) >= type.declared || type.fields[index(field.field)].key) continue;
        change.assignment.emplace_back(field.field, *(*fields)[index(field.field)]);
      }
      if (type.open && (*fields)[index(type.undeclared())]) {
        for (const auto& [name, value] : (*fields)[index(type.undeclared())]->asMap()) {
          change.undeclared.emplace_back(std::string(name.asString()), value);
        }
      }
    }
    add(std::move(change));
    return Done{};
  }

  // 1 + the position of an insertion of this list with the same key; 0 when there is none.
  std::uint32_t insertionOf(const model::FactType& type, const std::vector<Value>& values) const {
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (changes_[i].kind != Change::Kind::Insert || changes_[i].type != type.id) continue;
      if (FactChecks::sameKey(type, changes_[i].values, values)) {
        return static_cast<std::uint32_t>(i + 1);
      }
    }
    return 0;
  }

  Status retract(const Action& action) {
    Value target = value(action.target);
    if (target.isError()) return failed(target, action.text);
    if (target.kind() != ValueKind::Fact) {
      return Error{ErrorCode::WrongType,
                   "only a fact can be retracted, this is " + toText(target),
                   action.text,
                   {}};
    }
    setTarget(add(Change::Kind::Retract), target);
    return Done{};
  }

  // The type that a fact has in truth; a host may have handed in a reference to a fact of another
  // type than the action was written for. Of a fact that is gone nothing is known any more, and
  // nothing is set.
  const model::FactType& typeOf(const Value& fact, TypeId written) const {
    if (isPending(fact) && pendingPosition(fact) < changes_.size()) {
      return state_.program.type(changes_[pendingPosition(fact)].type);
    }
    const StoredFact* stored = state_.memory.find(fact.asFact());
    return state_.program.type(stored ? stored->type : written);
  }

  // Adds a field that is known by its name only.
  static void setNamed(Change& change, const model::FactType& type, std::string name, Value value) {
    const std::optional<FieldId> field = type.find(name);
    if (field && index(*field) < type.declared) {
      change.assignment.emplace_back(*field, std::move(value));
    } else {
      change.undeclared.emplace_back(std::move(name), std::move(value));
    }
  }

  // The fact that an action changes.
  Result<Value> factToChange(const Action& action) const {
    Value target = value(action.target);
    if (target.isError()) return failed(target, action.text);
    if (target.kind() != ValueKind::Fact) {
      return Error{ErrorCode::WrongType,
                   "only a fact can be changed, this is " + toText(target),
                   action.text,
                   {}};
    }
    return target;
  }

  Status set(const Action& action) {
    const Result<Value> target = factToChange(action);
    if (!target) return target.error();
    const model::FactType& type = typeOf(*target, action.type);
    Change change;
    change.kind = Change::Kind::Set;
    change.type = type.id;
    change.muted = action.muted;
    setTarget(change, *target);
    if (!action.part.empty()) {
      Value result = value(action.fields[0].value);
      if (result.isError()) return failed(result, action.text);
      change.parts.push_back({action.fields[0].name, action.part, std::move(result)});
    } else if (action.kind == Action::Kind::UpdateWith) {
      if (Status read = readMap(action, type, change); !read) return read;
    } else {
      const bool resolved = type.id == action.type;
      for (const model::NamedExpression& field : action.fields) {
        Value result = value(field.value);
        if (result.isError()) return failed(result, action.text);
        if (resolved && index(field.field) < type.declared) {
          change.assignment.emplace_back(field.field, std::move(result));
        } else {
          setNamed(change, type, field.name, std::move(result));
        }
      }
    }
    add(std::move(change));
    return Done{};
  }

  // An optional field becomes null; an entry of a map, or an undeclared property, goes.
  Status unset(const Action& action) {
    const Result<Value> target = factToChange(action);
    if (!target) return target.error();
    const model::FactType& type = typeOf(*target, action.type);
    Change change;
    change.kind = Change::Kind::Set;
    change.type = type.id;
    setTarget(change, *target);
    const std::string& name = action.fields[0].name;
    const std::optional<FieldId> field = type.find(name);
    if (action.part.empty() && field && index(*field) < type.declared) {
      change.assignment.emplace_back(*field, Value());
      change.unset = true;
    } else {
      change.parts.push_back({name, action.part, std::nullopt});
    }
    add(std::move(change));
    return Done{};
  }

  // The fields of `update … with`.
  Status readMap(const Action& action, const model::FactType& type, Change& change) const {
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
      setNamed(change, type, std::string(name.asString()), entry);
    }
    return Done{};
  }

  // --- what is not working memory's

  // Only declared fields: the hidden ones are those of its turn (see eventFields).
  Status makeEvent(const Action& action, Change& change) const {
    auto fields = given(action, action.type);
    if (!fields) return fields.error();
    auto values = state_.checks.complete(action.type, *fields);
    if (!values) return values.error();
    change.type = action.type;
    values->resize(state_.program.type(action.type).declared);
    change.values = std::move(*values);
    return Done{};
  }

  Status emit(const Action& action) {
    Change change;
    change.kind = Change::Kind::Emit;
    if (Status made = makeEvent(action, change); !made) return made;
    if (Status known = addressee(action, change); !known) return known;
    if (Status known = moment(action, change); !known) return known;
    if (Status known = waitingAs(action, change); !known) return known;
    change.deliver = action.deliver;
    add(std::move(change));
    return Done{};
  }

  // `to`: a subject, or the name of one.
  Status addressee(const Action& action, Change& change) {
    if (!action.target.present()) return Done{};
    Value target = value(action.target);
    if (target.isError()) return failed(target, action.text);
    if (target.kind() == ValueKind::String) {
      change.subject = std::string(target.asString());
    } else if (target.kind() == ValueKind::Fact) {
      setTarget(change, target);
    } else {
      return Error{ErrorCode::WrongType,
                   "an event is emitted to a subject or its name, this is " + toText(target),
                   action.text,
                   {}};
    }
    return Done{};
  }

  // `after`, `at`: one that is past is now. In a test `at` is the moment of the test itself.
  Status moment(const Action& action, Change& change) const {
    const bool after = action.after.present();
    if (!after && !action.at.present()) return Done{};
    const Value when = value(after ? action.after : action.at);
    if (when.isError()) return failed(when, action.text);
    const Time now = session_.now();
    if (after && when.asSpan() < 0) {
      return Error{ErrorCode::ConstraintViolated,
                   "an event cannot be emitted in the past: `after` is " + toText(when),
                   action.text,
                   {}};
    }
    if (after && when.asSpan() > std::numeric_limits<Time>::max() - now) {
      return Error{ErrorCode::TooMuch, "`after` is too long: " + toText(when), action.text, {}};
    }
    if (when.kind() == ValueKind::Duration && !after) return Done{};
    change.due = after ? now + when.asSpan() : when.asTime();
    return Done{};
  }

  Status waitingAs(const Action& action, Change& change) const {
    if (!action.replacing.present()) return Done{};
    const Value name = value(action.replacing);
    if (name.isError()) return failed(name, action.text);
    change.waitingAs = toText(name, false);
    return Done{};
  }

  // Parameters are in order and complete; a key of its own replaces the flow's.
  Status start(const Action& action) {
    Change change;
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
    if (action.local) {
      const model::Flow& flow = state_.program.flows[index(action.flow)];
      if (change.key.empty() && flow.key.present()) {
        change.arguments.resize(flow.params.size());
        const Value own =
            reticle::evaluate(flow.key.code, Frame{nullptr, change.arguments.data(), &session_});
        if (own.isError()) return failed(own, action.text);
        change.key = toText(own, false);
      }
      local(*action.local) = Value::string(change.key);
    }
    add(std::move(change));
    return Done{};
  }

  // Whether the run is there is asked when the firing is carried out: it may begin in it.
  Status ofRun(const Action& action, Change& change) const {
    change.flow = action.flow;
    Value key = value(action.key);
    if (key.isError()) return failed(key, action.text);
    change.key = toText(key, false);
    return Done{};
  }

  Status signal(const Action& action) {
    Change change;
    change.kind = Change::Kind::Signal;
    if (Status made = makeEvent(action, change); !made) return made;
    if (Status known = ofRun(action, change); !known) return known;
    add(std::move(change));
    return Done{};
  }

  Status cancelEvent(const Action& action) {
    Change change;
    change.kind = Change::Kind::CancelEvent;
    if (Status known = addressee(action, change); !known) return known;
    if (Status known = waitingAs(action, change); !known) return known;
    add(std::move(change));
    return Done{};
  }

  Status cancel(const Action& action) {
    Change change;
    change.kind = Change::Kind::Cancel;
    if (Status known = ofRun(action, change); !known) return known;
    add(std::move(change));
    return Done{};
  }

  Status log(const Action& action) {
    Value text = value(action.value);
    if (text.isError()) return failed(text, action.text);
    Change& change = add(Change::Kind::Log);
    change.level = action.level.empty() ? "info" : action.level;
    change.text = toText(text, false);
    return Done{};
  }

  const Session& session_;
  Session::State& state_;
  const Row* rows_;
  std::vector<Value>& locals_;
  std::vector<Change>& changes_;
  Span place_;         // of the action under way
  bool left_ = false;  // `focus return`: what comes after it is not carried out
};

}  // namespace

Status Session::evaluate(const std::vector<model::Action>& actions, const Row* rows,
                         std::vector<Value>& locals, std::vector<Change>& changes) const {
  state_->evaluating = &changes;
  Status done = Planner(*this, *state_, rows, locals, changes).plan(actions);
  state_->evaluating = nullptr;
  return done;
}

std::vector<Change> Session::State::conclusionsOf(const model::Rule& rule, const Row* rows,
                                                  std::vector<Value>& locals) {
  std::vector<Change> wanted;
  const std::vector<Change>* const before = std::exchange(evaluating, &wanted);
  Planner(session, *this, rows, locals, wanted).conclude(rule.actions);
  evaluating = before;
  return wanted;
}

// Maps on the way that are not there are made; taking away what is not there changes nothing.
Result<Value> withPart(const Value& from, const Change::Part& part, std::size_t at) {
  if (from.kind() != ValueKind::Map && !from.isNull()) {
    std::string way = part.property;
    for (std::size_t i = 0; i < at; ++i) way += "." + part.path[i];
    return Error{ErrorCode::WrongType,
                 way + " is " + toText(from) + ", which has no entry \"" + part.path[at] + "\"",
                 part.property, "set it as a whole"};
  }
  if (from.isNull() && !part.value) return from;
  Value::Map entries = from.isNull() ? Value::Map{} : from.asMap();
  const Value key = Value::string(part.path[at]);
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& entry) { return entry.first == key; });
  if (at + 1 == part.path.size()) {
    if (!part.value) {
      if (found != entries.end()) entries.erase(found);
    } else if (found != entries.end()) {
      found->second = *part.value;
    } else {
      entries.emplace_back(key, *part.value);
    }
    return Value::map(std::move(entries));
  }
  if (found == entries.end() && !part.value) return from;
  Result<Value> inner = withPart(found == entries.end() ? Value() : found->second, part, at + 1);
  if (!inner) return inner;
  if (found != entries.end()) {
    found->second = std::move(*inner);
  } else {
    entries.emplace_back(key, std::move(*inner));
  }
  return Value::map(std::move(entries));
}

Value resolvePending(const Value& value, const std::vector<FactId>& inserted) {
  if (value.kind() == ValueKind::List) {
    Value::List list = value.asList();
    for (Value& element : list) element = resolvePending(element, inserted);
    return Value::list(std::move(list));
  }
  if (value.kind() == ValueKind::Map) {
    Value::Map map = value.asMap();
    for (auto& [key, entry] : map) entry = resolvePending(entry, inserted);
    return Value::map(std::move(map));
  }
  if (!isPending(value)) return value;
  const std::uint32_t at = pendingPosition(value);
  return Value::fact(at < inserted.size() ? inserted[at] : kNoFact);
}

}  // namespace reticle
