// The built-in subject Clock: facts that the session keeps itself, one of UTC and one of each other
// zone that the rules ask for. They are there only when some rule or query reads Clock, and change
// only at the moments that those can tell apart, so that a session without such rules has nothing
// to do while time passes. A zone that the host does not know has no Clock.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "match/working_memory.h"
#include "model/model.h"
#include "network/network.h"
#include "reticle/zones.h"
#include "session/change.h"

namespace reticle {

class BuiltinClock {
 public:
  static constexpr TypeId kType = model::kClockType;
  struct Zoned {
    std::string zone;
    FactId fact = kNoFact;  // kNoFact until it is asserted
  };

  // `zones` is borrowed.
  BuiltinClock(const model::Program& program, const Network& network, const ZoneOffsets& zones);

  // UTC first; empty when nothing reads Clock.
  const std::vector<Zoned>& zones() const { return clocks_; }
  // The fact of one of them, by what it holds.
  void adopt(FactId fact, std::span<const Value> fields);

  // All fields of the Clock of a zone at a time; nothing when the host does not know the zone.
  std::optional<std::vector<Value>> fieldsAt(const std::string& zone, Time time) const;
  // What a time changes in a Clock.
  Assignment changesAt(Time time, const StoredFact& clock) const;
  // The next moment at which some field that is read may take another value.
  std::optional<Time> nextChange(Time now) const;

 private:
  std::optional<Time> nextChange(const std::string& zone, Time now) const;

  const model::Program& program_;
  const ZoneOffsets& offsets_;
  // the fields that are read; the highest bit: Clock is there at all
  FieldMask reads_ = 0;
  std::vector<Zoned> clocks_;
};

}  // namespace reticle
