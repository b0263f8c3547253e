// The digest of facts and activations: every fact, and every activation that has not fired, is a
// number in a sum without order, so that a change costs the same whatever is stored.
//
// With a journal the sums are kept up at every change, since every entry holds them; without one
// they are made when somebody asks.
#pragma once

#include <cstdint>

#include "agenda/agenda.h"
#include "base/hash.h"
#include "match/working_memory.h"
#include "model/model.h"

namespace reticle {

class StateDigest {
 public:
  explicit StateDigest(bool keptUp) : keptUp_(keptUp) {}

  // Comes or goes. An update is both, before and after.
  void toggle(const StoredFact& fact) {
    if (keptUp_) facts_ ^= numberOf(fact);
  }
  void toggle(const Activation& activation) {
    if (keptUp_) activations_ ^= numberOf(activation);
  }
  void addTo(Digest& digest, const model::Program& program, const WorkingMemory& memory,
             const Agenda& agenda) const;

 private:
  static std::uint64_t numberOf(const StoredFact& fact);
  static std::uint64_t numberOf(const Activation& activation);

  bool keptUp_;
  std::uint64_t facts_ = 0, activations_ = 0;
};

}  // namespace reticle
