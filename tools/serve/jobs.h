// What the engine's thread is asked to do, one after another.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "door.h"
#include "envelopes.h"
#include "reticle/input.h"

namespace reticle::serve {

// Events to take in: all of a request, or none.
struct TakeEvents {
  ConnectionId from;
  Envelopes envelopes;
};
// PUT: `creates`; PATCH: the subject must be there.
struct SetSubject {
  ConnectionId from;
  input::SetProperties properties;
  bool creates = false;
};
// A question to the engine, answered when what came before it is durable.
struct Look {
  ConnectionId from;
  Request request;
};
// Other rules: those of the request, or (none) the files read anew. From a signal: nobody asks.
struct ReplaceRules {
  std::optional<ConnectionId> from;
  std::optional<std::vector<Source>> sources;
};
// A call has ended.
struct TakeResult {
  input::StepResult result;
};

using Job = std::variant<TakeEvents, SetSubject, Look, ReplaceRules, TakeResult>;

// Who waits for an answer; nothing: nobody does.
std::optional<ConnectionId> askerOf(const Job& job);

// How much of the queue it takes.
std::size_t weightOf(const Job& job);

}  // namespace reticle::serve
