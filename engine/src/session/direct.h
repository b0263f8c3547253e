// The short way of a firing, for rules whose actions are the plainest: insert, set and retract of
// declared fields, `let`, `if`, and `log` while nobody watches. What they want is evaluated into
// buffers that are used again, checked by position and kind, and applied at once.
//
// Where anything is not plain when it comes to it (an error, a check that refuses, a key that is
// taken, two things said of one fact that do not go together) this gives up before anything has
// changed, and the firing goes the general way (actions.cpp, apply.cpp), which knows all cases and
// all messages. So this need not be complete; but what it applies is what the general way would
// apply, in the same order.
#pragma once

#include <cstdint>
#include <vector>

#include "session/session.h"

namespace reticle {

class DirectFiring {
 public:
  DirectFiring(Session::State& state, const model::Program& program);

  // Carries out the actions of a rule for a match. Returns whether it did; else nothing has
  // happened, but that locals may be set.
  bool fire(const model::Rule& rule, const Row* rows, std::vector<Value>& locals);

 private:
  // An action that is plain as it is written.
  struct Step {
    enum class Kind : std::uint8_t { Let, Log, If, Retract, Insert, Set } kind{};
    const model::Action* action = nullptr;
    std::vector<std::uint32_t> missing;  // Insert: declared fields that are not given
    std::vector<Step> body, otherwise;   // If
  };
  // A rule; what its actions are is looked at when it fires first.
  struct Prepared {
    enum class Way : std::uint8_t { Unknown, Direct, General } way = Way::Unknown;
    std::vector<Step> steps;
  };
  // An insertion or a retraction; what is set comes after all of them, one update a fact.
  struct Planned {
    bool inserts = false, logical = false;
    TypeId type{};
    FactId fact = kNoFact;               // Retract
    std::uint32_t first = 0, count = 0;  // Insert: in values_
  };
  // What is set on one fact.
  struct Target {
    FactId fact = kNoFact;
    Assignment assignment;  // by field, in order
  };

  bool prepare(const std::vector<model::Action>& actions, std::vector<Step>& steps) const;
  bool prepare(const model::Action& action, Step& step) const;
  bool prepareInsert(const model::Action& action, Step& step) const;
  bool isPlainSet(const model::Action& action) const;

  bool plan(const std::vector<Step>& steps, const Row* rows, std::vector<Value>& locals);
  bool planInsert(const Step& step, const Frame& frame);
  bool planSet(const model::Action& action, const Frame& frame);
  bool review();
  bool isFree(const Planned& insertion) const;
  Target& targetOf(FactId fact);
  void apply();
  void forget();

  Session::State& s_;
  // by type: whether some field has a bound or a `where`
  std::vector<bool> checked_;
  std::vector<Prepared> rules_;  // by rule
  std::vector<Planned> planned_;
  std::vector<Value> values_;
  std::vector<Target> targets_;  // the first `targetCount_` are in use
  std::size_t targetCount_ = 0;
};

}  // namespace reticle
