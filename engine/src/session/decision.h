// Decisions: what a session has changed, one elementary change each, recorded for the journal in
// their order. Applying them to the state before gives the state after, without running a rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reticle/ids.h"
#include "reticle/value.h"
#include "session/change.h"
#include "session/event.h"

namespace reticle {

// ORDER: journal codec (src/journal/entry.cpp)
struct Decision {
  enum class Kind : std::uint8_t {
    Assert,   // fact, type, values (all fields), flag = logical
    Update,   // fact, assignment
    Retract,  // fact
    Support,  // fact, activation (0: the fact is stated from now on)
    Fire,     // activation, rule, facts (to verify), flag = it was passed over for good
    // event: queued; flag = its id was generated; time: the number of the waiting event it was
    Raise,
    Begin,  // the first queued event begins its turn
    End,    // it is gone
    Halt,
    Clock,     // time
    Run,       // bytes: the whole state of one run, opaque to the session
    Timer,     // rule: its moment has come (`on every`, `on cron`)
    Wake,      // bytes: opaque to the session
    Output,    // bytes: an output on its way out, for the account only
    Focus,     // values: the names of the groups on the stack, the lowest first
    Rest,      // the end of a turn for facts inserted and retracted in it
    Refuse,    // activation: its firing was refused, because fact stands in the way
    Rearm,     // activation: it is ready again
    Settle,    // a settling begins: what changed and changed back before has been there long enough
    Salience,  // activation: it has the salience in values[0] now
    Wait,      // event: it waits until `time`, called `bytes`; flag = its id was generated
    Drop,      // time: the number of the waiting event that goes
  } kind{};
  FactId fact = kNoFact;
  TypeId type{};
  ActivationId activation{};
  RuleId rule{};
  bool flag = false;
  Time time = 0;
  std::vector<Value> values;
  Assignment assignment;
  std::vector<FactId> facts;
  std::optional<Event> event;
  std::string bytes;
};

// Who keeps decisions: the journal's writer.
class DecisionSink {
 public:
  virtual ~DecisionSink() = default;
  virtual void record(Decision decision) = 0;
};

// The way of a session's decisions to their sink. None are made when nobody keeps them, nor while
// recorded ones are applied: recovery must not record again what it reads.
class Decisions {
 public:
  void connect(DecisionSink* sink) { sink_ = sink; }
  DecisionSink* sink() const { return sink_; }

  // Ask first where a decision costs something to make.
  bool wanted() const { return sink_ != nullptr && !recovering_; }
  void record(Decision decision) {
    if (wanted()) sink_->record(std::move(decision));
  }
  // A decision that has no more to say than its kind.
  void record(Decision::Kind kind) {
    if (wanted()) sink_->record(Decision{kind});
  }

  // While recovering, working memory changes as recorded, and rules, truth maintenance and effects
  // stay off.
  void setRecovering(bool on) { recovering_ = on; }
  bool recovering() const { return recovering_; }

 private:
  DecisionSink* sink_ = nullptr;
  bool recovering_ = false;
};

}  // namespace reticle
