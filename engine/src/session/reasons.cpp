#include "session/reasons.h"

#include <algorithm>

namespace reticle {

bool Reasons::isPresent(const Then& then) const {
  const StoredFact* stored = memory_.find(then.fact);
  return stored && stored->recency == then.version;
}

void Reasons::use(const Then& then) {
  if (isPresent(then)) {
    const std::uint32_t uses = uses_.find(index(then.fact));
    if (uses != kNone) uses_.clear(index(then.fact));
    uses_.set(index(then.fact), uses == kNone ? 1 : uses + 1);
    return;
  }
  const auto past = past_.find({then.fact, then.version});
  if (past != past_.end()) ++past->second.uses;
}

void Reasons::drop(const Then& then) {
  if (isPresent(then)) {
    const std::uint32_t uses = uses_.find(index(then.fact));
    if (uses == kNone) return;
    uses_.clear(index(then.fact));
    if (uses > 1) uses_.set(index(then.fact), uses - 1);
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
  std::uint32_t at = newRun(derived, rule, change, facts.size());
  for (FactId fact : facts) {
    const auto pinned = std::find_if(pinned_.begin(), pinned_.end(), [&](const Then& then) { return then.fact == fact; });
    const StoredFact* stored = memory_.find(fact);
    const Then then = pinned != pinned_.end() ? *pinned : Then{fact, stored ? stored->recency : 0};
    put(at, then);
    use(then);
    at += kEach;
  }
}

void Reasons::remove(FactId derived) {
  const std::uint32_t run = derivations_.find(index(derived));
  if (run == kNone) return;
  derivations_.clear(index(derived));
  const std::uint32_t facts = words_[run];
  for (std::uint32_t i = 0; i < facts; ++i) drop(thenAt(run + kHead + i * kEach));
  words_[run + 1] = free_[facts];
  free_[facts] = run;
}

// --- runs

std::uint32_t Reasons::newRun(FactId derived, RuleId rule, std::uint64_t change, std::size_t facts) {
  if (free_.size() <= facts) free_.resize(facts + 1, kNone);
  std::uint32_t run = free_[facts];
  if (run == kNone) {
    run = static_cast<std::uint32_t>(words_.size());
    words_.resize(words_.size() + kHead + facts * kEach);
  } else {
    free_[facts] = words_[run + 1];
  }
  words_[run] = static_cast<std::uint32_t>(facts);
  words_[run + 1] = index(rule);
  words_[run + 2] = static_cast<std::uint32_t>(change);
  words_[run + 3] = static_cast<std::uint32_t>(change >> 32);
  derivations_.set(index(derived), run);
  return run + kHead;
}

void Reasons::put(std::uint32_t word, const Then& then) {
  words_[word] = index(then.fact);
  words_[word + 1] = static_cast<std::uint32_t>(then.version);
  words_[word + 2] = static_cast<std::uint32_t>(then.version >> 32);
}

Reasons::Then Reasons::thenAt(std::uint32_t word) const {
  return {FactId{words_[word]}, words_[word + 1] | (std::uint64_t{words_[word + 2]} << 32)};
}

std::optional<Reasons::Derivation> Reasons::find(FactId derived) const {
  const std::uint32_t run = derivations_.find(index(derived));
  if (run == kNone) return std::nullopt;
  Derivation out{RuleId{words_[run + 1]}, words_[run + 2] | (std::uint64_t{words_[run + 3]} << 32), {}};
  for (std::uint32_t i = 0; i < words_[run]; ++i) out.facts.push_back(thenAt(run + kHead + i * kEach));
  return out;
}

// --- versions

void Reasons::leaving(FactId fact) {
  const std::uint32_t uses = uses_.find(index(fact));
  if (uses == kNone) return;
  const StoredFact& stored = *memory_.find(fact);
  const Value* fields = memory_.row(fact).fields;
  Past past{stored.type, {fields, fields + program_.type(stored.type).fields.size()}, uses};
  past_.emplace(std::pair(fact, stored.recency), std::move(past));
  uses_.clear(index(fact));
}

void Reasons::restore(FactId derived, Derivation derivation, const std::vector<std::optional<Past>>& past) {
  for (std::size_t i = 0; i < derivation.facts.size(); ++i) {
    const Then& then = derivation.facts[i];
    if (!isPresent(then) && past[i]) past_.emplace(std::pair(then.fact, then.version), Past{past[i]->type, past[i]->fields, 0});
    use(then);
  }
  std::uint32_t at = newRun(derived, derivation.rule, derivation.change, derivation.facts.size());
  for (const Then& then : derivation.facts) {
    put(at, then);
    at += kEach;
  }
}

const Reasons::Past* Reasons::past(const Then& then) const {
  const auto found = past_.find({then.fact, then.version});
  return found == past_.end() || isPresent(then) ? nullptr : &found->second;
}

}  // namespace reticle
