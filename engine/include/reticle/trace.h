// The trace: what the engine did, for watching. The engine never reads it; with no observer it
// costs one test of a pointer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

// ORDER: names in src/trace/json.cpp. The members each kind uses stand beside it; the JSON shapes
// are in wasm/src/types.ts.
enum class TraceKind : std::uint8_t {
  Input,         // name = kind of input, text = summary, time
  Recover,       // count = entries read back
  Assert,        // fact, name = type, values, flag = logical, subject
  Update,        // fact, values with old
  Retract,       // fact, name = type
  Property,      // fact, subject, name = property, values[0] (old, value), text = event id
  Event,         // phase, text = event id, name = type, subject, values
  Memory,        // node, flag = added, facts, count = what the memory holds now
  Activation,    // activation, rule, facts, salience, recency
  Deactivation,  // activation, rule
  Fire,          // activation, rule, facts
  Failure,       // rule, name = code, text = message
  Log,           // name = level, text
  Halt,
  Clock,  // time
  Timer,  // phase, count = timer, time = due, text
  // run, name = flow, text = key, phase = status, values[0] = result, subject = error
  Run,
  // run, step, phase, name = kind (call, sleep, wait), count = attempt, text = key, subject =
  // function, values[0] = result or error, time = due
  Step,
  Output,   // text = the output as JSON
  Settled,  // count = firings, name = reason
  Focus,    // name = the group that has the focus now, empty: none; count = groups below it
  // text = summary; ids of rules, types and nodes are those of the new program from here on. What
  // is in its memories, and what is ready,
  Replace,
  // is told anew behind it
};

struct NamedValue {
  std::string name;
  Value value;
  Value old;
};

struct TraceRecord {
  TraceKind kind{};
  std::uint32_t seq = 0;     // from 1, without gaps
  std::uint32_t cause = 0;   // seq of the record that made this happen; 0 for an input
  std::uint32_t origin = 0;  // seq of the input at the beginning of the chain
  RuleId rule = kNoRule;
  NodeId node = kNoNode;
  FactId fact = kNoFact;
  RunId run = kNoRun;
  ActivationId activation{};
  bool flag = false;
  std::uint32_t count = 0;
  std::int64_t salience = 0;
  std::uint64_t recency = 0;
  Time time = 0;
  std::string phase, name, text, subject, step;
  std::vector<FactId> facts;
  std::vector<NamedValue> values;
};

// Receives every record, in order, while the engine works. Must not call the engine.
class TraceObserver {
 public:
  virtual ~TraceObserver() = default;
  virtual void record(const TraceRecord& record) = 0;
};

}  // namespace reticle
