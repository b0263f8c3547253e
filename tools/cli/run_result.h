// What a run came to: for programs as JSON, for people as what is different from another run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reticle/engine.h"
#include "reticle/schema.h"
#include "run_printer.h"

namespace reticle::cli {

// How a run ended, beside what is in the engine.
struct RunEnd {
  std::uint64_t firings = 0;
  SettleReport::Reason reason = SettleReport::Reason::Quiescent;
  std::vector<std::string> cycle, feeds;
  std::size_t refused = 0;  // facts, events and other inputs
};

// One object on a line:
//   {"firings", "reason", "cycle"?, "feeds"?, "refused", "now", "facts": FactView[],
//    "events": CloudEvent[], "fired": [{"rule", "times", "failed"?}], "logs": [{"level", "text"}],
//    "failures": [{"rule"? | "run"?, "code", "message", "part"?, "place"?}], "runs": RunView[],
//    "calls": Call[], "missing": {function: times}}
// in the shapes of wasm/src/types.ts. `missing`: functions that were asked and nobody gives.
std::string toJson(const Engine& engine, const Schema& schema, const RunEnd& end,
                   const Happened& happened, const std::vector<Call>& openCalls,
                   const std::map<std::string, std::uint64_t>& missing);

// What is compared of two runs. Facts are known by their type and key, those without a key by all
// of their fields.
struct Snapshot {
  struct Fact {
    std::string identity;  // Bill{id: 1}
    Fields fields;         // all of them
  };
  std::vector<Fact> facts;
  std::vector<std::string> events, failures;
  std::map<std::string, std::uint64_t> fired;  // by rule
};
Snapshot snapshotOf(const Engine& engine, const Schema& schema, const Happened& happened);

// A line for each thing that is new (+), gone (-) or different (~); "no difference" when there is
// none.
std::string differenceOf(const Snapshot& before, const Snapshot& after);

}  // namespace reticle::cli
