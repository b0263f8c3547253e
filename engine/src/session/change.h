// What one firing or one flow step wants to change. A list of changes is evaluated whole before
// anything is applied, and applied whole or not at all.
//
// Actions may speak of a fact that the same list inserts, before it has an id: as a value it is a
// fact reference with kPending set and the position of its Insert; as the target of a change it is
// `pending`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reticle/fields.h"
#include "reticle/ids.h"
#include "reticle/input.h"
#include "reticle/result.h"
#include "reticle/span.h"
#include "reticle/value.h"

namespace reticle {

// Field values by position.
using Assignment = std::vector<std::pair<FieldId, Value>>;

constexpr std::uint32_t kPending = 0x80000000u;

struct Change {
  enum class Kind : std::uint8_t {
    Insert,
    InsertLogical,
    Set,
    Retract,
    Emit,
    Start,
    Signal,
    Cancel,
    CancelEvent,
    Log,
    Focus,
    Refresh,
    Halt
  } kind{};
  TypeId type{};  // Insert…, Emit, Signal; Set: of the fact (of a fact that is gone: some type)
  // Set, Retract, Emit and CancelEvent (to whom); for a fact inserted earlier in the same list:
  // `pending`
  FactId fact = kNoFact;
  // 1 + position of the Insert in the list whose fact is meant; 0: `fact`
  std::uint32_t pending = 0;
  // Insert…: all fields, also hidden ones; Emit, Signal: declared fields
  std::vector<Value> values;
  // Set: declared fields of `type`, in the order of mention; their values are not checked yet
  Assignment assignment;
  // Set: what is no declared field, by name: undeclared properties of an open subject. A type that
  // is not open refuses them when the list is reviewed.
  Fields undeclared;
  // Set: entries of properties that are maps, and undeclared properties that go; as each is
  // mentioned, over what the list has set before.
  struct Part {
    std::string property;
    std::vector<std::string> path;  // from the property to the entry; empty: the property itself
    std::optional<Value> value;     // nothing: it goes
  };
  std::vector<Part> parts;
  bool muted = false;   // Set: raises no change events
  bool unset = false;   // Set: the declared properties of `assignment` go
  std::string subject;  // Emit, CancelEvent
  // Emit: when it is to have its turn, if not now
  std::optional<Time> due;
  // Emit: what it is called while it waits; CancelEvent: which one goes
  std::string waitingAs;
  Delivery deliver = Delivery::Both;  // Emit
  FlowId flow{};                      // Start, Signal, Cancel
  std::vector<Value> arguments;
  std::string key;
  // Log; Focus: `text` is the group, or `level` says what becomes of the stack ("pop", "clear",
  // "return"); Refresh: `text` is the rule
  std::string level, text;
  Span place;  // of the action that wants it
};

// Whether a value is a fact that the list of changes inserts.
inline bool isPending(const Value& value) {
  return value.kind() == ValueKind::Fact && (index(value.asFact()) & kPending);
}

// The position of its Insert. Requires: isPending()
inline std::uint32_t pendingPosition(const Value& value) {
  return index(value.asFact()) & ~kPending;
}

// The fact itself, once apply() has inserted it (kNoFact when it did not), also inside of lists and
// maps. Other values are themselves.
Value resolvePending(const Value& value, const std::vector<FactId>& inserted);

// A map with what lies at the end of a part's path, from its step `at` on, set or taken away. An
// error where something on the way is no map.
Result<Value> withPart(const Value& from, const Change::Part& part, std::size_t at);

}  // namespace reticle
