// What a session shows of itself: facts, the agenda, runs. Copies, made when they are asked for; a
// view does not change when the session goes on. What facts and rules rest on is in
// reticle/explanation.h.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "reticle/fields.h"
#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

// A fact in working memory.
struct FactView {
  FactId id;
  TypeId type;
  std::string typeName;
  Fields fields;              // all declared ones, in order
  bool logical = false;       // it is there as long as something supports it
  std::string subject;        // its name, when it is a subject; otherwise empty
  std::uint64_t recency = 0;  // the change of working memory that made or updated it last
};

// A match that has not fired.
struct ActivationView {
  ActivationId id;
  RuleId rule;
  std::string name;
  std::vector<FactId> facts;  // of the match, row by row
  std::int64_t salience = 0;
  std::uint64_t recency = 0;  // the change of working memory that made the match
  Fields bindings;            // values bound by the conditions
  std::string waits = {};     // why it cannot fire now; empty when it can
};

// A step of a run.
struct StepView {
  std::string name;
  std::string kind;      // call, sleep, wait, run, until
  std::string function;  // of a call; of `run` the flow
  std::string status;    // started, completed, failed, retrying
  std::string key;       // idempotency key of a call
  std::string error;     // of its last attempt; empty when none failed
  std::uint32_t attempt = 0;
  std::optional<Value> result;  // when it completed
  std::optional<Time> due;      // when its timer is, if it has one
  // the result was read back from the journal, and not produced in this process
  bool recorded = false;
};

// An event that waits for its moment (`emit … after`, `emit … at`).
struct WaitingEventView {
  std::string id, type, subject;  // subject: empty when it is about none
  std::string name;               // what `replacing` calls it; may be empty
  Time due = 0;
  Fields data;
};

// Which subjects are listed, in the order of their names.
struct SubjectSelection {
  std::string type = {};                                        // empty: of all types
  std::string after = {};                                       // names behind this one
  std::size_t limit = std::numeric_limits<std::size_t>::max();  // at most
  Fields having = {};                                           // properties with these values
};

// A run: one instance of a flow, with its steps in the order they began. `waitsFor` says in a
// sentence what a live run waits for, and of a failed one where it can go on; else it is empty.
struct RunView {
  RunId id;
  std::string flow, key;
  std::string status;           // running, completed, failed, cancelled
  std::string error;            // when it failed
  std::optional<Value> result;  // when it completed
  std::vector<StepView> steps;
  std::string waitsFor = {};
  bool canGoOn = false;  // it has failed, and input::Resume would be accepted
};

}  // namespace reticle
