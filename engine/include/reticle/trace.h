// The trace: what the engine did, for watching. The engine never reads it; with no observer it
// costs one test of a pointer.
//
// A record is a header, the same for every kind, and a body: one of the structs of `trace::`. Their
// members are spelled as in wasm/src/types.ts, and written in that order (src/trace/json.cpp). A
// new kind of record is a struct here, in the variant, and there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reticle/fields.h"
#include "reticle/ids.h"
#include "reticle/output.h"
#include "reticle/value.h"

namespace reticle {

// Each with the members of the header that belong to it.
namespace trace {

// An input came in: the beginning of a chain.
struct Input {
  static constexpr std::string_view kKind = "input";
  std::string input;  // its kind: "insert"
  std::string text;   // what it says, in a line
  Time time = 0;
};
// A session was read back from so many entries of its journal.
struct Recover {
  static constexpr std::string_view kKind = "recover";
  std::uint32_t entries = 0;
};
// fact
struct Assert {
  static constexpr std::string_view kKind = "assert";
  std::string type;
  Fields fields;
  bool logical = false;
  std::string subject;  // its name, when it is one
};
// fact
struct Update {
  static constexpr std::string_view kKind = "update";
  struct Change {
    std::string field;
    Value old, value;
  };
  std::vector<Change> changes;
};
// fact
struct Retract {
  static constexpr std::string_view kKind = "retract";
  std::string type;
};
// fact. A subject's property took a different value (`value` is `new` in types.ts, a word of C++).
struct Property {
  static constexpr std::string_view kKind = "property";
  std::string subject, property;
  Value old, value;
  std::string event;  // id of the change event
};
// fact, for a change of a property. raised: queued · begin: asserted and matched · end: gone.
struct Event {
  static constexpr std::string_view kKind = "event";
  std::string phase;
  std::string event;  // its id
  std::string type, subject;
  Fields data;
};
// node. A fact or token entered or left its memory, which now holds `count`.
struct Memory {
  static constexpr std::string_view kKind = "memory";
  bool added = false;
  std::vector<FactId> facts;
  std::uint32_t count = 0;
};
// rule. A match came to be.
struct Activation {
  static constexpr std::string_view kKind = "activation";
  ActivationId activation{};
  std::vector<FactId> facts;
  std::int64_t salience = 0;
  std::uint64_t recency = 0;
};
// rule. It has ended, or will not fire any more.
struct Deactivation {
  static constexpr std::string_view kKind = "deactivation";
  ActivationId activation{};
};
// rule
struct Fire {
  static constexpr std::string_view kKind = "fire";
  ActivationId activation{};
  std::vector<FactId> facts;
};
// rule, for an action that failed; an input that was refused has none.
struct Failure {
  static constexpr std::string_view kKind = "failure";
  std::string code, message;
};
// rule, for the action `log`; level: debug, info, warn, error
struct Log {
  static constexpr std::string_view kKind = "log";
  std::string level, text;
};
// rule
struct Halt {
  static constexpr std::string_view kKind = "halt";
};
struct Clock {
  static constexpr std::string_view kKind = "clock";
  Time time = 0;
};
// phase: set, fired, cancelled; run and step, when it fired
struct Timer {
  static constexpr std::string_view kKind = "timer";
  std::string phase;
  std::uint32_t timer = 0;
  Time due = 0;
  std::string text;
};
// run
struct Run {
  static constexpr std::string_view kKind = "run";
  std::string flow, key, status;
  std::optional<Value> result;
  std::string error;
};
// run, step. started: its call went out (attempt counts from 1) · recorded: read back from the
// journal.
struct Step {
  static constexpr std::string_view kKind = "step";
  std::string stepKind, status;
  std::uint32_t attempt = 0;
  std::string key, function;
  std::optional<Value> result;
  std::string error;
  std::optional<Time> due;
};
// An output is on its way out.
struct Output {
  static constexpr std::string_view kKind = "output";
  reticle::Output output;
};
// The end of a settling.
struct Settled {
  static constexpr std::string_view kKind = "settled";
  std::uint64_t firings = 0;
  SettleReport::Reason reason{};
};
// The group that has the focus now; empty: none. `below`: how many wait under it.
struct Focus {
  static constexpr std::string_view kKind = "focus";
  std::string group;
  std::uint32_t below = 0;
};
// The rules were replaced: ids of rules, types and nodes are those of the new program from here on.
// What its network holds and what is ready is reported anew after it.
struct Replace {
  static constexpr std::string_view kKind = "replace";
  std::string text;
};

}  // namespace trace

using TraceBody =
    std::variant<trace::Input, trace::Recover, trace::Assert, trace::Update, trace::Retract,
                 trace::Property, trace::Event, trace::Memory, trace::Activation,
                 trace::Deactivation, trace::Fire, trace::Failure, trace::Log, trace::Halt,
                 trace::Clock, trace::Timer, trace::Run, trace::Step, trace::Output, trace::Settled,
                 trace::Focus, trace::Replace>;

struct TraceRecord {
  TraceBody body;
  std::uint32_t seq = 0;     // from 1, without gaps
  std::uint32_t cause = 0;   // seq of the record that made this happen; 0 for an input
  std::uint32_t origin = 0;  // seq of the input at the beginning of the chain
  // What it is about; of what it is not about, none.
  RuleId rule = kNoRule;
  NodeId node = kNoNode;
  FactId fact = kNoFact;
  RunId run = kNoRun;
  std::string step;

  // The body when it is of that kind, otherwise null: `record.as<trace::Fire>()`.
  template <typename Body>
  const Body* as() const {
    return std::get_if<Body>(&body);
  }
};

// Receives every record, in order, while the engine works. Must not call the engine.
class TraceObserver {
 public:
  virtual ~TraceObserver() = default;
  // `json`: the record as one object in the shape of types.ts, as it goes into the trace's digest;
  // borrowed for the call.
  virtual void record(const TraceRecord& record, std::string_view json) = 0;
};

}  // namespace reticle
