// Setting properties of subjects, which begin with their first ones.

#include <algorithm>

#include "session/state.h"

namespace reticle {

namespace {

// The values of the fields named in a subject's `as` pattern ("device|{id}") when the name has that
// shape.
std::optional<Fields> namedParts(std::string_view pattern, std::string_view name) {
  Fields fields;
  while (!pattern.empty()) {
    if (pattern[0] != '{') {
      if (name.empty() || name[0] != pattern[0]) return std::nullopt;
      pattern.remove_prefix(1);
      name.remove_prefix(1);
      continue;
    }
    std::size_t close = pattern.find('}');
    if (close == std::string_view::npos) return std::nullopt;
    std::string field(pattern.substr(1, close - 1));
    pattern.remove_prefix(close + 1);
    std::size_t length = name.size();
    if (!pattern.empty()) length = name.find(pattern[0]);
    if (length == std::string_view::npos || length == 0) return std::nullopt;
    fields.emplace_back(std::move(field), Value::string(name.substr(0, length)));
    name.remove_prefix(length);
  }
  if (!name.empty()) return std::nullopt;
  return fields;
}

// A subject that is to begin: its type, and what its name says.
struct NewSubject {
  const model::FactType* type = nullptr;
  Fields parts;
};

Result<NewSubject> newSubject(const model::Program& program, std::string_view subject,
                              std::string_view typeName) {
  NewSubject out;
  std::string candidates;
  for (const model::FactType& type : program.types) {
    if (type.kind != model::FactKind::Subject || type.builtin ||
        (!typeName.empty() && type.name != typeName)) {
      continue;
    }
    candidates += (candidates.empty() ? "" : ", ") + type.name + " \"" + type.nameTemplate + "\"";
    auto fitting = namedParts(type.nameTemplate, subject);
    if (!fitting) continue;
    if (out.type) {
      return Error{ErrorCode::UnknownSubject,
                   "the name \"" + std::string(subject) + "\" fits both " + out.type->name +
                       " and " + type.name,
                   "type", "say which type it is"};
    }
    out = {&type, std::move(*fitting)};
  }
  if (!out.type) {
    return Error{ErrorCode::UnknownSubject,
                 "no subject type has names like \"" + std::string(subject) +
                     "\"; there are: " + (candidates.empty() ? "none" : candidates),
                 "subject",
                 {}};
  }
  return out;
}

// Required properties must come with the first ones; they are set with the parts of the name.
Fields initialFields(const model::FactType& type, const Fields& parts, const Fields& properties) {
  Fields initial = parts;
  for (const auto& [name, value] : properties) {
    const auto field = type.find(name);
    if (field && index(*field) < type.declared && !type.fields[index(*field)].type.optional &&
        !type.fields[index(*field)].initial.present()) {
      initial.emplace_back(name, value);
    }
  }
  return initial;
}

// Begins a subject. Every property is checked before; those it begins with raise their change from
// nothing, as the others do when they are set after them.
Result<FactId> beginSubject(Session::State& s, const NewSubject& named, const Fields& properties,
                            bool muted) {
  const model::FactType& type = *named.type;
  auto given = s.checks.byName(type.id, named.parts);
  if (!given) return given.error();
  const Fields initial = initialFields(type, named.parts, properties);
  auto first = s.checks.byName(type.id, initial);
  if (!first) return first.error();
  auto values = s.checks.complete(type.id, *first);
  if (!values) return values.error();
  Fields whole = named.parts;
  for (const auto& property : properties) whole.push_back(property);
  auto checked = s.checks.byName(type.id, whole);
  if (!checked) return checked.error();
  if (auto complete = s.checks.complete(type.id, *checked); !complete) return complete.error();

  // From here on nothing refuses.
  const FactId fact = s.assertFact(type.id, *values, false);
  s.internals.setBeginning(fact);
  auto assignment = s.checks.assignmentFor(fact, properties);
  if (!assignment) return assignment.error();
  if (!muted) {
    for (const auto& [name, value] : initial) {
      const auto field = type.find(name);
      if (field && !type.fields[index(*field)].key && !type.fields[index(*field)].ext) {
        s.raiseChange(fact, name, Value(), s.memory.find(fact)->field(*field));
      }
    }
  }
  s.setFields(fact, *assignment, muted);
  s.internals.setBeginning(kNoFact);
  s.settleTruths();
  return fact;
}

}  // namespace

Result<FactId> Session::setProperties(std::string_view subject, std::string_view typeName,
                                      const Fields& properties, bool muted) {
  State& s = *state_;
  const FactId fact = s.memory.findSubject(subject);
  if (fact == kNoFact) {
    const Result<NewSubject> named = newSubject(s.program, subject, typeName);
    return named ? beginSubject(s, *named, properties, muted) : named.error();
  }
  const model::FactType& type = s.program.type(s.memory.find(fact)->type);
  if (type.builtin) {
    return Error{ErrorCode::Derived, type.name + " is kept by the engine itself", "subject", {}};
  }
  if (!typeName.empty() && type.name != typeName) {
    return Error{ErrorCode::WrongType,
                 "the subject \"" + std::string(subject) + "\" is a " + type.name + ", not a " +
                     std::string(typeName),
                 "type",
                 {}};
  }
  auto assignment = s.checks.assignmentFor(fact, properties);
  if (!assignment) return assignment.error();
  s.changedByHost = true;
  s.setFields(fact, *assignment, muted);
  s.settleTruths();
  s.changedByHost = false;
  return fact;
}

namespace {

// A subject that hosts may change. `does`: "deleted".
Result<const StoredFact*> changeable(const Session::State& s, std::string_view subject) {
  const FactId fact = s.memory.findSubject(subject);
  if (fact == kNoFact) {
    return Error{ErrorCode::UnknownSubject,
                 "there is no subject \"" + std::string(subject) + "\"",
                 "subject",
                 {}};
  }
  const StoredFact* stored = s.memory.find(fact);
  const model::FactType& type = s.program.type(stored->type);
  if (type.builtin || stored->logical) {
    return Error{ErrorCode::Derived,
                 "the subject \"" + std::string(subject) +
                     (type.builtin ? "\" is kept by the engine itself"
                                   : "\" is derived: it follows from other facts"),
                 "subject",
                 {}};
  }
  return stored;
}

// What a property holds; nothing when it is not there.
std::optional<Value> propertyOf(const model::FactType& type, const StoredFact& stored,
                                const std::string& name) {
  const std::optional<FieldId> field = type.find(name);
  if (field && index(*field) < type.declared) {
    const Value& value = stored.field(*field);
    return value.isNull() ? std::nullopt : std::optional(value);
  }
  if (!type.open) return std::nullopt;
  const Value& open = stored.fields()[index(type.undeclared())];
  const Value* entry = open.kind() == ValueKind::Map ? open.find(name) : nullptr;
  return entry ? std::optional(*entry) : std::nullopt;
}

Error missing(const model::FactType& type, std::string_view subject, const std::string& name) {
  const bool known = type.open || (type.find(name) && index(*type.find(name)) < type.declared);
  return Error{known ? ErrorCode::MissingProperty : ErrorCode::UnknownField,
               "the subject \"" + std::string(subject) + "\" has no property \"" + name + "\"" +
                   (known ? "" : ", and its type " + type.name + " declares none"),
               name,
               {}};
}

}  // namespace

Result<FactId> Session::unsetProperties(std::string_view subject,
                                        const std::vector<std::string>& names, bool muted) {
  State& s = *state_;
  const Result<const StoredFact*> found = changeable(s, subject);
  if (!found) return found.error();
  const StoredFact& stored = **found;
  const FactId fact = stored.id;
  const model::FactType& type = s.program.type(stored.type);
  Assignment declared;
  std::vector<std::string> removed;
  for (const std::string& name : names) {
    if (!propertyOf(type, stored, name)) return missing(type, subject, name);
    const std::optional<FieldId> field = type.find(name);
    if (field && index(*field) < type.declared) {
      declared.emplace_back(*field, Value());
    } else {
      removed.push_back(name);
    }
  }
  auto assignment = s.checks.assignmentFor(fact, declared, {}, removed);
  if (!assignment) return assignment.error();
  s.changedByHost = true;
  s.setFields(fact, *assignment, muted, {}, names);
  s.settleTruths();
  s.changedByHost = false;
  return fact;
}

Result<FactId> Session::deleteSubject(std::string_view subject) {
  State& s = *state_;
  const Result<const StoredFact*> found = changeable(s, subject);
  if (!found) return found.error();
  const FactId fact = (*found)->id;
  s.retractTold(fact);
  s.settleTruths();
  return fact;
}

// A property that is not there holds null, so that the first value can be set in the same way. A
// subject that is not there begins.
Result<Accepted> Session::compareAndSet(const input::CompareAndSet& input) {
  State& s = *state_;
  Value actual;
  if (const FactId fact = s.memory.findSubject(input.subject); fact != kNoFact) {
    const StoredFact& stored = *s.memory.find(fact);
    const model::FactType& type = s.program.type(stored.type);
    if (const auto held = propertyOf(type, stored, input.property)) {
      actual = *held;
    } else if (Error absent = missing(type, input.subject, input.property);
               absent.code == ErrorCode::UnknownField) {
      return absent;
    }
    if (!(actual == input.expected)) {
      return Accepted{.fact = fact, .swapped = false, .actual = actual};
    }
  } else if (!input.expected.isNull()) {
    return Accepted{.swapped = false, .actual = actual};
  }
  const Result<FactId> set =
      setProperties(input.subject, {}, {{input.property, input.value}}, false);
  if (!set) return set.error();
  return Accepted{.fact = *set, .swapped = true, .actual = actual};
}

Result<Value> Session::property(std::string_view subject, std::string_view name) const {
  const State& s = *state_;
  const FactId fact = s.memory.findSubject(subject);
  const StoredFact* stored = s.memory.find(fact);
  if (!stored || stored->gone) {
    return Error{ErrorCode::UnknownSubject,
                 "there is no subject \"" + std::string(subject) + "\"",
                 "subject",
                 {}};
  }
  const model::FactType& type = s.program.type(stored->type);
  const std::string wanted(name);
  if (const std::optional<Value> value = propertyOf(type, *stored, wanted)) return *value;
  return missing(type, subject, wanted);
}

std::vector<FactView> Session::subjects(const SubjectSelection& which) const {
  const State& s = *state_;
  std::vector<std::pair<std::string_view, FactId>> found;
  for (const model::FactType& type : s.program.types) {
    if (type.kind != model::FactKind::Subject || type.builtin ||
        (!which.type.empty() && type.name != which.type)) {
      continue;
    }
    s.memory.forEach(type.id, [&](SlotId, const StoredFact& stored) {
      const std::string_view name = stored.fields()[type.declared].asString();
      if (stored.gone || name <= which.after) return;
      for (const auto& [property, wanted] : which.having) {
        const std::optional<Value> value = propertyOf(type, stored, property);
        if (!value || !(*value == wanted)) return;
      }
      found.emplace_back(name, stored.id);
    });
  }
  const std::size_t count = std::min(which.limit, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), found.end());
  std::vector<FactView> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(*fact(found[i].second));
  return out;
}

}  // namespace reticle
