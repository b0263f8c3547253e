// Everything that can refuse a list of changes.

#include "session/review.h"

#include <algorithm>
#include <span>

#include "session/state.h"

namespace reticle {

namespace {

bool sameFields(const model::FactType& type, std::span<const Value> a, std::span<const Value> b) {
  return std::equal(a.begin(), a.begin() + type.declared, b.begin());
}

bool inserts(const Change& change) {
  return change.kind == Change::Kind::Insert || change.kind == Change::Kind::InsertLogical;
}

// Puts values over those that are there under the same field or name.
template <typename Entries>
void putOver(Entries& entries, const Entries& later) {
  for (const auto& [key, value] : later) {
    const auto same =
        std::find_if(entries.begin(), entries.end(),
                     [&, &wanted = key](const auto& entry) { return entry.first == wanted; });
    if (same == entries.end()) {
      entries.emplace_back(key, value);
    } else {
      same->second = value;
    }
  }
}

void erase(std::vector<std::string>& names, const std::string& name) {
  names.erase(std::remove(names.begin(), names.end(), name), names.end());
}

// Says which action of the rules is refused.
Error placedAt(Span place, Error error) {
  error.place = place;
  return error;
}

Error contradiction(const std::string& what) {
  return Error{ErrorCode::DuplicateKey,
               "rules derive two different values for one key: " + what + " is there already",
               {},
               "make the field that differs a key, or decide between the rules by their "
               "conditions"};
}

}  // namespace

Review::Review(const Session::State& state, std::vector<Change>& changes)
    : s_(state), changes_(changes) {
  for (const Change& change : changes) {
    if (change.kind == Change::Kind::Set) gather(change);
    if (change.kind == Change::Kind::Retract && !change.pending) retracted_.push_back(change.fact);
  }
}

// Retracted or not: whether a fact may be set is decided when the whole list is known.
void Review::gather(const Change& set) {
  auto target = std::find_if(targets_.begin(), targets_.end(), [&](const Target& each) {
    return each.fact == set.fact && each.pending == set.pending;
  });
  if (target == targets_.end()) {
    target = targets_.insert(targets_.end(),
                             Target{set.fact, set.pending, {}, {}, {}, {}, {}, set.place});
  }
  putOver(target->assignment, set.assignment);
  putOver(target->undeclared, set.undeclared);
  for (const auto& [name, value] : set.undeclared) erase(target->removed, name);
  for (const Change::Part& part : set.parts) gatherPart(*target, set, part);
  const auto tell = [&](const std::string& property) {
    erase(target->muted, property);
    if (set.muted) target->muted.push_back(property);
    erase(target->unset, property);
    if (set.unset) target->unset.push_back(property);
  };
  for (const auto& [field, value] : set.assignment) {
    tell(type(set.type).fields[index(field)].name);
  }
  for (const auto& [name, value] : set.undeclared) tell(name);
  for (const Change::Part& part : set.parts) tell(part.property);
}

Value Review::valueOf(const Target& target, const model::FactType& declared,
                      const std::string& name) const {
  const std::optional<FieldId> field = declared.find(name);
  const bool isField = field && index(*field) < declared.declared;
  if (isField) {
    for (const auto& [set, value] : target.assignment) {
      if (set == *field) return value;
    }
  }
  for (const auto& [set, value] : target.undeclared) {
    if (!isField && set == name) return value;
  }
  const StoredFact* stored = s_.memory.find(target.fact);
  const std::span<const Value> fields =
      target.pending ? std::span<const Value>(changes_[target.pending - 1].values)
      : stored       ? std::span<const Value>(stored->fields())
                     : std::span<const Value>();
  if (fields.empty()) return {};
  if (isField) return fields[index(*field)];
  const Value* entry =
      declared.open && fields[index(declared.undeclared())].kind() == ValueKind::Map
          ? fields[index(declared.undeclared())].find(name)
          : nullptr;
  return entry ? *entry : Value();
}

// Maps on the way that are not there are made; taking away what is not there changes nothing.
void Review::gatherPart(Target& target, const Change& set, const Change::Part& part) {
  const model::FactType& declared = type(set.type);
  if (part.path.empty()) {
    target.undeclared.erase(
        std::remove_if(target.undeclared.begin(), target.undeclared.end(),
                       [&](const auto& each) { return each.first == part.property; }),
        target.undeclared.end());
    target.removed.push_back(part.property);
    return;
  }
  Result<Value> changed = withPart(valueOf(target, declared, part.property), part, 0);
  if (!changed) {
    if (!failure_) failure_ = placedAt(set.place, changed.error());
    return;
  }
  const std::optional<FieldId> field = declared.find(part.property);
  if (field && index(*field) < declared.declared) {
    putOver(target.assignment, Assignment{{*field, std::move(*changed)}});
  } else {
    erase(target.removed, part.property);
    putOver(target.undeclared, Fields{{part.property, std::move(*changed)}});
  }
}

// ORDER: which of several errors is reported.
Status Review::check() {
  if (failure_) return *failure_;
  for (const Target& target : targets_) {
    if (!target.pending) continue;
    if (Status folded = fold(target); !folded) return placedAt(target.place, folded.error());
  }
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    if (!inserts(changes_[i])) continue;
    if (Status fits = checkInsert(i); !fits) return placedAt(changes_[i].place, fits.error());
  }
  for (const Target& target : targets_) {
    if (target.pending || isRetracted(target.fact)) continue;
    if (Status fits = checkSet(target); !fits) return placedAt(target.place, fits.error());
  }
  return Done{};
}

const model::FactType& Review::type(TypeId id) const { return s_.program.type(id); }

bool Review::isRetracted(FactId fact) const {
  return std::find(retracted_.begin(), retracted_.end(), fact) != retracted_.end();
}

// A field that is not set keeps the value the insertion gave it. The whole is completed again: a
// bound may compare fields.
Status Review::fold(const Target& target) {
  Change& insert = changes_[target.pending - 1];
  auto given = s_.checks.byField(insert.type, target.assignment, target.undeclared);
  if (!given) return given.error();
  const model::FactType& declared = type(insert.type);
  for (std::uint32_t i = 0; i < declared.fields.size(); ++i) {
    const bool open = declared.open && i == index(declared.undeclared());
    if (open) {
      (*given)[i] = FactChecks::withEntries(
          insert.values[i], (*given)[i] ? *(*given)[i] : Value::map({}), target.removed);
    } else if (!(*given)[i] && i < declared.declared) {
      (*given)[i] = insert.values[i];
    }
  }
  auto values = s_.checks.complete(insert.type, *given);
  if (!values) return values.error();
  insert.values = std::move(*values);
  return Done{};
}

Error Review::taken(TypeId id, const std::string& what) const {
  return Error{ErrorCode::DuplicateKey,
               "there is a " + type(id).name + " with this key already: " + what,
               {},
               "set its fields instead, or add `not " + type(id).name + "(…)` to the conditions"};
}

// A stated fact may take the place of a derived one of its key, and derived facts share one when
// they agree; all else is refused.
Status Review::checkInsert(std::size_t at) {
  const Change& change = changes_[at];
  if (type(change.type).asSet) return Done{};  // an equal one is it
  const bool logical = change.kind == Change::Kind::InsertLogical;
  for (std::size_t i = 0; i < at; ++i) {
    const Change& earlier = changes_[i];
    if (!inserts(earlier) || earlier.type != change.type ||
        !FactChecks::sameKey(type(change.type), earlier.values, change.values)) {
      continue;
    }
    const bool earlierLogical = earlier.kind == Change::Kind::InsertLogical;
    if (!logical && !earlierLogical) return taken(change.type, "the same firing inserts it");
    if (logical && earlierLogical &&
        !sameFields(type(change.type), earlier.values, change.values)) {
      return contradiction("what the same firing derives");
    }
  }
  const FactId twin = s_.checks.twin(change.type, change.values);
  if (twin == kNoFact || isRetracted(twin)) return Done{};
  const StoredFact& stored = *s_.memory.find(twin);
  inTheWay_ = twin;
  if (!logical && !stored.logical) return taken(change.type, s_.checks.describe(twin));
  if (logical && stored.logical && !sameFields(type(change.type), change.values, stored.fields())) {
    return contradiction(s_.checks.describe(twin));
  }
  inTheWay_ = kNoFact;
  return Done{};
}

// assignmentFor() compares its key with the facts there are; here with those that the list makes or
// changes.
Status Review::checkSet(const Target& target) {
  auto assignment =
      s_.checks.assignmentFor(target.fact, target.assignment, target.undeclared, target.removed);
  if (!assignment) return assignment.error();
  const StoredFact& stored = *s_.memory.find(target.fact);
  std::vector<Value> next(stored.fields().begin(), stored.fields().end());
  for (const auto& [field, value] : *assignment) next[index(field)] = value;
  for (std::size_t i = 0; i < updates_.size(); ++i) {
    if (s_.memory.find(updates_[i].fact)->type == stored.type &&
        FactChecks::sameKey(type(stored.type), next_[i], next)) {
      return taken(stored.type, "the same firing gives it to two facts");
    }
  }
  for (const Change& change : changes_) {
    if (inserts(change) && change.type == stored.type &&
        !FactChecks::sameKey(type(stored.type), stored.fields(), next) &&
        FactChecks::sameKey(type(stored.type), change.values, next)) {
      return taken(stored.type, "the same firing inserts it");
    }
  }
  updates_.push_back({target.fact, std::move(*assignment), target.muted, target.unset});
  next_.push_back(std::move(next));
  return Done{};
}

}  // namespace reticle
