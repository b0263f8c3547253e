// The digest of facts and activations: what counts of each, and the sum when it is not kept up.

#include "session/state_digest.h"

namespace reticle {

std::uint64_t StateDigest::numberOf(const StoredFact& fact) {
  Digest digest;
  digest.add(index(fact.id));
  digest.add(index(fact.type));
  digest.add(std::uint64_t{fact.logical});
  digest.add(fact.recency);
  for (const Value& value : fact.fields()) digest.add(value);
  return digest.value();
}

// Which facts an activation is of follows from the changes before it, and firings say it.
std::uint64_t StateDigest::numberOf(const Activation& activation) {
  Digest digest;
  digest.add(index(activation.id));
  digest.add(index(activation.rule));
  digest.add(static_cast<std::uint64_t>(activation.salience));
  digest.add(activation.recency);
  return digest.value();
}

void StateDigest::addTo(Digest& digest, const model::Program& program, const WorkingMemory& memory,
                        const Agenda& agenda) const {
  std::uint64_t facts = facts_, activations = activations_;
  if (!keptUp_) {
    for (const model::FactType& type : program.types) {
      memory.forEach(type.id, [&](SlotId, const StoredFact& fact) { facts ^= numberOf(fact); });
    }
    for (const ActivationSlot slot : agenda.all()) {
      if (!agenda.at(slot).fired) activations ^= numberOf(agenda.at(slot));
    }
  }
  digest.add(facts);
  digest.add(activations);
}

}  // namespace reticle
