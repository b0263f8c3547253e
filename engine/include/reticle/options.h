// How a session is set up, and how far one settling goes. Every option has a default that fits a
// first program.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reticle/ids.h"
#include "reticle/value.h"
#include "reticle/zones.h"

namespace reticle {

class TraceObserver;

// How far Engine::settle() goes.
struct SettleOptions {
  std::uint64_t maxFirings = 100'000;      // the runaway guard; 1 is a single step
  std::optional<ActivationId> activation;  // fire only this one, out of its turn
  // How much fires in each turn. The first turn is that of all inputs so far; each event, each run
  // that goes on and each moment of the clock has one of its own. What is passed over stays on the
  // agenda, for a later settle().
  //   All          the best activation, again and again, until nothing is ready
  //   FirstMatch   the best one only: rules as a list of decisions
  //   SinglePass   each rule once, by salience, then in the order of declaration: its activations
  //                that are there when it is reached. Rules further on see
  //                what earlier ones changed; no change leads back. A computed salience orders the
  //                activations of its rule only.
  enum class Mode : std::uint8_t { All, FirstMatch, SinglePass } mode = Mode::All;
  // only rules that have one of these fire, the others wait; empty: all rules
  std::vector<std::string> tags;
};

// In which order events leave. Nested: an event leaves after the events it caused.
enum class Cascade : std::uint8_t { Fifo, Nested };

// Which of the activations of one salience fires first. Each strategy orders all of them: where it
// leaves a tie, the newer match fires first, and of the matches of one change that of the rule
// declared first, then the one with the newer facts, row by row, then by place in lists.
//   Depth       the newest match
//   Breadth     the oldest match
//   Lex         the match with the newer facts: their ages are compared newest first; then the more
//               complex rule
//   Mea         the match whose first fact is newer; then as Lex
//   Simplicity  the rule with fewer comparisons in its conditions
//   Complexity  the rule with more of them
//   Random      any, the same one for the same seed
// The age of a fact is that of its last update.
enum class Strategy : std::uint8_t { Depth, Breadth, Lex, Mea, Simplicity, Complexity, Random };
const char* name(Strategy strategy);  // "depth"
std::optional<Strategy> strategyNamed(std::string_view name);

// A `host pure` function, called while matching: same arguments, same result, no effect.
using PureFunction = std::function<Value(const std::vector<Value>&)>;

// Nanoseconds since some moment, for counting only: nothing that the engine decides reads it.
using Stopwatch = std::function<std::uint64_t()>;

// How a session is set up. Fixed for its life; recovery needs the same functions and zones, since
// conditions rely on them.
struct EngineOptions {
  Time start = 0;                  // where the session's clock begins
  TraceObserver* trace = nullptr;  // borrowed; must outlive the engine
  std::string source = "reticle";  // `source` of outgoing events
  Cascade cascade = Cascade::Fifo;
  // Whether a session without a store keeps its journal for takeJournal(). It grows until it is
  // taken; a session that lives and dies with its process does without, and is faster. With a
  // store, or recovered from a journal, there always is one.
  bool journal = true;
  // How many events from outside are remembered by source and id, so that one that is sent again
  // changes nothing. 0: none are, and an event of its own that comes back is taken as any other.
  std::size_t rememberedEvents = 10'000;
  // How many events may follow from each other without one of them waiting; the next one is
  // refused, and the trace names the chain.
  std::uint32_t maxHops = 10'000;
  Strategy strategy = Strategy::Depth;
  std::uint64_t seed = 0;                                       // of Strategy::Random
  std::vector<std::pair<std::string, PureFunction>> functions;  // by name
  // named time zones; without it only UTC and offsets are known
  ZoneOffsets zones = {};
  // asked twice a firing, for counters(); without it no time is counted
  Stopwatch stopwatch = {};
};

}  // namespace reticle
