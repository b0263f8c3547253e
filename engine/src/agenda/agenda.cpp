#include "agenda/agenda.h"

#include <algorithm>
#include <cassert>

namespace reticle {

bool firesBefore(const Activation& a, const Activation& b) {
  if (a.salience != b.salience) return a.salience > b.salience;
  if (a.recency != b.recency) return a.recency > b.recency;
  if (a.rule != b.rule) return a.rule < b.rule;
  if (a.facts != b.facts) return std::lexicographical_compare(b.facts.begin(), b.facts.end(), a.facts.begin(), a.facts.end());
  return a.id < b.id;   // matches that differ in no fact cannot exist side by side; this keeps the order total
}

bool Agenda::Order::operator()(std::uint32_t a, std::uint32_t b) const { return firesBefore(agenda->slots_[a], agenda->slots_[b]); }

const Activation& Agenda::add(RuleId rule, TokenId token, std::vector<FactId> facts, std::int64_t salience, std::uint64_t recency) {
  std::uint32_t slot;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Activation& activation = slots_[slot];
  activation = Activation{};
  activation.id = ActivationId{next_++};
  activation.rule = rule;
  activation.token = token;
  activation.facts = std::move(facts);
  activation.salience = salience;
  activation.recency = recency;
  slotOfId_[index(activation.id)] = slot;
  slotOfToken_[static_cast<std::uint32_t>(token)] = slot;
  ready_.insert(slot);
  return activation;
}

Activation Agenda::remove(TokenId token) {
  std::uint32_t* found = slotOfToken_.find(static_cast<std::uint32_t>(token));
  assert(found && "a match that ends has an activation");
  std::uint32_t slot = *found;
  if (!slots_[slot].fired) ready_.erase(slot);
  Activation gone = std::move(slots_[slot]);
  slots_[slot] = Activation{};
  slotOfToken_.erase(static_cast<std::uint32_t>(token));
  slotOfId_.erase(index(gone.id));
  free_.push_back(slot);
  return gone;
}

void Agenda::markFired(ActivationId id) {
  std::uint32_t* slot = slotOfId_.find(index(id));
  assert(slot && !slots_[*slot].fired && "only a ready activation fires");
  ready_.erase(*slot);
  slots_[*slot].fired = true;
}

void Agenda::rearm(ActivationId id) {
  std::uint32_t* slot = slotOfId_.find(index(id));
  assert(slot && slots_[*slot].fired && "a ready activation cannot become ready");
  slots_[*slot].fired = false;
  ready_.insert(*slot);
}

ActivationId Agenda::best() const { return slots_[*ready_.begin()].id; }

const Activation* Agenda::find(ActivationId id) const {
  const std::uint32_t* slot = slotOfId_.find(index(id));
  return slot ? &slots_[*slot] : nullptr;
}

Activation* Agenda::find(ActivationId id) { return const_cast<Activation*>(static_cast<const Agenda*>(this)->find(id)); }

std::vector<const Activation*> Agenda::inOrder() const {
  std::vector<const Activation*> out;
  for (std::uint32_t slot : ready_) out.push_back(&slots_[slot]);
  return out;
}

std::vector<const Activation*> Agenda::all() const {
  std::vector<const Activation*> out;
  for (const Activation& activation : slots_)
    if (index(activation.id) != 0) out.push_back(&activation);
  std::sort(out.begin(), out.end(), [](const Activation* a, const Activation* b) { return a->id < b->id; });
  return out;
}

}  // namespace reticle
