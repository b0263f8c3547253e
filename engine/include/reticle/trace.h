// The trace: what the engine did, for watching. The engine never reads it; with no observer it
// costs one test of a pointer.
//
// A record is a header, the same for every kind, and a body: one of the structs of `trace::`. Their
// members are spelled as in wasm/src/types.ts; `write` names them to a writer of JSON, in that
// order. A new kind of record is a struct here and in the variant, and there.
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
#include "reticle/span.h"
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

  template <typename Out>
  void write(Out& out) const {
    out.text("input", input);
    out.text("text", text);
    out.millis("time", time);
  }
};
// A session was read back from so many entries of its journal.
struct Recover {
  static constexpr std::string_view kKind = "recover";
  std::uint32_t entries = 0;

  template <typename Out>
  void write(Out& out) const {
    out.number("entries", entries);
  }
};
// fact. It came into working memory.
struct Assert {
  static constexpr std::string_view kKind = "assert";
  std::string type;
  Fields fields;
  bool logical = false;
  std::string subject;  // its name, when it is one

  template <typename Out>
  void write(Out& out) const {
    out.text("type", type);
    out.fields("fields", fields);
    out.flag("logical", logical);
    out.textIfAny("subject", subject);
  }
};
// fact. Some of its fields took other values.
struct Update {
  static constexpr std::string_view kKind = "update";
  struct Change {
    std::string field;
    Value old, value;
  };
  std::vector<Change> changes;

  template <typename Out>
  void write(Out& out) const {
    out.changes("changes", changes);
  }
};
// fact. It is gone.
struct Retract {
  static constexpr std::string_view kKind = "retract";
  std::string type;

  template <typename Out>
  void write(Out& out) const {
    out.text("type", type);
  }
};
// fact. A subject's property took a different value (`value` is `new` in types.ts, a word of C++).
struct Property {
  static constexpr std::string_view kKind = "property";
  std::string subject, property;
  Value old, value;
  std::string event;  // id of the change event

  template <typename Out>
  void write(Out& out) const {
    out.text("subject", subject);
    out.text("property", property);
    out.value("old", old);
    out.value("new", value);
    out.text("event", event);
  }
};
// fact, for a change of a property. waiting: until `due` · dropped: it waits no more
// · raised: queued · begin: asserted and matched · end: gone.
struct Event {
  static constexpr std::string_view kKind = "event";
  std::string phase;
  std::string event;  // its id
  std::string type, subject;
  Fields data;
  std::optional<Time> due;

  template <typename Out>
  void write(Out& out) const {
    out.text("phase", phase);
    out.text("event", event);
    out.text("type", type);
    out.textIfAny("subject", subject);
    out.fields("data", data);
    if (due) out.millis("due", *due);
  }
};
// node. A fact or token entered or left its memory, which now holds `count`.
struct Memory {
  static constexpr std::string_view kKind = "memory";
  bool added = false;
  std::vector<FactId> facts;
  std::uint32_t count = 0;

  template <typename Out>
  void write(Out& out) const {
    out.flag("added", added);
    out.facts("facts", facts);
    out.number("count", count);
  }
};
// rule. A match came to be.
struct Activation {
  static constexpr std::string_view kKind = "activation";
  ActivationId activation{};
  std::vector<FactId> facts;
  std::int64_t salience = 0;
  std::uint64_t recency = 0;

  template <typename Out>
  void write(Out& out) const {
    out.number("activation", index(activation));
    out.facts("facts", facts);
    out.number("salience", salience);
    out.number("recency", static_cast<std::int64_t>(recency));
  }
};
// rule. It has ended, or will not fire any more.
struct Deactivation {
  static constexpr std::string_view kKind = "deactivation";
  ActivationId activation{};

  template <typename Out>
  void write(Out& out) const {
    out.number("activation", index(activation));
  }
};
// rule. Its actions follow.
struct Fire {
  static constexpr std::string_view kKind = "fire";
  ActivationId activation{};
  std::vector<FactId> facts;

  template <typename Out>
  void write(Out& out) const {
    out.number("activation", index(activation));
    out.facts("facts", facts);
  }
};
// rule, for a firing that failed; run, and step where it was one, for a run that nothing handles
// (RL9005). An input that was refused, and a settling that was stopped (RL9004), have neither.
struct Failure {
  static constexpr std::string_view kKind = "failure";
  std::string code, message;
  // What of it failed, when the rest stands: "start Pay"; empty: all of it
  std::string part;
  // Where that is in the rules; an empty one: nowhere. Not in the JSON, which knows no places.
  Span place;

  template <typename Out>
  void write(Out& out) const {
    out.text("code", code);
    out.text("message", message);
    out.textIfAny("part", part);
  }
};
// rule, for the action `log`; level: debug, info, warn, error
struct Log {
  static constexpr std::string_view kKind = "log";
  std::string level, text;

  template <typename Out>
  void write(Out& out) const {
    out.text("level", level);
    out.text("text", text);
  }
};
// rule, of the action `halt`
struct Halt {
  static constexpr std::string_view kKind = "halt";

  template <typename Out>
  void write(Out&) const {}
};
// The clock has come to the first or last date of the record's rule: it fires from now on, or no
// more.
struct Effective {
  static constexpr std::string_view kKind = "effective";
  bool on = false;

  template <typename Out>
  void write(Out& out) const {
    out.flag("on", on);
  }
};
// The session's clock has moved.
struct Clock {
  static constexpr std::string_view kKind = "clock";
  Time time = 0;

  template <typename Out>
  void write(Out& out) const {
    out.millis("time", time);
  }
};
// phase: set, fired, cancelled; run and step, when it fired
struct Timer {
  static constexpr std::string_view kKind = "timer";
  std::string phase;
  std::uint32_t timer = 0;
  Time due = 0;
  std::string text;

  template <typename Out>
  void write(Out& out) const {
    out.text("phase", phase);
    out.number("timer", timer);
    out.millis("due", due);
    out.text("text", text);
  }
};
// run. It began, went on to another status, or was read back.
struct Run {
  static constexpr std::string_view kKind = "run";
  std::string flow, key, status;
  std::optional<Value> result;
  std::string error;

  template <typename Out>
  void write(Out& out) const {
    out.text("flow", flow);
    out.text("key", key);
    out.text("status", status);
    out.valueIfAny("result", result);
    out.textIfAny("error", error);
  }
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

  template <typename Out>
  void write(Out& out) const {
    out.text("stepKind", stepKind);
    out.text("status", status);
    out.number("attempt", attempt);
    out.textIfAny("key", key);
    out.textIfAny("function", function);
    out.valueIfAny("result", result);
    out.textIfAny("error", error);
    if (due) out.millis("due", *due);
  }
};
// An output is on its way out.
struct Output {
  static constexpr std::string_view kKind = "output";
  reticle::Output output;

  template <typename Out>
  void write(Out& out) const {
    out.output("output", output);
  }
};
// The end of a settling.
struct Settled {
  static constexpr std::string_view kKind = "settled";
  std::uint64_t firings = 0;
  SettleReport::Reason reason{};

  template <typename Out>
  void write(Out& out) const {
    out.number("firings", static_cast<std::int64_t>(firings));
    out.text("reason", name(reason));
  }
};
// The group that has the focus now; empty: none. `below`: how many wait under it.
struct Focus {
  static constexpr std::string_view kKind = "focus";
  std::string group;
  std::uint32_t below = 0;

  template <typename Out>
  void write(Out& out) const {
    out.text("group", group);
    out.number("below", below);
  }
};
// The rules were replaced: ids of rules, types and nodes are those of the new program from here on.
// What its network holds and what is ready is reported anew after it.
struct Replace {
  static constexpr std::string_view kKind = "replace";
  std::string text;

  template <typename Out>
  void write(Out& out) const {
    out.text("text", text);
  }
};

}  // namespace trace

using TraceBody =
    std::variant<trace::Input, trace::Recover, trace::Assert, trace::Update, trace::Retract,
                 trace::Property, trace::Event, trace::Memory, trace::Activation,
                 trace::Deactivation, trace::Fire, trace::Failure, trace::Log, trace::Halt,
                 trace::Clock, trace::Timer, trace::Run, trace::Step, trace::Output, trace::Settled,
                 trace::Focus, trace::Replace, trace::Effective>;

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
  // Whether it wants the whole trace. If not, `json` is empty, there is no digest of the trace, and
  // records of memories, which are most of a trace, do not come. Must not change.
  virtual bool wantsAll() const { return true; }
};

}  // namespace reticle
