// What `once` and `once per e` have to remember.

#include "session/once_book.h"

#include "base/hash.h"

namespace reticle {

std::uint64_t OnceBook::hashOf(RuleId rule, const Value& value) {
  return hashCombine(mix64(index(rule)), value.hash());
}

// Few values share a hash; the group is searched.
OnceBook::Entry& OnceBook::entry(RuleId rule, const Value& value) {
  std::vector<Entry>& group = entries_[hashOf(rule, value)];
  for (Entry& entry : group) {
    if (entry.rule == rule && entry.value == value) return entry;
  }
  group.push_back({rule, value, false, {}});
  return group.back();
}

// Looked up by value when it is made, by slot from then on.
bool OnceBook::wait(RuleId rule, const Value& value, ActivationId id, ActivationSlot slot) {
  Entry& at = entry(rule, value);
  at.waiting.emplace(index(id), slot);
  hashOf_[slot] = hashOf(rule, value);
  return at.fired;
}

void OnceBook::leave(ActivationId id, ActivationSlot slot) {
  const std::uint64_t* hash = hashOf_.find(slot);
  if (!hash) return;
  std::vector<Entry>& group = *entries_.find(*hash);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i].waiting.erase({index(id), slot}) == 0) continue;
    if (group[i].waiting.empty() && !group[i].fired) {
      group.erase(group.begin() + static_cast<std::ptrdiff_t>(i));
    }
    break;
  }
  if (group.empty()) entries_.erase(*hash);
  hashOf_.erase(slot);
}

std::vector<ActivationSlot> OnceBook::fire(ActivationId id, ActivationSlot slot) {
  std::vector<ActivationSlot> others;
  for (Entry& entry : *entries_.find(*hashOf_.find(slot))) {
    if (entry.waiting.count({index(id), slot}) == 0) continue;
    setFired(entry);
    for (const auto& [number, other] : entry.waiting) {
      if (other != slot) others.push_back(other);
    }
  }
  return others;
}

void OnceBook::remember(RuleId rule, const Value& value) { setFired(entry(rule, value)); }

// The digest is a sum without order: values come back from an image in another one.
void OnceBook::setFired(Entry& entry) {
  if (entry.fired) return;
  entry.fired = true;
  fired_.emplace_back(entry.rule, entry.value);
  Digest digest;
  digest.add(index(entry.rule));
  digest.add(entry.value);
  digest_ ^= digest.value();
}

}  // namespace reticle
