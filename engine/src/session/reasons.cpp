#include "session/reasons.h"

#include <algorithm>

namespace reticle {

bool Reasons::isPresent(const Then& then) const {
  const StoredFact* stored = memory_.find(then.fact);
  return stored && stored->recency == then.version;
}

void Reasons::use(const Then& then) {
  if (isPresent(then)) {
    ++uses_[index(then.fact)];
    return;
  }
  const auto past = past_.find({then.fact, then.version});
  if (past != past_.end()) ++past->second.uses;
}

void Reasons::drop(const Then& then) {
  if (isPresent(then)) {
    std::uint32_t* uses = uses_.find(index(then.fact));
    if (uses && --*uses == 0) uses_.erase(index(then.fact));
    return;
  }
  const auto past = past_.find({then.fact, then.version});
  if (past != past_.end() && --past->second.uses == 0) past_.erase(past);
}

void Reasons::pin(const std::vector<FactId>& facts) {
  std::vector<Then> pinned;
  for (FactId fact : facts) {
    const StoredFact* stored = memory_.find(fact);
    pinned.push_back({fact, stored ? stored->recency : 0});
    use(pinned.back());
  }
  pinned_.swap(pinned);
  for (const Then& then : pinned) drop(then);
}

void Reasons::add(FactId derived, RuleId rule, const std::vector<FactId>& facts, std::uint64_t change) {
  Derivation made{rule, change, {}};
  for (FactId fact : facts) {
    const auto pinned = std::find_if(pinned_.begin(), pinned_.end(), [&](const Then& then) { return then.fact == fact; });
    const StoredFact* stored = memory_.find(fact);
    made.facts.push_back(pinned != pinned_.end() ? *pinned : Then{fact, stored ? stored->recency : 0});
    use(made.facts.back());
  }
  derivations_[index(derived)] = std::move(made);
}

void Reasons::remove(FactId derived) {
  Derivation* made = derivations_.find(index(derived));
  if (!made) return;
  const std::vector<Then> facts = std::move(made->facts);
  derivations_.erase(index(derived));
  for (const Then& then : facts) drop(then);
}

void Reasons::leaving(FactId fact) {
  const std::uint32_t* uses = uses_.find(index(fact));
  if (!uses) return;
  const StoredFact& stored = *memory_.find(fact);
  const Value* fields = memory_.row(fact).fields;
  Past past{stored.type, {fields, fields + program_.type(stored.type).fields.size()}, *uses};
  past_.emplace(std::pair(fact, stored.recency), std::move(past));
  uses_.erase(index(fact));
}

void Reasons::restore(FactId derived, Derivation derivation, const std::vector<std::optional<Past>>& past) {
  for (std::size_t i = 0; i < derivation.facts.size(); ++i) {
    const Then& then = derivation.facts[i];
    if (!isPresent(then) && past[i]) past_.emplace(std::pair(then.fact, then.version), Past{past[i]->type, past[i]->fields, 0});
    use(then);
  }
  derivations_[index(derived)] = std::move(derivation);
}

const Reasons::Past* Reasons::past(const Then& then) const {
  const auto found = past_.find({then.fact, then.version});
  return found == past_.end() || isPresent(then) ? nullptr : &found->second;
}

}  // namespace reticle
