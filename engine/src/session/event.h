// An event on its way through a session: raised, waiting in the queue, then asserted for its turn.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reticle/fields.h"
#include "reticle/ids.h"
#include "reticle/input.h"
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
  // A property that goes (`value` is null), or with no property the subject itself: `old` is then
  // its snapshot.
  bool gone = false;
  bool fromOutside = false;  // handed in by the host: it is not sent out again
  Delivery deliver = Delivery::Both;
  // Attributes of its envelope that are no data: what the host gave with it
  Fields extensions;
  // How many events before it led to it without waiting
  std::uint32_t hops = 0;
  // It tells of a failure, or follows from one that does: what fails because of it is told no more.
  bool afterFailure = false;
  // The rule whose firing raised it
  RuleId by = kNoRule;
  // Trace chain
  std::uint32_t traceCause = 0, traceOrigin = 0;

  // About a subject as such, not of a declared type: a property or the subject changed or went.
  bool ofSubject() const { return !property.empty() || gone; }
};

}  // namespace reticle
