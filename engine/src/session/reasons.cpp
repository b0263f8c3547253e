// What rules made facts from: derivations in blocks of words, and the values of versions that are
// past.

#include "session/reasons.h"

#include <algorithm>

namespace reticle {

// --- derivations as words

namespace {

std::uint64_t wide(const std::uint32_t* words) { return words[0] | std::uint64_t{words[1]} << 32; }

void put(std::uint32_t* words, std::uint64_t wide) {
  words[0] = static_cast<std::uint32_t>(wide);
  words[1] = static_cast<std::uint32_t>(wide >> 32);
}

void put(std::uint32_t* words, const Reasons::Then& then) {
  words[0] = index(then.fact);
  put(words + 1, then.version);
}

}  // namespace

Reasons::Derivation Reasons::read(const std::uint32_t* words) {
  Derivation out{RuleId{words[0]}, wide(words + 2), {}};
  out.facts.reserve(words[1]);
  for (std::uint32_t i = 0; i < words[1]; ++i) {
    const std::uint32_t* const each = words + kHead + kEach * i;
    out.facts.push_back({FactId{each[0]}, wide(each + 1)});
  }
  return out;
}

std::uint32_t* Reasons::begin(FactId derived, RuleId rule, std::uint64_t change,
                              std::size_t count) {
  const std::uint32_t at = blocks_.take(kHead + kEach * static_cast<std::uint32_t>(count));
  blockOf_.set(index(derived), at);
  std::uint32_t* const words = blocks_.words(at);
  words[0] = index(rule);
  words[1] = static_cast<std::uint32_t>(count);
  put(words + 2, change);
  return words + kHead;
}

std::optional<Reasons::Derivation> Reasons::find(FactId derived) const {
  const std::uint32_t at = blockOf_.find(index(derived));
  if (at == IdTable::kNone) return std::nullopt;
  return read(blocks_.words(at));
}

// --- versions and their uses

bool Reasons::isPresent(const Then& then) const {
  const StoredFact* stored = memory_.find(then.fact);
  return stored && stored->recency == then.version;
}

// A version counts its uses while it is present, so that leaving() knows whether to keep it.
void Reasons::use(const Then& then) {
  if (isPresent(then)) {
    if (std::uint32_t* uses = uses_.slotOf(index(then.fact))) {
      ++*uses;
    } else {
      uses_.set(index(then.fact), 1);
    }
    return;
  }
  const auto past = past_.find({then.fact, then.version});
  if (past != past_.end()) ++past->second.uses;
}

void Reasons::drop(const Then& then) {
  if (isPresent(then)) {
    std::uint32_t* uses = uses_.slotOf(index(then.fact));
    if (uses && --*uses == 0) uses_.clear(index(then.fact));
    return;
  }
  const auto past = past_.find({then.fact, then.version});
  if (past != past_.end() && --past->second.uses == 0) past_.erase(past);
}

// The new ones are used before the old ones are dropped: a version in both must not go in between.
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

void Reasons::add(FactId derived, RuleId rule, const std::vector<FactId>& facts,
                  std::uint64_t change) {
  std::uint32_t* words = begin(derived, rule, change, facts.size());
  for (FactId fact : facts) {
    const auto pinned = std::find_if(pinned_.begin(), pinned_.end(),
                                     [&](const Then& then) { return then.fact == fact; });
    const StoredFact* stored = pinned != pinned_.end() ? nullptr : memory_.find(fact);
    const Then then = pinned != pinned_.end() ? *pinned : Then{fact, stored ? stored->recency : 0};
    use(then);
    put(words, then);
    words += kEach;
  }
}

void Reasons::remove(FactId derived) {
  const std::optional<Derivation> made = find(derived);
  if (!made) return;
  blocks_.giveBack(blockOf_.find(index(derived)),
                   kHead + kEach * static_cast<std::uint32_t>(made->facts.size()));
  blockOf_.clear(index(derived));
  for (const Then& then : made->facts) drop(then);
}

void Reasons::leaving(FactId fact) {
  const std::uint32_t uses = uses_.size() == 0 ? IdTable::kNone : uses_.find(index(fact));
  if (uses == IdTable::kNone) return;
  const StoredFact& stored = *memory_.find(fact);
  const Value* fields = memory_.row(fact).fields;
  Past past{stored.type, {fields, fields + program_.type(stored.type).fields.size()}, uses};
  past_.emplace(std::pair(fact, stored.recency), std::move(past));
  uses_.clear(index(fact));
}

// Versions that are not present come with their values; those nobody kept stay unknown.
void Reasons::restore(FactId derived, Derivation derivation,
                      const std::vector<std::optional<Past>>& past) {
  std::uint32_t* words =
      begin(derived, derivation.rule, derivation.change, derivation.facts.size());
  for (std::size_t i = 0; i < derivation.facts.size(); ++i, words += kEach) {
    const Then& then = derivation.facts[i];
    put(words, then);
    if (!isPresent(then) && past[i]) {
      past_.emplace(std::pair(then.fact, then.version), Past{past[i]->type, past[i]->fields, 0});
    }
    use(then);
  }
}

const Reasons::Past* Reasons::past(const Then& then) const {
  const auto found = past_.find({then.fact, then.version});
  return found == past_.end() || isPresent(then) ? nullptr : &found->second;
}

}  // namespace reticle
