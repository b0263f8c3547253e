// Everything that can refuse a list of changes, asked before any of them is carried out: each is
// checked against working memory, and all against each other. So a list is applied whole or not at
// all.
//
// Property changes are brought together: one update a fact, in order of first mention, later values
// over earlier ones. What is set on a fact that the same list inserts becomes part of its
// insertion.
#pragma once

#include <utility>
#include <vector>

#include "session/change.h"
#include "session/session.h"

namespace reticle {

class Review {
 public:
  // What is set on a fact that working memory holds, checked; values may be pending facts.
  struct Update {
    FactId fact = kNoFact;
    Assignment assignment;           // in the order of fields
    std::vector<std::string> muted;  // properties whose change is not told
    std::vector<std::string> unset;  // declared ones that go
  };

  Review(const Session::State& state, std::vector<Change>& changes);

  // On an error nothing may be applied; insertions may have been completed by then.
  Status check();
  // The fact that holds the key, when that is why check() refused.
  FactId inTheWay() const { return inTheWay_; }
  // Requires: check() was ok. They come after all other changes of the list.
  const std::vector<Update>& updates() const { return updates_; }

 private:
  // What the list sets on one fact.
  struct Target {
    FactId fact = kNoFact;
    std::uint32_t pending = 0;
    Assignment assignment;
    Fields undeclared;
    std::vector<std::string> removed;  // undeclared properties that go
    std::vector<std::string> muted, unset;
    Span place;  // of the action that sets the first of it
  };

  const model::FactType& type(TypeId id) const;
  bool isRetracted(FactId fact) const;
  void gather(const Change& set);
  void gatherPart(Target& target, const Change& set, const Change::Part& part);
  // The value that a property has, as far as the list has set it.
  Value valueOf(const Target& target, const model::FactType& type, const std::string& name) const;
  Status fold(const Target& target);
  Status checkInsert(std::size_t at);
  Status checkSet(const Target& target);
  Error taken(TypeId id, const std::string& what) const;

  const Session::State& s_;
  std::vector<Change>& changes_;
  FactId inTheWay_ = kNoFact;
  std::optional<Error> failure_;  // found while the list was gathered
  std::vector<FactId> retracted_;
  std::vector<Target> targets_;
  std::vector<Update> updates_;
  std::vector<std::vector<Value>> next_;  // all fields after each of updates_
};

}  // namespace reticle
