// The fields that the engine keeps for itself (see model::FactType::stage): what they are when a
// fact comes, what follows for them from an update, and which facts came or went in this turn.
//
// A fact whose type some rule watches with `on insert` is fresh from its insertion to the end of
// the turn; one of a type watched with `on retract` is kept, as gone, from its retraction to the
// end of the turn. Both are listed here, and State::settleFacts() ends it.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "expression/code.h"
#include "match/working_memory.h"
#include "model/model.h"
#include "network/network.h"
#include "session/calendar.h"
#include "session/change.h"

namespace reticle {

class InternalFields {
 public:
  InternalFields(const model::Program& program, const WorkingMemory& memory,
                 const Surroundings& surroundings, const Calendar& calendar)
      : program_(program), memory_(memory), surroundings_(surroundings), calendar_(calendar) {}

  // Of a fact that comes. Requires: its declared fields are set, and it gets the next id.
  void fill(const model::FactType& type, std::span<Value> values) const;
  // Whether updates of such facts have consequences for internal fields; then follow() adds them.
  static bool follows(const model::FactType& type) {
    return type.barred || !type.stretches.empty();
  }
  void follow(const StoredFact& fact, Assignment& assignment) const;
  // Fields of a fact of another program's type, in the shape of this one's. `inTurn`: it is the
  // event that has its turn.
  std::vector<Value> refit(const model::FactType& from, const model::FactType& to,
                           std::vector<Value> fields, FactId fact, bool inTurn) const;

  // --- the facts of this turn
  void noteInserted(FactId fact, const model::FactType& type) {
    if (!type.onInsert.empty()) fresh_.push_back(fact);
  }
  void noteRetracted(FactId fact) { gone_.push_back(fact); }
  bool hasNews() const { return !fresh_.empty() || !gone_.empty(); }
  std::vector<FactId> takeFresh() { return std::exchange(fresh_, {}); }
  std::vector<FactId> takeGone() { return std::exchange(gone_, {}); }
  // What ends being fresh, and what begins being gone.
  static Assignment settled(const model::FactType& type);
  static Assignment gone(const model::FactType& type);
  // A subject whose first properties are being set: rules see it as it is after them. kNoFact when
  // they are.
  void setBeginning(FactId subject) { beginning_ = subject; }

 private:
  bool satisfies(const std::vector<model::Expression>& tests, std::span<const Value> fields) const;
  bool satisfies(const model::Pattern& pattern, FactId fact, std::span<const Value> fields) const;
  void bar(const StoredFact& fact, std::span<const Value> next, Assignment& assignment) const;

  const model::Program& program_;
  const WorkingMemory& memory_;
  const Surroundings& surroundings_;
  const Calendar& calendar_;
  std::vector<FactId> fresh_, gone_;  // as they came and went
  FactId beginning_ = kNoFact;
};

}  // namespace reticle
