// Setting properties of subjects, which begin with their first ones.

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

}  // namespace reticle
