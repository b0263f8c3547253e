// A session's state without what follows from it: the network's memories, and which token is whose activation. Replacing the rules carries it from one
// program to another; the journal keeps it from there on.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "session/session.h"

namespace reticle {

struct SessionImage {
  struct Fact {
    FactId id = kNoFact;
    TypeId type{};
    bool logical = false;
    std::uint64_t recency = 0;
    std::vector<Value> fields;
    RuleId derivedBy = kNoRule;
    std::vector<FactId> derivedFrom;
  };
  // An activation. Its match is the one of the same place in the order of rules, facts and values bound (Session::State::Place).
  struct Match { ActivationId id{}; std::uint64_t recency = 0; bool fired = false; };

  Time now = 0;
  std::uint64_t changes = 0;
  std::uint32_t nextEvent = 1;
  FactId nextFact{1};
  ActivationId nextActivation{1};
  FactId clockFact = kNoFact, currentFact = kNoFact;
  std::vector<Fact> facts;                                     // by id
  std::vector<Match> matches;
  std::vector<std::pair<FactId, ActivationId>> supports;
  std::vector<std::pair<RuleId, Value>> once;
  std::vector<std::string> focus;                              // lowest first
  std::optional<Event> current;
  std::deque<Event> queue;
};

}  // namespace reticle
