// From changes to working memory: first all of them are checked, also against each other, then all
// are applied.

#include <algorithm>

#include "session/state.h"

namespace reticle {

namespace {

// What one list of changes sets on one fact. Property changes are applied together at the end: one
// update a fact, in order of first mention, later values over earlier ones.
struct Target {
  FactId fact = kNoFact;
  std::uint32_t pending = 0;
  Fields fields;
};

std::vector<Target> targetsOf(const std::vector<Change>& changes) {
  std::vector<Target> targets;
  for (const Change& change : changes) {
    if (change.kind != Change::Kind::Set) continue;
    auto target = std::find_if(targets.begin(), targets.end(), [&](const Target& t) {
      return t.fact == change.fact && t.pending == change.pending;
    });
    if (target == targets.end()) {
      target = targets.insert(targets.end(), Target{change.fact, change.pending, {}});
    }
    for (const auto& [name, value] : change.named) {
      auto same = std::find_if(target->fields.begin(), target->fields.end(),
                               [&, &key = name](const auto& entry) { return entry.first == key; });
      if (same == target->fields.end()) {
        target->fields.emplace_back(name, value);
      } else {
        same->second = value;
      }
    }
  }
  return targets;
}

bool sameKey(const model::FactType& type, std::span<const Value> a, std::span<const Value> b) {
  if (type.kind == model::FactKind::Subject) return a[type.declared] == b[type.declared];
  if (type.keys.empty()) return false;
  return std::all_of(type.keys.begin(), type.keys.end(),
                     [&](FieldId key) { return a[index(key)] == b[index(key)]; });
}

bool sameFields(const model::FactType& type, std::span<const Value> a, std::span<const Value> b) {
  return std::equal(a.begin(), a.begin() + type.declared, b.begin());
}

// Everything that can refuse a list of changes, asked before any of them is carried out: what is
// set on a fact inserted by the same list becomes part of its insertion; keys are compared with the
// facts there are, and with each other.
class Review {
 public:
  Review(Session::State& state, std::vector<Change>& changes)
      : s_(state), changes_(changes), targets(targetsOf(changes)) {
    for (const Change& change : changes) {
      if (change.kind == Change::Kind::Retract && !change.pending) {
        retracted_.push_back(change.fact);
      }
    }
  }

  Status check() {
    for (const Target& target : targets) {
      if (target.pending) {
        if (Status folded = fold(target); !folded) return folded;
      }
    }
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (changes_[i].kind == Change::Kind::Insert ||
          changes_[i].kind == Change::Kind::InsertLogical) {
        if (Status fits = checkInsert(i); !fits) return fits;
      }
    }
    for (const Target& target : targets) {
      if (!target.pending && !isRetracted(target.fact)) {
        if (Status fits = checkSet(target); !fits) return fits;
      }
    }
    return Done{};
  }

 private:
  const model::FactType& type(TypeId id) const { return s_.program.type(id); }
  bool isRetracted(FactId fact) const {
    return std::find(retracted_.begin(), retracted_.end(), fact) != retracted_.end();
  }

  Status fold(const Target& target) {
    Change& insert = changes_[target.pending - 1];
    auto given = s_.byName(insert.type, target.fields);
    if (!given) return given.error();
    const model::FactType& declared = type(insert.type);
    for (std::uint32_t i = 0; i < declared.fields.size(); ++i) {
      if (!(*given)[i] &&
          (i < declared.declared || (declared.open && i == index(declared.undeclared())))) {
        (*given)[i] = insert.values[i];
      }
    }
    auto values = s_.complete(insert.type, *given);
    if (!values) return values.error();
    insert.values = std::move(*values);
    return Done{};
  }

  Error taken(TypeId id, const std::string& what) const {
    return Error{ErrorCode::DuplicateKey,
                 "there is a " + type(id).name + " with this key already: " + what,
                 {},
                 "set its fields instead, or add `not " + type(id).name + "(…)` to the conditions"};
  }
  static Error contradiction(const std::string& what) {
    return Error{
        ErrorCode::DuplicateKey,
        "rules derive two different values for one key: " + what + " is there already",
        {},
        "make the field that differs a key, or decide between the rules by their conditions"};
  }

  Status checkInsert(std::size_t at) {
    const Change& change = changes_[at];
    bool logical = change.kind == Change::Kind::InsertLogical;
    for (std::size_t i = 0; i < at; ++i) {
      const Change& earlier = changes_[i];
      bool inserts =
          earlier.kind == Change::Kind::Insert || earlier.kind == Change::Kind::InsertLogical;
      if (!inserts || earlier.type != change.type ||
          !sameKey(type(change.type), earlier.values, change.values)) {
        continue;
      }
      bool earlierLogical = earlier.kind == Change::Kind::InsertLogical;
      if (!logical && !earlierLogical) return taken(change.type, "the same firing inserts it");
      if (logical && earlierLogical &&
          !sameFields(type(change.type), earlier.values, change.values)) {
        return contradiction("what the same firing derives");
      }
    }
    FactId twin = s_.twin(change.type, change.values);
    if (twin == kNoFact || isRetracted(twin)) return Done{};
    const StoredFact& stored = *s_.memory.find(twin);
    if (!logical && !stored.logical) return taken(change.type, s_.describe(twin));
    if (logical && stored.logical &&
        !sameFields(type(change.type), change.values, stored.fields())) {
      return contradiction(s_.describe(twin));
    }
    return Done{};
  }

  Status checkSet(const Target& target) {
    auto assignment = s_.assignmentFor(target.fact, target.fields);
    if (!assignment) return assignment.error();
    const StoredFact& stored = *s_.memory.find(target.fact);
    std::vector<Value> next(stored.fields().begin(), stored.fields().end());
    for (const auto& [field, value] : *assignment) next[index(field)] = value;
    for (const auto& [fact, values] : next_) {
      if (s_.memory.find(fact)->type == stored.type && sameKey(type(stored.type), values, next)) {
        return taken(stored.type, "the same firing gives it to two facts");
      }
    }
    for (const Change& change : changes_) {
      if ((change.kind == Change::Kind::Insert || change.kind == Change::Kind::InsertLogical) &&
          change.type == stored.type && !sameKey(type(stored.type), stored.fields(), next) &&
          sameKey(type(stored.type), change.values, next)) {
        return taken(stored.type, "the same firing inserts it");
      }
    }
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
  const RuleId rule = s.firing.rule;
  const std::vector<FactId> facts = s.firing.facts;
  const bool derives = rule != kNoRule;
  // What is inserted behind a retraction rests on the facts as they were before it.
  const bool retracts =
      derives && std::any_of(changes.begin(), changes.end(), [](const Change& change) {
        return change.kind == Change::Kind::Retract;
      });
  if (retracts) s.reasons.pin(facts);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Change& change = changes[i];
    switch (change.kind) {
      case Change::Kind::Insert:
      case Change::Kind::InsertLogical: {
        bool logical = change.kind == Change::Kind::InsertLogical && derives;
        for (Value& value : change.values) value = resolvePending(value, inserted);
        FactId twin = s.twin(change.type, change.values);
        if (logical && twin == kNoFact && program().type(change.type).keys.empty()) {
          twin = s.equalLogical(change.type, change.values);
        }
        if (twin == kNoFact) {
          inserted[i] = s.assertFact(change.type, change.values, logical, rule, facts);
          if (logical) s.addSupport(inserted[i], s.firingSlot(), s.firing.activation);
        } else if (logical) {
          inserted[i] = twin;
          // a stated fact of the same key wins
          if (s.memory.find(twin)->logical) s.addSupport(twin, s.firingSlot(), s.firing.activation);
        } else {
          inserted[i] = twin;
          if (s.memory.find(twin)->logical) s.makeStated(twin);
          Assignment assignment;
          for (std::uint32_t f = 0; f < program().type(change.type).declared; ++f) {
            assignment.emplace_back(FieldId{f}, change.values[f]);
          }
          s.setFields(twin, assignment, true);
        }
        break;
      }
      case Change::Kind::Retract: {
        FactId fact = change.pending ? inserted[change.pending - 1] : change.fact;
        if (s.memory.holds(fact)) s.retractFact(fact);
        break;
      }
      case Change::Kind::Set: break;  // below
      case Change::Kind::Emit: {
        Event event;
        event.type = change.type;
        for (Value& value : change.values) value = resolvePending(value, inserted);
        event.values = change.values;
        FactId to = change.pending ? inserted[change.pending - 1] : change.fact;
        event.subject = change.subject;
        if (const StoredFact* stored = s.memory.find(to)) {
          if (program().type(stored->type).kind == model::FactKind::Subject) {
            event.subject =
                std::string(stored->fields()[program().type(stored->type).declared].asString());
          }
        }
        event.id = "e" + std::to_string(s.nextEvent++);
        s.traceRaised(event);
        s.raise(std::move(event));
        break;
      }
      case Change::Kind::Start:
        for (Value& value : change.arguments) value = resolvePending(value, inserted);
        if (s.effects) {
          s.effects->startFlow(change.flow, std::move(change.arguments), std::move(change.key));
        }
        break;
      case Change::Kind::Log:
        if (s.tracer.on()) {
          s.tracer.record({.body = trace::Log{change.level, change.text}, .rule = s.firing.rule});
        }
        break;
      case Change::Kind::Focus:
        if (const std::optional<std::uint32_t> group = s.agenda.plan().findGroup(change.text)) {
          s.agenda.focus(*group);
        }
        s.noteFocus();
        break;
      case Change::Kind::Halt:
        s.halted = true;
        s.record(Decision{Decision::Kind::Halt});
        if (s.tracer.on()) s.tracer.record({.body = trace::Halt{}, .rule = s.firing.rule});
        break;
    }
  }
  for (const Target& target : review.targets) {
    FactId fact = target.fact;
    // part of the insertion; retracted by the same firing
    if (target.pending || !s.memory.holds(fact)) continue;
    Fields fields;
    for (const auto& [name, value] : target.fields) {
      fields.emplace_back(name, resolvePending(value, inserted));
    }
    auto assignment = s.assignmentFor(fact, fields);
    if (assignment) s.setFields(fact, *assignment, false);
  }
  if (retracts) s.reasons.pin({});
  s.retractUnsupported();
  if (insertedOut) *insertedOut = std::move(inserted);
  return Done{};
}

}  // namespace reticle
