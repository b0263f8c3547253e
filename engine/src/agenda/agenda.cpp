// The ready activations in order of conflict resolution: by group and salience in buckets, and
// within a bucket in a list or a heap, as the strategy allows.
#include "agenda/agenda.h"

#include <algorithm>
#include <cassert>

#include "base/hash.h"

namespace reticle {

// A rule of fixed salience has its bucket for good, so that finding it costs nothing.
Agenda::Agenda(AgendaPlan plan, Strategy strategy, std::uint64_t seed)
    : plan_(std::move(plan)),
      strategy_(strategy),
      seed_(seed),
      groups_(plan_.groups.size()),
      exclusive_(plan_.exclusives.size()) {
  for (Group& group : groups_) group.best = group.buckets.end();
  for (const RuleOrder& rule : plan_.rules) {
    Buckets& buckets = groups_[rule.group].buckets;
    if (rule.salience) {
      bucketOfRule_.push_back(buckets.try_emplace(*rule.salience).first);
      bucketOfRule_.back()->second.keep = true;
    } else {
      bucketOfRule_.push_back(buckets.end());
    }
  }
}

// --- order

// Newest facts first; a match of more facts stands before one of fewer that is equal so far (Forgy
// 1981, OPS5).
int Agenda::compareFacts(ActivationSlot a, ActivationSlot b) const {
  const std::vector<std::uint64_t>&x = tags_[a], &y = tags_[b];
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    if (x[i] != y[i]) return x[i] > y[i] ? -1 : 1;
  }
  return x.size() == y.size() ? 0 : x.size() > y.size() ? -1 : 1;
}

bool Agenda::firesBefore(ActivationSlot a, ActivationSlot b) const {
  if (slots_[a].salience != slots_[b].salience) return slots_[a].salience > slots_[b].salience;
  return before(a, b);
}

// Within one salience. Whatever the strategy, the newer match and then the smaller id decide: the
// order is total.
bool Agenda::before(ActivationSlot a, ActivationSlot b) const {
  const Activation &x = slots_[a], &y = slots_[b];
  const auto complexity = [&](const Activation& each) {
    return plan_.rules[index(each.rule)].complexity;
  };
  switch (strategy_) {
    case Strategy::Depth: break;
    case Strategy::Breadth:
      if (x.recency != y.recency) return x.recency < y.recency;
      break;
    case Strategy::Lex:
    case Strategy::Mea:
      if (const int order = compareFacts(a, b)) return order < 0;
      if (complexity(x) != complexity(y)) return complexity(x) > complexity(y);
      break;
    case Strategy::Simplicity:
      if (complexity(x) != complexity(y)) return complexity(x) < complexity(y);
      break;
    case Strategy::Complexity:
      if (complexity(x) != complexity(y)) return complexity(x) > complexity(y);
      break;
    // Drawn from the seed and the id, so that a replay draws the same.
    case Strategy::Random: {
      const std::uint64_t h = mix64(seed_ + mix64(index(x.id))),
                          k = mix64(seed_ + mix64(index(y.id)));
      if (h != k) return h < k;
      break;
    }
  }
  if (x.recency != y.recency) return x.recency > y.recency;
  return x.id < y.id;
}

// --- coming and going

// Free slots are linked through `next`.
ActivationSlot Agenda::newSlot() {
  if (free_ == kNoActivation) {
    slots_.emplace_back();
    return static_cast<ActivationSlot>(slots_.size() - 1);
  }
  const ActivationSlot slot = free_;
  free_ = slots_[slot].next;
  return slot;
}

// Newest first; under mea the age of the fact of the first condition stands in front of all. One
// that is about no fact (`not`, `exists`) counts as oldest.
void Agenda::keepTags(ActivationSlot slot, const std::vector<std::uint64_t>& tags) {
  if (!comparesFacts()) return;
  if (tags_.size() < slots_.size()) tags_.resize(slots_.size());
  std::vector<std::uint64_t>& kept = tags_[slot];
  kept = tags;
  std::sort(kept.begin(), kept.end(), std::greater<>());
  if (strategy_ != Strategy::Mea) return;
  const bool binds = plan_.rules[index(slots_[slot].rule)].firstBinds && !tags.empty();
  kept.insert(kept.begin(), binds ? tags[0] : 0);
}

ActivationSlot Agenda::add(RuleId rule, TokenId token, std::int64_t salience, std::uint64_t recency,
                           std::uint8_t held, const std::vector<std::uint64_t>& tags) {
  Activation activation;
  activation.id = ActivationId{next_++};
  activation.rule = rule;
  activation.token = token;
  activation.salience = salience;
  activation.recency = recency;
  activation.held = held;
  return adopt(activation, tags);
}

// Also for those read back from a journal, which keep their ids and what they are.
ActivationSlot Agenda::adopt(const Activation& activation, const std::vector<std::uint64_t>& tags) {
  const ActivationSlot slot = newSlot();
  Activation& kept = slots_[slot];
  kept = activation;
  kept.previous = kept.next = kNoActivation;
  keepTags(slot, tags);
  countFrom(ActivationId{index(kept.id) + 1});
  if (indexed_) slotOfId_[index(kept.id)] = slot;
  if (kept.fired) return slot;
  const std::uint32_t exclusive = plan_.rules[index(kept.rule)].exclusive;
  if (exclusive != kNotExclusive) exclusive_[exclusive].emplace(index(kept.id), slot);
  if (kept.held == 0) enlist(slot);
  return slot;
}

// Fired or not: the match has ended.
void Agenda::remove(ActivationSlot slot) {
  if (!slots_[slot].fired) markFired(slot);
  if (indexed_) slotOfId_.erase(index(slots_[slot].id));
  if (slot < tags_.size()) tags_[slot].clear();
  slots_[slot] = Activation{};
  slots_[slot].next = free_;
  free_ = slot;
}

void Agenda::markFired(ActivationSlot slot) {
  Activation& activation = slots_[slot];
  assert(!activation.fired && "an activation fires once");
  if (activation.held == 0) delist(slot);
  const std::uint32_t exclusive = plan_.rules[index(activation.rule)].exclusive;
  if (exclusive != kNotExclusive) exclusive_[exclusive].erase({index(activation.id), slot});
  activation.fired = true;
}

void Agenda::rearm(ActivationSlot slot, std::uint8_t held) {
  Activation& activation = slots_[slot];
  assert(activation.fired && "only what has fired can be made to fire again");
  activation.fired = false;
  activation.held = held;
  const std::uint32_t exclusive = plan_.rules[index(activation.rule)].exclusive;
  if (exclusive != kNotExclusive) exclusive_[exclusive].emplace(index(activation.id), slot);
  if (held == 0) enlist(slot);
}

// Held back for one more reason; it is ready again when none is left.
void Agenda::hold(ActivationSlot slot, Held why) {
  Activation& activation = slots_[slot];
  if (activation.ready()) delist(slot);
  activation.held = static_cast<std::uint8_t>(activation.held | why);
}

void Agenda::setSalience(ActivationSlot slot, std::int64_t salience) {
  Activation& activation = slots_[slot];
  const bool listed = activation.ready();
  if (listed) delist(slot);
  activation.salience = salience;
  if (listed) enlist(slot);
}

void Agenda::release(std::vector<ActivationSlot> slots, Held why) {
  slots.erase(std::remove_if(slots.begin(), slots.end(),
                             [&](ActivationSlot slot) {
                               Activation& activation = slots_[slot];
                               if (!(activation.held & why)) return true;
                               activation.held = static_cast<std::uint8_t>(activation.held & ~why);
                               return !activation.ready();
                             }),
              slots.end());
  const auto group = [&](ActivationSlot slot) {
    return plan_.rules[index(slots_[slot].rule)].group;
  };
  const auto together = [&](ActivationSlot a, ActivationSlot b) {
    return group(a) == group(b) && slots_[a].salience == slots_[b].salience;
  };
  std::sort(slots.begin(), slots.end(), [&](ActivationSlot a, ActivationSlot b) {
    return group(a) != group(b) ? group(a) < group(b) : firesBefore(a, b);
  });
  // They are merged into each list from its front, so that many cost no more than the list is long.
  ActivationSlot last = kNoActivation;
  for (const ActivationSlot slot : slots) {
    enlist(slot, last != kNoActivation && together(last, slot) ? last : kNoActivation);
    last = slot;
  }
}

// The index is built when it is first asked for: most sessions never name an activation.
ActivationSlot Agenda::find(ActivationId id) const {
  if (!indexed_) {
    for (ActivationSlot slot = 0; slot < slots_.size(); ++slot) {
      if (index(slots_[slot].id) != 0) slotOfId_[index(slots_[slot].id)] = slot;
    }
    indexed_ = true;
  }
  const ActivationSlot* slot = slotOfId_.find(index(id));
  return slot ? *slot : kNoActivation;
}

// --- among the ready ones

Agenda::Buckets::iterator Agenda::bucketFor(const Activation& activation) {
  const RuleOrder& rule = plan_.rules[index(activation.rule)];
  return rule.salience ? bucketOfRule_[index(activation.rule)]
                       : groups_[rule.group].buckets.try_emplace(activation.salience).first;
}

// A better bucket than the best so far becomes the best.
void Agenda::enlist(ActivationSlot slot, ActivationSlot after) {
  const Activation& activation = slots_[slot];
  Group& group = groupOf(activation);
  const Buckets::iterator bucket = bucketFor(activation);
  if (group.ready++ == 0 || bucket->first > group.best->first) group.best = bucket;
  if (inLists() && after != kNoActivation) {
    insert(bucket->second, slot, after);
  } else if (inLists()) {
    append(bucket->second, slot);
  } else {
    bucket->second.heap.push_back(slot);
    heapUp(bucket->second.heap, bucket->second.heap.size() - 1);
  }
  if (autoFocus_ && plan_.rules[index(activation.rule)].autoFocus) {
    focus(plan_.rules[index(activation.rule)].group);
  }
}

void Agenda::delist(ActivationSlot slot) {
  Group& group = groupOf(slots_[slot]);
  const Buckets::iterator at = bucketFor(slots_[slot]);
  Bucket& bucket = at->second;
  if (inLists()) {
    unlink(bucket, slot);
  } else {
    // In a heap `previous` is the position; the last one takes the free place.
    const std::size_t place = slots_[slot].previous;
    const ActivationSlot moved = bucket.heap.back();
    bucket.heap.pop_back();
    if (place < bucket.heap.size()) {
      bucket.heap[place] = moved;
      slots_[moved].previous = static_cast<ActivationSlot>(place);
      heapUp(bucket.heap, place);
      heapDown(bucket.heap, slots_[moved].previous);
    }
  }
  --group.ready;
  if (!bucket.empty()) return;
  // The next best one is searched downwards, over buckets that are kept empty.
  const Buckets::iterator next = std::next(at);
  const bool wasBest = group.best == at;
  if (!bucket.keep) group.buckets.erase(at);
  if (wasBest) group.best = next;
  while (group.best != group.buckets.end() && group.best->second.empty()) ++group.best;
}

// Puts a match that is usually the newest of all into its list. `newest` is where those of its
// change end.
void Agenda::append(Bucket& bucket, ActivationSlot slot) {
  const std::uint64_t recency = slots_[slot].recency;
  if (strategy_ == Strategy::Breadth) {
    if (bucket.last == kNoActivation || before(bucket.last, slot)) {
      link(bucket, slot, kNoActivation);
    } else {
      insert(bucket, slot, kNoActivation);
    }
    return;
  }
  if (bucket.newest != kNoActivation && slots_[bucket.newest].recency == recency &&
      slots_[bucket.newest].id < slots_[slot].id) {
    link(bucket, slot, slots_[bucket.newest].next);
  } else if (bucket.first == kNoActivation || slots_[bucket.first].recency < recency) {
    link(bucket, slot, bucket.first);
  } else {
    insert(bucket, slot, kNoActivation);
    return;
  }
  bucket.newest = slot;
}

// Searches for its place, from an activation that fires before it, or from the front.
void Agenda::insert(Bucket& bucket, ActivationSlot slot, ActivationSlot from) {
  ActivationSlot at = from == kNoActivation ? bucket.first : slots_[from].next;
  while (at != kNoActivation && before(at, slot)) at = slots_[at].next;
  link(bucket, slot, at);
  bucket.newest = kNoActivation;
}

// Before one in the list, or at its end.
void Agenda::link(Bucket& bucket, ActivationSlot slot, ActivationSlot before) {
  Activation& activation = slots_[slot];
  activation.next = before;
  activation.previous = before == kNoActivation ? bucket.last : slots_[before].previous;
  (activation.previous == kNoActivation ? bucket.first : slots_[activation.previous].next) = slot;
  (before == kNoActivation ? bucket.last : slots_[before].previous) = slot;
}

void Agenda::unlink(Bucket& bucket, ActivationSlot slot) {
  Activation& activation = slots_[slot];
  // The one before is where the change ends now, if it belongs to it.
  if (bucket.newest == slot) {
    const ActivationSlot before = activation.previous;
    bucket.newest = before != kNoActivation && slots_[before].recency == activation.recency
                        ? before
                        : kNoActivation;
  }
  (activation.previous == kNoActivation ? bucket.first : slots_[activation.previous].next) =
      activation.next;
  (activation.next == kNoActivation ? bucket.last : slots_[activation.next].previous) =
      activation.previous;
  activation.previous = activation.next = kNoActivation;
}

// The positions are kept in the activations, so that any of them can be taken out.
void Agenda::heapUp(std::vector<ActivationSlot>& heap, std::size_t at) {
  const ActivationSlot slot = heap[at];
  while (at > 0 && before(slot, heap[(at - 1) / 2])) {
    heap[at] = heap[(at - 1) / 2];
    slots_[heap[at]].previous = static_cast<ActivationSlot>(at);
    at = (at - 1) / 2;
  }
  heap[at] = slot;
  slots_[slot].previous = static_cast<ActivationSlot>(at);
}

void Agenda::heapDown(std::vector<ActivationSlot>& heap, std::size_t at) {
  const ActivationSlot slot = heap[at];
  for (std::size_t child = 2 * at + 1; child < heap.size(); child = 2 * at + 1) {
    if (child + 1 < heap.size() && before(heap[child + 1], heap[child])) ++child;
    if (!before(heap[child], slot)) break;
    heap[at] = heap[child];
    slots_[heap[at]].previous = static_cast<ActivationSlot>(at);
    at = child;
  }
  heap[at] = slot;
  slots_[slot].previous = static_cast<ActivationSlot>(at);
}

// --- what fires next

bool Agenda::ready() const {
  if (groups_[kMainGroup].ready > 0) return true;
  return std::any_of(focus_.begin(), focus_.end(),
                     [&](std::uint32_t group) { return groups_[group].ready > 0; });
}

// Of the group focused last that has any, else of the main group.
ActivationSlot Agenda::best() const {
  const Group* group = &groups_[kMainGroup];
  for (auto each = focus_.rbegin(); each != focus_.rend(); ++each) {
    if (groups_[*each].ready == 0) continue;
    group = &groups_[*each];
    break;
  }
  assert(group->ready > 0 && "somebody is ready");
  const Bucket& bucket = group->best->second;
  return inLists() ? bucket.first : bucket.heap.front();
}

// The others of its exclusive set: one of them fires, and the rest go.
std::vector<ActivationSlot> Agenda::rivals(ActivationSlot slot) const {
  std::vector<ActivationSlot> out;
  const std::uint32_t exclusive = plan_.rules[index(slots_[slot].rule)].exclusive;
  if (exclusive == kNotExclusive) return out;
  for (const auto& [id, other] : exclusive_[exclusive]) {
    if (other != slot) out.push_back(other);
  }
  return out;
}

void Agenda::focus(std::uint32_t group) {
  if (group != (focus_.empty() ? kMainGroup : focus_.back())) focus_.push_back(group);
}

void Agenda::popFocus() {
  if (!focus_.empty()) focus_.pop_back();
}

// A group loses its focus when nothing in it is ready.
void Agenda::dropIdle() {
  while (!focus_.empty() && groups_[focus_.back()].ready == 0) focus_.pop_back();
}

bool Agenda::isOpen(ActivationSlot slot) const {
  const std::uint32_t group = plan_.rules[index(slots_[slot].rule)].group;
  return group == kMainGroup || std::find(focus_.begin(), focus_.end(), group) != focus_.end();
}

void Agenda::listGroup(const Group& group, std::vector<ActivationSlot>& out) const {
  for (const auto& [salience, bucket] : group.buckets) {
    for (ActivationSlot slot = bucket.first; slot != kNoActivation; slot = slots_[slot].next) {
      out.push_back(slot);
    }
    const std::size_t begin = out.size();
    out.insert(out.end(), bucket.heap.begin(), bucket.heap.end());
    if (!bucket.heap.empty()) {
      std::sort(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                [&](ActivationSlot a, ActivationSlot b) { return before(a, b); });
    }
  }
}

// As they would fire if nothing changed; groups without focus come last.
std::vector<ActivationSlot> Agenda::inOrder() const {
  std::vector<ActivationSlot> out;
  std::vector<bool> listed(groups_.size());
  const auto list = [&](std::uint32_t group) {
    if (!listed[group]) listGroup(groups_[group], out);
    listed[group] = true;
  };
  for (auto group = focus_.rbegin(); group != focus_.rend(); ++group) list(*group);
  for (std::uint32_t group = 0; group < groups_.size(); ++group) list(group);
  return out;
}

std::vector<ActivationSlot> Agenda::all() const {
  std::vector<ActivationSlot> out;
  for (ActivationSlot slot = 0; slot < slots_.size(); ++slot) {
    if (index(slots_[slot].id) != 0) out.push_back(slot);
  }
  std::sort(out.begin(), out.end(),
            [&](ActivationSlot a, ActivationSlot b) { return slots_[a].id < slots_[b].id; });
  return out;
}

}  // namespace reticle
