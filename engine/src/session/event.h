// An event on its way through a session: raised, waiting in the queue, then asserted for its turn.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

// `id` is what hosts see; the session counts its own events up from "e1".
struct Event {
  std::string id;         // "e7", or the host's
  bool generated = true;  // the session gave the id
  // for a property change: the change type when some rule listens, else nothing
  TypeId type{};
  // false: nothing matches it (a change nobody listens to); it only goes out
  bool matched = true;
  std::string subject;  // name of the subject it is about; may be empty
  // ids of the event that caused it and of the first of the chain
  std::string cause, originId;
  std::string source;
  Time time = 0;
  // declared fields of the event type; empty for property changes
  std::vector<Value> values;
  // Property changes
  FactId fact = kNoFact;
  std::string property;
  Value old, value;
  bool fromOutside = false;  // handed in by the host: it is not sent out again
  // Trace chain
  std::uint32_t traceCause = 0, traceOrigin = 0;
};

}  // namespace reticle
