// A session's state without what follows from it: the network's memories, and which token is whose
// activation. Replacing the rules carries it from one program to another; the journal keeps it from
// there on.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "session/reasons.h"
#include "session/seen_events.h"
#include "session/session.h"

namespace reticle {

struct SessionImage {
  struct Fact {
    FactId id = kNoFact;
    TypeId type{};
    bool logical = false;
    std::uint64_t recency = 0;
    std::vector<Value> fields;
    // Of a derived fact that is not logical: by which rule, in which change, and from what; with
    // the values of then where they are others now.
    RuleId derivedBy = kNoRule;
    std::uint64_t derivedIn = 0;
    std::vector<Reasons::Then> derivedFrom;
    std::vector<std::optional<Reasons::Past>> past;  // one for each
  };
  // An activation. Its match is the one of the same place in the order of rules, facts and values
  // bound (MatchPlace).
  struct Match {
    ActivationId id{};
    std::uint64_t recency = 0;
    bool fired = false;
  };

  Time now = 0;
  std::uint64_t changes = 0;
  std::uint32_t nextEvent = 1;
  FactId nextFact{1};
  ActivationId nextActivation{1};
  FactId clockFact = kNoFact, currentFact = kNoFact;
  std::vector<Fact> facts;  // by id
  std::vector<Match> matches;
  std::vector<std::pair<FactId, ActivationId>> supports;
  std::vector<std::pair<RuleId, Value>> once;
  std::vector<std::string> focus;  // lowest first
  std::optional<Event> current;
  std::deque<Event> queue;
  // Events that wait for their moment, by number.
  struct Waiting {
    std::uint32_t number = 0;
    Time due = 0;
    std::string name;
    Event event;
  };
  std::vector<Waiting> waiting;
  std::uint32_t nextWaiting = 1;
  std::vector<SeenEvents::Seen> seen;  // oldest first
};

}  // namespace reticle
