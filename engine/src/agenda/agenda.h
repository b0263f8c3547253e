// The activations of one session: those that are ready to fire, best first, and those that have fired and still match.
//
// Invariants:
//   (1) Every complete match has exactly one activation, from the change that made it to the change that ends it.
//   (2) An activation that has fired is kept while its match holds, and is not ready again (refraction).
//   (3) The order is total: salience, then newest first, then order of declaration, then newer facts first, position by position. It is
//       defined on matches and changes, never on the network, so every build fires alike.
//
// The matcher decides what matches; the session carries out actions. The agenda only orders.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "base/flat_map.h"
#include "match/matcher.h"
#include "reticle/ids.h"

namespace reticle {

struct Activation {
  ActivationId id{};
  RuleId rule{};
  TokenId token{};
  std::vector<FactId> facts;
  std::int64_t salience = 0;
  std::uint64_t recency = 0;         // the change of working memory that made the match
  bool fired = false;
  std::vector<FactId> supports;      // logical facts it keeps
};

// Conflict resolution: whether `a` fires before `b`.
bool firesBefore(const Activation& a, const Activation& b);

class Agenda {
 public:
  // Requires: no activation for the token.
  const Activation& add(RuleId rule, TokenId token, std::vector<FactId> facts, std::int64_t salience, std::uint64_t recency);
  // Takes the activation of a token off, fired or not, and answers what it was. Requires: there is one.
  Activation remove(TokenId token);
  void markFired(ActivationId id);   // Requires: ready
  void rearm(ActivationId id);       // makes it ready again. Requires: markFired

  bool ready() const { return !ready_.empty(); }
  ActivationId best() const;         // Requires: ready()
  Activation* find(ActivationId id);
  const Activation* find(ActivationId id) const;
  std::vector<const Activation*> inOrder() const;    // the ready ones, best first
  std::vector<const Activation*> all() const;        // in order of id

 private:
  struct Order {
    const Agenda* agenda;
    bool operator()(std::uint32_t a, std::uint32_t b) const;
  };
  std::vector<Activation> slots_;
  std::vector<std::uint32_t> free_;
  FlatMap<std::uint32_t, std::uint32_t> slotOfId_, slotOfToken_;
  std::set<std::uint32_t, Order> ready_{Order{this}};   // of slots
  std::uint32_t next_ = 1;

 public:
  Agenda() = default;
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;
};

}  // namespace reticle
