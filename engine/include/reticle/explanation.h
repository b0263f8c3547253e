// What an engine returns when it is asked why: what facts and activations rest on, why a rule does
// not fire, where its partial matches stand, and what its network has done so far. Found when it is
// asked, from what is there then; asking changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reticle/fields.h"
#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

// A fact, what it came from, what that came from, and so on. A reason that stands in it twice is
// reported once, at its first place.
struct Explanation {
  // handed in; inserted by a rule; kept by its supports
  enum class Origin : std::uint8_t { Stated, Derived, Logical } origin = Origin::Stated;
  FactId fact{};
  std::string type, text;
  Fields fields;          // of a reason: as they were when it became one
  bool gone = false;      // it is not there any more
  bool changed = false;   // its fields have other values now
  bool repeated = false;  // reported elsewhere in this explanation: `by` is left out
  struct By {
    std::string rule;
    ActivationId activation{};  // Logical: the one that keeps it
    // the change of working memory that made the match; Derived: that inserted the fact
    std::uint64_t change = 0;
    Fields bindings;                 // Logical: values bound by the conditions
    std::vector<Explanation> facts;  // of the match, row by row
  };
  std::vector<By> by;
};

// A match of a rule, ready or fired, and what it rests on.
struct ActivationExplanation {
  // Held: something keeps it off the agenda for now
  enum class State : std::uint8_t { Ready, Fired, Held } state = State::Ready;
  ActivationId activation{};
  RuleId ruleId{};
  std::string rule, text;
  std::int64_t salience = 0;
  std::uint64_t change = 0;        // the change of working memory that made the match
  std::uint32_t before = 0;        // Ready: how many activations fire before it
  Fields bindings;                 // values bound by the conditions
  std::vector<Explanation> facts;  // row by row
  std::vector<FactId> keeps;       // logical facts that stand on it
};
const char* name(ActivationExplanation::State state);

// A partial match and the test that ends it.
struct NearMiss {
  std::vector<FactId> facts;  // by row; the last one is the candidate
  std::string test;           // `count > 2`
  // of a comparison both sides, of other tests what they gave and true
  Value left, right;
  std::string error;  // why the test is unknown; empty when it is false
};

// What stands in the way of a `not`, or of a `forall`.
struct Blocker {
  std::vector<FactId> facts;  // of a group: one of each of its patterns
  // the rule that inserted the last of them; empty: the host
  std::string by;
  bool unsure = false;  // it is not known whether it stands in the way
};

// Where a fact is in the network: the nodes that it came to, alone or as part of a match, and what
// ended it where it ended. In order of node.
struct FactPath {
  // Held      alpha: the memory holds it; beta: matches go on from here that contain it, or that
  //           rest on it (it is counted in a group, or is what `exists` asks for)
  // Stopped   nothing of it goes on from here: `stop` says which test refuses it
  // Waits     nothing comes here that it could be paired with
  // Blocks    it keeps matches from going on
  enum class How : std::uint8_t { Held, Stopped, Waits, Blocks };
  struct At {
    NodeId node{};
    How how = How::Held;
    std::uint32_t matches = 0;     // Held at a beta node: that go on; Blocks: that it keeps back
    std::optional<NearMiss> stop;  // Stopped: the test that refuses what came nearest
    std::string text;              // why it goes no further; empty when it does
  };
  FactId fact{};
  std::vector<At> nodes;
};
const char* name(FactPath::How how);

// One condition, over all partial matches that reach it.
struct ConditionReport {
  std::string text, note;
  NodeId node = kNoNode;
  // facts of the pattern's type; those that pass its own tests (which read nothing bound before)
  std::uint32_t ofType = 0, facts = 0;
  std::uint32_t reached = 0, partial = 0;  // partial matches that reach it; that go on after it
  bool holds = false;                      // some go on
  bool more = false;                       // counting stopped early
  std::vector<FactId> blockedBy;           // facts of all `blockers`
  std::vector<Blocker> blockers;
  std::vector<NearMiss> nearest;  // of the partial matches that end here
  Fields results;                 // accumulate: of the first partial match that reaches it
  // Of what stands inside: the group of `not`, `exists`, `forall`, `accumulate`; each branch of an
  // `either`. Beside the partial matches that end here.
  std::vector<std::vector<ConditionReport>> groups;
};

struct WhyNot {
  // NoMatch       its conditions do not hold together
  // Disabled, NotEffective, Spent
  //               it is switched off; today is not one of its days; it has fired `once`
  // Fired         it has fired for all of its matches
  // Failed        the same, and some of these firings have failed
  // Held          it matches, and something else keeps it off the agenda
  // Halted        it is ready, and a rule said `halt`
  // NotFocused    it is ready, and another group has the focus
  // Ready         it is ready
  enum class State : std::uint8_t {
    NoMatch,
    Disabled,
    NotEffective,
    Spent,
    Fired,
    Failed,
    Held,
    Halted,
    NotFocused,
    Ready
  } state = State::NoMatch;
  std::string rule, summary;
  bool fires = false;  // it will, if nothing changes before its turn
  std::vector<ConditionReport> conditions;
  std::vector<ActivationId> ready, fired;  // its activations, best first; oldest first
  struct Ahead {
    ActivationId activation{};
    std::string rule;
    std::int64_t salience = 0;
  };
  std::vector<Ahead> ahead;  // the first of those that fire before it
  std::uint32_t aheadCount = 0;
};
const char* name(WhyNot::State state);

struct MatchView {
  std::vector<FactId> facts;  // row by row
  Fields bindings;            // values bound by the conditions so far
  ActivationId activation{};  // complete ones: 0 when nothing has come of it yet
  bool fired = false;
};

// The partial matches of a rule, condition by condition; after the last one they are complete.
struct RuleMatches {
  // more: counting stopped early
  struct Stage {
    std::string text;
    std::uint64_t count = 0;
    bool more = false;
    std::vector<MatchView> matches;
  };
  std::string rule;
  std::vector<Stage> conditions;
  std::vector<MatchView> complete;
};

// What the matcher and the rules have done since the session was opened.
struct Counters {
  struct Node {
    NodeId node{};
    std::uint64_t left = 0, right = 0;  // tokens, facts that came (and went) on each side
    std::uint64_t tests = 0;            // evaluated
    std::uint64_t tokens = 0;           // made
    std::uint64_t memory = 0;           // facts or tokens held now
  };
  struct Rule {
    RuleId rule{};
    std::string name;
    std::uint64_t matches = 0;
    std::uint64_t firings = 0, failures = 0;  // firings: also those that failed
    std::uint64_t nanoseconds = 0;            // in actions; only with EngineOptions::stopwatch
    // What its conditions ask and had no value: which test, why, and how often it was evaluated so.
    // Of a test that rules share, for each of them. At most eight causes a test.
    struct Unknown {
      std::string test, code, cause;
      std::uint64_t times = 0;
    };
    std::vector<Unknown> unknown;
  };
  std::vector<Node> nodes;  // by id
  std::vector<Rule> rules;  // by id
};

}  // namespace reticle
