// The built-in subject Clock: a fact that the session keeps itself. It is there only when some rule
// or query reads it, and changes only at the moments that those can tell apart, so that a session
// without such rules has nothing to do while time passes.
#pragma once

#include <optional>
#include <vector>

#include "match/working_memory.h"
#include "model/model.h"
#include "network/network.h"
#include "session/change.h"

namespace reticle {

class BuiltinClock {
 public:
  static constexpr TypeId kType{0};

  BuiltinClock(const model::Program& program, const Network& network);

  bool isRead() const { return reads_ != 0; }
  // kNoFact when nothing reads it, or it has not been asserted yet.
  FactId fact() const { return fact_; }
  void setFact(FactId fact) { fact_ = fact; }

  // All fields of Clock at a time.
  std::vector<Value> fieldsAt(Time time) const;
  // What a time changes in it.
  Assignment changesAt(Time time, const StoredFact& clock) const;
  // The next moment at which some field that is read takes another value.
  std::optional<Time> nextChange(Time now) const;

 private:
  const model::Program& program_;
  // the fields that are read; the highest bit: Clock is there at all
  FieldMask reads_ = 0;
  FactId fact_ = kNoFact;
};

}  // namespace reticle
