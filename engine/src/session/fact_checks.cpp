// What hosts and actions hand in, checked against the declarations before anything changes.

#include "session/fact_checks.h"

#include <algorithm>

#include "expression/coerce.h"

namespace reticle {

namespace {

// For messages.
std::string list(const model::FactType& type) {
  std::string out;
  for (std::uint32_t i = 0; i < type.declared; ++i) out += (i ? ", " : "") + type.fields[i].name;
  return out.empty() ? "none" : out;
}

std::string what(const model::Field& field, const model::FactType& type) {
  return "the field \"" + field.name + "\" of " + type.name;
}

}  // namespace

Result<const model::FactType*> FactChecks::insertableType(std::string_view name) const {
  const model::FactType* type = program_.findType(name);
  if (!type) {
    return Error{ErrorCode::UnknownType,
                 "there is no fact or subject type \"" + std::string(name) + "\"",
                 "type",
                 {}};
  }
  if (type->kind == model::FactKind::Event) {
    return Error{ErrorCode::WrongType,
                 type->name + " is an event: it happens and goes, so it is emitted, not inserted",
                 "type", "emit it"};
  }
  if (type->builtin) {
    return Error{ErrorCode::Derived, type->name + " is kept by the engine itself", "type", {}};
  }
  return type;
}

std::string FactChecks::describe(FactId fact) const {
  const StoredFact* stored = memory_.find(fact);
  if (!stored) return "fact " + std::to_string(index(fact));
  const model::FactType& type = program_.type(stored->type);
  std::string out = type.name + "{";
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    out += (i ? ", " : "") + type.fields[i].name + ": " + toText(stored->fields()[i]);
  }
  return out + "}";
}

// A null of an optional field satisfies every `where`.
Status FactChecks::checkFields(const model::FactType& type, std::span<const Value> values) const {
  Row row{values.data(), kNoFact};
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    const model::Field& field = type.fields[i];
    const Value& value = values[i];
    if (field.max >= 0) {
      std::int64_t size =
          value.kind() == ValueKind::String ? static_cast<std::int64_t>(value.asString().size())
          : value.kind() == ValueKind::List ? static_cast<std::int64_t>(value.asList().size())
          : value.kind() == ValueKind::Map  ? static_cast<std::int64_t>(value.asMap().size())
                                            : 0;
      if (size > field.max) {
        return Error{ErrorCode::ConstraintViolated,
                     what(field, type) + " may hold at most " + std::to_string(field.max) +
                         ", this has " + std::to_string(size),
                     field.name,
                     {}};
      }
    }
    if (field.type.optional && value.isNull()) continue;
    for (const model::Expression& check : field.checks) {
      if (!valueOf(check.code, &row).isTrue()) {
        return Error{ErrorCode::ConstraintViolated,
                     what(field, type) + " must satisfy `" + toText(check.tree) + "`, this is " +
                         toText(value),
                     field.name,
                     {}};
      }
    }
  }
  return Done{};
}

// --- what is given

namespace {

// Takes in a name that is no declared field: an entry of the open properties, or an error.
Status addUndeclared(const model::FactType& type, const std::string& name, const Value& value,
                     GivenFields& given) {
  if (!type.open) {
    return Error{ErrorCode::UnknownField,
                 type.name + " has no field \"" + name + "\"; it has " + list(type),
                 name,
                 {}};
  }
  std::optional<Value>& open = given[index(type.undeclared())];
  Value::Map entries = open ? open->asMap() : Value::Map{};
  entries.emplace_back(Value::string(name), value);
  open = Value::map(std::move(entries));
  return Done{};
}

}  // namespace

// A field named twice is an error here: a host meant one of the two.
Result<GivenFields> FactChecks::byName(TypeId typeId, const Fields& fields) const {
  const model::FactType& type = program_.type(typeId);
  GivenFields given(type.fields.size());
  for (const auto& [name, value] : fields) {
    auto field = type.find(name);
    if (field && index(*field) < type.declared) {
      if (given[index(*field)]) {
        return Error{ErrorCode::BadInput, "the field \"" + name + "\" is given twice", name, {}};
      }
      given[index(*field)] = value;
      continue;
    }
    if (Status added = addUndeclared(type, name, value, given); !added) return added.error();
  }
  return given;
}

Result<GivenFields> FactChecks::byField(TypeId typeId, const Assignment& assignment,
                                        const Fields& undeclared) const {
  const model::FactType& type = program_.type(typeId);
  GivenFields given(type.fields.size());
  for (const auto& [field, value] : assignment) given[index(field)] = value;
  for (const auto& [name, value] : undeclared) {
    if (Status added = addUndeclared(type, name, value, given); !added) return added.error();
  }
  return given;
}

// --- new facts

// Values, then defaults, then nothing where the field is optional. The name of a subject follows
// from its key fields.
Result<std::vector<Value>> FactChecks::complete(TypeId typeId, const GivenFields& given) const {
  const model::FactType& type = program_.type(typeId);
  std::vector<Value> values(type.fields.size());
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    const model::Field& field = type.fields[i];
    if (i < given.size() && given[i]) {
      if (given[i]->isError()) {
        return Error{ErrorCode::NotAFact,
                     what(field, type) + " has no value: " + std::string(given[i]->errorMessage()),
                     field.name,
                     {}};
      }
      auto fitting = coerce(*given[i], field.type, what(field, type));
      if (!fitting) return fitting.error();
      values[i] = std::move(*fitting);
    } else if (field.initial.present()) {
      values[i] = valueOf(field.initial.code, nullptr);
    } else if (!field.type.optional) {
      return Error{ErrorCode::MissingField,
                   what(field, type) + " is missing; it has no default, so it must be given",
                   field.name,
                   {}};
    }
  }
  if (Status checked = checkFields(type, values); !checked) return checked.error();
  if (type.kind == model::FactKind::Subject) {
    Row row{values.data(), kNoFact};
    values[type.declared] = valueOf(type.subjectName.code, &row);
    if (values[type.declared].kind() != ValueKind::String) {
      return Error{
          ErrorCode::WrongType,
          "the name of a " + type.name + " (\"" + type.nameTemplate + "\") needs its key fields",
          {},
          {}};
    }
  }
  if (type.open) {
    const std::size_t open = index(type.undeclared());
    values[open] = open < given.size() && given[open] ? *given[open] : Value::map({});
  }
  return values;
}

// The hot way of single insertions: no maps, no messages. A type of more than 64 fields, or with
// hidden ones, goes the other way.
bool FactChecks::completePlain(const model::FactType& type, const Fields& fields,
                               std::vector<Value>& values) const {
  if (type.kind != model::FactKind::Fact || type.fields.size() != type.declared ||
      type.declared > 64) {
    return false;
  }
  values.resize(type.declared);
  std::uint64_t given = 0;
  std::size_t likely = 0;  // fields mostly come in the order of their declaration
  for (const auto& [name, value] : fields) {
    if (likely >= type.declared || type.fields[likely].name != name) {
      const auto found = type.find(name);
      if (!found) return false;
      likely = index(*found);
    }
    const std::uint64_t bit = std::uint64_t{1} << likely;
    if (given & bit) return false;
    given |= bit;
    values[likely] = value;
    if (!fit(values[likely], type.fields[likely].type)) return false;
    ++likely;
  }
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    if (given >> i & 1) continue;
    const model::Field& field = type.fields[i];
    if (field.initial.present()) {
      values[i] = valueOf(field.initial.code, nullptr);
    } else if (!field.type.optional) {
      return false;
    }
  }
  return checkFields(type, values).ok();
}

// --- facts there are

namespace {

Error unknownFact(FactId fact) {
  return Error{ErrorCode::UnknownFact,
               "there is no fact " + std::to_string(index(fact)) + " (any more)",
               {},
               {}};
}

}  // namespace

Value FactChecks::withEntries(const Value& open, const Value& given,
                              const std::vector<std::string>& removed) {
  Value::Map entries = open.asMap();
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [&](const auto& entry) {
                                 return std::find(removed.begin(), removed.end(),
                                                  entry.first.asString()) != removed.end();
                               }),
                entries.end());
  for (const auto& [name, value] : given.asMap()) {
    auto place = std::find_if(entries.begin(), entries.end(),
                              [&, &key = name](const auto& entry) { return entry.first == key; });
    if (place == entries.end()) {
      entries.emplace_back(name, value);
    } else {
      place->second = value;
    }
  }
  return Value::map(std::move(entries));
}

Result<Assignment> FactChecks::assignmentFor(FactId fact, const Fields& fields) const {
  const StoredFact* stored = memory_.holds(fact) ? memory_.find(fact) : nullptr;
  if (!stored) return unknownFact(fact);
  const auto given = byName(stored->type, fields);
  return given ? fitting(*stored, *given, {}) : given.error();
}

Result<Assignment> FactChecks::assignmentFor(FactId fact, const Assignment& assignment,
                                             const Fields& undeclared,
                                             const std::vector<std::string>& removed) const {
  const StoredFact* stored = memory_.holds(fact) ? memory_.find(fact) : nullptr;
  if (!stored) return unknownFact(fact);
  auto given = byField(stored->type, assignment, undeclared);
  if (!given) return given.error();
  const model::FactType& type = program_.type(stored->type);
  if (!removed.empty() && type.open && !(*given)[index(type.undeclared())]) {
    (*given)[index(type.undeclared())] = Value::map({});
  }
  return fitting(*stored, *given, removed);
}

// Every field that is given is checked by itself, then the whole fact as it would be: bounds and
// `where` may read other fields, and a key must stay free.
Result<Assignment> FactChecks::fitting(const StoredFact& stored, const GivenFields& given,
                                       const std::vector<std::string>& removed) const {
  const model::FactType& type = program_.type(stored.type);
  std::vector<Value> next(stored.fields().begin(), stored.fields().end());
  Assignment assignment;
  for (std::uint32_t i = 0; i < type.fields.size(); ++i) {
    if (!given[i]) continue;
    if (i >= type.declared) {
      next[i] = withEntries(next[i], *given[i], removed);
    } else {
      auto fitting = coerce(*given[i], type.fields[i].type, what(type.fields[i], type));
      if (!fitting) return fitting.error();
      if (type.kind == model::FactKind::Subject && type.fields[i].key && !(next[i] == *fitting)) {
        return Error{
            ErrorCode::ConstraintViolated,
            what(type.fields[i], type) + " is part of the subject's name and cannot change",
            type.fields[i].name,
            {}};
      }
      next[i] = std::move(*fitting);
    }
    assignment.emplace_back(FieldId{i}, next[i]);
  }
  if (Status checked = checkFields(type, next); !checked) return checked.error();
  const FactId other = twin(stored.type, next);
  if (other != kNoFact && other != stored.id) {
    return Error{ErrorCode::DuplicateKey,
                 (type.asSet ? "an equal " + type.name + " is there already: "
                             : "another " + type.name + " has this key already: ") +
                     describe(other),
                 {},
                 {}};
  }
  return assignment;
}

// A subject is found by its name, which stands in its first hidden field.
FactId FactChecks::twin(TypeId typeId, std::span<const Value> values) const {
  const model::FactType& type = program_.type(typeId);
  if (type.kind == model::FactKind::Subject) {
    return memory_.findSubject(values[type.declared].asString());
  }
  return memory_.findByKey(typeId, values);
}

bool FactChecks::sameKey(const model::FactType& type, std::span<const Value> a,
                         std::span<const Value> b) {
  if (type.kind == model::FactKind::Subject) return a[type.declared] == b[type.declared];
  if (type.keys.empty()) return false;
  return std::all_of(type.keys.begin(), type.keys.end(),
                     [&](FieldId key) { return a[index(key)] == b[index(key)]; });
}

}  // namespace reticle
