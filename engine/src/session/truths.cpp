// Truth maintenance: supports, and whether something stated holds a logical fact up.

#include "session/truths.h"

#include <algorithm>

#include "base/hash.h"

namespace reticle {

namespace {

// By type of a condition: the types that facts are derived from it.
void noteDerived(const std::vector<model::Action>& actions, const model::Rule& rule,
                 std::vector<std::vector<std::uint32_t>>& leadsTo) {
  for (const model::Action& action : actions) {
    if (action.kind == model::Action::Kind::InsertLogical) {
      for (const TypeId type : rule.rowTypes) leadsTo[index(type)].push_back(index(action.type));
    }
    noteDerived(action.body, rule, leadsTo);
    noteDerived(action.otherwise, rule, leadsTo);
  }
}

// By type: whether rules can derive (`insert logical`) facts of it from facts of it.
std::vector<bool> circularTypes(const model::Program& program) {
  std::vector<std::vector<std::uint32_t>> leadsTo(program.types.size());
  for (const model::Rule& rule : program.rules) {
    if (!rule.disabled) noteDerived(rule.actions, rule, leadsTo);
  }
  std::vector<bool> circular(program.types.size());
  for (std::uint32_t type = 0; type < leadsTo.size(); ++type) {
    if (leadsTo[type].empty()) continue;
    std::vector<bool> seen(leadsTo.size());
    std::vector<std::uint32_t> open = leadsTo[type];
    while (!open.empty() && !circular[type]) {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (at == type) circular[type] = true;
      if (seen[at]) continue;
      seen[at] = true;
      open.insert(open.end(), leadsTo[at].begin(), leadsTo[at].end());
    }
  }
  return circular;
}

}  // namespace

Truths::Truths(const model::Program& program, const WorkingMemory& memory, const Matcher& matcher,
               Agenda& agenda)
    : program_(program),
      memory_(memory),
      matcher_(matcher),
      agenda_(agenda),
      circular_(circularTypes(program)) {}

// --- logical facts

std::uint64_t Truths::contentHash(TypeId type, std::span<const Value> values) const {
  std::uint64_t hash = mix64(index(type));
  for (std::uint32_t i = 0; i < program_.type(type).declared; ++i) {
    hash = hashCombine(hash, values[i].hash());
  }
  return hash;
}

void Truths::add(const StoredFact& fact, SlotId slot) {
  supports_[index(fact.id)];
  byContent_.add(contentHash(fact.type, fact.fields()), static_cast<std::uint32_t>(slot));
}

void Truths::remove(const StoredFact& fact, SlotId slot) {
  byContent_.remove(contentHash(fact.type, fact.fields()), static_cast<std::uint32_t>(slot));
  dropSupports(fact.id);
}

void Truths::makeStated(const StoredFact& fact, SlotId slot) {
  byContent_.remove(contentHash(fact.type, fact.fields()), static_cast<std::uint32_t>(slot));
  const std::vector<ActivationSlot>* keepers = supports_.find(index(fact.id));
  if (keepers && keepers->empty()) supports_.erase(index(fact.id));
}

FactId Truths::findEqual(TypeId typeId, std::span<const Value> values) const {
  const std::uint32_t slot =
      byContent_.find(contentHash(typeId, values), [&](std::uint32_t candidate) {
        const StoredFact& stored = memory_.at(SlotId{candidate});
        return stored.type == typeId &&
               std::equal(values.begin(), values.begin() + program_.type(typeId).declared,
                          stored.fields().begin());
      });
  return slot == SlotIndex::kNone ? kNoFact : memory_.at(SlotId{slot}).id;
}

// --- supports

void Truths::support(FactId fact, ActivationSlot activation) {
  std::vector<ActivationSlot>& keepers = supports_[index(fact)];
  if (activation != kNoActivation &&
      std::find(keepers.begin(), keepers.end(), activation) == keepers.end()) {
    keepers.push_back(activation);
    agenda_.at(activation).supports = true;
    supported_[activation].push_back(fact);
  }
  if (!keepers.empty()) return;
  if (memory_.find(fact)->logical) {
    unsupported_.insert(fact);
  } else {
    supports_.erase(index(fact));
  }
}

bool Truths::isSupported(FactId fact) const {
  const std::vector<ActivationSlot>* keepers = supportsOf(fact);
  return keepers && !keepers->empty();
}

void Truths::dropSupports(FactId fact) {
  const std::vector<ActivationSlot>* keepers = supports_.find(index(fact));
  if (!keepers) return;
  for (const ActivationSlot keeper : *keepers) {
    std::vector<FactId>* facts = supported_.find(keeper);
    facts->erase(std::remove(facts->begin(), facts->end(), fact), facts->end());
  }
  supports_.erase(index(fact));
}

// Facts that keep another support are in doubt only where rules can make a circle.
void Truths::matchEnded(ActivationSlot activation) {
  for (const FactId fact : *supported_.find(activation)) {
    std::vector<ActivationSlot>& keepers = *supports_.find(index(fact));
    keepers.erase(std::remove(keepers.begin(), keepers.end(), activation), keepers.end());
    if (!memory_.find(fact)->logical) {
      if (keepers.empty()) supports_.erase(index(fact));
    } else if (keepers.empty()) {
      unsupported_.insert(fact);
    } else if (circular_[index(memory_.find(fact)->type)]) {
      doubtful_.insert(fact);
    }
  }
  supported_.erase(activation);
}

std::optional<FactId> Truths::takeUnfounded() {
  while (hasDoubts()) {
    const bool certain = !unsupported_.empty();
    std::set<FactId>& from = certain ? unsupported_ : doubtful_;
    const FactId fact = *from.begin();
    from.erase(from.begin());
    // It may have gone meanwhile, or have been stated or supported again.
    const std::vector<ActivationSlot>* keepers = supportsOf(fact);
    if (!keepers || !memory_.find(fact) || !memory_.find(fact)->logical) continue;
    if (certain ? keepers->empty() : !isFounded(fact)) return fact;
  }
  return std::nullopt;
}

// A fact is founded when one of its supports is a match whose facts are all stated or founded
// themselves (the well-founded reading of a truth maintenance system: Doyle 1979). What is only
// held up by itself is not.
bool Truths::isFounded(FactId fact) const {
  // All logical facts that hold it up, by way of others; then what among them is founded, from the
  // stated facts on.
  struct Support {
    FactId derived;
    std::vector<FactId> logical;
  };
  std::vector<Support> open;
  std::set<FactId> seen = {fact};
  std::vector<FactId> todo = {fact};
  while (!todo.empty()) {
    const FactId at = todo.back();
    todo.pop_back();
    for (const ActivationSlot keeper : *supports_.find(index(at))) {
      Support support{at, {}};
      for (const FactId each : matcher_.factsOf(agenda_.at(keeper).token)) {
        const StoredFact* stored = memory_.find(each);
        if (!stored || !stored->logical) continue;
        support.logical.push_back(each);
        if (seen.insert(each).second) todo.push_back(each);
      }
      open.push_back(std::move(support));
    }
  }
  std::set<FactId> founded;
  for (bool more = true; more && !founded.count(fact);) {
    more = false;
    for (const Support& support : open) {
      if (founded.count(support.derived)) continue;
      bool holds = true;
      for (const FactId each : support.logical) holds = holds && founded.count(each);
      if (holds) more = founded.insert(support.derived).second;
    }
  }
  return founded.count(fact) != 0;
}

}  // namespace reticle
