// Truth maintenance: which logical facts there are, and which matches they stand on.
//
// A fact that a rule derives (`insert logical`) holds as long as a match of such a rule does. Two
// things take it away again: its last support ends, or what is left holds it up only by way of
// itself (logical facts that support each other in a circle). The first is certain at once; the
// second is looked into when a support of several has ended, and only for types whose rules can
// make a circle.
//
// Invariants:
//   (1) Every logical fact of working memory has an entry here, and those stated facts that some
//       match derives, too: when the statement is taken back, they are derived again.
//   (2) supports_ and supported_ are each other's reverse; an activation that supports a fact has
//       Activation::supports set.
//   (3) A logical fact without supports waits in unsupported_ until takeUnfounded() returns it.
//
// It decides which facts are to go; the session retracts them (State::settleTruths).
#pragma once

#include <optional>
#include <set>
#include <span>
#include <vector>

#include "agenda/agenda.h"
#include "base/flat_map.h"
#include "base/slot_index.h"
#include "match/matcher.h"
#include "match/working_memory.h"
#include "model/model.h"

namespace reticle {

class Truths {
 public:
  Truths(const model::Program& program, const WorkingMemory& memory, const Matcher& matcher,
         Agenda& agenda);

  // --- logical facts
  // A logical fact has come; nothing supports it yet.
  void add(const StoredFact& fact, SlotId slot);
  // It goes. Requires: its fields are still those it was added with.
  void remove(const StoredFact& fact, SlotId slot);
  // It is stated from now on, and keeps its supports underneath. Requires: as remove()
  void makeStated(const StoredFact& fact, SlotId slot);
  // A stated fact goes.
  void removeStated(FactId fact) { dropSupports(fact); }
  // Around an update of its fields.
  void beforeUpdate(const StoredFact& fact, SlotId slot) {
    byContent_.remove(contentHash(fact.type, fact.fields()), static_cast<std::uint32_t>(slot));
  }
  void afterUpdate(const StoredFact& fact, SlotId slot) {
    byContent_.add(contentHash(fact.type, fact.fields()), static_cast<std::uint32_t>(slot));
  }
  // A logical fact equal in every declared field; kNoFact when there is none.
  FactId findEqual(TypeId type, std::span<const Value> values) const;

  // --- supports
  // Of a logical fact, or underneath a stated one. `activation`: kNoActivation when the match has
  // ended while its own consequences were applied.
  void support(FactId fact, ActivationSlot activation);
  // The match of an activation has ended. Requires: Activation::supports was set.
  void matchEnded(ActivationSlot activation);
  // What a match holds up; null when nothing.
  const std::vector<FactId>* conclusionsOf(ActivationSlot activation) const {
    return supported_.find(activation);
  }
  // Null for a fact that nothing derives.
  const std::vector<ActivationSlot>* supportsOf(FactId fact) const {
    return supports_.find(index(fact));
  }
  bool isSupported(FactId fact) const;

  // A logical fact that nothing stated holds up any more, the oldest first, whatever the order in
  // which matches ended; those certain to go before those in doubt.
  std::optional<FactId> takeUnfounded();
  bool hasDoubts() const { return !unsupported_.empty() || !doubtful_.empty(); }
  // Recovery: what has become of the facts in doubt follows as decisions.
  void forgetDoubts() {
    unsupported_.clear();
    doubtful_.clear();
  }

 private:
  std::uint64_t contentHash(TypeId type, std::span<const Value> values) const;
  bool isFounded(FactId fact) const;
  void dropSupports(FactId fact);

  const model::Program& program_;
  const WorkingMemory& memory_;
  const Matcher& matcher_;
  Agenda& agenda_;
  FlatMap<std::uint32_t, std::vector<ActivationSlot>> supports_;  // by fact
  FlatMap<ActivationSlot, std::vector<FactId>> supported_;        // … and the other way round
  SlotIndex byContent_;  // slots of logical facts, by contentHash()
  std::set<FactId> unsupported_;
  // lost one support of several, and may now only support each other
  std::set<FactId> doubtful_;
  // by type: whether facts of it can, by way of others, support facts of it
  std::vector<bool> circular_;
};

}  // namespace reticle
