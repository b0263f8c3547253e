// Flows compiled to flat instructions: what a run carries out one after another, and where it goes
// on after a crash.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/model.h"

namespace reticle {

// ORDER: the switch in execute.cpp
enum class FlowOp : std::uint8_t {
  Act,    // changes of working memory, `act`
  Step,   // starts a call, or the run of another flow; continues without waiting
  Await,  // until no call is in flight; then fails if one of them did
  Sleep,
  SleepUntil,
  Wait,
  Until,  // until conditions hold
  Find,
  Unless,  // goes to `target` when the condition is false
  Jump,    // to `target`
  Items,   // begins a loop over a list
  Facts,   // begins a loop over the facts of a pattern
  Next,    // the next turn of the innermost loop, or to `target`
  Fork,    // begins the parts of a `parallel`, and goes on at `target` when all have ended
  Each,    // the same with the elements of a list or the facts of a pattern
  End,     // the end of a part or an element
  Try,     // what fails from here on goes on at `target`
  TryEnd,  // the end of what may fail; to `target`
  Fail,
  Return,
  Restart,
  Compensate,  // runs the undo calls, newest first
  Complete,    // the end of the steps
  Failed,      // the end of a handler, or of the undoing
};

// A part of a `parallel`: where it begins, and which parts must have ended then.
struct FlowPart {
  std::uint32_t pc = 0;
  std::vector<std::uint32_t> after;
};

struct FlowInstruction {
  FlowOp op{};
  std::uint32_t target = 0;
  const model::Action* action = nullptr;  // in the model
  std::vector<model::Action> act;         // Act: the one action, as Session::evaluate takes it
  std::vector<FlowPart> parts;            // Fork: as in `action->body`
  // Until: the types whose facts decide, and whether time does
  std::vector<TypeId> asks;
  bool asksTime = false;
};

struct FlowCode {
  std::vector<FlowInstruction> instructions;
  // where handlers begin; without one: `unhandled`, which undoes everything and fails
  std::uint32_t onFailure = 0, onTimeout = 0, onCancel = 0, unhandled = 0;
  std::optional<std::uint32_t> failureLocal, timeoutLocal, cancelLocal;
};

// One for each flow, in order. Borrows from the program.
std::vector<FlowCode> compileFlows(const model::Program& program);

// How long to wait before the next attempt, after `failures` failed ones (from 1). Jitter spreads
// by up to its share either way and depends on nothing but the key and the number. In whole
// milliseconds from one millisecond up.
Span64 retryDelay(const model::Retry& retry, std::uint32_t failures, std::string_view key);

}  // namespace reticle
