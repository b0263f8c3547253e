// The whole state of one run of a flow, and its bytes: recovery is installing them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"
#include "reticle/ids.h"
#include "reticle/result.h"
#include "reticle/value.h"

namespace reticle {

// ORDER: names in run.cpp
enum class RunStatus : std::uint8_t { Running, Completed, Failed, Cancelled };
enum class StepKind : std::uint8_t { Call, Sleep, Wait };
// Started: an attempt is under way, or time or an event is awaited. Retrying: the next attempt
// waits for its time.
enum class StepStatus : std::uint8_t { Started, Completed, Failed, Retrying };
const char* name(RunStatus status);
const char* name(StepKind kind);
const char* name(StepStatus status);

struct Step {
  std::uint32_t number = 0;  // within the run, from 1
  std::string path;          // its name, and the turn of each loop around it: "mail#2"
  StepKind kind{};
  StepStatus status{};
  std::uint32_t pc = 0;  // its instruction
  bool undo = false;     // an undo call of that instruction
  FunctionId function{};
  std::vector<Value> arguments;  // by parameter
  std::string key;               // idempotency key, the same for all attempts
  std::uint32_t attempt = 0;     // started so far
  std::uint32_t failures = 0;    // failed so far; attempts cut off by a crash do not count
  Value result;
  std::string error;
  Time due = 0;             // of `timer`
  std::uint32_t timer = 0;  // timeout, next attempt, end of sleep or wait; 0: none
  bool recorded = false;    // read back from the journal; not part of the bytes
  bool open() const { return status == StepStatus::Started || status == StepStatus::Retrying; }
};

struct UndoCall {
  std::uint32_t step = 0;
  std::string path;
  std::uint32_t pc = 0;
  FunctionId function{};
  std::vector<Value> arguments;
};
// An event that a run was told of, and that no wait of it has taken yet.
struct Signal {
  TypeId type{};
  Value event;  // see Flows::eventValue
};
struct FlowLoop {
  std::vector<Value> items;
  std::uint32_t next = 0;
};

struct Run {
  RunId id{};
  FlowId flow{};
  std::string key;
  RunStatus status = RunStatus::Running;
  // grows with every restart, and with every run of a key that failed before
  std::uint32_t generation = 0;
  std::uint32_t pc = 0;
  std::vector<Value> locals;
  // in order of their start; the oldest finished ones of a long run are forgotten
  std::vector<Step> steps;
  std::uint32_t nextStep = 1;
  // in order of their steps' start, newest last: which finished first does not matter
  std::vector<UndoCall> undo;
  std::vector<FlowLoop> loops;  // innermost last
  bool handling = false;        // in a failure handler
  bool failing = false;         // a step failed; its siblings are awaited
  bool cancelled = false;       // it is to end as Cancelled
  Value failure;                // `err`
  std::string error;
  Value result;
  Time due = 0;  // the flow's timeout
  std::uint32_t timer = 0;
  std::vector<Signal> signals;  // in the order of their coming
  std::uint32_t signalled = 0;  // how many it has ever been told of
};

// `timers`: how many timers were ever set in the session; travels with the runs.
std::string encodeRun(const Run& run, std::uint32_t timers);
Result<Run> decodeRun(std::string_view bytes, std::uint32_t& timers);

// One line for people: `1 Fulfil "o1" running: reservation completed, charge retrying (attempt 2)`.
std::string runText(std::string_view bytes, const model::Program* program);

}  // namespace reticle
