// What a host hands in: changes to facts and subjects, events, runs to start, results of calls, the
// passing of time.
//
// An input is a plain struct, put into the variant `Input` and handed to Engine::submit(). It names
// types, fields and flows as the rules do; whether they are there, and whether the values fit them,
// is looked at when it is submitted. The functions below are short spellings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reticle/fields.h"
#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

// How far an event goes.
//   Both       to the rules and runs here, and to the world outside
//   Local      to the rules and runs here only
//   Outside    to the world only; nothing here sees it
//   Unhandled  to the rules and runs here when one of them is for its type, also if none fires;
//              else to the world
enum class Delivery : std::uint8_t { Both, Local, Outside, Unhandled };

namespace input {

// A new fact. Fields that are not named take their defaults.
struct Insert {
  std::string type;
  Fields fields;
};

// New values for some fields of a fact.
struct Update {
  FactId fact;
  Fields fields;
};

// A fact that is no more.
struct Retract {
  FactId fact;
};

// Properties of a subject; the first ones create it. `type` may be empty when the name fits one
// subject type's `as` pattern. `muted`: no change event goes out.
struct SetProperties {
  std::string subject, type;
  Fields properties;
  bool muted = false;
};

// Properties of a subject that go, each with an event `subject-property-deleted` that holds the old
// value; a declared one that is neither optional nor has a default stays required and is refused.
// Refused as a whole when one of them is not there (MissingProperty).
struct UnsetProperties {
  std::string subject;
  std::vector<std::string> properties;
  bool muted = false;
};

// A subject goes: an event `subject-property-deleted` for each property, then `subject-deleted`
// with a snapshot {props, ext_props}.
struct DeleteSubject {
  std::string subject;
};

// Sets one property if it holds `expected` now, else changes nothing; Accepted says which, and what
// it held.
struct CompareAndSet {
  std::string subject, property;
  Value expected, value;
};

// Something that happened, about a subject or (empty) not. An empty id: the engine gives e1, e2, …
//
// A source and id that were taken before are the same event: with the same content it changes
// nothing, and Accepted says so; with another one it is refused (Duplicate). The engine's own
// events that come back from outside are known in the same way.
struct Emit {
  std::string type;
  Fields data;
  std::string subject, id, source;
  // When it happened, if that is known: `meta.time`. Otherwise it is the session's clock.
  std::optional<Time> time = {};
  // Attributes of its envelope that are no data: `traceparent`, `originid`, `causationid`, others.
  Fields extensions = {};
  // When it is to have its turn: then it waits, and the clock has to come so far. At once when it
  // is past.
  std::optional<Time> due = {};
  // What it is called while it waits, together with its subject; a waiting one of both names gives
  // way.
  std::string replacing = {};
  // An event from a host is not sent outside unless this says so.
  Delivery deliver = Delivery::Local;
};

// An event that waits for its moment goes; none of that name and subject: nothing changes.
struct CancelEvent {
  std::string name, subject;
};

// A run of a flow. An empty key: the flow's own key expression. Starting a run that is there
// already, by flow and key, returns that one.
struct Start {
  std::string flow;
  Fields arguments;
  std::string key;
};

// The result of a Call (reticle/output.h), by its id and attempt; when it failed `error` is a map
// with `reason`, and `value` is not looked at.
struct StepResult {
  std::string call;
  std::uint32_t attempt = 1;
  Value value;
  bool failed = false;
  Value error;
};

// The clock goes to `to`; a time that is over changes nothing. Timers due on the way fire in order,
// each as a turn of its own.
struct Advance {
  Time to = 0;
  // Where the clock goes on to from there, when this is a step of a longer way (see HostLoop): what
  // rules miss on it is decided by its end. Not after `to`: it is no step.
  Time goal = 0;
};

// Many facts of one type: `values` row by row, in each row one for each of `fields`. All of them
// or, when one is refused, none.
struct InsertAll {
  std::string type;
  std::vector<std::string> fields;
  std::vector<Value> values;
};

// An event for one run alone, the latest of a flow and key: a wait of it takes it, now or later. No
// rule sees it.
struct Signal {
  std::string flow, key, type;
  Fields data;
};

// The latest run of a flow and key ends: its `on cancel` goes on, or what it did is undone. One
// that has ended stays as it is.
struct Cancel {
  std::string flow, key;
};

// The latest run of a flow and key, which has failed, goes on where it failed: steps that have a
// result keep it, those that failed are tried anew under their idempotency keys.
struct Resume {
  std::string flow, key;
};

}  // namespace input

using Input =
    std::variant<input::Insert, input::Update, input::Retract, input::SetProperties, input::Emit,
                 input::Start, input::StepResult, input::Advance, input::InsertAll, input::Signal,
                 input::Cancel, input::UnsetProperties, input::DeleteSubject, input::CompareAndSet,
                 input::CancelEvent, input::Resume>;

Input insert(std::string type, Fields fields);
Input insertAll(std::string type, std::vector<std::string> fields, std::vector<Value> values);
Input update(FactId fact, Fields fields);
Input retract(FactId fact);
Input setProperty(std::string subject, std::string property, Value value);
Input setProperties(std::string subject, Fields properties);
Input emit(std::string type, Fields data, std::string subject = {});
Input start(std::string flow, Fields arguments, std::string key = {});
Input stepResult(std::string call, std::uint32_t attempt, Value value);
Input stepError(std::string call, std::uint32_t attempt, std::string reason);
Input advanceTo(Time time);
Input signalRun(std::string flow, std::string key, std::string type, Fields data = {});
Input cancelRun(std::string flow, std::string key);
Input resumeRun(std::string flow, std::string key);
Input unsetProperty(std::string subject, std::string property);
Input deleteSubject(std::string subject);
Input compareAndSet(std::string subject, std::string property, Value expected, Value value);
Input cancelEvent(std::string name, std::string subject = {});

// What an accepted input made; each member belongs to the inputs it names.
struct Accepted {
  FactId fact = kNoFact;             // Insert, Update, Retract, and those of subjects
  std::string event;                 // Emit: its id
  bool duplicate = false;            // Emit: it was taken before, and nothing has changed
  std::optional<bool> swapped = {};  // CompareAndSet: whether the property held what was expected
  Value actual = {};                 // CompareAndSet: what it held
  RunId run = kNoRun;                // Start, Signal, Cancel, Resume
  std::vector<FactId> facts;         // InsertAll, by row
};

}  // namespace reticle
