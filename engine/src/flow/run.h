// The whole state of one run of a flow, and its bytes: recovery is installing them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"
#include "reticle/fields.h"
#include "reticle/ids.h"
#include "reticle/result.h"
#include "reticle/value.h"

namespace reticle {

// ORDER: names in run.cpp
enum class RunStatus : std::uint8_t { Running, Completed, Failed, Cancelled };
enum class StepKind : std::uint8_t { Call, Sleep, Wait, Run, Until };
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
  std::uint32_t strand = 0;
  RunId child = kNoRun;        // Run: the run that is awaited, or was
  bool ownsChild = false;      // this step began it, and ends it when it is abandoned
  bool recorded = false;       // read back from the journal; not part of the bytes
  std::uint64_t lookedAt = 0;  // Until: changes of the facts it asks for; not part of the bytes
  bool open() const { return status == StepStatus::Started || status == StepStatus::Retrying; }
  // Beside others of its strand; any other step is alone.
  bool isCall() const { return kind == StepKind::Call || kind == StepKind::Run; }
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
// A `try` under way: its instruction, and how many loops stand around it.
struct FlowTry {
  std::uint32_t pc = 0;
  std::uint32_t loops = 0;
};
// A `parallel`, or a `for … parallel`, under way: the strand that began it waits for its end.
struct FlowBlock {
  std::uint32_t pc = 0;              // its instruction
  std::vector<Value> items;          // of a loop
  std::uint32_t next = 0;            // of a loop: the first item that has not begun
  std::vector<std::uint32_t> ended;  // parts of a `parallel` that have ended
  bool failing = false;              // a part failed: no other begins
  Value failure;
};
// One line of execution of a run: its instructions come one after another.
struct Strand {
  std::uint32_t number = 0;  // within the run; 0: the one that is always there
  std::uint32_t parent = 0;  // the one in whose block it is
  std::uint32_t part = 0;    // of the block: which part, or which item
  std::uint32_t pc = 0;
  std::vector<Value> locals;
  std::vector<FlowLoop> loops;  // innermost last; those around its block without their items
  std::vector<FlowTry> tries;   // innermost last
  std::optional<FlowBlock> block;
  bool failing = false;   // a call failed; its siblings are awaited
  bool stopping = false;  // its block fails: only its calls under way are awaited
  Value failure;          // why it fails; later, in a handler, `err`
};

// The event on whose behalf a run acts: that in whose turn it was started, or the last it took.
struct RunCause {
  std::string id, originId;  // empty: none
  std::uint32_t hops = 0;    // of the event; 0 once the run has waited
  bool afterFailure = false;
  Fields trace;  // its attributes `traceparent` and `tracestate`
};

struct Run {
  RunId id{};
  FlowId flow{};
  std::string key;
  RunStatus status = RunStatus::Running;
  // grows with every restart, and with every run of a key that failed before
  std::uint32_t generation = 0;
  std::map<std::uint32_t, Strand> strands;  // by number
  std::uint32_t nextStrand = 1;
  // in order of their start; the oldest finished ones of a long run are forgotten
  std::vector<Step> steps;
  std::uint32_t nextStep = 1;
  // in order of their steps' start, newest last: which finished first does not matter
  std::vector<UndoCall> undo;
  bool handling = false;   // in a failure handler
  bool cancelled = false;  // it is to end as Cancelled
  std::string error;
  Value result;
  Time due = 0;  // the flow's timeout
  std::uint32_t timer = 0;
  // Where a failed run can go on: its first strand as it was, and the steps that failed. None: it
  // has not failed, it failed amid several things, or what it did was undone.
  std::optional<Strand> failedAt;
  std::vector<std::uint32_t> failedSteps;
  RunCause cause;
  std::vector<Signal> signals;  // in the order of their coming
  std::uint32_t signalled = 0;  // how many it has ever been told of

  Run() { strands[0]; }
  Strand& main() { return strands.at(0); }
  const Strand& main() const { return strands.at(0); }
};

// `timers`: how many timers were ever set in the session; travels with the runs.
std::string encodeRun(const Run& run, std::uint32_t timers);
Result<Run> decodeRun(std::string_view bytes, std::uint32_t& timers);

// One line for people: `1 Fulfil "o1" running: reservation completed, charge retrying (attempt 2)`.
std::string runText(std::string_view bytes, const model::Program* program);

}  // namespace reticle
